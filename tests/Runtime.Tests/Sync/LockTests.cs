using MmSpec.Sync;

namespace MmSpec.Tests.Sync;

internal sealed class LockTests
{
    private const LockClass C = LockClass.MmapLock;

    [Test]
    public void Outside_a_search_locks_are_taken_and_dropped_at_once()
    {
        var toy = new Toy(1);
        var call = toy.LockedAdd(3);
        Assert.That(call.IsCompleted);
        Assert.That(toy.Values, Is.EqualTo("3"));
        Assert.That(toy.Sync.IsHeld(LockClass.HugetlbLock), Is.False);
    }

    [Test]
    public void Outside_a_search_nothing_is_allocated()
    {
        var toy = new Toy(1);
        toy.Sync.Run(toy.LockedAdd(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            toy.Sync.Run(toy.LockedAdd(1));
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Misuse_is_an_error()
    {
        var sync = new Toy(1).Sync;
        Assert.That(() => sync.ReleaseRead(C), Throws.InstanceOf<LockException>());
        Assert.That(() => sync.RequireHeld(C), Throws.InstanceOf<LockException>().With.Message.Contain("MmapLock(0) must be held"));
        sync.Read(C);
        Assert.That(() => sync.RequireHeld(C), Throws.Nothing);
        Assert.That(() => sync.RequireHeld(C, 0, write: true), Throws.InstanceOf<LockException>());
        Assert.That(() => sync.Read(C), Throws.InstanceOf<LockException>().With.Message.Contain("again"));
        Assert.That(() => sync.ReleaseWrite(C), Throws.InstanceOf<LockException>());
        Assert.That(sync.TryWrite(C).GetResult(), Is.False);
        Assert.That(() => sync.Read(C, 1), Throws.Nothing, "another instance");
        sync.ReleaseRead(C);
        Assert.That(sync.TryWrite(C).GetResult(), Is.True);
        sync.Downgrade(C);
        sync.ReleaseRead(C);
        sync.ReleaseRead(C, 1);
        Assert.That(sync.Locks.Locks.Length, Is.Zero);
    }

    [Test]
    public void A_thread_that_keeps_a_lock_is_an_error()
    {
        var toy = new Toy(1);
        async KernelTask<int> Keeps()
        {
            await toy.Sync.Write(C);
            return 0;
        }
        Assert.That(() => toy.Explore(true, Keeps), Throws.InstanceOf<ExplorationException>().With.InnerException.InstanceOf<LockException>());
        Assert.That(toy.Sync.Locks.Locks.Length, Is.Zero);
    }

    /// <summary>What each thread is inside of, as digits in cell 0; the largest number of readers at once goes to cell 1.</summary>
    private static async KernelTask<int> Reader(Toy toy)
    {
        await toy.Sync.Read(C);
        toy.Cells[0].Value++;
        toy.Cells[1].Value = Math.Max(toy.Cells[1].Value, toy.Cells[0].Value);
        await toy.Sync.Point("inside");
        toy.Cells[0].Value--;
        toy.Sync.ReleaseRead(C);
        return 0;
    }

    private static async KernelTask<int> Writer(Toy toy)
    {
        await toy.Sync.Write(C);
        toy.Cells[2].Value |= toy.Cells[0].Value;       // must stay 0: nobody else is inside
        toy.Cells[0].Value = 100;
        await toy.Sync.Point("inside");
        toy.Cells[0].Value = 0;
        toy.Sync.ReleaseWrite(C);
        return 0;
    }

    [Test]
    public void Readers_share_and_writers_do_not()
    {
        var toy = new Toy(3);
        var (report, outcomes) = toy.Explore(true, () => Reader(toy), () => Reader(toy), () => Writer(toy), () => Writer(toy));
        Assert.That(outcomes.Distinct(), Is.EquivalentTo(new[] { "0,1,0", "0,2,0" }));
        Assert.That(report.Complete);
    }

    [Test]
    public void A_waiting_writer_keeps_new_readers_out()
    {
        // A holds a lock for reading and then waits for B, who needs it for reading too: fine until a writer queues between them.
        async KernelTask<int> A(Toy toy)
        {
            await toy.Sync.Read(C);
            await toy.Sync.Write(LockClass.HugetlbFaultMutex);
            toy.Sync.ReleaseWrite(LockClass.HugetlbFaultMutex);
            toy.Sync.ReleaseRead(C);
            return 0;
        }
        async KernelTask<int> B(Toy toy)
        {
            await toy.Sync.Write(LockClass.HugetlbFaultMutex);
            await toy.Sync.Read(C);
            toy.Sync.ReleaseRead(C);
            toy.Sync.ReleaseWrite(LockClass.HugetlbFaultMutex);
            return 0;
        }
        var two = new Toy(3);
        Assert.That(two.Explore(true, () => A(two), () => B(two)).Outcomes, Does.Not.Contain("deadlock"));
        var three = new Toy(3);
        Assert.That(three.Explore(true, () => A(three), () => B(three), () => Writer(three)).Outcomes, Does.Contain("deadlock"));
    }

    [Test]
    public void An_attempt_does_not_overtake_a_waiting_writer()
    {
        async KernelTask<int> Holds(Toy toy)
        {
            await toy.Sync.Read(C);
            await toy.Sync.Point();
            toy.Sync.ReleaseRead(C);
            return 0;
        }
        async KernelTask<int> Tries(Toy toy)
        {
            if (await toy.Sync.TryRead(C))
            {
                toy.Sync.ReleaseRead(C);
                return 1;
            }
            return 2;
        }
        var toy = new Toy(3);
        var without = new HashSet<int>();
        new Explorer(toy.Sync).Run([() => Holds(toy), () => Tries(toy)], e => without.Add(e.Result(1)));
        Assert.That(without, Is.EquivalentTo(new[] { 1 }), "readers share");
        var with = new HashSet<string>();
        new Explorer(toy.Sync).Run([() => Holds(toy), () => Tries(toy), () => Writer(toy)], _ => { }, e =>
        {
            if (e.HasEnded(1) && !e.HasEnded(2) && e.Result(1) == 2)
            {
                with.Add(toy.Cells[0].Value == 100 ? "inside" : "waiting");
            }
            return 0;
        });
        Assert.That(with, Is.EquivalentTo(new[] { "inside", "waiting" }));
    }

    [Test]
    public void An_attempt_fails_or_not_by_schedule_and_orders_nothing()
    {
        async KernelTask<int> Tries(Toy toy)
        {
            await toy.Sync.Write(LockClass.IMmapRwsem);
            if (await toy.Sync.TryWrite(C))
            {
                toy.Cells[0].Value = 1;
                toy.Sync.ReleaseWrite(C);
            }
            else
            {
                toy.Cells[0].Value = 2;
            }
            toy.Sync.ReleaseWrite(LockClass.IMmapRwsem);
            return 0;
        }
        async KernelTask<int> Holds(Toy toy)
        {
            await toy.Sync.Write(C);
            await toy.Sync.Write(LockClass.IMmapRwsem);
            toy.Sync.ReleaseWrite(LockClass.IMmapRwsem);
            toy.Sync.ReleaseWrite(C);
            return 0;
        }
        var toy = new Toy(1);
        var (report, outcomes) = toy.Explore(true, () => Tries(toy), () => Holds(toy));
        Assert.That(outcomes, Is.EquivalentTo(new[] { "1", "2" }));
        Assert.That(report.LockCycle, Is.Null);
    }

    [Test]
    public void Two_locks_of_one_class_need_a_subclass()
    {
        async KernelTask<int> Fork(Toy toy, int subclass)
        {
            await toy.Sync.Write(C, 1);
            await toy.Sync.Write(C, 2, subclass);
            toy.Sync.ReleaseWrite(C, 2);
            toy.Sync.ReleaseWrite(C, 1);
            return 0;
        }
        var toy = new Toy(1);
        Assert.That(toy.Explore(true, () => Fork(toy, 0)).Report.LockCycle, Is.EqualTo(new[] { C, C }));
        Assert.That(toy.Explore(true, () => Fork(toy, 1)).Report.LockCycle, Is.Null);
    }
}
