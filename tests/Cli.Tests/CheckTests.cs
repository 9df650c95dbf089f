using MmSpec.Binding;
using MmSpec.Cli;
using MmSpec.Cli.Checking;
using MmSpec.Cli.Output;
using MmSpec.Diagnostics;
using MmSpec.Kernels;
using MmSpec.Lowering;
using MmSpec.NUnit;
using MmSpec.Testing;
using MmSpec.Tests.Testing;
using static MmSpec.Tests.Testing.Build;

namespace MmSpec.Tests;

/// <summary><c>check</c> with a compiler that takes bound files, and targets that answer what a test says.</summary>
public class CheckTests
{
    private static readonly KernelSet Covered = new([new(KernelSetKind.Range, new KernelVersion(6, 10), new KernelVersion(6, 13), [])]);
    private static readonly Condition Before612 = new Condition.InSet(new([new(KernelSetKind.Range, null, new KernelVersion(6, 11), [])]));

    private static BoundScenario Scenario(string title, int line, params BoundNode[] body) =>
        new(title, null, ["tag-" + title], line, Covered, [Before612, Otherwise], [new BoundRow("", Machine.Default, 4, [.. body])], []);

    private static BoundStep Do(int line, string text) => new(Step(line, text));

    private static (int Code, string Out, string Error) Check(CheckOptions options, Action<FakeTarget> prepare, params BoundScenario[] scenarios)
    {
        using var workspace = new Workspace().With("a.mmspec", "line 1\nline 2\n  madvise(a, b) // here\n");
        var file = Path.Combine(workspace.Root, "a.mmspec");
        SpecAssembly Compile(IReadOnlyList<string> files, KernelSelection kernels, DiagnosticBag diagnostics)
        {
            var bound = files.Select(f => new BoundFile(f, [.. scenarios])).ToList();
            var emitted = new SpecEmitter(SpecReferences.Paths).Emit("Specs", bound, kernels.Choose);
            return new SpecAssembly(emitted.Dll, emitted.Pdb);
        }
        var (output, error) = (new StringWriter(), new StringWriter());
        var check = new Check(Compile, _ => new FakeFactory(prepare));
        var code = check.Run(options with { Paths = [file] }, new Terminal(output, error, false, false));
        return (code, output.ToString().Replace(file, "a.mmspec"), error.ToString());
    }

    private static CheckOptions Options => new() { Jobs = 2, Timeout = TimeSpan.FromSeconds(20) };

    [Test]
    public void A_failure_is_printed_with_its_source_line_explanation_and_kernels()
    {
        var (code, output, _) = Check(Options with { Kernels = KernelSelection.All },
            t => t.Steps["madvise"] = _ => new StepResult(t.Kernel.Version >= new KernelVersion(6, 12) ? Outcome.Errno("EINVAL") : Outcome.Ok, Value.Absent, 0),
            Scenario("one", 1, Do(3, "madvise")), Scenario("two", 5, Do(6, "munmap")));
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCodes.Failed));
            Assert.That(output, Does.Contain("a.mmspec\n  ok         one  6.10, 6.11\n  FAILED     one  6.12"));
            Assert.That(output, Does.Contain("      a.mmspec:3: expected ok, got EINVAL  [6.12"));
            Assert.That(output, Does.Contain("\n          madvise(a, b) // here\n        why outcome.\n"));
            Assert.That(output, Does.Contain("  ok         two  6.10 .. 6.13\n"));
            Assert.That(output.Split("expected ok").Length, Is.EqualTo(2), "one failure on two kernels is printed once");
        });
    }

    [Test]
    public void A_case_without_enough_memory_is_undecided_and_the_rest_runs([Values] bool wrapped)
    {
        var (code, output, _) = Check(Options with { Kernels = KernelSelection.Newest },
            t => t.Steps["madvise"] = _ => throw (wrapped ? new InvalidOperationException("in a search", new InsufficientMemoryException()) : new InsufficientMemoryException()),
            Scenario("one", 1, Do(3, "madvise")), Scenario("two", 5, Do(6, "munmap")));
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(ExitCodes.Undecided), output);
            Assert.That(output, Does.Contain("undecided  one  6.13\n      memory ran out\n"));
            Assert.That(output, Does.Contain("  ok         two  6.13\n"));
        });
    }

    [Test]
    public void By_default_each_arm_has_a_representative()
    {
        var (code, output, _) = Check(Options with { List = true }, _ => { }, Scenario("one", 1, Do(3, "x")));
        Assert.That(code, Is.EqualTo(ExitCodes.Ok));
        Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l[l.LastIndexOf('[')..]), Is.EqualTo(new[] { "[6.11]", "[6.13]" }));
    }

    [Test]
    public void What_list_prints_filter_takes()
    {
        var scenarios = new[] { Scenario("a [b] * c", 1, Do(3, "x")), Scenario("a [b] x c", 5, Do(6, "x")) };
        var (_, names, _) = Check(Options with { List = true }, _ => { }, scenarios);
        foreach (var name in names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(n => n.Contains('x')))
        {
            // The file is a fresh one in each run; the rest of the name is as listed.
            var (_, output, _) = Check(Options with { List = true, Filters = ["*" + name[name.IndexOf("::", StringComparison.Ordinal)..]] }, _ => { }, scenarios);
            Assert.That(output, Is.EqualTo(name + "\n"));
        }
        Assert.That(Check(Options with { List = true, Filters = ["a [b] x c"] }, _ => { }, scenarios).Out.Split('\n'), Has.Length.EqualTo(3));
        Assert.That(Check(Options with { List = true, Tags = ["@tag-a [b] * c"] }, _ => { }, scenarios).Out, Does.Not.Contain("a [b] x c"));
    }

    [Test]
    public void Nothing_to_run_is_no_success_unless_allowed([Values] bool allowed)
    {
        var (code, _, error) = Check(Options with { Filters = ["nothing"], AllowEmpty = allowed }, _ => { }, Scenario("one", 1, Do(3, "x")));
        Assert.That(code, Is.EqualTo(allowed ? ExitCodes.Ok : ExitCodes.NothingRan));
        Assert.That(error, Does.Contain("no case has a name"));
    }

    [Test]
    public void All_not_applicable_is_nothing_ran() =>
        Assert.That(Check(Options, _ => throw new NotSupportedException("no such machine"), Scenario("one", 1, Do(3, "x"))) is var (code, output, _)
            && code == ExitCodes.NothingRan && output.Contains("no such machine"));

    [Test]
    public void A_target_that_throws_is_an_internal_error_and_the_others_still_run()
    {
        var (code, output, _) = Check(Options, t => t.Steps["bad"] = _ => throw new InvalidOperationException("defect"),
            Scenario("one", 1, Do(3, "bad")), Scenario("two", 5, Do(6, "x")));
        Assert.That(code, Is.EqualTo(ExitCodes.Internal));
        Assert.That(output, Does.Contain("BROKEN").And.Contain("defect").And.Contain("ok         two"));
    }

    [Test]
    public void A_statement_that_never_comes_back_is_given_up()
    {
        using var never = new ManualResetEventSlim();
        var (code, output, _) = Check(Options with { Timeout = TimeSpan.FromMilliseconds(10), Jobs = 1, Kernels = KernelSelection.Newest },
            t => t.Steps["hang"] = _ => { never.Wait(); return new StepResult(Outcome.Ok, Value.Absent, 0); },
            Scenario("one", 1, Do(3, "hang")), Scenario("two", 5, Do(6, "x")));
        never.Set();
        Assert.That(code, Is.EqualTo(ExitCodes.Undecided));
        Assert.That(output, Does.Contain("undecided  one").And.Contain("ok         two"));
    }

    [Test]
    public void A_known_gap_that_holds_everywhere_is_a_failure([Values] bool everywhere)
    {
        var gap = new BoundKnownGap(3, 5, "not modelled", [Do(4, "gap")]);
        var (code, output, _) = Check(Options, t => t.Steps["gap"] = _ =>
            new StepResult(everywhere || t.Kernel.Version < new KernelVersion(6, 12) ? Outcome.Ok : Outcome.Errno("EINVAL"), Value.Absent, 0), Scenario("one", 1, gap));
        Assert.That(code, Is.EqualTo(everywhere ? ExitCodes.Failed : ExitCodes.Ok), output);
    }

    [Test]
    public void Quiet_prints_the_summary_only()
    {
        var (_, output, _) = Check(Options with { Verbosity = Verbosity.Quiet, Kernels = KernelSelection.Newest }, _ => { }, Scenario("one", 1, Do(3, "x")));
        Assert.That(output, Does.Match(@"^1 file, 1 scenario, 1 case: 1 passed, 0 failed, 0 undecided, 0 not applicable; \d+\.\d\d s\n$"));
    }
}
