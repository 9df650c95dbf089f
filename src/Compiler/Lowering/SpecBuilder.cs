using System.Runtime.CompilerServices;
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
    // Less text than this is not worth a second compilation beside the first.
    private const long LengthOfAPart = 40_000;
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
        var text = SourceFile.TryReadBytes(path) is { } bytes ? SourceFile.Decode(bytes, path, new DiagnosticBag()) : null;
        return _sources[path] = text ?? new(path, "");
    }

    /// <summary>A part of the files goes its whole way on a thread of its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Compile(List<(string Path, ContentHash? Key)> missing, Dictionary<string, HashSet<string>> builds, List<Diagnostic> diagnostics)
    {
        var parts = Split(missing);
        var emitter = new Lazy<SpecEmitter>(() => new SpecEmitter(references));
        var bound = new List<BoundInput>[parts.Count];
        var found = new List<Diagnostic>[parts.Count];
        var emitted = new (EmittedAssembly? Assembly, EmitException? Problem)[parts.Count];
        OnThreads(parts.Count, i =>
        {
            (bound[i], found[i]) = Bind(parts[i]);
            if (bound[i].Count > 0) emitted[i] = TryEmit(emitter.Value, bound[i]);
        }, parts.Count == 1 ? () => emitter.Value.WarmUp() : null);
        for (var i = 0; i < parts.Count; i++)
        {
            diagnostics.AddRange(found[i]);
            if (emitted[i].Assembly is { } assembly) Keep(assembly, bound[i], builds);
            else foreach (var one in bound[i])
            {
                // One file is beyond the compiler; the others of its part must not suffer from it.
                (EmittedAssembly? Assembly, EmitException? Problem) alone = default;
                OnThreads(1, _ => alone = TryEmit(emitter.Value, [one]), null);
                if (alone.Assembly is not null) Keep(alone.Assembly, [one], builds);
                else NotEmitted(one.File.Path, alone.Problem!, diagnostics);
            }
        }
    }

    private static (List<BoundInput> Bound, List<Diagnostic> Diagnostics) Bind(List<(string Path, ContentHash? Key)> files)
    {
        var bound = new List<BoundInput>();
        var diagnostics = new List<Diagnostic>();
        foreach (var (path, key) in files)
        {
            var bag = new DiagnosticBag();
            var imports = new ImportResolver();
            var file = SpecCompiler.Bind(path, imports, bag);
            diagnostics.AddRange(bag.Items);
            if (file is not null) bound.Add(new(file, key, bag.Items, imports.Paths));
        }
        return (bound, diagnostics);
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
    private static List<List<(string Path, ContentHash? Key)>> Split(List<(string Path, ContentHash? Key)> files)
    {
        var lengths = files.Select(f => new FileInfo(f.Path) is { Exists: true } file ? file.Length : 0).ToList();
        var total = lengths.Sum();
        var count = Math.Clamp(total / LengthOfAPart, 1, Environment.ProcessorCount);
        var parts = new List<List<(string, ContentHash?)>> { new() };
        var done = 0L;
        for (var i = 0; i < files.Count; i++)
        {
            if (parts.Count < count && done >= total * parts.Count / count) parts.Add([]);
            parts[^1].Add(files[i]);
            done += lengths[i];
        }
        return parts;
    }

    /// <summary>What goes wrong aside goes wrong in the work itself too, and is reported there.</summary>
    private static void Quietly(Action work)
    {
        try
        {
            work();
        }
        catch (Exception x) when (x is not OutOfMemoryException)
        {
        }
    }

    /// <summary>Runs on threads with a stack that the C# compiler's recursion cannot use up within the language's limits of nesting.</summary>
    /// <param name="count">Threads.</param>
    /// <param name="work">What each does.</param>
    /// <param name="aside">What a further thread does meanwhile that nobody waits for, or null.</param>
    private static void OnThreads(int count, Action<int> work, Action? aside)
    {
        if (aside is not null) new Thread(() => Quietly(aside), StackSize) { IsBackground = true }.Start();
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
