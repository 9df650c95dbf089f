using System.Reflection;
using System.Runtime.Loader;
using MmSpec.Diagnostics;
using MmSpec.Lowering;
using MmSpec.NUnit;

namespace MmSpec.Tests.Lowering;

public class SpecBuilderTests
{
    private string _folder = "";

    private string Cache => Path.Combine(_folder, "cache");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("mmspec-tests-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_has_not_changed_is_not_compiled_again()
    {
        string a = Write("a.mmspec", Scenario("one")), b = Write("b.mmspec", Scenario("two"));
        var first = Build(a, b);
        var again = Build(a, b);
        Write("b.mmspec", Scenario("three"));
        var changed = Build(a, b);
        Write("b.mmspec", Scenario("two"));
        var back = Build(a, b);
        Assert.Multiple(() =>
        {
            Assert.That(first.Diagnostics, Is.Empty);
            Assert.That(new[] { first, again, changed, back }.Select(r => r.Compiled), Is.EqualTo(new[] { 2, 0, 1, 0 }));
            Assert.That(Titles(first), Is.EqualTo(new[] { "one", "two" }));
            Assert.That(Titles(again), Is.EqualTo(new[] { "one", "two" }));
            Assert.That(Titles(changed), Is.EquivalentTo(new[] { "one", "three" }));
            Assert.That(Titles(back), Is.EquivalentTo(new[] { "one", "two" }));
        });
    }

    [Test]
    public void A_changed_import_counts_as_a_change()
    {
        Write("machines.mmspec", "machine m { memory: 1G }");
        var a = Write("a.mmspec", "import \"machines.mmspec\"\n" + Scenario("one", "machine m"));
        Assert.That(Build(a).Compiled, Is.EqualTo(1));
        Assert.That(Build(a).Compiled, Is.Zero);
        Write("machines.mmspec", "machine m { memory: 2G }");
        Assert.That(Build(a).Compiled, Is.EqualTo(1));
        Assert.That(Build(a).Compiled, Is.Zero);
        File.Delete(Path.Combine(_folder, "machines.mmspec"));
        Assert.That(Build(a).Diagnostics.Select(d => d.Severity), Does.Contain(Severity.Error));
    }

    [Test]
    [Platform(Exclude = "Win"), System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_folder_that_others_may_write_to_is_not_used()
    {
        const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var a = Write("a.mmspec", Scenario("one"));
        Build(a);
        Assert.That(File.GetUnixFileMode(Cache), Is.EqualTo(mine));
        Assert.That(Build(a).Compiled, Is.Zero);
        foreach (var others in new[] { UnixFileMode.GroupWrite, UnixFileMode.OtherWrite })
        {
            File.SetUnixFileMode(Cache, mine | others);
            Assert.That(Build(a).Compiled, Is.EqualTo(1), "what lies there may be somebody else's");
            Assert.That(Build(a).Diagnostics, Is.Empty);
        }
    }

    [Test]
    public void Warnings_stand_at_the_same_place_when_they_come_from_the_cache()
    {
        var a = Write("a.mmspec", "\uFEFF\n  kernel 6.11\n" + Scenario("one"));
        string[] first = [.. Build(a).Diagnostics.Select(d => d.ToString())], again = [.. Build(a).Diagnostics.Select(d => d.ToString())];
        Assert.That(first, Has.Length.EqualTo(1).And.All.Contains("a.mmspec(2,3): warning MM5001"));
        Assert.That(again, Is.EqualTo(first));
    }

    [Test]
    public void Other_kernels_are_another_assembly()
    {
        var a = Write("a.mmspec", Scenario("one"));
        Build(a);
        var other = new SpecBuilder(KernelSelection.Newest, SpecReferences.Paths, new AssemblyCache(Cache)).Build([a]);
        Assert.That(other.Compiled, Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_cache_is_built_anew([Values("truncate", "empty", "flip", "flip last", "delete")] string how, [Values("*.entry", "*.assembly", "*")] string which)
    {
        var a = Write("a.mmspec", Scenario("one"));
        Build(a);
        foreach (var file in Directory.GetFiles(Cache, which))
        {
            var bytes = File.ReadAllBytes(file);
            if (how == "truncate") bytes = bytes[..(bytes.Length / 2)];
            else if (how == "empty") bytes = [];
            else bytes[how == "flip" ? 20 : ^1] ^= 1;
            if (how == "delete") File.Delete(file);
            else File.WriteAllBytes(file, bytes);
        }
        var result = Build(a);
        Assert.That(result.Compiled, Is.EqualTo(1));
        Assert.That(Titles(result), Is.EqualTo(new[] { "one" }));
        Assert.That(Build(a).Compiled, Is.Zero);
    }

    [Test]
    public void Without_a_usable_folder_everything_still_works()
    {
        File.WriteAllText(Cache, "a file where the folder should be");
        var a = Write("a.mmspec", Scenario("one"));
        Assert.That(Titles(Build(a)), Is.EqualTo(new[] { "one" }));
        Assert.That(Titles(new SpecBuilder(KernelSelection.Default, SpecReferences.Paths, null).Build([a])), Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public void The_cache_stays_within_its_limit()
    {
        var limit = 20_000;
        for (var i = 0; i < 12; i++)
        {
            var a = Write("a.mmspec", Scenario("scenario " + i));
            new SpecBuilder(KernelSelection.Default, SpecReferences.Paths, new AssemblyCache(Cache, limit)).Build([a]);
        }
        Assert.That(new DirectoryInfo(Cache).GetFiles().Sum(f => f.Length), Is.LessThan(limit + 1_000));
        Assert.That(Build(Path.Combine(_folder, "a.mmspec")).Compiled, Is.Zero, "the newest is still there");
    }

    [Test]
    public void A_broken_file_is_told_of_every_time_and_does_not_stop_the_others()
    {
        string a = Write("a.mmspec", "scenario \"x\" {"), b = Write("b.mmspec", Scenario("two")), c = Path.Combine(_folder, "missing.mmspec");
        for (var i = 0; i < 2; i++)
        {
            var result = Build(a, b, c);
            Assert.That(Titles(result), Is.EqualTo(new[] { "two" }));
            Assert.That(result.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => Path.GetFileName(d.Source.Path)).Distinct(), Is.EqualTo(new[] { "a.mmspec", "missing.mmspec" }));
        }
    }

    [Test]
    public void Warnings_come_from_the_cache_too()
    {
        var a = Write("a.mmspec", "kernel 6.1+\n" + Scenario("one", "kernel 6.12"));
        var first = Build(a);
        var again = Build(a);
        Assert.That(first.Diagnostics.Select(d => d.Severity), Is.EqualTo(new[] { Severity.Warning }));
        Assert.That(again.Compiled, Is.Zero);
        Assert.That(again.Diagnostics.Select(d => d.ToString()), Is.EqualTo(first.Diagnostics.Select(d => d.ToString())));
    }

    [Test]
    public void Neither_parser_nor_Roslyn_is_loaded_for_what_is_cached()
    {
        var a = Write("a.mmspec", Scenario("one"));
        Build(a);
        var context = new WithoutCompilers();
        var type = context.LoadFromAssemblyPath(typeof(SpecBuilder).Assembly.Location);
        var cache = Activator.CreateInstance(type.GetType(typeof(AssemblyCache).FullName!)!, Cache, 1L << 20);
        var selection = type.GetType(typeof(KernelSelection).FullName!)!.GetProperty("Default")!.GetValue(null);
        var builder = Activator.CreateInstance(type.GetType(typeof(SpecBuilder).FullName!)!, selection, SpecReferences.Paths, cache)!;
        dynamic result = builder.GetType().GetMethod("Build")!.Invoke(builder, [new[] { a }])!;
        Assert.That((int)result.Compiled, Is.Zero);
        Assert.That(context.Refused, Is.Empty);
        // The guard must be able to fail.
        Write("a.mmspec", Scenario("two"));
        Assert.That(() => builder.GetType().GetMethod("Build")!.Invoke(Activator.CreateInstance(builder.GetType(), selection, SpecReferences.Paths, cache)!, [new[] { a }]),
            Throws.InstanceOf<TargetInvocationException>());
        Assert.That(context.Refused, Is.Not.Empty);
    }

    [Test]
    public void Statements_may_nest_as_deep_as_the_language_allows()
    {
        var body = string.Concat(Enumerable.Repeat("repeat 1 { ", 240)) + "sync" + string.Concat(Enumerable.Repeat(" }", 240));
        var a = Write("a.mmspec", "scenario \"deep\" { kernel 6.12\n process p { " + body.Replace("sync", "let a = mmap(length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)") + " } }");
        var result = Build(a);
        Assert.That(result.Diagnostics, Is.Empty, string.Join("\n", result.Diagnostics));
        Assert.That(Titles(result), Is.EqualTo(new[] { "deep" }));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Scenario(string title, string line = "") =>
        $"scenario \"{title}\" {{ {(line.StartsWith("kernel", StringComparison.Ordinal) ? "" : "kernel 6.12")} {line}\n process p {{ let a = mmap(length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB) }} }}\n";

    private BuildResult Build(params string[] files) => new SpecBuilder(KernelSelection.Default, SpecReferences.Paths, new AssemblyCache(Cache)).Build(files);

    private static List<string> Titles(BuildResult result)
    {
        using var loaded = new SpecAssembly(result.Assemblies.Select(a => new SpecImage(a.Assembly.Dll, a.Assembly.Pdb, a.Files)));
        return [.. loaded.Cases().Select(c => c.Scenario.Title)];
    }

    /// <summary>Loads our own assemblies afresh and refuses Roslyn and the parser's runtime.</summary>
    private sealed class WithoutCompilers() : AssemblyLoadContext("without compilers", isCollectible: true)
    {
        public List<string> Refused { get; } = [];

        protected override Assembly? Load(AssemblyName name)
        {
            if (name.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || name.Name.StartsWith("Antlr4", StringComparison.Ordinal))
            {
                Refused.Add(name.Name);
                throw new FileNotFoundException(name.Name);
            }
            return name.Name.StartsWith("MmSpec.", StringComparison.Ordinal) ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, name.Name + ".dll")) : null;
        }
    }
}
