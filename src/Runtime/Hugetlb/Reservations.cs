using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Hugetlb;

/// <summary>Reservations at mmap and their return (mm/hugetlb.c: hugetlb_reserve_pages, hugetlb_unreserve_pages, hugetlb_vm_op_open, hugetlb_vm_op_close).</summary>
[SharedImmutable]
internal sealed class Reservations(World world)
{
    private Traits Traits => world.Traits;

    /// <summary>hugetlb_reserve_pages, for a mapping that is being made.</summary>
    /// <param name="h">Page size.</param>
    /// <param name="inode">The file.</param>
    /// <param name="vma">The mapping; its reservation fields are set.</param>
    /// <param name="from">First index, in huge pages.</param>
    /// <param name="to">First index after it.</param>
    /// <returns>0 or a negated errno.</returns>
    public async KernelTask<long> Reserve(Hstate h, int inode, int vma, ulong from, ulong to)
    {
        if (!Traits[HugetlbReserveRules.OwnerReserves])
            return Traits[ReserveRfcRules.ScalarCounter] ? await ReserveByCounter(h, inode, vma, from, to) : await ReserveShared(h, inode, vma, from, to);
        var shared = world.Spaces.Vmas[vma].Has(VmFlags.MayShare);
        if (world.Spaces.Vmas[vma].Has(VmFlags.NoReserve))
        {
            world.Trace?.Note(Counter.Reserved, h.Number, 0, "reserved nothing", shared ? HugetlbReserveRules.SharedNoReserve : HugetlbReserveRules.PrivateNoReserve);
            return 0;
        }
        if (shared) return await ReserveShared(h, inode, vma, from, to);
        var pages = world.Mounts.Get(world.Files.Inodes[inode].Mount, to - from);
        if (pages < 0) return -Errno.ENOSPC;
        var error = await Account(h, pages, HugetlbReserveRules.OwnerReserves);
        if (error < 0)
        {
            world.Mounts.Put(world.Files.Inodes[inode].Mount, to - from);
            return error;
        }
        world.Spaces.Vmas.Set(vma, world.Spaces.Vmas[vma] with { Reserve = world.ReserveMaps.Make(), Owner = true });
        return 0;
    }

    /// <summary>hugetlb_unreserve_pages: a range of a file is gone.</summary>
    /// <param name="h">Page size.</param>
    /// <param name="inode">The file.</param>
    /// <param name="from">First index, in huge pages.</param>
    /// <param name="to">First index after it.</param>
    /// <param name="freed">Pages that were freed there.</param>
    public async KernelTask<long> Unreserve(Hstate h, int inode, ulong from, ulong to, ulong freed)
    {
        var map = world.Files.Inodes[inode].Reserve;
        if (map == 0) return 0;
        var entries = world.ReserveMaps.Delete(map, from, to);
        var unused = (long)(entries - freed);
        if (unused == 0) return 0;
        if (unused > 0) unused = (long)world.Mounts.Put(world.Files.Inodes[inode].Mount, (ulong)unused);
        return await Account(h, -unused, null);
    }

    /// <summary>A mapping was split (hugetlb_vm_op_open, called for the new part).</summary>
    /// <param name="part">The new part, a copy of the old mapping but for its range.</param>
    /// <param name="rest">The old mapping, now shorter.</param>
    /// <returns>0, or <see cref="Result.Incident"/> where the draft has a BUG.</returns>
    public long Split(int part, int rest)
    {
        var vma = world.Spaces.Vmas[part];
        if (vma.Reserve != 0)
        {
            if (Traits[HugetlbReserveRules.SplitSharesMap]) world.ReserveMaps.Get(vma.Reserve);
            else world.Spaces.Vmas.Set(part, vma with { Reserve = 0, Owner = false });
        }
        if (!Traits[ReserveRfcRules.ScalarCounter] || vma.Has(VmFlags.MayShare)) return 0;
        if (Traits[ReserveRfcRules.SplitKeepsCounterWhole])
        {
            if (vma.Owed != 0) world.RanInto(ReserveRfcRules.SplitKeepsCounterWhole);
            return ClearCounter(part);
        }
        var share = Math.Min(vma.Owed, vma.Length >> world.Hstate(vma.Hstate).Shift);
        world.Spaces.Vmas.Set(part, vma with { Owed = share });
        world.Spaces.Vmas.Set(rest, world.Spaces.Vmas[rest] with { Owed = vma.Owed - share });
        return 0;
    }

    /// <summary>A mapping was inherited by fork (hugetlb_dup_vma_private, reset_vma_resv_huge_pages).</summary>
    /// <param name="child">The child's mapping, a copy of the parent's.</param>
    /// <returns>0, or <see cref="Result.Incident"/> where the draft has a BUG.</returns>
    public long Inherit(int child)
    {
        var vma = world.Spaces.Vmas[child];
        if (vma.Has(VmFlags.MayShare)) return 0;
        if (Traits[ReserveRfcRules.ScalarCounter]) return ClearCounter(child);
        if (Traits[HugetlbReserveRules.ForkDropsReserves]) world.Spaces.Vmas.Set(child, vma with { Reserve = 0, Owner = false, Unmapped = false });
        else if (vma.Reserve != 0) world.ReserveMaps.Get(vma.Reserve);
        return 0;
    }

    /// <summary>hugetlb_vm_op_close: what the mapping was still owed goes back.</summary>
    public async KernelTask<long> Close(int handle)
    {
        var h = world.Hstate(world.Spaces.Vmas[handle].Hstate);
        if (Traits[ReserveRfcRules.ScalarCounter])
        {
            if (world.Spaces.Vmas[handle].Owed == 0) return 0;
            return await Account(h, -(long)world.Spaces.Vmas[handle].Owed, ReserveRfcRules.ScalarCounter);
        }
        var map = world.Spaces.Vmas[handle].Reserve;
        if (map == 0) return 0;
        var owed = Owed(h, handle, map);
        world.Spaces.Vmas.Set(handle, world.Spaces.Vmas[handle] with { Reserve = 0, Owner = false });
        world.ReserveMaps.Put(map);
        if (owed == 0) return 0;
        return await Account(h, -(long)world.Mounts.Put(world.Files.Inodes[world.Spaces.Vmas[handle].Inode].Mount, owed), HugetlbReserveRules.OwnerReserves);
    }

    /// <summary>hugetlb_acct_memory: moves the reserve count, growing the pool by surplus pages where it must and may.</summary>
    /// <param name="h">Page size.</param>
    /// <param name="delta">By how much.</param>
    /// <param name="why">Rule, for traces.</param>
    /// <returns>0 or -ENOMEM; then nothing has changed.</returns>
    public async KernelTask<long> Account(Hstate h, long delta, Rule? why)
    {
        if (delta == 0) return 0;
        await world.Sync.HugetlbLock();
        var error = 0L;
        if (delta > 0)
        {
            error = await GatherSurplus(h, (ulong)delta, why);
            if (error == 0 && (ulong)delta > h.Free)
            {
                world.Pool.ReturnUnused(h, (ulong)delta, why);
                error = -Errno.ENOMEM;
            }
        }
        else
        {
            world.Pool.ReturnUnused(h, (ulong)-delta, why);
        }
        world.Sync.DropHugetlbLock();
        return error;
    }

    /// <summary>Pages that a private owner's mapping is still owed.</summary>
    internal ulong Owed(Hstate h, int handle, int map)
    {
        var vma = world.Spaces.Vmas[handle];
        var from = h.IndexOf(vma, vma.Start);
        var to = from + (vma.Length >> h.Shift);
        return to - from - world.ReserveMaps.Count(map, from, to);
    }

    /// <summary>A shared mapping, or any mapping before there were private reservations: charged to the file's map.</summary>
    private async KernelTask<long> ReserveShared(Hstate h, int inode, int vma, ulong from, ulong to)
    {
        var why = HugetlbReserveRules.SharedReserves;
        if (!world.Spaces.Vmas[vma].Has(VmFlags.MayShare) || !Traits[HugetlbReserveRules.SharedReserves]) return 0;
        var map = world.Files.ReserveMapOf(inode);
        var charge = world.ReserveMaps.Change(map, from, to);
        var pages = world.Mounts.Get(world.Files.Inodes[inode].Mount, charge);
        if (pages < 0) return -Errno.ENOSPC;
        var error = await Account(h, pages, why);
        if (error < 0)
        {
            world.Mounts.Put(world.Files.Inodes[inode].Mount, charge);
            return error;
        }
        var added = world.ReserveMaps.Add(map, from, to);
        // Somebody added entries between region_chg and region_add: what was reserved twice goes back.
        if (added < charge && Traits[HugetlbReserveRules.RacesRecounted]) await Account(h, -(long)world.Mounts.Put(world.Files.Inodes[inode].Mount, charge - added), why);
        return 0;
    }

    /// <summary>hugetlb_reserve_pages of the 2008 draft.</summary>
    private async KernelTask<long> ReserveByCounter(Hstate h, int inode, int handle, ulong from, ulong to)
    {
        var map = world.Files.ReserveMapOf(inode);
        var shared = world.Spaces.Vmas[handle].Has(VmFlags.Shared);
        var whole = !shared && (world.Spaces.Vmas[handle].Has(VmFlags.MayWrite) || !Traits[ReserveRfcRules.ReadOnlyUsesInodeMap]);
        var charge = whole ? to - from : world.ReserveMaps.Change(map, from, to);
        var warned = false;
        if (!shared && !whole) world.RanInto(ReserveRfcRules.ReadOnlyUsesInodeMap);
        if (!shared)
        {
            if (!world.Spaces.Vmas[handle].Has(VmFlags.MayShare)) world.Spaces.Vmas.Set(handle, world.Spaces.Vmas[handle] with { Owed = charge });
            else warned = WarnOnce();                               // opened read-only, mapped shared: VM_MAYSHARE without VM_SHARED
        }
        var pages = world.Mounts.Get(world.Files.Inodes[inode].Mount, charge);
        var error = pages < 0 ? -Errno.ENOSPC : await Account(h, pages, whole ? ReserveRfcRules.ScalarCounter : shared ? HugetlbReserveRules.SharedReserves : ReserveRfcRules.ReadOnlyUsesInodeMap);
        if (error < 0)
        {
            if (pages >= 0) world.Mounts.Put(world.Files.Inodes[inode].Mount, charge);
            return error;
        }
        if (!whole)
        {
            world.ReserveMaps.Add(map, from, to);
        }
        else if (Traits[ReserveRfcRules.AddsWithoutCharge] && DoesNotAddTo(map, from, to))
        {
            world.Trace?.Note(Counter.Outcome, 0, 0, "wrote through the head of the inode's empty list", ReserveRfcRules.AddsWithoutCharge);
            world.Incident = new(OutcomeKind.Undefined, Names.Key("region_add without region_chg writes through the list's head"), 0, 0, 0);
            return Result.Incident;
        }
        if (!warned) return 0;
        world.Incident = new(OutcomeKind.Warn, Names.Key("set_vma_resv_huge_pages of a mapping with VM_MAYSHARE"), 0, 0, 0);
        return Result.Incident;
    }

    /// <summary>The draft's region_add without a region_chg before it.</summary>
    /// <returns>True where it writes to memory that is not its own.</returns>
    private bool DoesNotAddTo(int map, ulong from, ulong to)
    {
        world.RanInto(ReserveRfcRules.AddsWithoutCharge);
        return !world.ReserveMaps.AddWithoutChange(map, from, to);
    }

    private bool WarnOnce()
    {
        if ((world.WarnedOnce.Value & 1) != 0) return false;
        world.WarnedOnce.Value |= 1;
        return true;
    }

    /// <summary>set_vma_resv_huge_pages(vma, 0) of the draft; its debugging check looks at the value that the copy still has.</summary>
    private long ClearCounter(int handle)
    {
        var vma = world.Spaces.Vmas[handle];
        if (vma.Owed > CounterLimit) return world.Die(OutcomeKind.Bug, "set_vma_resv_huge_pages: more than 100 pages", ReserveRfcRules.CounterLimit);
        world.Spaces.Vmas.Set(handle, vma with { Owed = 0 });
        return 0;
    }

    /// <summary>The draft's debugging check fires above this count.</summary>
    internal const ulong CounterLimit = 100;

    /// <summary>gather_surplus_pages: reserves, allocating surplus pages for what free pages do not cover. hugetlb_lock is held, but dropped in between.</summary>
    private async KernelTask<long> GatherSurplus(Hstate h, ulong delta, Rule? why)
    {
        var needed = (long)(h.Reserved.Value + delta - h.Free);
        var staged = 0L;
        while (needed > 0)
        {
            if (!Traits[HugetlbPoolRules.SurplusFillsReservations]) return -Errno.ENOMEM;
            var got = 0UL;
            var short_ = false;
            world.Sync.DropHugetlbLock();
            await world.Sync.HugetlbLock();
            while (got < (ulong)needed && !short_)
            {
                var block = world.Pool.TakeSurplus(h, (ulong)needed - got, HugetlbPoolRules.SurplusFillsReservations);
                short_ = block.Count == 0;
                if (short_) break;
                h.StagedFrames[PhysicalMemory.NodeOf(block.Pfn)].Set(block.Pfn, block.Pfn + block.Count * h.Frames, default);
                got += block.Count;
            }
            staged += (long)got;
            needed = (long)(h.Reserved.Value + delta - (h.Free + (ulong)staged));
            if (needed <= 0 || !short_) continue;
            Unstage(h, 0, (ulong)staged);
            return -Errno.ENOMEM;
        }
        h.Reserved.Value += delta;
        world.Note(Counter.Reserved, h, delta, "reserved", why);
        Unstage(h, (ulong)Math.Max(0, staged + needed), (ulong)staged);
        return 0;
    }

    /// <summary>Takes surplus pages off the staging area: the first ones go to the free lists, the others back.</summary>
    private void Unstage(Hstate h, ulong enqueue, ulong all)
    {
        foreach (var area in h.StagedFrames)
        {
            while (all > 0 && !area.IsEmpty)
            {
                var pfn = area.NextRun(0);
                var n = Math.Min((area.NextGap(pfn) - pfn) / h.Frames, enqueue > 0 ? Math.Min(enqueue, all) : all);
                area.Remove(pfn, pfn + n * h.Frames);
                if (enqueue > 0)
                {
                    world.Pool.Enqueue(h, pfn, n, "gained surplus");
                    enqueue -= n;
                }
                else
                {
                    world.Pool.GiveBack(h, pfn, n);
                }
                all -= n;
            }
        }
    }
}
