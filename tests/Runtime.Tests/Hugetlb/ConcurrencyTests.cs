using System.Collections.Immutable;
using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>Races for huge pages, in every interleaving.</summary>
internal sealed class ConcurrencyTests
{
    private const ulong Anon = Private | Anonymous | Huge;

    [Test]
    public void TheLastPageOfOneFile([Values("5.10", "6.1", "6.12", "7.2")] string kernel, [Values] bool sameIndex)
    {
        using var e = new Emulator(kernel, nr: 1);
        var f = e.Open("p");
        var a = e.Map("p", 4 * M, Shared | NoReserve, f);
        e.Fork("p", "q");
        var seen = Explore(e, out var report,
            Thread("p", Step("w1", "p", "store", ("range", Slice(a, 0, 1)), ("value", Value.OfNumber(1)))),
            Thread("q", Step("w2", "q", "store", ("range", Slice(a, sameIndex ? 0 : 2 * M, sameIndex ? 1 : 2 * M + 1)), ("value", Value.OfNumber(2)))));
        Assert.That(report.Complete, report.Incomplete);
        Assert.That(seen, Is.EquivalentTo(sameIndex ? ["ok, ok"] : new[] { "ok, SIGBUS", "SIGBUS, ok" }));
        Assert.That(e.Pool, Is.EqualTo("1/1/0/0"));
        Assert.That(e.Target.FindInconsistencies(), Is.Empty);
    }

    [TestCase("5.18", "ok, ENOMEM", "SIGBUS, ok")]
    [TestCase("6.8", "ok, ENOMEM", "SIGBUS, ok")]
    [TestCase("6.9", "ok, ENOMEM")]
    [TestCase("7.2", "ok, ENOMEM")]
    public void AFaultAfterDontneedAgainstAMapping(string kernel, params string[] expected)
    {
        using var e = new Emulator(kernel, nr: 1);
        var a = e.Map("p", 2 * M, Anon);
        e.Store("p", a);
        Assert.That(e.Advise("p", a, 4), Is.EqualTo(Outcome.Ok));
        var seen = Explore(e, out var report,
            Thread("p", Step("w", "p", "store", ("range", Slice(a, 0, 1)), ("value", Value.OfNumber(1)))),
            Thread("q", Map("m", "q")));
        Assert.That(report.Complete, report.Incomplete);
        Assert.That(seen, Is.EquivalentTo(expected));
    }

    [TestCase("5.18", "ok, ok, ENOMEM", "ok, SIGBUS, ok", "ok, SIGBUS, ENOMEM", "ok, ok, ok")]
    [TestCase("6.5", "ok, ok, ENOMEM", "ok, SIGBUS, ok", "ok, SIGBUS, ENOMEM", "ok, ok, ok")]
    [TestCase("6.6", "ok, ok, ENOMEM", "ok, SIGBUS, ok", "ok, ok, ok")]
    [TestCase("6.12", "ok, ok, ENOMEM")]
    public void DontneedAgainstAFaultAndAMapping(string kernel, params string[] expected)
    {
        using var e = new Emulator(kernel, nr: 1);
        var a = e.Map("p", 2 * M, Anon);
        e.Store("p", a);
        var seen = Explore(e, out var report,
            Thread("p", Step("z", "p", "madvise", ("range", a), ("advice", Value.OfNumber(4)))),
            Thread("p", Step("w", "p", "store", ("range", Slice(a, 0, 1)), ("value", Value.OfNumber(1)))),
            Thread("q", Map("m", "q")));
        Assert.That(report.Complete, report.Incomplete);
        Assert.That(seen, Is.EquivalentTo(expected));
        TestContext.Out.WriteLine(report);
    }

    [Test]
    public void TwoMappingsReserveOneSharedRangeOnce([Values("2.6.27", "5.10", "6.12")] string kernel)
    {
        using var e = new Emulator(kernel);
        var f = e.Open("p");
        e.Fork("p", "q");
        var seen = Explore(e, out var report, Thread("p", Map("a", "p", Shared, f, 4 * M)), Thread("q", Map("b", "q", Shared, f, 4 * M)));
        Assert.That(report.Complete, report.Incomplete);
        Assert.That(seen, Is.EquivalentTo(new[] { "ok, ok" }));
        Assert.That(_pools, Is.EquivalentTo(new[] { "(4, 4, 2, 0)" }));
    }

    [Test]
    public void ThePoolShrinksAgainstAReservation()
    {
        using var e = new Emulator(nr: 2);
        var seen = Explore(e, out var report,
            Thread("root", Step("s", "root", "sysctl", ("name", Value.OfText("vm.nr_hugepages")), ("value", Value.OfNumber(0)))),
            Thread("q", Map("m", "q", length: 4 * M)));
        Assert.That(report.Complete, report.Incomplete);
        Assert.That(seen, Is.EquivalentTo(new[] { "ok, ok", "ok, ENOMEM" }));
        Assert.That(_pools, Is.EquivalentTo(new[] { "(0, 0, 0, 0)", "(2, 2, 2, 2)" }));
    }

    [Test]
    public void ForkAgainstAFault()
    {
        using var e = new Emulator(nr: 2);
        var a = e.Map("p", 2 * M, Anon);
        e.Store("p", a, Value.OfNumber(5));
        e.Fork("p", "q");
        var seen = Explore(e, out var report,
            Thread("p", Step("w", "p", "store", ("range", a), ("value", Value.OfNumber(7)))),
            Thread("q", Step("f", "q", "fork", ("child", Value.OfText("r")))),
            Thread("q", Step("l", "q", "load", ("range", Slice(a, 0, 1)))));
        Assert.That(report.Complete, report.Incomplete);
        Assert.That(seen, Is.EquivalentTo(new[] { "ok, ok, ok" }));
    }

    /// <summary>ftruncate that grows a file begins without a lock; between the two steps the others see the one and not yet the other.</summary>
    [Test]
    public void WhatAStepBeginsWithIsNoPartOfTheStepBefore()
    {
        using var e = new Emulator();
        var f = e.Open("p");
        var a = e.Map("p", 2 * M, Shared, f);
        var observer = new StateObserver(state => $"{state.Observe(new("byte", "p", [a])).Whole} {state.Observe(new("stat", "p", [f])).Fields!["st_size"]}");
        var report = e.Target.Concurrent([
            Thread("p", Step("s", "p", "store", ("range", Slice(a, 0, 1)), ("value", Value.OfNumber(1))), Step("t", "p", "ftruncate", ("fd", f), ("length", Value.OfSize(4 * M)))),
        ], [], observer);
        Assert.That(report.Complete, report.Incomplete);
        Assert.That(observer.Seen, Is.SupersetOf(new[] { "none 2M", "1 2M", "1 4M" }));
    }

    private sealed class StateObserver(Func<IFinalState, string> show) : IConcurrentObserver
    {
        public HashSet<string> Seen { get; } = [];

        public bool WantsEveryState => true;

        public bool Stop => false;

        public void Final(IFinalState state) => Seen.Add(show(state));

        public ulong State(IFinalState state)
        {
            Seen.Add(show(state));
            return 0;
        }
    }

    private readonly HashSet<string> _pools = [];

    [SetUp]
    public void Forget() => _pools.Clear();

    private HashSet<string> Explore(Emulator e, out ConcurrentReport report, params ThreadProgram[] threads)
    {
        var observer = new Observer(_pools, [.. threads.SelectMany(t => t.Steps).Select(s => s.Label!)]);
        report = e.Target.Concurrent([.. threads.Select((t, i) => t with { Name = $"t{i}" })], [], observer);
        return observer.Seen;
    }

    private static ThreadProgram Thread(string process, params Step[] steps) => new(process, "", [.. steps]);

    private static Step Step(string label, string process, string operation, params (string, Value)[] operands) => Emulator.Step(1, process, operation, operands) with { Label = label };

    private static Step Map(string label, string process, ulong flags = Anon, Value? fd = null, ulong length = 2 * M) => Step(label, process, "mmap", ("addr", default),
        ("length", Value.OfSize(length)), ("prot", Value.OfNumber(ReadWrite)), ("flags", Value.OfNumber(flags)), ("fd", fd ?? Value.OfNumber(-1)), ("offset", Value.OfSize(0)));

    private sealed class Observer(HashSet<string> pools, ImmutableArray<string> labels) : IConcurrentObserver
    {
        public HashSet<string> Seen { get; } = [];

        public bool WantsEveryState => false;

        public bool Stop => false;

        public void Final(IFinalState state)
        {
            Assert.That(state.Happened("deadlock"), Is.False);
            Assert.That(state.Happened("lock-inversion"), Is.False);
            Seen.Add(string.Join(", ", labels.Select(l => state.OutcomeOf(l) is { Kind: OutcomeKind.Signal } s ? s.Name! : state.OutcomeOf(l).ToString())));
            pools.Add(state.Observe(new("pool", null, [])).Whole!.Value.ToString());
            Assert.That(state.Schedule(), Is.Not.Empty);
        }

        public ulong State(IFinalState state) => 0;
    }
}
