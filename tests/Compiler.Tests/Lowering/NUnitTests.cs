using MmSpec.Binding;
using MmSpec.Kernels;
using MmSpec.Lowering;
using MmSpec.NUnit;
using MmSpec.Testing;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace MmSpec.Tests.Lowering;

/// <summary>What NUnit's own runner makes of an emitted assembly, on the emulator.</summary>
public class NUnitTests
{
    private static readonly Expr Nr = new Expr.View(new ViewCall("meminfo", null, []), "HugePages_Total");

    private static BoundScenario Pool(string title, int line, params BoundNode[] body) => Trees.Scenario(title, line, new BoundRow("", Machine(4), 2, [.. body]));

    private static Machine Machine(int pages) => new([new("hugepages", Value.OfSize(2 << 20), -1, [new("nr", Value.OfNumber(pages))])]);

    private static BoundExpect Total(int line, long pages) => Trees.Expect(line, Trees.Equal(Nr, Trees.Number(pages)));

    [Test]
    public void Every_mismatch_is_recorded_with_the_specification_as_its_only_frame()
    {
        var result = Run(Trees.One, Pool("wrong", 3, Total(4, 5), Total(5, 4), Total(6, 7))).Single();
        Assert.Multiple(() =>
        {
            Assert.That(result.Outcome, Is.EqualTo(ResultState.Failure));
            Assert.That(result.Name, Is.EqualTo("specs/a.mmspec::wrong[6.12]"));
            Assert.That(result.Stacks, Is.EqualTo(new[] { "   at MmSpec.Specs.specs__a_mmspec.S1() in specs/a.mmspec:line 4", "   at MmSpec.Specs.specs__a_mmspec.S1() in specs/a.mmspec:line 6" }));
            Assert.That(result.Categories, Is.EqualTo(new[] { "hugetlb" }));
        });
    }

    [Test]
    public void In_a_def_the_call_comes_first()
    {
        var result = Run(Trees.One, Pool("wrong", 3, new BoundDefCall(9, 9, "check()", "check", "lib.mmspec", 1, [Total(2, 5)]))).Single();
        Assert.That(result.Stacks.Single().Split('\n'), Is.EqualTo(new[]
        {
            "   at MmSpec.Specs.specs__a_mmspec.S1() in specs/a.mmspec:line 9", "   at MmSpec.Specs.specs__a_mmspec.S1.def() in lib.mmspec:line 2",
        }));
    }

    [Test]
    public void Both_runners_agree()
    {
        var scenarios = new[]
        {
            Pool("right", 3, Total(4, 4)), Pool("wrong {0} \"quoted\"", 6, Total(7, 5)),
            Trees.Scenario("rows", 9, new BoundRow("a", Machine(1), 0, [Total(10, 1)]), new BoundRow("b", Machine(2), 0, [Total(10, 1)])),
        };
        var nunit = Run(Trees.Both, scenarios).Select(r => (r.Name, r.Outcome == ResultState.Success)).Order().ToList();
        var emitted = Trees.Emit(Trees.Both, Trees.File("specs/a.mmspec", scenarios));
        using var assembly = new SpecAssembly(emitted.Dll, emitted.Pdb);
        var runner = new SpecRunner(patches => new EmulatorTargetFactory(patches), new RunOptions());
        var ours = assembly.Cases().Select(runner.Run).Select(r => (r.Case.Name, r.Result!.Verdict == CaseVerdict.Passed)).Order().ToList();
        Assert.That(ours, Has.Count.EqualTo(8));
        Assert.That(nunit, Is.EqualTo(ours));
    }

    [Test]
    public void What_is_not_applicable_is_ignored_with_its_reason()
    {
        var results = Run(s => s.Title == "other" ? [Unknown] : [Trees.New], Pool("right", 3, Total(4, 4)), Pool("other", 6, Total(7, 4)));
        Assert.That(results.Single(r => r.Name.Contains("right", StringComparison.Ordinal)).Outcome, Is.EqualTo(ResultState.Success));
        var other = results.Single(r => r.Name.Contains("other", StringComparison.Ordinal));
        Assert.That(other.Outcome, Is.EqualTo(ResultState.Ignored));
        Assert.That(other.Message, Does.Contain("no-such-patch"));
    }

    private static readonly Kernel Unknown = new(new KernelVersion(6, 12), ["no-such-patch"]);

    private sealed record Result(string Name, ResultState Outcome, string Message, string[] Stacks, string[] Categories);

    private static List<Result> Run(KernelChoice kernels, params BoundScenario[] scenarios)
    {
        var emitted = Trees.Emit(kernels, Trees.File("specs/a.mmspec", scenarios));
        using var loaded = new SpecAssembly(emitted.Dll, emitted.Pdb);
        var assembly = loaded.Cases().First().Method.DeclaringType!.Assembly;
        var results = new List<Result>();
        // A run within a run needs a thread, and so a context, of its own.
        var thread = new Thread(() =>
        {
            var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
            runner.Load(assembly, new Dictionary<string, object> { ["NumberOfTestWorkers"] = 0 });
            Collect(runner.Run(TestListener.NULL, TestFilter.Empty), results);
        });
        using (ExecutionContext.SuppressFlow()) thread.Start();
        thread.Join();
        return results;
    }

    private static void Collect(ITestResult result, List<Result> results)
    {
        foreach (var child in result.Children) Collect(child, results);
        if (result.Test.IsSuite) return;
        results.Add(new(result.Name, result.ResultState, result.Message, [.. result.AssertionResults.Select(a => a.StackTrace ?? "")],
            [.. result.Test.Properties["Category"].Cast<string>()]));
    }
}
