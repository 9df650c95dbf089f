using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Hugetlb;

/// <summary>Adjacent huge pages.</summary>
/// <param name="Pfn">First frame.</param>
/// <param name="Count">How many huge pages; 0: none.</param>
internal readonly record struct Block(ulong Pfn, ulong Count);

/// <summary>Growth and shrinking of the pools, surplus pages, and the way of pages into and out of them (mm/hugetlb.c).</summary>
[SharedImmutable]
internal sealed class HugePool(World world)
{
    private PhysicalMemory Memory => world.Memory;

    /// <summary>set_max_huge_pages: a write to nr_hugepages. What cannot be done is left undone and the write succeeds.</summary>
    /// <param name="h">The size.</param>
    /// <param name="count">Persistent pages that are wanted.</param>
    /// <param name="node">Only this node's pool, or -1.</param>
    /// <param name="atBoot">On the kernel's command line, where every size can be had.</param>
    public async KernelTask<long> SetMax(Hstate h, ulong count, int node, bool atBoot = false)
    {
        await world.Sync.Write(LockClass.ResizeLock, h.Number);
        await world.Sync.HugetlbLock();
        if (node >= 0)
        {
            var others = h.Total - h.Nodes[node].Value.Total;
            count = count > ulong.MaxValue - others ? ulong.MaxValue : count + others;
        }
        if (h.IsGigantic && !atBoot && count > h.Persistent && !world.Traits[HugetlbPoolRules.GiganticAtRunTime])
        {
            world.Sync.DropHugetlbLock();
            world.Sync.ReleaseWrite(LockClass.ResizeLock, h.Number);
            return -Errno.EINVAL;
        }
        if (count > h.Persistent) SurplusToPersistent(h, Math.Min(h.Surplus, count - h.Persistent), node);
        while (count > h.Persistent)
        {
            world.Sync.DropHugetlbLock();               // the buddy allocator may sleep
            await world.Sync.HugetlbLock();
            if (count <= h.Persistent || Grow(h, Math.Min(count - h.Persistent, world.UnitLimit), node) == 0) break;
        }
        if (count < h.Persistent)
        {
            Shrink(h, Math.Max(count, LeastPages(h)), node);
            PersistentToSurplus(h, count, node);
        }
        world.Sync.DropHugetlbLock();
        world.Sync.ReleaseWrite(LockClass.ResizeLock, h.Number);
        return 0;
    }

    /// <summary>A write to nr_overcommit_hugepages; it never frees surplus pages that are there.</summary>
    public async KernelTask<long> SetOvercommit(Hstate h, ulong count)
    {
        if (h.IsGigantic && !world.Traits[HugetlbPoolRules.GiganticOvercommit]) return -Errno.EINVAL;
        await world.Sync.HugetlbLock();
        h.Overcommit.Value = count;
        world.Sync.DropHugetlbLock();
        return 0;
    }

    /// <summary>A write to demote: splits free unreserved pages into pages of the next smaller size, which are persistent there (demote_pool_huge_page).</summary>
    public async KernelTask<long> Demote(Hstate h, Hstate smaller, ulong count)
    {
        await world.Sync.Write(LockClass.ResizeLock, h.Number);
        await world.Sync.HugetlbLock();
        while (count > 0 && h.Free > h.Reserved.Value)
        {
            var block = Dequeue(h, Math.Min(count, h.Free - h.Reserved.Value));
            if (block.Count == 0) break;
            var node = PhysicalMemory.NodeOf(block.Pfn);
            var parts = block.Count * (h.Frames / smaller.Frames);
            h.Nodes[node].Value = h.Nodes[node].Value with { Total = h.Nodes[node].Value.Total - block.Count };
            smaller.Nodes[node].Value = smaller.Nodes[node].Value with { Total = smaller.Nodes[node].Value.Total + parts };
            world.Note(Counter.Total, h, block.Count, "demoted", HugetlbPoolRules.Demote);
            world.Note(Counter.Total, smaller, parts, "grew by demotion by", HugetlbPoolRules.Demote);
            Enqueue(smaller, block.Pfn, parts, "grew by demotion by");
            count -= block.Count;
        }
        world.Sync.DropHugetlbLock();
        world.Sync.ReleaseWrite(LockClass.ResizeLock, h.Number);
        return 0;
    }

    /// <summary>dequeue_huge_page_node: takes adjacent pages off the free lists, the nearest node first. hugetlb_lock is held.</summary>
    public Block Dequeue(Hstate h, ulong most)
    {
        world.Sync.RequireHeld(LockClass.HugetlbLock);
        for (var n = 0; n < h.Nodes.Length; n++)
        {
            var free = h.FreeFrames[n];
            if (free.IsEmpty) continue;
            var pfn = free.NextRun(0);
            free.TryGetRun(pfn, out _, out var to, out _);
            var count = Math.Min(most, (to - pfn) >> (h.Shift - 12));
            free.Remove(pfn, pfn + count * h.Frames);
            h.Nodes[n].Value = h.Nodes[n].Value with { Free = h.Nodes[n].Value.Free - count };
            return new(pfn, count);
        }
        return default;
    }

    /// <summary>
    /// free_huge_page: the last reference to adjacent pages is gone. Where their node has surplus they go back to the buddy allocator, whichever pages they are. hugetlb_lock is held.
    /// </summary>
    /// <param name="h">Their size.</param>
    /// <param name="pfn">First frame.</param>
    /// <param name="count">How many huge pages.</param>
    /// <param name="page">Their entry in the memmap.</param>
    public void Release(Hstate h, ulong pfn, ulong count, Page page)
    {
        world.Sync.RequireHeld(LockClass.HugetlbLock);
        Memory.Retire(pfn, count * h.Frames);
        var restored = count;
        if (!page.Restore) restored = count - world.Mounts.Put(page.Mount, count);
        if (restored > 0)
        {
            h.Reserved.Value += restored;
            world.Note(Counter.Reserved, h, restored, "restored", page.Restore ? HugetlbReserveRules.ZapRestores : null);
        }
        GiveBack(h, pfn, count);
    }

    /// <summary>Gives pages that are neither free nor in use back: to the buddy allocator where their node has surplus, whichever pages they are, else to the free list. hugetlb_lock is held.</summary>
    public void GiveBack(Hstate h, ulong pfn, ulong count)
    {
        var cell = h.Nodes[PhysicalMemory.NodeOf(pfn)];
        var surplus = world.Traits[HugetlbPoolRules.SurplusFreedFirst] ? Math.Min(count, cell.Value.Surplus) : 0;
        if (surplus > 0)
        {
            cell.Value = cell.Value with { Total = cell.Value.Total - surplus, Surplus = cell.Value.Surplus - surplus };
            Memory.GiveBlocks(pfn, surplus * h.Frames);
            world.Note(Counter.Total, h, surplus, "freed surplus", HugetlbPoolRules.SurplusFreedFirst);
            world.Note(Counter.Surplus, h, surplus, "freed", HugetlbPoolRules.SurplusFreedFirst);
        }
        if (count > surplus) Enqueue(h, pfn + surplus * h.Frames, count - surplus);
    }

    /// <summary>Puts pages that are in use by nobody on the free list of their node.</summary>
    /// <param name="h">Their size.</param>
    /// <param name="pfn">First frame.</param>
    /// <param name="count">How many huge pages.</param>
    /// <param name="words">Verb, for traces.</param>
    public void Enqueue(Hstate h, ulong pfn, ulong count, string words = "freed")
    {
        var node = PhysicalMemory.NodeOf(pfn);
        h.FreeFrames[node].Set(pfn, pfn + count * h.Frames, default);
        h.Nodes[node].Value = h.Nodes[node].Value with { Free = h.Nodes[node].Value.Free + count };
        world.Note(Counter.Free, h, count, words, null);
    }

    /// <summary>alloc_surplus_huge_page: pages beyond the persistent ones, as far as the overcommit limit and memory go. hugetlb_lock is held.</summary>
    /// <param name="h">The size.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="why">The rule that allows it, for traces.</param>
    public Block TakeSurplus(Hstate h, ulong most, Rule why)
    {
        world.Sync.RequireHeld(LockClass.HugetlbLock);
        if (h.Surplus >= h.Overcommit.Value) return default;
        most = Math.Min(most, h.Overcommit.Value - h.Surplus);
        for (var n = 0; n < h.Nodes.Length; n++)
        {
            var count = Memory.TakeBlocks(n, h.Frames, most, out var pfn);
            if (count == 0) continue;
            var value = h.Nodes[n].Value;
            h.Nodes[n].Value = value with { Total = value.Total + count, Surplus = value.Surplus + count };
            world.Note(Counter.Total, h, count, "allocated surplus", why);
            world.Note(Counter.Surplus, h, count, "allocated", why);
            return new(pfn, count);
        }
        return default;
    }

    /// <summary>return_unused_surplus_pages: gives reservations back, and with them free surplus pages. hugetlb_lock is held.</summary>
    /// <param name="h">The size.</param>
    /// <param name="unused">Reservations. The reserve count wraps if it is smaller.</param>
    /// <param name="why">Rule, for traces.</param>
    public void ReturnUnused(Hstate h, ulong unused, Rule? why)
    {
        world.Sync.RequireHeld(LockClass.HugetlbLock);
        if (unused > h.Reserved.Value) world.Note(Counter.Reserved, h, unused, "returned more than there is, so that the count wraps:", why);
        else world.Note(Counter.Reserved, h, unused, "returned", why);
        h.Reserved.Value -= unused;
        if (!world.Traits[HugetlbPoolRules.SurplusReturnedWithReserve]) return;
        var give = Math.Min(unused, h.Surplus);
        Deal(h, h.NextToShrink, give, -1, (n, k) =>
        {
            var value = h.Nodes[n].Value;
            k = Math.Min(k, Math.Min(value.Surplus, value.Free));
            Unlist(h, n, k);
            h.Nodes[n].Value = h.Nodes[n].Value with { Surplus = h.Nodes[n].Value.Surplus - k };
            world.Note(Counter.Surplus, h, k, "freed", HugetlbPoolRules.SurplusReturnedWithReserve);
            return k;
        });
    }

    /// <summary>Pages below which a shrinking pool cannot go.</summary>
    private ulong LeastPages(Hstate h)
    {
        if (!world.Traits[HugetlbPoolRules.ShrinkCountsPersistent]) return h.Reserved.Value + h.Total - h.Free;
        var freePersistent = 0UL;
        foreach (var node in h.Nodes) freePersistent += node.Value.Free - Math.Min(node.Value.Free, node.Value.Surplus);
        return h.Reserved.Value + h.Persistent - freePersistent;
    }

    private ulong Grow(Hstate h, ulong pages, int only) => Deal(h, h.NextToGrow, pages, only, (n, k) =>
    {
        var got = 0UL;
        while (got < k)
        {
            var count = Memory.TakeBlocks(n, h.Frames, k - got, out var pfn);
            if (count == 0) break;
            h.Nodes[n].Value = h.Nodes[n].Value with { Total = h.Nodes[n].Value.Total + count };
            world.Note(Counter.Total, h, count, "grew by", null);
            Enqueue(h, pfn, count, "grew by");
            got += count;
        }
        return got;
    });

    private void Shrink(Hstate h, ulong to, int only)
    {
        if (to >= h.Persistent) return;
        Deal(h, h.NextToShrink, h.Persistent - to, only, (n, k) =>
        {
            k = Math.Min(k, h.Nodes[n].Value.Free);
            Unlist(h, n, k);
            return k;
        });
    }

    private void SurplusToPersistent(Hstate h, ulong pages, int only) => Deal(h, h.NextToGrow, pages, only, (n, k) =>
    {
        var value = h.Nodes[n].Value;
        k = Math.Min(k, value.Surplus);
        h.Nodes[n].Value = value with { Surplus = value.Surplus - k };
        world.Note(Counter.Surplus, h, k, "made persistent", null);
        return k;
    });

    private void PersistentToSurplus(Hstate h, ulong to, int only)
    {
        if (to >= h.Persistent || !world.Traits[HugetlbPoolRules.ShrinkMakesSurplus]) return;
        Deal(h, h.NextToShrink, h.Persistent - to, only, (n, k) =>
        {
            var value = h.Nodes[n].Value;
            k = Math.Min(k, value.Total - value.Surplus);
            h.Nodes[n].Value = value with { Surplus = value.Surplus + k };
            world.Note(Counter.Surplus, h, k, "turned persistent pages that are in use or reserved into surplus:", HugetlbPoolRules.ShrinkMakesSurplus);
            return k;
        });
    }

    /// <summary>Takes free pages of a node out of the pool.</summary>
    private void Unlist(Hstate h, int node, ulong count)
    {
        if (count == 0) return;
        var value = h.Nodes[node].Value;
        h.Nodes[node].Value = value with { Total = value.Total - count, Free = value.Free - count };
        world.Note(Counter.Total, h, count, "shrank by", null);
        world.Note(Counter.Free, h, count, "shrank by", null);
        var free = h.FreeFrames[node];
        while (count > 0)
        {
            var pfn = free.NextRun(0);
            var n = Math.Min(count, (free.NextGap(pfn) - pfn) / h.Frames);
            free.Remove(pfn, pfn + n * h.Frames);
            Memory.GiveBlocks(pfn, n * h.Frames);
            count -= n;
        }
    }

    /// <summary>Deals pages out to the nodes in turn, one at a time in effect.</summary>
    /// <param name="h">The size.</param>
    /// <param name="cursor">The node whose turn it is.</param>
    /// <param name="amount">How many.</param>
    /// <param name="only">Only this node, or -1: all.</param>
    /// <param name="give">Gives a node so many; returns how many it could take.</param>
    /// <returns>How many were dealt.</returns>
    private static ulong Deal(Hstate h, Cell<int> cursor, ulong amount, int only, Func<int, ulong, ulong> give)
    {
        var dealt = 0UL;
        if (only >= 0)
        {
            while (dealt < amount)
            {
                var n = give(only, amount - dealt);
                if (n == 0) break;
                dealt += n;
            }
            return dealt;
        }
        var nodes = h.Nodes.Length;
        var full = new bool[nodes];
        while (dealt < amount)
        {
            var open = 0UL;
            for (var n = 0; n < nodes; n++) if (!full[n]) open++;
            if (open == 0) break;
            var each = Math.Max(1, (amount - dealt) / open);
            for (var i = 0; i < nodes && dealt < amount; i++)
            {
                var n = (cursor.Value + i) % nodes;
                if (full[n]) continue;
                var got = give(n, each);
                dealt += got;
                if (got < each) full[n] = true;
                if (each == 1 && got == 1)
                {
                    cursor.Value = (n + 1) % nodes;
                    break;
                }
            }
        }
        return dealt;
    }
}
