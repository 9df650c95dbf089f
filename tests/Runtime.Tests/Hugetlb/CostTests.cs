using System.Diagnostics;
using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>Cost follows the number of runs, not of pages. The bounds are generous; bench/ measures.</summary>
internal sealed class CostTests
{
    private const ulong T = 1024 * G;

    [Test]
    public void ATebibyte()
    {
        using var e = new Emulator("6.12", nr: T / (2 * M), more: new MachineItem("memory", Value.OfSize(2 * (Int128)T), -1, []));
        for (var round = 0; round < 20; round++)
        {
            var clock = Stopwatch.StartNew();
            var a = Fast(e, "p", "mmap", ("addr", default), ("length", Value.OfSize(T)), ("prot", Value.OfNumber(3)), ("flags", Value.OfNumber(Private | Anonymous | Huge)), ("fd", Value.OfNumber(-1)), ("offset", Value.OfSize(0))).Returned;
            var mapped = clock.Elapsed;
            Assert.That(Fast(e, "p", "store", ("range", a), ("value", Value.OfPattern(3))).Faults, Is.EqualTo((long)(T / (2 * M))));
            var stored = clock.Elapsed;
            Fast(e, "p", "fork", ("child", Value.OfText($"c{round}")));
            var forked = clock.Elapsed;
            Fast(e, $"c{round}", "exit", ("code", Value.OfNumber(0)));
            var exited = clock.Elapsed;
            Assert.That(Fast(e, "p", "munmap", ("range", a)).Outcome, Is.EqualTo(Outcome.Ok));
            var all = clock.Elapsed;
            if (round == 19) TestContext.Out.WriteLine($"mmap {mapped.TotalMicroseconds}, populate {(stored - mapped).TotalMicroseconds}, fork {(forked - stored).TotalMicroseconds}, exit {(exited - forked).TotalMicroseconds}, unmap {(all - exited).TotalMicroseconds} us");
            if (round == 19) Assert.That(all.TotalMilliseconds, Is.LessThan(50));
        }
        Assert.That(e.Target.FindInconsistencies(), Is.Empty);
    }

    [Test]
    public void Faults()
    {
        const int N = 1 << 15;
        using var e = new Emulator("6.12", nr: N, more: new MachineItem("memory", Value.OfSize(128 * (Int128)G), -1, []));
        var a = e.Map("p", N * 2 * M, Private | Anonymous | Huge);
        for (var round = 0; round < 4; round++)
        {
            var clock = Stopwatch.StartNew();
            for (var i = 0UL; i < N; i++) Fast(e, "p", "store", ("range", Slice(a, i * 2 * M, i * 2 * M + 1)), ("value", Value.OfNumber(1)));
            TestContext.Out.WriteLine($"{clock.Elapsed.TotalNanoseconds / N} ns a store with a fault");
            clock.Restart();
            var world = e.Target.World;
            var p = world.Processes.Find("p");
            for (var i = 0UL; i < N; i++) world.Sync.Run(world.Access.Touch(p, true, a.Start + i * 2 * M, 1, new(-1, 1), true));
            TestContext.Out.WriteLine($"{clock.Elapsed.TotalNanoseconds / N} ns a store without one");
            e.Advise("p", a, 4);
            clock.Restart();
            for (var i = 0UL; i < N; i++) world.Sync.Run(world.Access.Touch(p, true, a.Start + i * 2 * M, 1, new(-1, 1), true));
            TestContext.Out.WriteLine($"{clock.Elapsed.TotalNanoseconds / N} ns a fault");
            e.Advise("p", a, 4);
        }
    }

    /// <summary>A fault that finds its place in runs that are there allocates nothing.</summary>
    [Test]
    public void A_fault_allocates_nothing()
    {
        const int N = 4096;
        using var e = new Emulator("6.12", nr: N, more: new MachineItem("memory", Value.OfSize(32 * (Int128)G), -1, []));
        var a = e.Map("p", N * 2 * M, Private | Anonymous | Huge);
        var world = e.Target.World;
        var p = world.Processes.Find("p");
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0UL; i < N; i++) world.Sync.Run(world.Access.Touch(p, false, a.Start + i * 2 * M, 1, MmSpec.Mm.Expected.Nothing, true));
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (round > 0) Assert.That(allocated, Is.LessThan(N / 4));      // the runtime itself, when it compiles anew, takes a few
            Assert.That(world.Processes.All[p].MinorFaults, Is.EqualTo((ulong)(N * (round + 1))));
            e.Advise("p", a, 4);
        }
    }

    private static StepResult Fast(Emulator e, string process, string operation, params (string Name, Value Value)[] operands) =>
        e.Target.Run(Step(1, process, operation, operands), [.. operands.Select(o => o.Value)], null, true);
}
