using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.Testing;

namespace MmSpec.Bench;

/// <summary>The emulator's costs: one fault beside a fault of the kernel that this runs on, and whole terabytes, which are runs here.</summary>
internal static partial class Model
{
    private const ulong M = 1UL << 20, T = 1UL << 40;
    private const ulong Private = 0x02, Shared = 0x01, Anonymous = 0x20, NoReserve = 0x4000, Hugetlb = 0x40000;

    internal static void Run()
    {
        Settle();
        var real = Median(9, RealFault);
        var step = Median(9, MultiplyAdd);
        var fault = Median(9, HugeFault);
        Print("multiply and add, each after the other", step * 1e9, "ns", "the yardstick of the processor in this run");
        Print("2M fault, emulated", fault * 1e9, "ns", $"{fault / step:F0} multiply-adds; 1 in {real / fault:F1} of the real kernel's 4K fault in this run ({real * 1e9:F0} ns)");
        var parts = new List<(double Populate, double Fork, double Unmap)>();
        for (var i = 0; i < 10; i++) parts.Add(Whole(T, 0));
        Print("populate 1 TiB, one run", Middle(parts.Select(p => p.Populate)) * 1e3, "ms", "");
        Print("fork of 1 TiB, one run", Middle(parts.Select(p => p.Fork)) * 1e3, "ms", "");
        Print("unmap 1 TiB twice, parent and child", Middle(parts.Select(p => p.Unmap)) * 1e3, "ms", "");
        parts.Clear();
        for (var i = 0; i < 5; i++) parts.Add(Whole(T / 2, 2));
        Print("512 GiB, every second 2M page: populate", Middle(parts.Select(p => p.Populate)) * 1e3, "ms", "131,072 runs");
        Print("512 GiB, every second 2M page: fork", Middle(parts.Select(p => p.Fork)) * 1e3, "ms", "131,072 runs");
    }

    private static void Print(string what, double value, string unit, string note) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {value,10:F3} {unit}   {note}"));

    /// <summary>Seconds for the first store to one 2M page, everything included: the walk, the fault with its locks, the retry.</summary>
    private static double HugeFault()
    {
        const int pages = 32768;
        var (target, process, start) = Mapped(pages * 2 * M);
        var world = target.World;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < pages; i++)
            world.Sync.Run(world.Access.Touch(process, true, start + (ulong)i * 2 * M, 1, new(-1, 1), false));
        return clock.Elapsed.TotalSeconds / pages;
    }

    /// <summary>Lets the runtime's JIT see what is hot, and finish: it compiles in the background, and later where the machine is busy.</summary>
    private static void Settle()
    {
        for (var i = 0; i < 20; i++)
        {
            HugeFault();
            if (i % 4 == 3) Thread.Sleep(250);
        }
        for (var i = 0; i < 3; i++) Whole(T / 2, 2);
    }

    /// <summary>Seconds for one step of a chain of multiplications and additions.</summary>
    private static double MultiplyAdd()
    {
        const int steps = 10_000_000;
        var x = 1UL;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++) x = x * 6364136223846793005 + 1442695040888963407;
        var seconds = clock.Elapsed.TotalSeconds / steps;
        return x == 0 ? throw new InvalidOperationException("the chain never reaches 0 here") : seconds;
    }

    /// <summary>Seconds to touch a range (all of it, or every <paramref name="every"/>th page), fork, and end both processes.</summary>
    private static (double Populate, double Fork, double Unmap) Whole(ulong length, int every)
    {
        var (target, process, start) = Mapped(length);
        var world = target.World;
        var clock = Stopwatch.StartNew();
        if (every == 0) world.Sync.Run(world.Access.Populate(process, start, start + length, true));
        else for (var at = start; at < start + length; at += (ulong)every * 2 * M) world.Sync.Run(world.Access.Touch(process, true, at, 1, new(-1, 1), false));
        var populate = clock.Elapsed.TotalSeconds;
        clock = Stopwatch.StartNew();
        world.Sync.Run(world.Processes.Fork(process, Names.Key("child")));
        var fork = clock.Elapsed.TotalSeconds;
        clock = Stopwatch.StartNew();
        world.Sync.Run(world.Mapping.Munmap(world.Processes.Find("child"), start, length));
        world.Sync.Run(world.Mapping.Munmap(process, start, length));
        return (populate, fork, clock.Elapsed.TotalSeconds);
    }

    private static (EmulatorTarget Target, int Process, ulong Start) Mapped(ulong length)
    {
        var machine = new Machine([new("memory", Value.OfSize(4 * (Int128)T), -1, []), new("hugepages", Value.OfSize(2 * M), -1, [new Setting("nr", Value.OfNumber(2 * T / (2 * M)))])]);
        var target = (EmulatorTarget)new EmulatorTargetFactory().Create(new(new KernelVersion(6, 12)), machine, tracing: false);
        var process = target.World.Processes.Start("p");
        var step = new Step(1, 1, "mmap", "p", "mmap", [.. new[] { "addr", "length", "prot", "flags", "fd", "offset" }.Select(n => new Operand(n, new Expr.Const(default)))]);
        var result = target.Run(step, [Value.Absent, Value.OfSize(length), Value.OfNumber(3), Value.OfNumber(Private | Anonymous | Hugetlb), Value.OfNumber(-1), Value.OfNumber(0)], null, false);
        if (result.Outcome.Kind != OutcomeKind.Ok) throw new InvalidOperationException($"mmap: {result.Outcome}");
        return (target, process, result.Returned.Start);
    }

    /// <summary>Seconds for the first store to one 4K page of the kernel that this runs on.</summary>
    private static double RealFault()
    {
        const nuint length = 256 * (nuint)M;
        var map = Mmap(0, length, 3, (int)(Private | Anonymous), -1, 0);
        if (map == -1) throw new InvalidOperationException("mmap failed");
        Madvise(map, length, 15);                       // MADV_NOHUGEPAGE
        var clock = Stopwatch.StartNew();
        for (nint at = 0; at < (nint)length; at += 4096) Marshal.WriteByte(map + at, 1);
        var seconds = clock.Elapsed.TotalSeconds / (length / 4096);
        Munmap(map, length);
        return seconds;
    }

    private static double Median(int rounds, Func<double> measure)
    {
        measure();
        return Middle(Enumerable.Range(0, rounds).Select(_ => measure()).ToList());
    }

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToImmutableArray();
        return sorted[sorted.Length / 2];
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Mmap(nint address, nuint length, int prot, int flags, int fd, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Munmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(nint address, nuint length, int advice);
}
