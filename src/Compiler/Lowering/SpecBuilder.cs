using System.Runtime.CompilerServices;
using System.Text;
using MmSpec.Binding;
using MmSpec.Diagnostics;
using MmSpec.Parsing;
using MmSpec.Text;

namespace MmSpec.Lowering;

/// <summary>An assembly and the files whose fixtures are wanted of it; it may hold others, from an earlier build.</summary>
public sealed record BuiltAssembly(EmittedAssembly Assembly, IReadOnlySet<string> Files);

/// <summary>What a build made.</summary>
/// <param name="Assemblies">In order of the files.</param>
/// <param name="Diagnostics">Of all files, those from the cache included.</param>
/// <param name="Compiled">How many files were not in the cache.</param>
public sealed record BuildResult(IReadOnlyList<BuiltAssembly> Assemblies, IReadOnlyList<Diagnostic> Diagnostics, int Compiled);

/// <summary>A file that is to be emitted, and what the cache must know of it.</summary>
internal sealed record BoundInput(BoundFile File, ContentHash? Key, IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyCollection<string> Imports);

/// <summary>
/// Makes test assemblies of files, from the cache where nothing has changed. A file that does not compile is left out.
/// </summary>
/// <remarks>
/// The key of a file is made of its path and content, the kernels asked for, and the identity of the compiler; its entry names what it imports, with the
/// content that had, and the assembly with its fixture. Neither parser nor Roslyn is loaded while everything is found.
/// </remarks>
/// <param name="selection">The kernels to run on; its text is part of the key.</param>
/// <param name="references">See <see cref="SpecEmitter"/>.</param>
/// <param name="cache">Null: everything is compiled.</param>
public sealed class SpecBuilder(KernelSelection selection, IReadOnlyList<string> references, AssemblyCache? cache)
{
    // Fewer statements than this are not worth a second compilation beside the first.
    private const int StatementsOfAPart = 1500;
    private const int StackSize = 64 << 20;

    private readonly Dictionary<string, ContentHash?> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EmittedAssembly?> _assemblies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceText> _sources = new(StringComparer.Ordinal);

    /// <summary>Builds files; their paths are distinct.</summary>
    public BuildResult Build(IReadOnlyList<string> files)
    {
        var builds = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var diagnostics = new List<Diagnostic>();
        var missing = new List<(string Path, ContentHash? Key)>();
        var tool = cache is null ? default : Identity();
        foreach (var path in files)
        {
            ContentHash? key = cache is not null && Content(path) is { } content ? tool.With(path).With(content.ToString()) : null;
            if (key is { } k && Cached(k) is { } entry)
            {
                Add(builds, entry.Assembly, path);
                foreach (var d in entry.Diagnostics) diagnostics.Add(new(d.Code, d.Severity, Source(d.Path), new TextSpan(d.Start, d.Length), d.Message));
            }
            else missing.Add((path, key));
        }
        if (missing.Count > 0) Compile(missing, builds, diagnostics);
        return new([.. builds.Select(b => new BuiltAssembly(_assemblies[b.Key]!, b.Value))], diagnostics, missing.Count);
    }

    private static void Add(Dictionary<string, HashSet<string>> builds, string assembly, string path)
    {
        if (!builds.TryGetValue(assembly, out var files)) builds.Add(assembly, files = new(StringComparer.Ordinal));
        files.Add(path);
    }

    /// <summary>The entry of a key, if what it depends on is as it was.</summary>
    private CacheEntry? Cached(ContentHash key)
    {
        if (cache!.Find(key) is not { } entry) return null;
        foreach (var import in entry.Imports) if (Content(import.Path) != import.Content) return null;
        if (!_assemblies.TryGetValue(entry.Assembly, out var assembly)) _assemblies[entry.Assembly] = assembly = cache.Load(entry.Assembly);
        return assembly is null ? null : entry;
    }

    /// <summary>What else the result depends on: the compiler, the code that runs beside the generated one, and the kernels asked for.</summary>
    private ContentHash Identity()
    {
        var hash = ContentHash.Empty;
        foreach (var assembly in new[] { typeof(SpecBuilder).Assembly, typeof(Testing.ScenarioRun).Assembly }) hash = hash.With(assembly.ManifestModule.ModuleVersionId.ToByteArray());
        foreach (var path in references)
        {
            // Size and time stand for the content: a build that changes a reference changes the module it was built from, which is hashed above, or NUnit's version.
            var file = new FileInfo(path);
            if (file.Exists) hash = hash.With(path).With(BitConverter.GetBytes(file.Length)).With(BitConverter.GetBytes(file.LastWriteTimeUtc.Ticks));
        }
        return hash.With(selection.ToString());
    }

    private ContentHash? Content(string path)
    {
        if (_contents.TryGetValue(path, out var known)) return known;
        return _contents[path] = ReadContent(path);
    }

    private static ContentHash? ReadContent(string path) => SourceFile.TryReadBytes(path) is { } bytes ? ContentHash.Of(bytes) : null;

    private SourceText Source(string path)
    {
        if (_sources.TryGetValue(path, out var source)) return source;
        var text = SourceFile.TryReadBytes(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
        return _sources[path] = new(path, text);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Compile(List<(string Path, ContentHash? Key)> missing, Dictionary<string, HashSet<string>> builds, List<Diagnostic> diagnostics)
    {
        var bound = new List<BoundInput>();
        foreach (var (path, key) in missing)
        {
            var bag = new DiagnosticBag();
            var imports = new ImportResolver();
            var file = SpecCompiler.Bind(path, imports, bag);
            diagnostics.AddRange(bag.Items);
            if (file is not null) bound.Add(new(file, key, bag.Items, imports.Paths));
        }
        if (bound.Count == 0) return;

        var emitter = new SpecEmitter(references);
        var parts = Split(bound);
        var emitted = new (EmittedAssembly? Assembly, EmitException? Problem)[parts.Count];
        OnThreads(parts.Count, i => emitted[i] = TryEmit(emitter, parts[i]));
        for (var i = 0; i < parts.Count; i++)
        {
            if (emitted[i].Assembly is { } assembly) Keep(assembly, parts[i], builds);
            else foreach (var one in parts[i])
            {
                // One file is beyond the compiler; the others of its part must not suffer from it.
                (EmittedAssembly? Assembly, EmitException? Problem) alone = default;
                OnThreads(1, _ => alone = TryEmit(emitter, [one]));
                if (alone.Assembly is not null) Keep(alone.Assembly, [one], builds);
                else NotEmitted(one.File.Path, alone.Problem!, diagnostics);
            }
        }
    }

    private void NotEmitted(string path, EmitException problem, List<Diagnostic> diagnostics)
    {
        var bag = new DiagnosticBag();
        bag.NotEmitted(Source(path), problem.Messages[0]);
        diagnostics.AddRange(bag.Items);
    }

    private (EmittedAssembly? Assembly, EmitException? Problem) TryEmit(SpecEmitter emitter, List<BoundInput> part)
    {
        var name = ContentHash.Empty;
        foreach (var (file, key, _, _) in part) name = name.With(key is { } k ? k.ToString() : file.Path);
        try
        {
            return (emitter.Emit("Specs_" + name, [.. part.Select(p => p.File)], selection.Choose), null);
        }
        catch (EmitException x)
        {
            return (null, x);
        }
    }

    private void Keep(EmittedAssembly assembly, List<BoundInput> part, Dictionary<string, HashSet<string>> builds)
    {
        _assemblies[assembly.Name] = assembly;
        foreach (var (file, _, _, _) in part) Add(builds, assembly.Name, file.Path);
        if (cache is null) return;
        cache.Store(assembly);
        foreach (var (file, key, found, paths) in part)
        {
            if (key is not { } k) continue;
            // A file that somebody wrote to meanwhile was perhaps compiled in its new form and must not be found under its old one.
            if (ReadContent(file.Path) != Content(file.Path)) continue;
            var imports = paths.Select(p => (Path: p, Content: ReadContent(p))).ToList();
            if (imports.Exists(i => i.Content is null)) continue;
            cache.Store(k, new(assembly.Name, [.. imports.Select(i => new CachedImport(i.Path, i.Content!.Value))],
                [.. found.Select(d => new CachedDiagnostic(d.Code, d.Severity, d.Source.Path, d.Span.Start, d.Span.Length, d.Message))]));
        }
    }

    /// <summary>As many parts as there are processors, about equal, where there is enough to do.</summary>
    private static List<List<BoundInput>> Split(List<BoundInput> files)
    {
        var sizes = files.Select(f => f.File.Scenarios.Sum(s => s.Rows.Sum(r => r.Body.Length + 1))).ToList();
        var total = sizes.Sum();
        var count = Math.Clamp(total / StatementsOfAPart, 1, Environment.ProcessorCount);
        var parts = new List<List<BoundInput>> { new() };
        var done = 0;
        for (var i = 0; i < files.Count; i++)
        {
            if (done >= (long)total * parts.Count / count && parts.Count < count) parts.Add([]);
            parts[^1].Add(files[i]);
            done += sizes[i];
        }
        return parts;
    }

    /// <summary>Runs on threads with a stack that the C# compiler's recursion cannot use up within the language's limits of nesting.</summary>
    private static void OnThreads(int count, Action<int> work)
    {
        var errors = new Exception?[count];
        var threads = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            var mine = i;
            threads[i] = new Thread(() =>
            {
                try
                {
                    work(mine);
                }
                catch (Exception x)
                {
                    errors[mine] = x;
                }
            }, StackSize);
            threads[i].Start();
        }
        foreach (var thread in threads) thread.Join();
        foreach (var error in errors) if (error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
    }
}
