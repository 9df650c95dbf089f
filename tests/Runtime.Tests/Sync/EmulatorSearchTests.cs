using MmSpec.Sync;
using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Sync;

/// <summary>Searches of the real model, with everything that can be computed twice computed twice.</summary>
internal sealed class EmulatorSearchTests
{
    private sealed class Observer(Emulator emulator, bool deep) : IConcurrentObserver
    {
        public HashSet<string> Outcomes { get; } = [];

        public bool WantsEveryState => false;

        public bool Stop => false;

        public void Final(IFinalState state)
        {
            Outcomes.Add($"{state.OutcomeOf("a")} {state.OutcomeOf("b")}{(state.Happened("deadlock") ? " deadlock" : "")}");
            if (deep)
            {
                Assert.That(emulator.Target.FindInconsistencies(), Is.Empty, string.Join("; ", state.Schedule()));
            }
        }

        public ulong State(IFinalState state) => 0;
    }

    private static ThreadProgram Thread(string process, string label, string operation, params (string Name, Value Value)[] operands) =>
        new(process, label, [Step(100, process, operation, operands) with { Label = label }]);

    private static (ConcurrentReport Report, HashSet<string> Outcomes) Search(Emulator e, ExplorerLimits limits, params ThreadProgram[] threads)
    {
        var observer = new Observer(e, limits.Paranoid);
        e.Target.SearchLimits = limits;
        var report = e.Target.Concurrent(threads, [], observer);
        Assert.That(report.Complete, Is.True, report.Incomplete);
        return (report, observer.Outcomes);
    }

    /// <summary>Two processes that map a file of two pages, with one page in the pool and nothing reserved.</summary>
    private static (Emulator Emulator, Value Region) Two(string kernel)
    {
        var e = new Emulator(kernel, nr: 1);
        var region = e.Map("p", 4 * M, Shared | NoReserve, e.Open("p"));
        e.Fork("p", "q");
        return (e, region);
    }

    [Test]
    public void Two_faults_for_the_last_page([Values("2.6.35", "5.10", "6.1", "6.12", "7.2")] string kernel)
    {
        var (e, region) = Two(kernel);
        using var _ = e;
        var before = e.Pool;
        ThreadProgram[] threads =
        [
            Thread("p", "a", "store", ("range", Slice(region, 0, 1)), ("value", Value.OfNumber(1))),
            Thread("q", "b", "store", ("range", Slice(region, 2 * M, 2 * M + 1)), ("value", Value.OfNumber(1))),
        ];
        var (paranoid, outcomes) = Search(e, new() { Paranoid = true }, threads);
        Assert.That(outcomes, Has.Count.EqualTo(2), string.Join("; ", outcomes));
        Assert.That(e.Pool, Is.EqualTo(before));
        var (all, uncached) = Search(e, new() { Caching = false }, threads);
        Assert.That(uncached, Is.EquivalentTo(outcomes), "caching loses nothing");
        Assert.That(all.States, Is.EqualTo(paranoid.States));
        Assert.That(e.Target.FindInconsistencies(), Is.Empty);
    }

    [Test]
    public void A_dropped_page_and_a_mapping([Values("5.18", "6.9")] string kernel)
    {
        using var e = new Emulator(kernel, nr: 1);
        var region = e.Map("p", 2 * M, Private | Anonymous | Huge);
        e.Store("p", region);
        e.Fork("p", "q");
        ThreadProgram[] threads =
        [
            Thread("p", "a", "madvise", ("range", region), ("advice", Value.OfNumber(4))),
            Thread("q", "b", "mmap", ("addr", default), ("length", Value.OfSize(2 * M)), ("prot", Value.OfNumber(ReadWrite)), ("flags", Value.OfNumber(Private | Anonymous | Huge)), ("fd", Value.OfNumber(-1)), ("offset", Value.OfSize(0))),
        ];
        var (paranoid, outcomes) = Search(e, new() { Paranoid = true }, threads);
        var (all, uncached) = Search(e, new() { Caching = false }, threads);
        Assert.That(uncached, Is.EquivalentTo(outcomes));
        Assert.That(all.States, Is.EqualTo(paranoid.States));
        Assert.That(paranoid.Executions, Is.GreaterThan(0));
    }
}
