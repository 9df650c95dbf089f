using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Tests.Sync;

internal sealed class ExplorerTests
{
    /// <summary>The program of <see cref="Toy.Adds"/> by brute force: every order of the threads' segments.</summary>
    private static (long Executions, HashSet<string> Outcomes) Brute(int threads, int adds)
    {
        var (pc, seen, sum, cell, n) = (new int[threads], new int[threads], new int[threads], 0, 0L);
        var outcomes = new HashSet<string>();
        void Go()
        {
            var any = false;
            for (var t = 0; t < threads; t++)
            {
                if (pc[t] > adds + 1)
                {
                    continue;
                }
                any = true;
                var before = (cell, seen[t], sum[t], pc[t]);
                if (pc[t] > 1)
                {
                    cell = seen[t] + t + 1;
                    sum[t] += seen[t];
                }
                if (pc[t] > 0 && pc[t] <= adds)
                {
                    seen[t] = cell;
                }
                pc[t]++;
                Go();
                (cell, seen[t], sum[t], pc[t]) = before;
            }
            if (!any)
            {
                n++;
                outcomes.Add(cell + "," + string.Join(",", sum));
            }
        }
        Go();
        return (n, outcomes);
    }

    [TestCase(1, 4)]
    [TestCase(2, 1)]
    [TestCase(2, 5)]
    [TestCase(3, 2)]
    [TestCase(4, 0)]
    public void Finds_what_brute_force_finds(int threads, int adds)
    {
        var (executions, outcomes) = Brute(threads, adds);
        var toy = new Toy(1 + threads);
        var bodies = Enumerable.Range(0, threads).Select(t => (Func<KernelTask<int>>)(() => toy.Adds(t, adds))).ToArray();
        var before = toy.Store.Fingerprint;

        var (all, allOutcomes) = toy.Explore(caching: false, bodies);
        Assert.That(all.Complete, Is.True, all.Incomplete);
        Assert.That(all.Executions, Is.EqualTo(executions));
        Assert.That(allOutcomes, Is.EquivalentTo(outcomes));

        var (cached, cachedOutcomes) = toy.Explore(caching: true, bodies);
        Assert.That(cachedOutcomes, Is.EquivalentTo(outcomes));
        Assert.That(cached.States, Is.EqualTo(all.States));
        Assert.That(cached.Transitions, Is.LessThanOrEqualTo(all.Transitions));
        Assert.That((toy.Values, toy.Store.Fingerprint), Is.EqualTo((string.Join(",", new int[1 + threads]), before)));
    }

    [Test]
    public void States_that_differ_in_a_local_only_are_both_searched()
    {
        // After both reads memory is the same whatever was seen; only the local differs.
        var toy = new Toy(2);
        async KernelTask<int> Flip()
        {
            toy.Cells[0].Value = 1;
            await toy.Sync.Point();
            toy.Cells[0].Value = 0;
            return 0;
        }
        async KernelTask<int> Look()
        {
            var deep = await Nested(toy);
            toy.Cells[1].Value = deep.Seen.Item1 + 10;
            return 0;
        }
        var (_, outcomes) = toy.Explore(true, Flip, Look);
        Assert.That(outcomes, Is.EquivalentTo(new[] { "0,10", "0,11" }));
    }

    [Test]
    public void A_paranoid_search_notices_at_once_what_was_not_undone()
    {
        var toy = new Toy(1);
        var map = new RunMap<Sneaky>(toy.Store, 7);
        async KernelTask<int> Sneaks()
        {
            await toy.Sync.Point();
            map.Set(0, 1, new(1));
            Sneaky.Salt++;
            return 0;
        }
        Assert.That(() => new Explorer(toy.Sync, new() { Paranoid = true }).Run([Keeps(map, toy), Sneaks], _ => { }), Throws.InvalidOperationException.With.Message.Contain("memory"));
        Assert.That(toy.Store.Journaling, Is.False);
    }

    private static Func<KernelTask<int>> Keeps(RunMap<Sneaky> map, Toy toy) => () =>
    {
        map.Set(4, 5, new(1));
        return toy.Add(0, 1);
    };

    /// <summary>Hashes differently every time that the salt changes, as a value with hidden state would.</summary>
    private readonly record struct Sneaky(int Value) : IRunValue<Sneaky>
    {
        public static ulong Salt;

        public Sneaky At(ulong delta) => this;

        public ulong HashInto(ulong seed) => StateHash.Mix(seed, (ulong)Value + Salt);
    }

    private static async KernelTask<(byte Tag, (int, bool) Seen)> Nested(Toy toy)
    {
        (byte Tag, (int, bool) Seen) local = (1, (toy.Cells[0].Value, false));
        await toy.Sync.Point();
        await toy.Sync.Point();
        await toy.Sync.Point();
        return local;
    }

    [Test]
    public void A_lock_keeps_updates_from_getting_lost()
    {
        var toy = new Toy(1);
        var (report, outcomes) = toy.Explore(true, () => toy.LockedAdd(1), () => toy.LockedAdd(2), () => toy.LockedAdd(4));
        Assert.That(outcomes.Distinct(), Is.EqualTo(new[] { "7" }));
        Assert.That((report.Complete, report.LockCycle), Is.EqualTo((true, (IReadOnlyList<LockClass>?)null)));
    }

    [Test]
    public void Opposite_order_deadlocks_and_the_schedule_shows_how()
    {
        var toy = new Toy(1);
        var deadlocks = new List<(IReadOnlyList<ScheduleStep> Schedule, IReadOnlyList<string> Waiting)>();
        Func<KernelTask<int>>[] bodies = [() => toy.Both(LockClass.MmapLock, LockClass.IMmapRwsem), () => toy.Both(LockClass.IMmapRwsem, LockClass.MmapLock)];
        var report = new Explorer(toy.Sync).Run(bodies, e =>
        {
            if (e.IsDeadlock)
            {
                deadlocks.Add((e.Schedule(), e.Waiting()));
            }
        });
        Assert.That(report.Complete);
        Assert.That(report.LockCycle, Is.EqualTo(new[] { LockClass.MmapLock, LockClass.IMmapRwsem, LockClass.MmapLock }));
        Assert.That(deadlocks, Has.Count.EqualTo(1));
        Assert.That(deadlocks[0].Schedule.Select(s => s.ToString()), Is.SupersetOf(new[] { new ScheduleStep(0, "MmapLock(1).write").ToString(), new ScheduleStep(1, "IMmapRwsem(1).write").ToString() }));
        Assert.That(deadlocks[0].Waiting, Is.EqualTo(new[] { "thread 0 waits for IMmapRwsem(1).write, held by thread 1", "thread 1 waits for MmapLock(1).write, held by thread 0" }));

        var replayed = false;
        new Explorer(toy.Sync).Replay(bodies, [.. deadlocks[0].Schedule.Select(s => s.Thread)], e => replayed = e.IsDeadlock);
        Assert.That(replayed, "the schedule leads to the deadlock again");
    }

    [Test]
    public void One_order_has_no_deadlock_and_no_cycle()
    {
        var toy = new Toy(1);
        var (report, outcomes) = toy.Explore(true, () => toy.Both(LockClass.MmapLock, LockClass.IMmapRwsem), () => toy.Both(LockClass.MmapLock, LockClass.IMmapRwsem));
        Assert.That((report.LockCycle, outcomes.Contains("deadlock")), Is.EqualTo(((IReadOnlyList<LockClass>?)null, false)));
        Assert.That(report.LockEdges, Is.EqualTo(new[] { (LockClass.MmapLock, LockClass.IMmapRwsem) }));
    }

    [Test]
    public void A_cycle_is_reported_though_a_third_lock_keeps_it_from_deadlocking()
    {
        var toy = new Toy(1);
        async KernelTask<int> Guarded(LockClass first, LockClass second)
        {
            await toy.Sync.Write(LockClass.InodeRwsem);
            await toy.Both(first, second);
            toy.Sync.ReleaseWrite(LockClass.InodeRwsem);
            return 0;
        }
        var (report, outcomes) = toy.Explore(true, () => Guarded(LockClass.MmapLock, LockClass.IMmapRwsem), () => Guarded(LockClass.IMmapRwsem, LockClass.MmapLock));
        Assert.That(outcomes, Does.Not.Contain("deadlock"));
        Assert.That(report.LockCycle, Is.Not.Null);
    }

    [Test]
    public void A_thread_that_throws_ends_the_search_and_leaves_the_world_as_it_was()
    {
        var toy = new Toy(2);
        Func<KernelTask<int>>[] bodies = [() => Breaks(toy, true), () => toy.Add(0, 1)];
        var thrown = Assert.Throws<ExplorationException>(() => toy.Explore(true, bodies))!;
        Assert.That(thrown.InnerException, Is.InstanceOf<InvalidDataException>());
        Assert.That((thrown.Thread, toy.Values), Is.EqualTo((0, "0,0")));
        var again = Assert.Throws<ExplorationException>(() => new Explorer(toy.Sync).Replay(bodies, [.. thrown.Schedule.Select(s => s.Thread)], _ => { }))!;
        Assert.That(again.Schedule, Is.EqualTo(thrown.Schedule));
        Assert.That(toy.Store.Journaling, Is.False);
        Assert.That(toy.Sync.Run(toy.Add(0, 1)), Is.Zero, "outside the search everything runs at once again");
    }

    private static async KernelTask<int> Breaks(Toy toy, bool nested)
    {
        if (nested)
        {
            await Breaks(toy, false);
        }
        toy.Cells[1].Value++;
        await toy.Sync.Point("a");
        await toy.Sync.Point("b");
        return toy.Cells[0].Value == 1 ? throw new InvalidDataException("seen 1") : 0;
    }

    [Test]
    public void An_exception_that_the_thread_catches_is_its_own_affair()
    {
        var toy = new Toy(1);
        async KernelTask<int> Inner()
        {
            await toy.Sync.Point();
            throw new InvalidDataException();
        }
        async KernelTask<int> Outer()
        {
            try
            {
                return await Inner();
            }
            catch (InvalidDataException)
            {
                await toy.Sync.Point();
                toy.Cells[0].Value += 5;
                return 1;
            }
        }
        var (_, outcomes) = toy.Explore(true, Outer, Outer);
        Assert.That(outcomes, Is.EqualTo(new[] { "10" }));
    }

    [Test]
    public void A_search_that_a_limit_cuts_off_says_so()
    {
        var toy = new Toy(4);
        Func<KernelTask<int>>[] bodies = [() => toy.Adds(0, 4), () => toy.Adds(1, 4), () => toy.Adds(2, 4)];
        Assert.That(new Explorer(toy.Sync, new() { MaxTransitions = 100 }).Run(bodies, _ => { }).Incomplete, Does.Contain("100 transitions"));
        Assert.That(new Explorer(toy.Sync, new() { MaxStates = 50 }).Run(bodies, _ => { }).Incomplete, Does.Contain("50 states"));
        Assert.That(new Explorer(toy.Sync, new() { MaxDepth = 5 }).Run(bodies, _ => { }).Incomplete, Does.Contain("5 steps"));
        Assert.That(new Explorer(toy.Sync, new() { MaxTime = TimeSpan.Zero, Caching = false }).Run(bodies, _ => { }).Complete, Is.False);
        Assert.That(toy.Values, Is.EqualTo("0,0,0,0"));
    }

    [Test]
    public void A_paranoid_search_finds_nothing_amiss()
    {
        var toy = new Toy(4);
        var report = new Explorer(toy.Sync, new() { Paranoid = true }).Run([() => toy.Adds(0, 2), () => toy.LockedAdd(1), () => toy.LockedAdd(3)], _ => { });
        Assert.That(report.Complete);
    }

    [Test]
    public void A_thread_that_never_ends_runs_into_a_limit()
    {
        var toy = new Toy(1);
        async KernelTask<int> Forever()
        {
            while (true)
            {
                await toy.Sync.Point();
                toy.Cells[0].Value++;
            }
        }
        var report = new Explorer(toy.Sync, new() { MaxDepth = 1000 }).Run([Forever], _ => { });
        Assert.That((report.Complete, toy.Values), Is.EqualTo((false, "0")));
    }

    [Test]
    public void State_that_the_journal_does_not_see_is_found_out()
    {
        var toy = new Toy(1);
        async KernelTask<int> Cheats()
        {
            await toy.Sync.Point();
            toy.Cells[0].Value = 1;
            toy.Store.EndJournal();
            toy.Store.BeginJournal();
            return 0;
        }
        Assert.That(() => toy.Explore(true, Cheats), Throws.InvalidOperationException);
    }

    [Test]
    public void An_observer_that_throws_or_writes_leaves_the_world_as_it_was()
    {
        var toy = new Toy(1);
        Assert.That(() => new Explorer(toy.Sync).Run([() => toy.Add(0, 1)], _ => throw new InvalidDataException()), Throws.InstanceOf<InvalidDataException>());
        new Explorer(toy.Sync).Run([() => toy.Add(0, 1)], _ => toy.Cells[0].Value = 77);
        Assert.That(toy.Values, Is.EqualTo("0"));
        Assert.That(() => new Explorer(toy.Sync).Run([() => toy.Add(0, 1)], _ => toy.Sync.Run(toy.Add(0, 1))), Throws.InvalidOperationException);
        Assert.That(toy.Sync.Run(toy.Add(0, 1)), Is.Zero);
    }

    [Test]
    public void Every_state_is_shown_once_when_asked_for()
    {
        var toy = new Toy(3);
        Func<KernelTask<int>>[] bodies = [() => toy.Adds(0, 2), () => toy.Adds(1, 2)];
        var states = 0L;
        var report = new Explorer(toy.Sync).Run(bodies, _ => { }, _ => { states++; return 0; });
        Assert.That(states, Is.EqualTo(report.States));
    }

    [Test]
    public void What_held_on_the_way_is_remembered_though_the_end_is_the_same()
    {
        // The cell is 3 in between only if thread 1 comes first.
        var toy = new Toy(1);
        async KernelTask<int> Adds(Toy toy, int by)
        {
            await toy.Sync.Point();
            toy.Cells[0].Value += by;
            await toy.Sync.Point();
            return 0;
        }
        var ends = new List<(string, ulong)>();
        new Explorer(toy.Sync).Run([() => Adds(toy, 2), () => Adds(toy, 3)], e => ends.Add((toy.Values, e.Seen)), _ => toy.Cells[0].Value == 3 ? 4UL : 0);
        Assert.That(ends, Is.EquivalentTo(new[] { ("5", 0UL), ("5", 4UL) }));
    }

    [Test]
    public void A_search_can_be_stopped()
    {
        var toy = new Toy(4);
        var report = new Explorer(toy.Sync, new() { Stop = () => true }).Run([() => toy.Adds(0, 4), () => toy.Adds(1, 4)], _ => { });
        Assert.That(report.Incomplete, Is.EqualTo("the search was stopped"));
    }

    [Test]
    public void A_schedule_that_does_not_fit_is_refused()
    {
        var toy = new Toy(1);
        Func<KernelTask<int>>[] bodies = [() => toy.LockedAdd(1), () => toy.LockedAdd(2)];
        var explorer = new Explorer(toy.Sync);
        Assert.That(() => explorer.Replay(bodies, [0, 0, 1, 1], _ => { }), Throws.ArgumentException.With.Message.Contain("step 3"), "the lock is held");
        Assert.That(() => explorer.Replay(bodies, [2], _ => { }), Throws.ArgumentException);
        Assert.That(() => explorer.Replay(bodies, [0, 0, 0, 0], _ => { }), Throws.ArgumentException.With.Message.Contain("step 3"), "it has ended");
        var end = "";
        explorer.Replay(bodies, [1, 1, 1, 0, 0, 0], e => end = $"{toy.Values} {e.HasEnded(0)} {e.Result(0)}");
        Assert.That(end, Is.EqualTo("3 True 2"));
    }

    [Test]
    public void Threads_that_never_suspend_and_no_threads_at_all()
    {
        var toy = new Toy(1);
        KernelTask<int> AtOnce(int by)
        {
            toy.Cells[0].Value = toy.Cells[0].Value * 10 + by;
            return new(by);
        }
        Assert.That(toy.Explore(true, () => AtOnce(1), () => AtOnce(2)).Outcomes, Is.EquivalentTo(new[] { "12", "21" }));
        Assert.That(toy.Explore(true).Outcomes, Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public void Objects_born_in_different_orders_are_the_same_objects()
    {
        var toy = new Toy(1);
        var slab = new Slab<State.Vma>(toy.Store, 99);
        async KernelTask<int> Map(ulong at)
        {
            await toy.Sync.Point();
            var handle = slab.Add(new(at, at + 1));
            await toy.Sync.Point();
            slab.Set(handle, new(at, at + 2));
            return 0;
        }
        var (report, outcomes) = toy.Explore(true, () => Map(1), () => Map(10), () => Map(20));
        Assert.That(outcomes, Has.Count.EqualTo(1));
        Assert.That((report.States, report.Executions), Is.EqualTo((64L, 1L)), "four places for each thread, no more");
        Assert.That(slab.Count, Is.Zero);
    }

    [Test]
    public void Frames_come_from_a_pool_once_warm()
    {
        var toy = new Toy(3);
        Func<KernelTask<int>>[] bodies = [() => toy.Adds(0, 6), () => toy.Adds(1, 6)];
        toy.Explore(false, bodies);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (report, _) = toy.Explore(false, bodies);
        // The JIT's first code boxes awaiters, about 60 bytes a transition; frames made anew would cost ten times that.
        Assert.That((double)(GC.GetAllocatedBytesForCurrentThread() - before) / report.Transitions, Is.LessThan(150), "bytes a transition");
    }
}
