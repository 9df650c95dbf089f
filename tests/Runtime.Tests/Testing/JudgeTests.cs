using System.Collections.Immutable;
using MmSpec.Testing;
using static MmSpec.Tests.Testing.Build;

namespace MmSpec.Tests.Testing;

public class JudgeTests
{
    private static readonly Expr W1IsSigbus = new Expr.Matches(new Expr.LabelOutcome("w1"), new OutcomePattern(OutcomeKind.Signal, "SIGBUS"));
    private static readonly Expr Deadlock = new Expr.Happened("deadlock");

    private static FakeState Final(Outcome w1, string name = "schedule") => new() { Labels = new() { ["w1"] = w1 }, Outcomes = new() { [(0, 0)] = w1 }, Name = name };
    private static readonly Outcome Sigbus = Outcome.Signal("SIGBUS", "BUS_ADRERR", 0x1000);

    private static RunResult Judged(FakeState[] finals, ConcurrentReport? report, params Judgement[] judgements) => Judged(finals, [], report, "w1", judgements);

    private static RunResult Judged(FakeState[] finals, FakeState[] states, ConcurrentReport? report, string? label, params Judgement[] judgements)
    {
        var factory = new FakeFactory(t =>
        {
            t.Finals.AddRange(finals);
            t.States.AddRange(states);
            t.Report = report ?? t.Report;
        });
        var thread = new ThreadProgram("p", "fault", [Step(5, "store") with { Label = label }]);
        return Run(factory, r => r.Parallel(new ParallelBlock(3, 1, [thread], [.. judgements])));
    }

    private static readonly ConcurrentReport Cut = new(false, "the state limit was reached", 1, 1, 1);

    [TestCase(Verdict.Always, false, CaseVerdict.Failed)]
    [TestCase(Verdict.Sometimes, false, CaseVerdict.Passed)]
    [TestCase(Verdict.Never, false, CaseVerdict.Failed)]
    [TestCase(Verdict.Always, true, CaseVerdict.Failed)]
    [TestCase(Verdict.Sometimes, true, CaseVerdict.Passed)]
    [TestCase(Verdict.Never, true, CaseVerdict.Failed)]
    public void A_property_that_holds_in_one_of_two_states(Verdict verdict, bool cut, CaseVerdict expected)
    {
        var result = Judged([Final(Outcome.Ok), Final(Sigbus, "witness")], cut ? Cut : null, Judge(9, verdict, W1IsSigbus));
        Assert.That(result.Verdict, Is.EqualTo(expected));
    }

    [TestCase(Verdict.Always, CaseVerdict.Failed)]
    [TestCase(Verdict.Sometimes, CaseVerdict.Undecided)]
    [TestCase(Verdict.Never, CaseVerdict.Undecided)]
    public void A_property_not_seen_in_an_incomplete_search(Verdict verdict, CaseVerdict expected) =>
        Assert.That(Judged([Final(Outcome.Ok)], Cut, Judge(9, verdict, W1IsSigbus)).Verdict, Is.EqualTo(expected));

    [Test]
    public void The_first_schedule_that_shows_it_is_printed_and_nothing_runs_twice()
    {
        var result = Judged([Final(Outcome.Ok, "a"), Final(Sigbus, "b"), Final(Sigbus, "c")], null, Judge(9, Verdict.Never, W1IsSigbus));
        Assert.Multiple(() =>
        {
            Assert.That(result.Failures.Single().Place.Line, Is.EqualTo(9));
            Assert.That(result.Failures.Single().Message, Is.EqualTo("expected never w1 == SIGBUS, it happens in one interleaving"));
            Assert.That(result.Failures.Single().Explanation, Is.EqualTo(new[] { "b" }));
        });
    }

    [Test]
    public void An_always_that_fails_shows_the_values_of_one_interleaving()
    {
        var one = Op(BinaryOperator.Equal, new Expr.CountTrue([W1IsSigbus]), N(0));
        Assert.That(Judged([Final(Sigbus)], null, Judge(9, Verdict.Always, one)).Failures.Single().Message,
            Is.EqualTo("expected always count(w1 == SIGBUS) == 0; in one interleaving it is 1 (w1 is SIGBUS)"));
    }

    [Test]
    public void A_search_without_a_final_state_decides_nothing() =>
        Assert.That(Judged([], null, Judge(9, Verdict.Never, Deadlock)).Failures.Single().Message, Does.Contain("without any final state"));

    [Test]
    public void A_thread_that_never_ran_is_an_error()
    {
        var final = new FakeState { Outcomes = new() { [(0, 0)] = Outcome.Skipped }, Labels = new() { ["w1"] = Outcome.Skipped } };
        Assert.That(Judged([final], null, Judge(9, Verdict.Never, Deadlock)).Failures.Single().Message, Does.Contain("p.fault never ran"));
    }

    [Test]
    public void A_step_without_label_and_outcome_must_succeed_in_every_interleaving()
    {
        var finals = new[] { Final(Outcome.Ok), Final(Outcome.Errno("ENOMEM"), "bad") };
        var result = Judged(finals, [], null, label: null, Judge(9, Verdict.Never, Deadlock));
        Assert.Multiple(() =>
        {
            Assert.That(result.Failures.Single().Place.Line, Is.EqualTo(5));
            Assert.That(result.Failures.Single().Message, Is.EqualTo("expected ok in every interleaving, got ENOMEM in one"));
            Assert.That(result.Failures.Single().Explanation, Is.EqualTo(new[] { "bad" }));
        });
    }

    [Test]
    public void A_step_that_hangs_in_a_deadlock_is_the_deadlocks_business_where_a_judgement_speaks_of_it()
    {
        var final = new FakeState { Outcomes = new() { [(0, 0)] = new(OutcomeKind.Blocked) }, Events = ["deadlock"] };
        Assert.Multiple(() =>
        {
            Assert.That(Judged([final], [], null, null, Judge(9, Verdict.Sometimes, Deadlock)).Verdict, Is.EqualTo(CaseVerdict.Passed));
            Assert.That(Judged([final], [], null, null, Judge(9, Verdict.Never, new Expr.Happened("BUG"))).Verdict, Is.EqualTo(CaseVerdict.Failed));
        });
    }

    [Test]
    public void Outcomes_are_a_subset_of_the_allowed_tuples()
    {
        ImmutableArray<OutcomePattern> ok = [new(OutcomeKind.Ok)];
        var judgement = new Judgement(9, 5, "outcomes (w1) in { (ok) }", null, [], ["w1"], [new(Otherwise, [ok])]);
        var result = Judged([Final(Outcome.Ok), Final(Sigbus)], null, judgement);
        Assert.That(result.Failures.Single().Message, Is.EqualTo("(w1) came out as (SIGBUS)"));
    }

    [Test]
    public void Ever_looks_at_the_states_on_the_way()
    {
        var ever = new Expr.Ever(Op(BinaryOperator.Equal, Field("pool", null), N(0)));
        var state = new FakeState { Views = new() { ["pool"] = new Observation { Whole = Value.OfNumber(0) } } };
        Assert.Multiple(() =>
        {
            Assert.That(Judged([Final(Outcome.Ok)], [state], null, "w1", Judge(9, Verdict.Sometimes, ever)).Verdict, Is.EqualTo(CaseVerdict.Passed));
            Assert.That(Judged([Final(Outcome.Ok)], [], null, "w1", Judge(9, Verdict.Sometimes, ever)).Verdict, Is.EqualTo(CaseVerdict.Failed));
        });
    }
}
