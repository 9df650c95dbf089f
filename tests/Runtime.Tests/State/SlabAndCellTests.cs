using MmSpec.State;

namespace MmSpec.Tests.State;

internal sealed class SlabAndCellTests
{
    private enum Mode : byte { Off, On }

    private readonly record struct Pair(int A, Mode B, (ulong, bool) C, UInt128 D);

    [Test]
    public void A_cell_goes_back_and_so_does_the_fingerprint()
    {
        var store = new Store();
        var number = new Cell<int>(store, 1, 5);
        var pair = new Cell<Pair>(store, 2);
        var before = store.Fingerprint;
        store.BeginJournal();
        Assert.That(store.Fingerprint, Is.EqualTo(before));
        var mark = store.Mark();
        number.Value = 6;
        var one = store.Fingerprint;
        Assert.That(one, Is.Not.EqualTo(before));
        pair.Value = new(1, Mode.On, (3, true), 4);
        number.Value = 5;
        Assert.That(store.Fingerprint, Is.EqualTo(store.Recompute()).And.Not.EqualTo(one));
        store.Undo(mark);
        Assert.That((number.Value, pair.Value, store.Fingerprint), Is.EqualTo((5, default(Pair), before)));
        Assert.That(store.Recompute(), Is.EqualTo(before));
    }

    [Test]
    public void Every_field_of_a_struct_counts()
    {
        Pair[] values = [new(1, Mode.On, (3, true), 4), new(2, Mode.On, (3, true), 4), new(1, Mode.Off, (3, true), 4), new(1, Mode.On, (4, true), 4),
            new(1, Mode.On, (3, false), 4), new(1, Mode.On, (3, true), 5), new(1, Mode.On, (3, true), (UInt128)4 << 64), default];
        Assert.That(values.Select(v =>
        {
            var store = new Store();
            _ = new Cell<Pair>(store, 2, v);
            return store.Fingerprint;
        }), Is.Unique);
    }

    [Test]
    public void The_order_of_changes_does_not_count_but_which_cell_holds_what_does()
    {
        UInt128 Of(Action<Cell<int>, Cell<int>> change)
        {
            var store = new Store();
            change(new(store, 1), new(store, 2));
            return store.Fingerprint;
        }
        var one = Of((a, b) => { a.Value = 7; b.Value = 8; });
        Assert.That(Of((a, b) => { b.Value = 8; a.Value = 1; a.Value = 7; }), Is.EqualTo(one));
        Assert.That(Of((a, b) => { a.Value = 8; b.Value = 7; }), Is.Not.EqualTo(one));
    }

    [Test]
    public void Handles_start_at_one_are_used_again_and_are_walked_in_order()
    {
        var slab = new Slab<Vma>(new Store(), 1);
        var handles = Enumerable.Range(0, 100).Select(i => slab.Add(new((ulong)i, 0))).ToArray();
        Assert.That(handles, Is.EqualTo(Enumerable.Range(1, 100)));
        slab.Remove(7);
        Assert.That((slab.Contains(7), slab.Contains(0), slab.Contains(-1), slab.Contains(101), slab.Count), Is.EqualTo((false, false, false, false, 99)));
        Assert.That(() => slab[7], Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => slab.Set(7, default), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => slab.Remove(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(slab.Add(new(55, 0)), Is.EqualTo(7));
        var walked = new List<int>();
        foreach (var handle in slab)
        {
            walked.Add(handle);
        }
        Assert.That(walked, Is.EqualTo(handles));
    }

    [Test]
    public void A_reference_stays_good_while_others_are_added()
    {
        var slab = new Slab<Vma>(new Store(), 1);
        var handle = slab.Add(new(1, 2));
        ref readonly var vma = ref slab[handle];
        for (var i = 0; i < 1000; i++)
        {
            slab.Add(default);
        }
        slab.Set(handle, new(3, 4));
        Assert.That(vma.Start, Is.EqualTo(3));
    }

    [Test]
    public void A_slab_goes_back()
    {
        var store = new Store();
        var slab = new Slab<Vma>(store, 1);
        var (a, b) = (slab.Add(new(1, 2)), slab.Add(new(3, 4)));
        slab.Remove(slab.Add(new(5, 6)));
        var before = store.Fingerprint;
        store.BeginJournal();
        store.Actor = 2;
        slab.Remove(a);
        slab.Set(b, new(8, 9));
        var born = slab.Add(new(10, 11));
        slab.Set(born, new(10, 12));
        Assert.That(store.Fingerprint, Is.EqualTo(store.Recompute()).And.Not.EqualTo(before));
        var walked = new List<int>();
        foreach (var handle in slab)
        {
            walked.Add(handle);
        }
        Assert.That(walked, Is.EqualTo(new[] { b, born }));
        store.Undo(0);
        Assert.That((slab.Count, slab[a], slab[b], slab.Contains(born), store.Fingerprint, store.Recompute()), Is.EqualTo((2, new Vma(1, 2), new Vma(3, 4), false, before, before)));
        store.EndJournal();
        Assert.That(slab.Add(default), Is.EqualTo(3), "the free list is as it was");
    }

    [Test]
    public void Names_born_in_a_journal_do_not_depend_on_the_schedule()
    {
        UInt128 Of(params int[] schedule)
        {
            var store = new Store();
            var slab = new Slab<Vma>(store, 1);
            store.BeginJournal();
            var mine = new ulong[4];
            foreach (var actor in schedule)
            {
                store.Actor = actor;
                slab.Add(new((ulong)actor, mine[actor]++));
            }
            return store.Fingerprint;
        }
        Assert.That(Of(1, 2, 1, 3), Is.EqualTo(Of(3, 1, 1, 2)));
        Assert.That(Of(1, 2), Is.Not.EqualTo(Of(1, 2, 2)));
    }

    [Test]
    public void What_stays_after_the_journal_is_kept_and_counted()
    {
        var store = new Store();
        var slab = new Slab<Vma>(store, 1);
        var cell = new Cell<long>(store, 2);
        var handle = slab.Add(new(1, 1));
        store.BeginJournal();
        cell.Value = 3;
        slab.Remove(handle);
        var inside = store.Fingerprint;
        store.EndJournal();
        Assert.That((cell.Value, slab.Count, store.Fingerprint), Is.EqualTo((3L, 0, inside)));
    }

    [Test]
    public void Objects_made_and_dropped_in_a_journal_leave_nothing()
    {
        var store = new Store();
        var before = store.Fingerprint;
        store.BeginJournal();
        for (var i = 0UL; i < 500; i++)
        {
            var map = new RunMap<Frames>(store, i);
            map.Set(0, 10, new(1, false));
            _ = new Cell<int>(store, 1000 + i, 5);
            Assert.That(store.Fingerprint, Is.EqualTo(store.Recompute()));
            store.Undo(0);
            Assert.That((map.IsEmpty, store.Fingerprint, store.Recompute()), Is.EqualTo((true, before, before)));
        }
        store.EndJournal();
    }

    [Test]
    public void Changing_a_cell_and_a_slab_allocates_nothing_once_warm()
    {
        var store = new Store();
        var slab = new Slab<Vma>(store, 1);
        var cell = new Cell<int>(store, 2);
        var map = new RunMap<Frames>(store, 3);
        var handle = slab.Add(default);
        void Round()
        {
            for (var i = 0; i < 100; i++)
            {
                cell.Value = i;
                slab.Set(handle, new((ulong)i, 1));
                map.Set((ulong)i, (ulong)i + 2, new((ulong)i * 3, false));
                map.Remove(50, 70);
            }
            store.Undo(0);
        }
        store.BeginJournal();
        Round();
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
