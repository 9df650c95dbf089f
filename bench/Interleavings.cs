using System.Diagnostics;
using System.Globalization;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Bench;

/// <summary>The explorer: threads that read a shared cell, pass a scheduling point inside a nested call, and write back.</summary>
internal static class Interleavings
{
    internal static void Run()
    {
        foreach (var (threads, adds, caching) in new[] { (3, 3, false), (3, 4, true), (4, 2, true) })
        {
            Once(threads, adds, caching);               // warm
            var middle = Enumerable.Range(0, 5).Select(_ => Once(threads, adds, caching)).OrderBy(r => r.Seconds).ElementAt(2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{threads} threads, {adds + 1} points each, {(caching ? "seen states skipped" : "every interleaving  ")}: {middle.Report.Transitions,9} transitions, {middle.Report.States,7} states, {middle.Seconds * 1000,7:F1} ms, {middle.Report.Transitions / middle.Seconds / 1e6:F2} million transitions/s"));
        }
    }

    private static (double Seconds, ExplorationReport Report) Once(int threads, int adds, bool caching)
    {
        var world = new Counters(threads);
        var bodies = new Func<KernelTask<int>>[threads];
        for (var t = 0; t < threads; t++)
        {
            var id = t;
            bodies[t] = () => world.Adds(id, adds);
        }
        var clock = Stopwatch.StartNew();
        var report = new Explorer(world.Sync, new() { Caching = caching }).Run(bodies, _ => { });
        return (clock.Elapsed.TotalSeconds, report);
    }

    private sealed class Counters
    {
        private readonly System.Collections.Immutable.ImmutableArray<Cell<int>> _cells;

        internal Counters(int threads)
        {
            var store = new Store();
            Sync = new(store);
            _cells = [.. Enumerable.Range(0, threads + 1).Select(i => new Cell<int>(store, StateHash.Key(1, (ulong)i)))];
        }

        internal KernelSync Sync { get; }

        internal async KernelTask<int> Adds(int id, int adds)
        {
            var sum = 0;
            await Sync.Point();
            for (var i = 0; i < adds; i++) sum += await Add(id + 1);
            _cells[1 + id].Value = sum;
            return sum;
        }

        private async KernelTask<int> Add(int by)
        {
            var seen = _cells[0].Value;
            await Sync.Point("read");
            _cells[0].Value = seen + by;
            return seen;
        }
    }
}
