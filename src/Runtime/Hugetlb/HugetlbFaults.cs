using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Hugetlb;

/// <summary>
/// Faults on huge pages (mm/hugetlb.c: hugetlb_fault, hugetlb_no_page, hugetlb_wp, before 5.19 hugetlb_cow). A fault covers adjacent pages as far as one decision holds for them;
/// each is counted as a fault of its own.
/// </summary>
[SharedImmutable]
internal sealed class HugetlbFaults(World world)
{
    private Traits Traits => world.Traits;

    /// <summary>Handles a fault. The address space's mmap_lock is held for reading, and the mapping allows the access.</summary>
    /// <param name="handle">The mapping.</param>
    /// <param name="address">Where.</param>
    /// <param name="write">A store.</param>
    /// <param name="end">The access ends here; more pages than that are not looked at.</param>
    /// <returns>How many huge pages, from the one at the address on, can be accessed now; or a <see cref="FaultError"/>.</returns>
    public async KernelTask<long> Handle(int handle, ulong address, bool write, ulong end)
    {
        var h = world.Hstate(world.Spaces.Vmas[handle].Hstate);
        var inode = world.Spaces.Vmas[handle].Inode;
        var start = address & ~(h.Size - 1);
        var index = h.IndexOf(world.Spaces.Vmas[handle], start);
        var most = Math.Min(world.UnitLimit, (Math.Min(end, world.Spaces.Vmas[handle].End) - start + h.Size - 1) >> h.Shift);
        if (Traits[HugetlbFaultRules.FaultHoldsMappingLock]) await world.Sync.Read(LockClass.IMmapRwsem, inode);
        await world.Sync.Write(LockClass.HugetlbFaultMutex, FaultMutex(inode, index));
        var vmaLock = VmaLock(handle);
        if (vmaLock != 0) await world.Sync.Read(LockClass.HugetlbVmaLock, vmaLock);
        long result;
        var present = TableOf(handle).TryGet(start >> 12, out var pte);
        if (!present) result = await NoPage(h, handle, start, index, Math.Min(most, GapFrom(h, handle, start)), write);
        else if (write && !pte.Writable) result = await WriteProtected(h, handle, start, index, most);
        else result = 1;
        if (vmaLock != 0) world.Sync.ReleaseRead(LockClass.HugetlbVmaLock, vmaLock);
        world.Sync.ReleaseWrite(LockClass.HugetlbFaultMutex, FaultMutex(inode, index));
        if (Traits[HugetlbFaultRules.FaultHoldsMappingLock]) world.Sync.ReleaseRead(LockClass.IMmapRwsem, inode);
        return result;
    }

    /// <summary>The lock that keeps faults apart from unmapping (hugetlb_vma_lock): of the mapping itself when shared, of its reserve map when a private owner's; 0: none on this kernel.</summary>
    public int VmaLock(int handle)
    {
        ref readonly var vma = ref world.Spaces.Vmas[handle];
        if (vma.Has(VmFlags.MayShare)) return Traits[HugetlbFaultRules.VmaLock] ? handle : 0;
        return vma.Owner && vma.Reserve != 0 && Traits[HugetlbFaultRules.VmaLockForOwners] ? -vma.Reserve : 0;
    }

    /// <summary>The slot of the fault mutex table for a page of a file (hugetlb_fault_mutex_hash); at first there was one mutex for all.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="index">In huge pages.</param>
    public int FaultMutex(int inode, ulong index) => Traits[HugetlbFaultRules.FaultMutexHashed] ? 1 + (int)((((ulong)(uint)inode * 1021) + index) & 0xffff) : 0;

    /// <summary>How many pages from an address on have no entry.</summary>
    private ulong GapFrom(Hstate h, int handle, ulong start)
    {
        var next = TableOf(handle).NextRun(start >> 12);
        return next == ulong.MaxValue ? next : (next - (start >> 12)) >> (h.Shift - 12);
    }

    private State.RunMap<Pte> TableOf(int handle) => world.Spaces.Table(world.Spaces.Vmas[handle].Mm);

    /// <summary>hugetlb_no_page.</summary>
    private async KernelTask<long> NoPage(Hstate h, int handle, ulong start, ulong index, ulong most, bool write)
    {
        if (world.Spaces.Vmas[handle].Unmapped)
        {
            world.Trace?.Note(Counter.Outcome, h.Number, 0, "faulted in a mapping that lost a page to its owner", HugetlbFaultRules.VictimSigbus);
            return (long)FaultError.Sigbus;
        }
        var inode = world.Spaces.Vmas[handle].Inode;
        var shared = world.Spaces.Vmas[handle].Has(VmFlags.MayShare);
        var at = index << (h.Shift - 12);
        // Up to 5.6 the size is looked at again when the page-table lock is held; in between truncation cannot change it under a fault.
        var again = !Traits[HugetlbFaultRules.FaultHoldsMappingLock] && !Traits[HugetlbFaultRules.SizeCheckedOnce];
        var size = world.Files.Inodes[inode].Size >> h.Shift;
        if (index >= size && Traits[HugetlbFaultRules.FaultHoldsMappingLock]) return Beyond(h);
        if (Cached(h, inode, at, most) is { Count: > 0 } cached)
        {
            await world.Sync.Write(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
            if (again && IsBehindEnd(h, inode, index))
            {
                world.Sync.ReleaseWrite(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
                return Beyond(h);
            }
            Map(h, handle, start, cached.Pfn, cached.Count, Bits(handle, shared));
            world.Sync.ReleaseWrite(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
            return write && !shared ? await CopyCached(h, handle, start, index, cached) : (long)cached.Count;
        }
        if (index >= size) return Beyond(h);
        most = Math.Min(most, size - index);
        var next = world.Files.Inodes[inode].Cache.NextRun(at);
        if (next != ulong.MaxValue) most = Math.Min(most, (next - at) >> (h.Shift - 12));
        var grant = await world.Pages.Allocate(h, handle, index, most, outside: false);
        if (grant.Count == 0)
        {
            world.Trace?.Note(Counter.Outcome, h.Number, 0, "found no huge page", ShortageRule);
            return (long)grant.Error;
        }
        if (shared)
        {
            world.Memory.Use(grant.Pfn, grant.Count * h.Frames, new Page(PageKind.File, h.Number, 0, false, grant.Mount));
            world.Files.Inodes[inode].Cache.Set(at, at + grant.Count * h.Frames, new Cached(grant.Pfn));
        }
        await world.Sync.Write(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
        if (again && IsBehindEnd(h, inode, index))
        {
            // Truncated meanwhile. A page that is in the file already stays there, behind its end.
            world.Sync.ReleaseWrite(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
            if (!shared) await world.Pages.Discard(h, handle, index, grant);
            return Beyond(h);
        }
        if (shared)
        {
            Map(h, handle, start, grant.Pfn, grant.Count, Bits(handle, shared) | (write ? PteBits.Write : 0));
        }
        else
        {
            world.Memory.Contents.Clear(grant.Pfn, grant.Count * h.Frames);
            MapAnon(h, handle, start, grant, Bits(handle, shared) | (write ? PteBits.Write : 0));
        }
        world.Sync.ReleaseWrite(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
        return (long)grant.Count;
    }

    private bool IsBehindEnd(Hstate h, int inode, ulong index) => index >= world.Files.Inodes[inode].Size >> h.Shift;

    private long Beyond(Hstate h)
    {
        world.Trace?.Note(Counter.Outcome, h.Number, 0, "faulted beyond the end of the file", null);
        return (long)FaultError.Sigbus;
    }

    /// <summary>A store to pages of the file that were just mapped read-only: copied in the same fault. Pages that the copy does not reach have not been looked at yet.</summary>
    private async KernelTask<long> CopyCached(Hstate h, int handle, ulong start, ulong index, Block cached)
    {
        var result = await WriteProtected(h, handle, start, index, cached.Count);
        var reached = result > 0 ? (ulong)result : 1;
        if (reached >= cached.Count) return result;
        TableOf(handle).Remove((start >> 12) + reached * h.Frames, (start >> 12) + cached.Count * h.Frames);
        world.Memory.AddMaps(cached.Pfn + reached * h.Frames, (cached.Count - reached) * h.Frames, -1);
        return result;
    }

    /// <summary>hugetlb_wp: a store to a present page that is not writable.</summary>
    private async KernelTask<long> WriteProtected(Hstate h, int handle, ulong start, ulong index, ulong most)
    {
        var stole = false;
        while (true)
        {
            if (!Present(h, handle, start, most, out var pfn, out var count, out var page)) return 1;        // gone meanwhile: the access faults again
            var vma = world.Spaces.Vmas[handle];
            var table = TableOf(handle);
            var alone = page.Maps == 1 && (page.Kind == PageKind.Anon || Traits[HugetlbFaultRules.CowReusesFilePage]);
            if (vma.Has(VmFlags.MayShare) || alone)
            {
                if (page.Kind != PageKind.Anon && !vma.Has(VmFlags.MayShare)) world.RanInto(HugetlbFaultRules.CowReusesFilePage);
                table.Update(start >> 12, (start >> 12) + count * h.Frames, static p => p with { Bits = p.Bits | PteBits.Write });
                return (long)count;
            }
            var outside = vma.Owner && vma.Reserve != 0 && Traits[HugetlbFaultRules.OwnerSteals] && !IsFilePage(vma, page, pfn, index << (h.Shift - 12));
            // Without its defect the draft would not pay for a copy with the reservation of another page either.
            outside |= Traits[ReserveRfcRules.ScalarCounter] && !Traits[ReserveRfcRules.CowConsumesCounter] && page.Kind == PageKind.Anon;
            if (Traits[ReserveRfcRules.CowConsumesCounter] && vma.Owed > 0 && page.Kind == PageKind.Anon) world.RanInto(ReserveRfcRules.CowConsumesCounter);
            if (stole && outside) return (long)world.Pages.Shortage;
            var grant = await world.Pages.Allocate(h, handle, index, count, outside);
            if (grant.Count == 0)
            {
                if (!outside || !Traits[HugetlbFaultRules.OwnerSteals] || grant.Error == FaultError.Crash)
                {
                    world.Trace?.Note(Counter.Outcome, h.Number, 0, "found no huge page for a copy", ShortageRule);
                    return (long)grant.Error;
                }
                stole = true;
                await Steal(h, handle, start, index, pfn);
                continue;
            }
            await world.Sync.Write(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
            if (!Present(h, handle, start, 1, out var now, out _, out page) || now != pfn)
            {
                world.Sync.ReleaseWrite(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
                await world.Pages.Discard(h, handle, index, grant);
                return 1;
            }
            var frames = grant.Count * h.Frames;
            world.Memory.Contents.Copy(pfn, grant.Pfn, frames);
            world.Memory.AddMaps(pfn, frames, -1);
            MapAnon(h, handle, start, grant, PteBits.Read | PteBits.Write);
            world.Trace?.Note(Counter.Mapped, h.Number, (long)grant.Count, "copied on write", null);
            world.Sync.ReleaseWrite(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
            if (page is { Kind: PageKind.Anon, Maps: 1 })           // the others dropped it while it was copied
            {
                await world.Sync.HugetlbLock();
                world.Pool.Release(h, pfn, grant.Count, page with { Maps = 0 });
                world.Sync.DropHugetlbLock();
            }
            return (long)grant.Count;
        }
    }

    /// <summary>unmap_ref_private: takes the page away from all mappings of the file's index that do not own a reservation. The fault's own locks are dropped meanwhile.</summary>
    private async KernelTask<long> Steal(Hstate h, int handle, ulong start, ulong index, ulong pfn)
    {
        var inode = world.Spaces.Vmas[handle].Inode;
        var vmaLock = VmaLock(handle);
        if (vmaLock != 0) world.Sync.ReleaseRead(LockClass.HugetlbVmaLock, vmaLock);
        world.Sync.ReleaseWrite(LockClass.HugetlbFaultMutex, FaultMutex(inode, index));
        if (Traits[HugetlbFaultRules.FaultHoldsMappingLock]) world.Sync.ReleaseRead(LockClass.IMmapRwsem, inode);
        await world.Sync.Write(LockClass.IMmapRwsem, inode);
        var at = world.Spaces.Vmas[handle].IndexOf(start);
        for (var other = world.Spaces.NextMapper(inode, at, 0); other != 0; other = world.Spaces.NextMapper(inode, at, other))
        {
            if (other == handle || world.Spaces.Vmas[other].Owner || world.Spaces.Vmas[other].Has(VmFlags.MayShare)) continue;
            await world.Sync.Write(LockClass.PageTableLock, world.Spaces.Vmas[other].Mm);
            var vma = world.Spaces.Vmas[other];
            var page = (vma.Start >> 12) + (at - vma.PgOff);
            if (TableOf(other).TryGet(page, out var pte) && pte.Pfn == pfn)
            {
                TableOf(other).Remove(page, page + h.Frames);
                world.Memory.AddMaps(pfn, h.Frames, -1);
                world.Spaces.Vmas.Set(other, vma with { Unmapped = true });
                world.Trace?.Note(Counter.Mapped, h.Number, 0, "took the page away from a mapping that owns no reservation", HugetlbFaultRules.OwnerSteals);
            }
            world.Sync.ReleaseWrite(LockClass.PageTableLock, vma.Mm);
        }
        world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        if (Traits[HugetlbFaultRules.FaultHoldsMappingLock]) await world.Sync.Read(LockClass.IMmapRwsem, inode);
        await world.Sync.Write(LockClass.HugetlbFaultMutex, FaultMutex(inode, index));
        if (vmaLock != 0) await world.Sync.Read(LockClass.HugetlbVmaLock, vmaLock);
        return 0;
    }

    private Rule? ShortageRule => Traits[HugetlbFaultRules.ShortageSigbus] ? HugetlbFaultRules.ShortageSigbus
        : Traits[HugetlbFaultRules.ShortageOomKill] ? HugetlbFaultRules.ShortageOomKill : HugetlbFaultRules.ShortageSigkill;

    /// <summary>Whether an owner's copy counts as a first touch of the file's page, and not as one outside of the reserve.</summary>
    private bool IsFilePage(in Vma vma, Page page, ulong pfn, ulong at)
    {
        if (Traits[HugetlbFaultRules.OwnerCowNeedsAnon]) return page.Kind == PageKind.File;
        return world.Files.Inodes[vma.Inode].Cache.TryGet(at, out var cached) && cached.Pfn == pfn;
    }

    /// <summary>The adjacent pages of the cache from an index on.</summary>
    private Block Cached(Hstate h, int inode, ulong at, ulong most)
    {
        if (!world.Files.Inodes[inode].Cache.TryGetRun(at, out var from, out var to, out var cached)) return default;
        return new(cached.Pfn + (at - from), Math.Min(most, (to - at) >> (h.Shift - 12)));
    }

    /// <summary>The adjacent present pages from an address on that are alike.</summary>
    private bool Present(Hstate h, int handle, ulong start, ulong most, out ulong pfn, out ulong count, out Page page)
    {
        (pfn, count, page) = (0, 0, default);
        if (!TableOf(handle).TryGetRun(start >> 12, out var from, out var to, out var pte)) return false;
        pfn = pte.Pfn + ((start >> 12) - from);
        if (!world.Memory.Pages.TryGetRun(pfn, out _, out var alike, out page)) throw new InvalidOperationException("a mapped frame is not in use");
        count = Math.Min(most, Math.Min(to - (start >> 12), alike - pfn) >> (h.Shift - 12));
        return true;
    }

    private PteBits Bits(int handle, bool shared) =>
        PteBits.Read | (shared && world.Spaces.Vmas[handle].Has(VmFlags.Shared | VmFlags.Write) ? PteBits.Write : 0);

    /// <summary>Puts granted pages to use as anonymous ones.</summary>
    private void MapAnon(Hstate h, int handle, ulong start, Grant grant, PteBits bits)
    {
        var frames = grant.Count * h.Frames;
        world.Memory.Pages.Set(grant.Pfn, grant.Pfn + frames, new Page(PageKind.Anon, h.Number, 1, false, grant.Mount));
        TableOf(handle).Set(start >> 12, (start >> 12) + frames, new Pte(grant.Pfn, bits));
        world.Spaces.MarkAnon(handle);
        world.Trace?.Note(Counter.Mapped, h.Number, (long)grant.Count, "mapped", null);
    }

    private void Map(Hstate h, int handle, ulong start, ulong pfn, ulong count, PteBits bits)
    {
        TableOf(handle).Set(start >> 12, (start >> 12) + count * h.Frames, new Pte(pfn, bits));
        world.Memory.AddMaps(pfn, count * h.Frames, 1);
        world.Trace?.Note(Counter.Mapped, h.Number, (long)count, "mapped", null);
    }
}
