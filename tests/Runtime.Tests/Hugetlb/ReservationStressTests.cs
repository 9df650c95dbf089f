using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>
/// Two threads of one or two steps on shared and private mappings of one file, in every interleaving: nothing is thrown, every undone state is the one before, and in every final state
/// the reserve count is what the mappings and files are still owed, unless a defect of that kernel explains the difference.
/// </summary>
internal sealed class ReservationStressTests
{
    private static readonly string[] Kernels =
        ["2.6.26", "2.6.27", "2.6.32", "2.6.35", "3.0", "3.14", "4.2", "4.3", "4.6", "4.7", "5.6", "5.7", "5.18", "6.0", "6.1", "6.5", "6.6", "6.8", "6.9", "6.17", "7.1", "7.2"];

    [Test]
    public void EveryFinalStateBalances()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("MMSPEC_TESTS"), out var n) ? n : 150;
        var first = int.TryParse(Environment.GetEnvironmentVariable("MMSPEC_SEED"), out var s) ? s : 1;
        var searched = 0;
        for (var seed = first; seed < first + count; seed++) searched += Run(seed) ? 1 : 0;
        Assert.That(searched, Is.GreaterThan(count / 2));
    }

    private static bool Run(int seed)
    {
        var random = new Random(seed);
        var kernel = Kernels[random.Next(Kernels.Length)];
        using var e = new Emulator(kernel, (ulong)random.Next(1, 3), (ulong)random.Next(3) / 2);
        e.Target.SearchLimits = new() { Paranoid = true, MaxTransitions = 400_000 };
        var world = e.Target.World;
        var f = e.Open("p");
        var ranges = new List<Value>();
        var setup = new List<string> { $"pool {e.Pool}" };
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            var flags = (random.Next(2) == 0 ? Shared : Private) | (random.Next(3) == 0 ? NoReserve : 0);
            var mapped = e.TryMap("p", (ulong)random.Next(1, 3) * 2 * M, flags, f);
            setup.Add($"mmap {flags:x} {mapped.Returned} {mapped.Outcome}");
            if (mapped.Outcome != Outcome.Ok) continue;
            ranges.Add(mapped.Returned);
            if (random.Next(2) == 0) setup.Add($"store {mapped.Returned} {e.Store("p", Slice(mapped.Returned, 0, 1))}");
        }
        if (ranges.Count == 0 || !Runs(world, "p")) return false;
        var other = random.Next(4) == 0 ? "p" : "q";
        if (other == "q" && e.Fork("p", "q") != Outcome.Ok) return false;
        setup.Add($"fork {other}");
        if (random.Next(3) == 0) setup.Add($"{other} store {ranges[0]} {e.Store(other, Slice(ranges[0], 0, 1))}");
        if (!Runs(world, "p") || !Runs(world, other)) return false;
        ThreadProgram[] threads = [new("p", "one", [.. Steps(random, "p", other, ranges, f, 1)]), new(other, "two", [.. Steps(random, other, "p", ranges, f, 2)])];
        var observer = new Observer(world, $"seed {seed}, {kernel}: {string.Join("; ", setup)}; pool {e.Pool}; then {string.Join(" || ", threads.Select(Text))}", threads);
        var before = world.Store.Fingerprint;
        if (observer.Judge() is { } uneven && !observer.IsExplained) Assert.Fail($"{observer.What}: {uneven} before the block");
        if (observer.Judge() is not null) return false;
        var report = e.Target.Concurrent(threads, [], observer);
        Assert.Multiple(() =>
        {
            Assert.That(observer.Count, Is.Positive, observer.What);
            Assert.That(report.Complete || report.Transitions >= 400_000, observer.What);
            Assert.That(world.Store.Fingerprint, Is.EqualTo(before), observer.What);
            Assert.That(e.Target.FindInconsistencies(), Is.Empty, observer.What);
        });
        return true;
    }

    private static bool Runs(World world, string name) => world.Processes.All[world.Processes.Find(name)].State == ProcessState.Running;

    private static string Text(ThreadProgram thread) =>
        $"{thread.Process}: {string.Join("; ", thread.Steps.Select(s => $"{s.Operation} {string.Join(" ", s.Operands.Select(o => ((Expr.Const)o.Value).Value))}"))}";

    private static IEnumerable<Step> Steps(Random random, string who, string other, List<Value> ranges, Value fd, int thread)
    {
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            var range = ranges[random.Next(ranges.Count)];
            var part = random.Next(2) == 0 ? range : Value.OfRange(range.Start, 1);
            var flags = (random.Next(2) == 0 ? Shared : Private) | (random.Next(3) == 0 ? NoReserve : 0);
            var step = random.Next(14) switch
            {
                0 or 1 or 2 => Step(thread, who, "store", ("range", part), ("value", Value.OfNumber(random.Next(1, 4)))),
                3 => Step(thread, who, "load", ("range", part)),
                4 => Step(thread, who, "madvise", ("range", range), ("advice", Value.OfNumber(4))),
                5 => Step(thread, who, "madvise", ("range", range), ("advice", Value.OfNumber(9))),
                6 => Step(thread, who, "munmap", ("range", part)),
                7 or 8 => Step(thread, who, "ftruncate", ("fd", fd), ("length", Value.OfSize(random.Next(3) * 2 * (Int128)M))),
                9 or 10 => Step(thread, who, "mmap", ("addr", default), ("length", Value.OfSize(random.Next(1, 3) * 2 * (Int128)M)), ("prot", Value.OfNumber(3)), ("flags", Value.OfNumber(flags)),
                    ("fd", fd), ("offset", Value.OfSize(0))),
                11 => Step(thread, who, "fork", ("child", Value.OfText($"c{thread}{i}"))),
                12 => Step(thread, who, "kill", ("process", Value.OfText(other)), ("signal", Value.OfText("SIGKILL"))),
                _ => random.Next(2) == 0 ? Step(thread, who, "exit", ("code", Value.OfNumber(0))) : Step(thread, who, "exec"),
            };
            yield return random.Next(2) == 0 ? step : step with { Label = $"l{thread}{i}" };
        }
    }

    private sealed class Observer(World world, string what, ThreadProgram[] threads) : IConcurrentObserver
    {
        public int Count { get; private set; }

        public string What => what;

        public bool WantsEveryState => false;

        public bool Stop => false;

        /// <summary>Whether the kernel has a defect that the steps may run into.</summary>
        public bool IsExplained
        {
            get
            {
                var cuts = threads.Any(t => t.Steps.Any(s => s.Operation is "ftruncate" or "madvise"));
                return world.Traits[HugetlbReserveRules.ZapRestoresWhileMapped]
                    || !world.Traits[HugetlbReserveRules.OwnerReserves]
                    || (world.Traits[HugetlbReserveRules.SharedFaultAlwaysConsumes] && !world.Traits[HugetlbReserveRules.SharedNoReserveSeesReserves])
                    || (!world.Traits[HugetlbReserveRules.RacesRecounted] && threads.Any(t => t.Steps.Any(s => s.Operation == "mmap")))
                    || (cuts && world.Traits[HugetlbReserveRules.PrivateRefaultConsumesAgain])
                    || (threads.Any(t => t.Steps.Any(s => s.Operation == "ftruncate")) && !world.Traits[HugetlbFaultRules.FaultHoldsMappingLock]);
            }
        }

        private bool HasPageBehindEnd
        {
            get
            {
                foreach (var inode in world.Files.Inodes)
                    if (world.Files.Inodes[inode].Cache.NextRun(world.Files.Inodes[inode].Size >> 12) != ulong.MaxValue) return true;
                return false;
            }
        }

        public void Final(IFinalState state)
        {
            Count++;
            if (state.Happened("deadlock") || state.Happened("lock-inversion")) Fail("deadlock or inversion", state);
            if (new SlowTwins(world).Find() is { Count: > 0 } wrong) Fail(string.Join("; ", wrong), state);
            if (Judge() is { } uneven && !IsExplained) Fail(uneven, state);
            if (HasPageBehindEnd && world.Traits[HugetlbFaultRules.FaultHoldsMappingLock]) Fail("a page behind the file's end", state);
        }

        public ulong State(IFinalState state) => 0;

        /// <summary>What the reserve count is, if not what is owed.</summary>
        public string? Judge()
        {
            var h = world.Hstates[0];
            var owed = 0UL;
            foreach (var handle in world.Spaces.Vmas)
            {
                var vma = world.Spaces.Vmas[handle];
                if (vma.Hstate == h.Number && !vma.Has(VmFlags.MayShare) && vma.Reserve != 0 && vma.Owner) owed += world.Reservations.Owed(h, handle, vma.Reserve);
            }
            foreach (var inode in world.Files.Inodes)
            {
                if (world.Files.Inodes[inode].Reserve is not (> 0 and var map)) continue;
                foreach (var run in world.ReserveMaps.Entries(map).Runs()) owed += run.To - run.From - world.Files.Inodes[inode].Cache.CountIn(run.From * h.Frames, run.To * h.Frames) / h.Frames;
            }
            if (h.Reserved.Value == owed && h.Reserved.Value <= h.Total) return null;
            return $"{(long)h.Reserved.Value} of {h.Total} pages are reserved, {owed} are owed";
        }

        private void Fail(string why, IFinalState state) => Assert.Fail($"{what}: {why}\n{string.Join('\n', state.Schedule())}");
    }
}
