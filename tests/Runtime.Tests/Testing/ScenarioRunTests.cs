using MmSpec.Testing;
using static MmSpec.Tests.Testing.Build;

namespace MmSpec.Tests.Testing;

public class ScenarioRunTests
{
    private static StepResult Ok(Value v = default) => new(Outcome.Ok, v, 0);
    private static StepResult Came(Outcome o) => new(o, Value.Absent, 0);

    [Test]
    public void A_mismatch_says_what_was_allowed_and_what_came_and_the_run_goes_on()
    {
        var factory = new FakeFactory(t => t.Steps["madvise"] = _ => Came(Outcome.Errno("ENOMEM")));
        var result = Run(factory, r =>
        {
            r.Do(Step(3, "madvise").Allows(new(OutcomeKind.Errno, "EINVAL"), new(OutcomeKind.Ok)));
            r.Do(Step(4, "munmap"));
        });
        Assert.Multiple(() =>
        {
            Assert.That(result.Verdict, Is.EqualTo(CaseVerdict.Failed));
            Assert.That(result.Failures, Has.Length.EqualTo(1));
            Assert.That(result.Failures[0].Place, Is.EqualTo(new SpecPlace("a.mmspec", 3, 5, "madvise")));
            Assert.That(result.Failures[0].Message, Is.EqualTo("expected EINVAL or ok, got ENOMEM"));
            Assert.That(factory.Made[0].Asked.Select(a => a.Text), Is.EqualTo(new[] { "madvise", "munmap" }));
        });
    }

    [Test]
    public void A_failed_case_runs_once_more_on_a_tracing_target_for_its_explanations_only()
    {
        var factory = new FakeFactory(t => t.Views["meminfo"] = _ => Fields(("HugePages_Rsvd", Value.OfNumber(4))));
        var result = Run(factory, r => r.Expect(Expect(7, Op(BinaryOperator.Equal, Field("meminfo", "HugePages_Rsvd"), N(3)))));
        Assert.Multiple(() =>
        {
            Assert.That(factory.Made, Has.Count.EqualTo(2));
            Assert.That(factory.Made.TrueForAll(t => t.Disposed));
            Assert.That(result.Failures.Single().Message, Is.EqualTo("expected HugePages_Rsvd == 3, it is 4"));
            Assert.That(result.Failures.Single().Explanation, Is.EqualTo(new[] { "why meminfo.HugePages_Rsvd" }));
        });
    }

    [Test]
    public void A_case_that_passes_runs_once()
    {
        var factory = new FakeFactory(_ => { });
        var result = Run(factory, r => r.Do(Step(3, "mmap")));
        Assert.That((result.Verdict, factory.Made.Count), Is.EqualTo((CaseVerdict.Passed, 1)));
    }

    [Test]
    public void What_needs_a_value_that_never_came_is_skipped_not_failed()
    {
        var factory = new FakeFactory(t => t.Steps["mmap"] = _ => Came(Outcome.Errno("ENOMEM")));
        var slot = new Expr.Slot(0, "x");
        var result = Run(factory, r =>
        {
            r.Do(Step(12, "mmap") with { Result = 0 });
            r.Do(Step(13, "store", slot) with { Result = 1 });
            r.Let(14, 1, "let y = x.length", 2, new Expr.Part(slot, RangePart.Length));
            r.Expect(Expect(15, Op(BinaryOperator.Equal, new Expr.Slot(2, "y"), N(0))));
        });
        Assert.Multiple(() =>
        {
            Assert.That(result.Failures.Select(f => f.Place.Line), Is.EqualTo(new[] { 12 }));
            Assert.That(result.Skips.Select(s => (s.Place.Line, s.Reason)), Is.EqualTo(new[] { (13, "needs line 12"), (14, "needs line 12"), (15, "needs line 12") }));
        });
    }

    [Test]
    public void A_call_that_succeeds_against_expectation_binds_what_it_returned()
    {
        var factory = new FakeFactory(t => t.Steps["mmap"] = _ => Ok(Value.OfRange(0x10000, 4096)));
        var result = Run(factory, r =>
        {
            r.Do(Step(1, "mmap").Allows(new OutcomePattern(OutcomeKind.Errno, "ENOMEM")) with { Result = 0 });
            r.Expect(Expect(2, Op(BinaryOperator.Equal, new Expr.Part(new Expr.Slot(0, "x"), RangePart.Start), N(0x10000))));
        });
        Assert.That(result.Failures.Select(f => f.Place.Line), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void The_later_steps_of_a_process_that_died_are_skipped()
    {
        var factory = new FakeFactory(t => t.Steps["store"] = _ => Came(Outcome.Killed("SIGKILL")));
        var result = Run(factory, r =>
        {
            r.Do(Step(12, "store").Allows(new OutcomePattern(OutcomeKind.Killed, "SIGKILL")));
            r.Do(Step(13, "load"));
            r.Do(Step(14, "load") with { Process = "q" });
        });
        Assert.Multiple(() =>
        {
            Assert.That(result.Verdict, Is.EqualTo(CaseVerdict.Passed));
            Assert.That(result.Skips.Single(), Is.EqualTo(new Skip(new("a.mmspec", 13, 5, "load"), "p died at line 12")));
            Assert.That(factory.Made[0].Asked.Select(a => a.Text), Is.EqualTo(new[] { "store", "load" }));
        });
    }

    [Test]
    public void After_a_BUG_the_world_has_ended()
    {
        var factory = new FakeFactory(t => t.Steps["munmap"] = _ => Came(new Outcome(OutcomeKind.Bug, "region_truncate")));
        var result = Run(factory, r =>
        {
            r.Do(Step(5, "munmap").Allows(new OutcomePattern(OutcomeKind.Bug)));
            r.BeginRepeat(1_000_000);
            while (r.Next()) r.Do(Step(6, "mmap"));
            r.Expect(Expect(7, N(0)));
        });
        Assert.Multiple(() =>
        {
            Assert.That(result.Verdict, Is.EqualTo(CaseVerdict.Passed));
            Assert.That(result.Skips.Select(s => s.Reason), Is.EqualTo(new[] { "the world ended at line 5 (BUG)" }));
        });
    }

    [Test]
    public void A_signal_is_caught_where_it_is_allowed_and_its_place_counts_from_the_region()
    {
        var range = new Expr.Const(Value.OfRange(0x4000_0000, 8 << 20));
        var at = new OutcomePattern(OutcomeKind.Signal, "SIGBUS", "BUS_ADRERR", Size(2 << 20));
        var factory = new FakeFactory(t => t.Steps["store"] = _ => Came(Outcome.Signal("SIGBUS", "BUS_ADRERR", 0x4000_0000 + (4 << 20))));
        var result = Run(factory, r => r.Do(Step(5, "store", range).Allows(at)));
        Assert.Multiple(() =>
        {
            Assert.That(factory.Made[0].Asked[0].SignalExpected);
            Assert.That(result.Failures.Single().Message, Is.EqualTo("expected SIGBUS BUS_ADRERR at 2M, got SIGBUS BUS_ADRERR at 4M"));
        });
    }

    [Test]
    public void Contents_that_differ_are_shown_with_their_place()
    {
        var range = new Expr.Const(Value.OfRange(0x4000_0000, 16384));
        var factory = new FakeFactory(t => t.Steps["load"] = _ => Came(new Outcome(OutcomeKind.Mismatch, At: 0x4000_1000, Got: 0xa0)));
        var result = Run(factory, r => r.Do(Step(5, "load", range) with { Content = N(0xa1) }));
        Assert.That(result.Failures.Single().Message, Is.EqualTo("expected 0xa1, it is 0xa0 at 4K"));
    }

    [Test]
    public void Contents_are_explained_by_the_steps_that_wrote_there()
    {
        var region = new Expr.Const(Value.OfRange(0x4000_0000, 16384));
        var elsewhere = new Expr.Const(Value.OfRange(0x8000_0000, 16384));
        var factory = new FakeFactory(t => t.Steps["load b"] = _ => Came(new Outcome(OutcomeKind.Mismatch, At: 0x4000_1000, Got: 0xa0)));
        var result = Run(factory, r =>
        {
            r.Do(Step(3, "store b = 0xa0", region));
            r.Do(Step(4, "store c", elsewhere));
            r.Do(Step(5, "load b", region) with { Content = N(0xa1) });
        });
        Assert.That(result.Failures.Single().Explanation, Is.EqualTo(new[] { "line 3 store b = 0xa0" }));
    }

    [Test]
    public void Faults_are_counted()
    {
        var factory = new FakeFactory(t => t.Steps["store"] = _ => new StepResult(Outcome.Ok, Value.Absent, 3));
        var result = Run(factory, r => r.Do(Step(5, "store") with { Faults = N(0) }));
        Assert.That(result.Failures.Single().Message, Is.EqualTo("expected faults 0, it took 3"));
    }

    [Test]
    public void Each_field_is_a_failure_at_its_own_line()
    {
        var factory = new FakeFactory(t => t.Views["smaps"] = _ => Fields(("Rss", Value.OfSize(4096)), ("Anonymous", Value.OfSize(0))));
        var expectation = new Expectation(5, 1, "expect smaps(a) { … }")
        {
            View = new ViewCall("smaps", "p", []),
            Fields =
            [
                new(6, 3, "Rss", BinaryOperator.Equal, Size(16384)),
                new(7, 3, "Anonymous", BinaryOperator.LessOrEqual, Size(0)),
                new(8, 3, "Locked", BinaryOperator.Equal, Size(0)),
                new(9, 3, "Gone", BinaryOperator.Equal, new Expr.Const(Value.Absent)),
            ],
        };
        var result = Run(factory, r => r.Expect(expectation));
        Assert.That(result.Failures.Select(f => (f.Place.Line, f.Message)), Is.EqualTo(new[]
        {
            (6, "expected Rss == 16K, it is 4K"),
            (8, "expected Locked == 0K, it is absent"),
        }));
    }

    [Test]
    public void An_entry_names_the_first_stretch_that_is_wrong()
    {
        var factory = new FakeFactory(t => t.Views["pages"] = _ => new Observation
        {
            Entries = [new(0, 4096, ["present", "zero-page"]), new(4096, 12288, ["none"]), new(12288, 16384, ["present", "order 2"])],
        });
        EntryCheck Entry(int line, long from, long to, params PageAttribute[] attributes) => new(line, 3, Size(from), Size(to), [new(Otherwise, [.. attributes])]);
        var expectation = new Expectation(5, 1, "expect pages(a) { … }")
        {
            View = new ViewCall("pages", "p", []),
            Entries =
            [
                Entry(6, 0, 4096, new PageAttribute("present", null, false), new PageAttribute("huge-zero-page", null, true)),
                Entry(7, 0, 16384, new PageAttribute("present", null, false)),
                Entry(8, 12288, 16384, new PageAttribute("order", N(2), false)),
                Entry(9, 16384, 20480, new PageAttribute("none", null, false)),
            ],
        };
        var result = Run(factory, r => r.Expect(expectation));
        Assert.That(result.Failures.Select(f => (f.Place.Line, f.Message)), Is.EqualTo(new[]
        {
            (7, "expected 0K .. 16K: present; 4K .. 12K is none"),
            (9, "expected 16K .. 20K: none; 16K .. 20K is not there"),
        }));
    }

    [Test]
    public void Since_compares_with_the_snapshot()
    {
        var n = 10;
        var factory = new FakeFactory(t => t.Views["vmstat"] = _ => Fields(("pgfault", Value.OfNumber(n))));
        var call = new ViewCall("vmstat", null, []);
        var result = Run(factory, r =>
        {
            n = 10;
            r.Snapshot(1, 1, "let t = snapshot", 0, [call with { Since = 0 }]);
            n = 14;
            r.Expect(new Expectation(2, 1, "expect vmstat since t { pgfault: 3 }")
            {
                View = call with { Since = 0 },
                Fields = [new(2, 10, "pgfault", BinaryOperator.Equal, N(3))],
            });
        });
        Assert.That(result.Failures.Single().Message, Is.EqualTo("expected pgfault == 3, it is 4"));
    }

    [Test]
    public void Since_compares_the_fields_of_a_view_that_is_a_whole_too()
    {
        var n = 1;
        var factory = new FakeFactory(t => t.Views["pool"] = _ => Fields(("Total", Value.OfNumber(n))) with { Whole = Value.OfTuple([Value.OfNumber(n)]) });
        var call = new ViewCall("pool", null, []);
        var result = Run(factory, r =>
        {
            n = 1;
            r.Snapshot(1, 1, "let t = snapshot", 0, [call with { Since = 0 }]);
            n = 4;
            r.Expect(new Expectation(2, 1, "expect pool since t { Total: 2 }") { View = call with { Since = 0 }, Fields = [new(2, 10, "Total", BinaryOperator.Equal, N(2))] });
        });
        Assert.That(result.Failures.Single().Message, Is.EqualTo("expected Total == 2, it is 3"));
    }

    [Test]
    public void A_view_that_cannot_be_answered_is_a_failure_with_its_reason()
    {
        var factory = new FakeFactory(t => t.Views["smaps"] = _ => new Observation { Error = "the region cuts a VMA" });
        var result = Run(factory, r => r.Expect(Expect(4, Op(BinaryOperator.Equal, Field("smaps", "Rss"), Size(0)))));
        Assert.That(result.Failures.Single().Message, Does.EndWith("the region cuts a VMA"));
    }

    [Test]
    public void Only_the_false_member_of_a_conjunction_is_shown()
    {
        var factory = new FakeFactory(t => t.Views["meminfo"] = _ => Fields(("A", Value.OfNumber(1)), ("B", Value.OfNumber(2))));
        var both = Op(BinaryOperator.And, Op(BinaryOperator.Equal, Field("meminfo", "A"), N(1)), Op(BinaryOperator.Less, Field("meminfo", "B"), Field("meminfo", "A")));
        var result = Run(factory, r => r.Expect(Expect(4, both)));
        Assert.That(result.Failures.Single().Message, Is.EqualTo("expected B < A, B is 2, A is 1"));
    }

    [Test]
    public void A_failure_in_a_def_knows_the_call()
    {
        var factory = new FakeFactory(t => t.Steps["mmap"] = _ => Came(Outcome.Errno("ENOMEM")));
        var result = Run(factory, r =>
        {
            r.EnterDef(20, 9, "map(file)", "map", "machines.mmspec", 2);
            r.Do(Step(3, "mmap"));
            r.LeaveDef();
        });
        var failure = result.Failures.Single();
        Assert.That((failure.Place.File, failure.Place.Line, failure.Outermost.File, failure.Outermost.Line), Is.EqualTo(("machines.mmspec", 3, "a.mmspec", 20)));
    }

    [Test]
    public void A_known_gap_may_fail_and_says_when_it_does_not([Values] bool broken)
    {
        var factory = new FakeFactory(t => t.Steps["mmap"] = _ => broken ? Came(Outcome.Errno("ENOMEM")) : Ok());
        var result = Run(factory, r =>
        {
            r.BeginGap(3, 1, "not modelled");
            r.Do(Step(4, "mmap"));
            r.EndGap();
        });
        Assert.That((result.Verdict, result.Gaps.Single().Held), Is.EqualTo((CaseVerdict.Passed, !broken)));
    }

    [Test]
    public void An_endless_loop_is_undecided()
    {
        var result = Run(new FakeFactory(_ => { }), r =>
        {
            r.BeginRepeat(1_000_000_000_000);
            while (r.Next()) r.Do(Step(4, "mmap"));
        }, new RunOptions { StatementBudget = 1000 });
        Assert.That((result.Verdict, result.Reason), Is.EqualTo((CaseVerdict.Undecided, "stopped after 1000 statements")));
    }

    [Test]
    public void Time_is_bounded_too()
    {
        var result = Run(new FakeFactory(t => t.Steps["sleep"] = _ => { Thread.Sleep(5); return Ok(); }), r =>
        {
            r.BeginRepeat(1000);
            while (r.Next()) r.Do(Step(4, "sleep"));
        }, new RunOptions { Timeout = TimeSpan.FromMilliseconds(40) });
        Assert.That((result.Verdict, result.Reason), Is.EqualTo((CaseVerdict.Undecided, "stopped after 0.04 s")));
    }

    [Test]
    public void A_machine_that_the_target_cannot_be_is_not_applicable()
    {
        var result = Run(new FakeFactory(_ => throw new NotSupportedException("no such device")), r => r.Do(Step(1, "mmap")));
        Assert.That((result.Verdict, result.Reason), Is.EqualTo((CaseVerdict.NotApplicable, "no such device")));
    }

    [Test]
    public void A_target_that_contradicts_itself_is_found_under_paranoid_only()
    {
        var factory = new FakeFactory(t => t.Inconsistencies.Add("rss is 3, counted 2"));
        Assert.Multiple(() =>
        {
            Assert.That(Run(factory, r => r.Do(Step(1, "mmap"))).Verdict, Is.EqualTo(CaseVerdict.Passed));
            Assert.That(() => Run(factory, r => r.Do(Step(1, "mmap")), new RunOptions { Paranoid = true }),
                Throws.TypeOf<InconsistentTargetException>().With.Message.Contains("rss is 3, counted 2"));
        });
    }

    [Test]
    public void An_unexpected_death_tells_that_the_process_is_gone_and_failures_are_bounded()
    {
        var factory = new FakeFactory(t => t.Steps["store"] = _ => Came(new Outcome(OutcomeKind.Killed, "SIGBUS", "BUS_ADRERR", 0x1000)));
        var one = Run(factory, r => r.Do(Step(5, "store")));
        var failing = new FakeFactory(t => t.Steps["mmap"] = _ => Came(Outcome.Errno("ENOMEM")));
        var many = Run(failing, r =>
        {
            r.BeginRepeat(1_000_000);
            while (r.Next()) r.Do(Step(4, "mmap"));
        });
        Assert.Multiple(() =>
        {
            Assert.That(one.Failures.Single().Message, Is.EqualTo("expected ok, got killed SIGBUS (BUS_ADRERR at 0x1000); p is gone"));
            Assert.That(many.Failures, Has.Length.EqualTo(new RunOptions().MaxFailures));
        });
    }
}
