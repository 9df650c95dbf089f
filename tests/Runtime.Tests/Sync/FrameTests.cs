using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Tests.Sync;

internal sealed class FrameTests
{
    [Test]
    public void With_forced_yields_the_outcome_is_the_same()
    {
        foreach (var force in new[] { false, true })
        {
            var toy = new Toy(3);
            toy.Sync.ForceYield = force;
            Assert.That(toy.Sync.Run(toy.Adds(0, 3)), Is.EqualTo(3));
            Assert.That(toy.Sync.Run(toy.LockedAdd(5)), Is.EqualTo(3));
            toy.Sync.Run(Nothing(toy));
            Assert.That(toy.Values, Is.EqualTo("8,3,7"));
        }
    }

    private static async KernelTask Nothing(Toy toy)
    {
        await toy.Sync.Point();
        await Deeper(toy);
        toy.Cells[2].Value += 3;
    }

    private static async KernelTask Deeper(Toy toy)
    {
        await toy.Sync.Read(LockClass.MmapLock, 3);
        await toy.Sync.Point();
        toy.Cells[2].Value += 4;
        toy.Sync.ReleaseRead(LockClass.MmapLock, 3);
    }

    [Test]
    public void With_forced_yields_exceptions_come_through()
    {
        var toy = new Toy(1);
        toy.Sync.ForceYield = true;
        async KernelTask<int> Fails()
        {
            await toy.Sync.Point();
            throw new InvalidDataException();
        }
        async KernelTask<int> Calls() => await Fails();
        Assert.That(() => toy.Sync.Run(Calls()), Throws.InstanceOf<InvalidDataException>());
        Assert.That(toy.Sync.Run(toy.Add(0, 1)), Is.Zero);
    }

    [Test]
    public void A_search_after_forced_yields_and_before_them()
    {
        var toy = new Toy(3);
        toy.Sync.ForceYield = true;
        toy.Sync.Run(toy.Add(0, 1));
        var (_, outcomes) = toy.Explore(true, () => toy.Add(0, 1), () => toy.Add(0, 2));
        Assert.That(outcomes.Select(o => o[0]).Distinct(), Is.EquivalentTo(new[] { '2', '3', '4' }));
        Assert.That(toy.Sync.Run(toy.Add(0, 1)), Is.EqualTo(1));
    }

    [Test]
    public void What_may_change_must_not_live_across_an_await()
    {
        var toy = new Toy(1);
        async KernelTask<int> KeepsAnArray()
        {
            var array = new int[1];
            await toy.Sync.Point();
            return array[0];
        }
        async KernelTask<int> KeepsATask()
        {
            var task = toy.Add(0, 1);
            await toy.Sync.Point();
            return await task;
        }
        async KernelTask<int> KeepsText(string text, Store store, IReadOnlyList<int> list)
        {
            await toy.Sync.Point();
            return text.Length + store.Mark() + list.Count;
        }
        Assert.That(() => toy.Explore(true, KeepsAnArray), Throws.InstanceOf<ExplorationException>().With.Message.Contain("Int32[]"));
        Assert.That(() => toy.Explore(true, KeepsATask), Throws.InstanceOf<ExplorationException>().With.Message.Contain("kernel task"));
        Assert.That(() => toy.Explore(true, () => KeepsText("a", toy.Store, [])), Throws.Nothing);
    }

    [Test]
    public void Foreign_tasks_are_refused()
    {
        var toy = new Toy(1);
        async KernelTask<int> Awaits()
        {
            await Task.Delay(1);
            return 0;
        }
        Assert.That(() => toy.Explore(true, Awaits), Throws.InstanceOf<ExplorationException>().With.Message.Contain("cannot await"));
    }
}
