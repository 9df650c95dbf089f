using FsCheck;
using FsCheck.Fluent;
using MmSpec.State;

namespace MmSpec.Tests.State;

/// <summary>A run map is held against a dictionary with one entry a place.</summary>
internal sealed class RunMapTests
{
    private const int Places = 60;

    /// <summary>One change: Kind selects it, [From, To) is where, Value is with what.</summary>
    private sealed record Change(int Kind, ulong From, ulong To, byte Value);

    private static Gen<Change> AChange =>
        from kind in Gen.Choose(0, 4)
        from a in Gen.Choose(0, Places)
        from b in Gen.Choose(0, Places)
        from value in Gen.Choose(0, 3)
        select new Change(kind, (ulong)Math.Min(a, b), (ulong)Math.Max(a, b), (byte)value);

    private static Arbitrary<Change[]> Changes => Arb.From(AChange.ArrayOf(), Shorter);

    private static IEnumerable<Change[]> Shorter(Change[] changes) => changes.Select((_, i) => changes.Where((_, k) => k != i).ToArray());

    private static void Apply(Change c, RunMap<Frames> map, Dictionary<ulong, Frames> model)
    {
        switch (c.Kind)
        {
            case 0 or 1:
                var first = new Frames((ulong)c.Value * 100 + c.From, c.Value == 3);       // aligned so that neighbours often continue each other
                map.Set(c.From, c.To, first);
                for (var at = c.From; at < c.To; at++)
                {
                    model[at] = first.At(at - c.From);
                }
                break;
            case 2:
                map.Remove(c.From, c.To);
                for (var at = c.From; at < c.To; at++)
                {
                    model.Remove(at);
                }
                break;
            case 3:
                map.Update(c.From, c.To, c.Value % 2 == 0, static (dirty, v) => v with { Dirty = dirty });
                for (var at = c.From; at < c.To; at++)
                {
                    if (model.TryGetValue(at, out var old))
                    {
                        model[at] = old with { Dirty = c.Value % 2 == 0 };
                    }
                }
                break;
            default:
                var shift = (ulong)c.Value * 7;
                var copy = model.Where(p => p.Key >= c.From && p.Key < c.To).ToArray();
                map.CopyTo(map, c.From, c.To, v => v with { Dirty = true }, c.From + shift);
                for (var at = c.From; at < c.To; at++)
                {
                    model.Remove(at + shift);
                }
                foreach (var (at, value) in copy)
                {
                    model[at + shift] = value with { Dirty = true };
                }
                break;
        }
    }

    private static void AssertSame(RunMap<Frames> map, Dictionary<ulong, Frames> model, ulong places = Places + 30)
    {
        for (var at = 0UL; at < places; at++)
        {
            var has = map.TryGet(at, out var value);
            var expected = model.TryGetValue(at, out var wanted);
            if (has != expected || value != wanted || map.Contains(at) != has)
            {
                Assert.Fail($"place {at}: {(has ? value : "nothing")} instead of {(expected ? wanted : "nothing")}");
            }
        }
        var previous = default(Run<Frames>);
        foreach (var run in map.Runs())
        {
            if (run.From >= run.To || run.From < previous.To || (previous.Length > 0 && previous.To == run.From && previous.Value.At(previous.Length) == run.Value))
            {
                Assert.Fail($"{run} after {previous}: runs are sorted, disjoint and maximal");
            }
            previous = run;
        }
        if (map.Runs().GetEnumerator().Count() != map.RunCount || map.Covered != (ulong)model.Count || map.IsEmpty != (model.Count == 0))
        {
            Assert.Fail($"{map.RunCount} runs cover {map.Covered} of {model.Count} places");
        }
    }

    /// <summary>So many runs that they lie in several chunks, changed here and there: at the ends of chunks too.</summary>
    [Test]
    public void Does_what_a_dictionary_does_with_many_runs([Range(0, 5)] int seed)
    {
        const int Wide = 2000;
        var random = new System.Random(seed);
        var map = new RunMap<Frames>(new Store(), 1);
        var model = new Dictionary<ulong, Frames>();
        for (var i = 0; i < 12_000; i++)
        {
            var from = i % 3 == 0 ? (i / 3 * 2) % Wide : random.Next(Wide);       // every third one goes up, one place in two
            var length = random.Next(i % 50 == 0 ? 400 : 4);
            Apply(new(random.Next(0, 4), (ulong)from, (ulong)Math.Min(Wide, from + length), (byte)random.Next(0, 4)), map, model);
            if (i % 1000 == 999)
            {
                AssertSame(map, model, Wide);
            }
        }
        Assert.That(map.RunCount, Is.GreaterThan(300));
    }

    [Test]
    public void Does_what_a_dictionary_does() =>
        Prop.ForAll(Changes, changes =>
        {
            var map = new RunMap<Frames>(new Store(), 1);
            var model = new Dictionary<ulong, Frames>();
            foreach (var change in changes)
            {
                Apply(change, map, model);
            }
            AssertSame(map, model);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Test]
    public void Undo_goes_back_and_the_fingerprint_is_the_recomputed_one() =>
        Prop.ForAll(Changes, Changes, (before, inside) =>
        {
            var store = new Store();
            var map = new RunMap<Frames>(store, 1);
            var model = new Dictionary<ulong, Frames>();
            foreach (var change in before)
            {
                Apply(change, map, model);
            }
            store.BeginJournal();
            var steps = new Stack<(int Mark, UInt128 Fingerprint, Dictionary<ulong, Frames> Model)>();
            foreach (var change in inside)
            {
                steps.Push((store.Mark(), store.Fingerprint, new(model)));
                Apply(change, map, model);
                if (store.Fingerprint != store.Recompute())
                {
                    Assert.Fail($"the fingerprint is wrong after {change}");
                }
            }
            AssertSame(map, model);
            while (steps.TryPop(out var step))
            {
                store.Undo(step.Mark);
                AssertSame(map, step.Model);
                if (store.Fingerprint != step.Fingerprint || store.Recompute() != step.Fingerprint)
                {
                    Assert.Fail("the fingerprint did not come back");
                }
            }
            store.EndJournal();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Test]
    public void The_fingerprint_depends_on_the_content_only() =>
        Prop.ForAll(Changes, changes =>
        {
            var (store, other) = (new Store(), new Store());
            var (map, rebuilt) = (new RunMap<Frames>(store, 1), new RunMap<Frames>(other, 1));
            var model = new Dictionary<ulong, Frames>();
            foreach (var change in changes)
            {
                Apply(change, map, model);
            }
            foreach (var (at, value) in model.OrderByDescending(p => p.Key * 7919 % 61))
            {
                rebuilt.Set(at, at + 1, value);         // place by place, in another order
            }
            Assert.That(other.Fingerprint, Is.EqualTo(store.Fingerprint));
            Assert.That(rebuilt.RunCount, Is.EqualTo(map.RunCount));
            map.Set(Places + 40, Places + 41, new(1, false));
            Assert.That(store.Fingerprint, Is.Not.EqualTo(other.Fingerprint));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Test]
    public void Many_runs_in_any_order_stay_right()
    {
        var store = new Store();
        var map = new RunMap<Colour>(store, 1);
        var present = new bool[6000];
        var random = new Random(5);
        store.BeginJournal();
        var empty = store.Fingerprint;
        for (var i = 0; i < 20_000; i++)
        {
            var at = random.Next(present.Length);
            if (random.Next(3) > 0)
            {
                map.Set((ulong)at, (ulong)at + 1, new((byte)(at & 1)));      // neighbours differ: every place is a run of its own
                present[at] = true;
            }
            else
            {
                var to = Math.Min(present.Length, at + random.Next(1, 40));
                map.Remove((ulong)at, (ulong)to);
                Array.Clear(present, at, to - at);
            }
        }
        Assert.That(map.RunCount, Is.EqualTo(present.Count(p => p)));
        Assert.That(map.Runs().GetEnumerator().Count(), Is.EqualTo(map.RunCount));
        Assert.That(present.Select((p, i) => p == map.TryGet((ulong)i, out _)), Is.All.True);
        Assert.That(store.Fingerprint, Is.EqualTo(store.Recompute()));
        store.Undo(0);
        Assert.That(map.IsEmpty);
        Assert.That(store.Fingerprint, Is.EqualTo(empty));
        store.EndJournal();
    }

    [Test]
    public void Runs_and_gaps_are_clipped_and_complement_each_other()
    {
        var map = new RunMap<Frames>(new Store(), 1);
        map.Set(10, 20, new(100, false));
        map.Set(30, 40, new(300, false));
        Assert.That(map.Runs(15, 35).GetEnumerator().ToList(), Is.EqualTo(new Run<Frames>[] { new(15, 20, new(105, false)), new(30, 35, new(300, false)) }));
        Assert.That(map.Gaps(0, 50).GetEnumerator().ToList(), Is.EqualTo(new Extent[] { new(0, 10), new(20, 30), new(40, 50) }));
        Assert.That(map.Gaps(12, 35).GetEnumerator().ToList(), Is.EqualTo(new Extent[] { new(20, 30) }));
        Assert.That(map.Runs(20, 30).GetEnumerator().ToList(), Is.Empty);
        Assert.That(map.CountIn(15, 35), Is.EqualTo(10));
        Assert.That(map.NextRun(20), Is.EqualTo(30));
        Assert.That(map.NextRun(40), Is.EqualTo(ulong.MaxValue));
        Assert.That(map.NextGap(12), Is.EqualTo(20));
        Assert.That(map.TryGetRun(35, out var from, out var to, out var value) && from == 30 && to == 40 && value.Pfn == 300);
        Assert.That(() => map.Set(5, 4, default), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_walk_goes_on_behind_what_it_gave_while_the_map_changes()
    {
        var map = new RunMap<Colour>(new Store(), 1);
        for (var i = 0UL; i < 300; i++)
        {
            map.Set(i * 2, i * 2 + 1, new((byte)i));
        }
        var seen = 0UL;
        foreach (var run in map.Runs())
        {
            Assert.That(run.From, Is.EqualTo(seen * 2));
            map.Remove(run.From, run.To);
            seen++;
        }
        Assert.That((seen, map.IsEmpty), Is.EqualTo((300UL, true)));
    }

    [Test]
    public void Setting_what_is_there_allocates_and_changes_nothing()
    {
        var store = new Store();
        var map = new RunMap<Frames>(store, 1);
        map.Set(0, 1UL << 40, new(0, false));
        store.BeginJournal();
        map.Set(512, 1024, new(512, false));
        Assert.That(store.Mark(), Is.Zero);
        store.EndJournal();
    }
}

/// <summary>Lets the struct enumerators of a run map be listed in tests.</summary>
internal static class Listing
{
    public static int Count<V>(this RunMap<V>.RunEnumerator walk) where V : struct, IRunValue<V> => walk.ToList().Count;

    public static List<Run<V>> ToList<V>(this RunMap<V>.RunEnumerator walk) where V : struct, IRunValue<V>
    {
        var list = new List<Run<V>>();
        while (walk.MoveNext())
        {
            list.Add(walk.Current);
        }
        return list;
    }

    public static List<Extent> ToList<V>(this RunMap<V>.GapEnumerator walk) where V : struct, IRunValue<V>
    {
        var list = new List<Extent>();
        while (walk.MoveNext())
        {
            list.Add(walk.Current);
        }
        return list;
    }
}
