using FsCheck;
using FsCheck.Fluent;
using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>Any few threads: no interleaving deadlocks, takes locks in a cycle, leaves the books unbalanced or the world changed.</summary>
internal sealed class ConcurrencyFuzzTests
{
    private static readonly string[] Kernels = ["2.6.27", "3.0", "5.10", "5.18", "6.1", "6.6", "6.9", "6.12", "6.18", "7.2"];

    [Test]
    public void AnyThreads()
    {
        var all = from kernel in Gen.Elements(Kernels)
                  from nr in Gen.Choose(1, 3)
                  from overcommit in Gen.Choose(0, 1)
                  from ops in Gen.Choose(0, 1 << 20).ArrayOf(3)
                  select (kernel, nr, overcommit, ops);
        Prop.ForAll(Arb.From(all), c => Run(c.kernel, (ulong)c.nr, (ulong)c.overcommit, c.ops))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(int.TryParse(Environment.GetEnvironmentVariable("MMSPEC_TESTS"), out var n) ? n : 60));
    }

    private static void Run(string kernel, ulong nr, ulong overcommit, int[] ops)
    {
        using var e = new Emulator(kernel, nr, overcommit);
        var f = e.Open("p");
        var shared = e.TryMap("p", 4 * M, Shared | NoReserve, f).Returned;
        var owned = e.TryMap("p", 2 * M, Private, f).Returned;
        var loose = e.TryMap("p", 4 * M, Private | NoReserve, f).Returned;
        if (ops[0] % 2 == 0 && owned.Kind == ValueKind.Range) e.Store("p", owned);
        if (ops[1] % 2 == 0) e.Store("p", Slice(shared, 0, 1));
        if (e.Target.World.Processes.All[e.Target.World.Processes.Find("p")].State != MmSpec.Mm.ProcessState.Running) return;
        e.Fork("p", "q");
        var ranges = new[] { shared, owned, loose }.Where(r => r.Kind == ValueKind.Range).ToArray();
        var threads = ops.Select((op, i) => new ThreadProgram(i == 1 ? "q" : "p", $"t{i}", [.. Steps(op, i == 1 ? "q" : "p", ranges, f, i)])).ToArray();
        var observer = new Observer(e, $"{kernel} nr {nr} overcommit {overcommit}: {string.Join(" || ", threads.Select(t => t.Process + ": " + string.Join("; ", t.Steps.Select(s => $"{s.Operation} {string.Join(" ", s.Operands.Select(o => ((Expr.Const)o.Value).Value))}"))))}");
        var before = e.Target.World.Store.Fingerprint;
        var report = e.Target.Concurrent(threads, [], observer);
        Assert.That(observer.Count, Is.Positive);
        Assert.That(report.Complete || report.Transitions > 100_000, report.Incomplete);
        Assert.That(e.Target.World.Store.Fingerprint, Is.EqualTo(before));
        Assert.That(e.Target.FindInconsistencies(), Is.Empty);
    }

    private static IEnumerable<Step> Steps(int op, string who, Value[] ranges, Value fd, int thread)
    {
        var random = new Random(op);
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            var range = ranges[random.Next(ranges.Length)];
            var part = random.Next(2) == 0 ? range : Value.OfRange(range.Start, 1);
            var step = random.Next(12) switch
            {
                0 or 1 or 2 => Step(1, who, "store", ("range", part), ("value", Value.OfNumber(random.Next(1, 4)))),
                3 => Step(1, who, "load", ("range", part)),
                4 => Step(1, who, "madvise", ("range", range), ("advice", Value.OfNumber(random.Next(2) == 0 ? 4 : 9))),
                5 => Step(1, who, "munmap", ("range", range)),
                6 => Step(1, who, "mprotect", ("range", range), ("prot", Value.OfNumber(random.Next(4)))),
                7 => Step(1, who, "ftruncate", ("fd", fd), ("length", Value.OfSize(random.Next(2) * 2 * (Int128)M))),
                8 => Step(1, "root", "sysctl", ("name", Value.OfText("vm.nr_hugepages")), ("value", Value.OfNumber(random.Next(4)))),
                9 => Step(1, who, "mmap", ("addr", default), ("length", Value.OfSize(2 * (Int128)M)), ("prot", Value.OfNumber(3)), ("flags", Value.OfNumber(random.Next(2) == 0 ? Shared : Private)), ("fd", fd), ("offset", Value.OfSize(0))),
                10 => Step(1, who, "fork", ("child", Value.OfText($"c{thread}{i}"))),
                _ => random.Next(3) switch
                {
                    0 => Step(1, who, "exit", ("code", Value.OfNumber(0))),
                    1 => Step(1, who, "kill", ("process", Value.OfText(who == "p" ? "q" : "p")), ("signal", Value.OfText("SIGKILL"))),
                    _ => Step(1, who, "exec"),
                },
            };
            yield return random.Next(3) == 0 ? step : step with { Label = $"l{thread}{i}" };
        }
    }

    private sealed class Observer(Emulator e, string what) : IConcurrentObserver
    {
        public int Count { get; private set; }

        public bool WantsEveryState => false;

        public bool Stop => false;

        public void Final(IFinalState state)
        {
            Count++;
            if (state.Happened("deadlock") || state.Happened("lock-inversion")) Assert.Fail($"{what}: {string.Join('\n', state.Schedule())}");
            var wrong = e.Target.FindInconsistencies();
            if (wrong.Count > 0) Assert.Fail($"{what}: {string.Join("; ", wrong)}: {string.Join('\n', state.Schedule())}");
        }

        public ulong State(IFinalState state) => 0;
    }
}
