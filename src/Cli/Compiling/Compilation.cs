using MmSpec.Binding;
using MmSpec.Cli.Checking;
using MmSpec.Cli.Output;
using MmSpec.Diagnostics;
using MmSpec.Lowering;
using MmSpec.NUnit;

namespace MmSpec.Cli.Compiling;

/// <summary>What <c>mmspec compile</c> was asked to do.</summary>
/// <param name="Paths">Files and directories.</param>
/// <param name="Output">Folder to write to.</param>
/// <param name="CSharp">C# instead of an assembly.</param>
/// <param name="Name">Name of the assembly; null: after the first path.</param>
/// <param name="Kernels">The kernels that the cases run on.</param>
internal sealed record CompileOptions(IReadOnlyList<string> Paths, string Output, bool CSharp, string? Name, KernelSelection Kernels);

/// <summary><c>mmspec compile</c>. Nothing is written unless every file compiles.</summary>
internal sealed class Compilation(Terminal terminal)
{
    /// <summary>Runs it.</summary>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public int Run(CompileOptions options)
    {
        var code = ExitCodes.Ok;
        var files = SpecDiscovery.Find(options.Paths, terminal, ref code);
        if (code != ExitCodes.Ok) return code;
        if (files.Count == 0) return ExitCodes.NothingRan;

        var diagnostics = new DiagnosticBag();
        var bound = new List<BoundFile>();
        foreach (var file in files) if (SpecCompiler.Bind(file, diagnostics) is { } one) bound.Add(one);
        DiagnosticPrinter.Print(terminal, diagnostics.Items);
        if (diagnostics.HasErrors) return ExitCodes.DoesNotCompile;
        if (options.CSharp && bound.GroupBy(f => Inside(f.Path)).FirstOrDefault(g => g.Count() > 1) is { } same)
        {
            terminal.Complain($"{string.Join(" and ", same.Select(f => $"'{f.Path}'"))} would be written to one file; compile them from a folder above both");
            return ExitCodes.Usage;
        }
        try
        {
            if (options.CSharp) WriteCSharp(bound, options);
            else WriteAssembly(bound, options);
        }
        catch (EmitException x)
        {
            terminal.Complain(x.Message);
            return ExitCodes.DoesNotCompile;
        }
        catch (Exception x) when (x is IOException or UnauthorizedAccessException)
        {
            terminal.Complain($"cannot write to '{options.Output}': {x.Message}");
            return ExitCodes.Usage;
        }
        return ExitCodes.Ok;
    }

    private static void WriteAssembly(List<BoundFile> files, CompileOptions options)
    {
        var name = options.Name ?? NameOf(options.Paths[0]);
        var emitted = new SpecEmitter(SpecReferences.Paths).Emit(name, files, options.Kernels.Choose);
        TestFolder.Write(options.Output, emitted);
    }

    /// <summary>One file each, in the folders of the inputs. A file that has not changed is left alone, so that nothing is built for it.</summary>
    private static void WriteCSharp(List<BoundFile> files, CompileOptions options)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(options.Output, Path.ChangeExtension(Inside(file.Path), ".g.cs"));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var text = SpecEmitter.ToCSharp(file, options.Kernels.Choose, Environment.CurrentDirectory);
            if (!File.Exists(path) || File.ReadAllText(path) != text) File.WriteAllText(path, text);
            // What is newer than its input is up to date for a build.
            else File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
    }

    /// <summary>The path without what would lead out of the output folder.</summary>
    private static string Inside(string path) => string.Join('/', Path.GetRelativePath("/", Path.GetFullPath("/" + path.TrimStart('/'))).Split('/').Where(p => p is not (".." or "." or "")));

    private static string NameOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var plain = string.Concat(name.Select(c => IsPlain(c) ? c : '_'));
        return plain.All(c => c == '.') ? "specs" : TestFolder.IsTaken(plain) ? plain + "_specs" : plain;
    }

    /// <summary>Why an assembly cannot bear the name, in words; null: it can.</summary>
    public static string? ProblemOf(string name) =>
        name.All(c => c == '.') || !name.All(IsPlain) || name.Length > MostLetters ? $"write at most {MostLetters} letters, digits, '_', '-' and '.'"
        : TestFolder.IsTaken(name) ? "an assembly of this name must lie beside it" : null;

    private const int MostLetters = 200;

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';
}
