using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Files;

/// <summary>
/// Changes the size of files and takes pages out of them (fs/hugetlbfs/inode.c: hugetlbfs_setattr, hugetlb_vmtruncate, hugetlbfs_punch_hole, remove_inode_hugepages).
/// </summary>
[SharedImmutable]
internal sealed class Truncation(World world)
{
    private Slab<Inode> Inodes => world.Files.Inodes;

    private bool FaultsHoldMappings => world.Traits[HugetlbFaultRules.FaultHoldsMappingLock];

    /// <summary>Sets a file's size. Of a file that shrinks the mappings lose what lies behind, private pages too.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="size">Its new size in bytes.</param>
    public async KernelTask<long> Resize(int inode, ulong size)
    {
        await world.Sync.Write(LockClass.InodeRwsem, inode);
        if (Inodes[inode].Size <= size) Inodes.Set(inode, Inodes[inode] with { Size = size });
        else await Shrink(inode, size);
        world.Sync.ReleaseWrite(LockClass.InodeRwsem, inode);
        return 0;
    }

    /// <summary>Frees the whole pages of a range, mappings of the file lose them; indexes without a page keep their reservation. Parts of pages at its ends are zeroed.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="from">First index, in base pages.</param>
    /// <param name="to">First index after it.</param>
    public async KernelTask<long> PunchHole(int inode, ulong from, ulong to)
    {
        var frames = FramesOf(inode);
        var (holeFrom, holeTo) = ((from + frames - 1) & ~(frames - 1), to & ~(frames - 1));
        var zeroes = world.Traits[HugetlbMapRules.HoleZeroesParts];
        if (holeTo <= holeFrom && !zeroes) return 0;
        await world.Sync.Write(LockClass.InodeRwsem, inode);
        await world.Sync.Write(LockClass.IMmapRwsem, inode);
        if (zeroes && from < holeFrom) Zero(inode, from, Math.Min(to, holeFrom));
        if (holeTo > holeFrom) await Unmap(inode, holeFrom, holeTo);
        if (zeroes && to > holeTo && to > holeFrom) Zero(inode, holeTo, to);
        world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        if (holeTo > holeFrom) await Drop(inode, holeFrom, holeTo, keepReserves: true);
        world.Sync.ReleaseWrite(LockClass.InodeRwsem, inode);
        return 0;
    }

    /// <summary>Zeroes a part of a page of the file, if it is there (hugetlbfs_zero_partial_page).</summary>
    private void Zero(int inode, ulong from, ulong to)
    {
        if (Inodes[inode].Cache.TryGetRun(from, out var start, out _, out var cached)) world.Memory.Contents.Clear(cached.Pfn + (from - start), to - from);
    }

    /// <summary>Empties a file that nobody uses any more.</summary>
    public KernelTask<long> Empty(int inode) => Drop(inode, 0, ulong.MaxValue, keepReserves: false);

    private ulong FramesOf(int inode) => Inodes[inode].Hstate == 0 ? 1 : world.Hstate(Inodes[inode].Hstate).Frames;

    /// <summary>hugetlb_vmtruncate. Where faults hold the lock of the file's mappings, the size changes under it.</summary>
    private async KernelTask<long> Shrink(int inode, ulong size)
    {
        var from = (size + 4095) >> 12;
        if (!FaultsHoldMappings) Inodes.Set(inode, Inodes[inode] with { Size = size });
        await world.Sync.Write(LockClass.IMmapRwsem, inode);
        if (FaultsHoldMappings) Inodes.Set(inode, Inodes[inode] with { Size = size });
        await Unmap(inode, from, ulong.MaxValue);
        world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        return await Drop(inode, from, ulong.MaxValue, keepReserves: false);
    }

    /// <summary>
    /// hugetlb_vmdelete_list: unmaps a range of the file from all mappings. The lock of the file's mappings is held for writing; a mapping whose own lock is taken is passed over,
    /// since the order of the two is the other way round.
    /// </summary>
    private async KernelTask<long> Unmap(int inode, ulong from, ulong to)
    {
        for (var handle = world.Spaces.NextMapperFrom(inode, from, 0); handle != 0; handle = world.Spaces.NextMapperFrom(inode, from, handle))
        {
            if (world.Spaces.Vmas[handle].PgOff >= to) continue;
            var vmaLock = Inodes[inode].Hstate == 0 ? 0 : world.HugetlbFaults.VmaLock(handle);
            if (vmaLock != 0 && !await world.Sync.TryWrite(LockClass.HugetlbVmaLock, vmaLock)) continue;
            await ZapPart(handle, from, to);
            if (vmaLock != 0) world.Sync.ReleaseWrite(LockClass.HugetlbVmaLock, vmaLock);
        }
        return 0;
    }

    private KernelTask<long> ZapPart(int handle, ulong from, ulong to)
    {
        var vma = world.Spaces.Vmas[handle];
        var end = to - vma.PgOff >= vma.Length >> 12 ? vma.End : vma.Start + ((to - vma.PgOff) << 12);
        return world.Zap.Range(handle, vma.Start + (from > vma.PgOff ? (from - vma.PgOff) << 12 : 0), end);
    }

    /// <summary>remove_inode_hugepages: takes pages out of the cache. The fault mutex of an index stands for the lock of its page, too, which all kernels take.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="from">First index, in base pages.</param>
    /// <param name="to">First index after it.</param>
    /// <param name="keepReserves">A hole: only the indexes that had a page lose their entry in the reservation map; otherwise the whole range does.</param>
    private async KernelTask<long> Drop(int inode, ulong from, ulong to, bool keepReserves)
    {
        var hstate = Inodes[inode].Hstate;
        var shift = hstate == 0 ? 0 : world.Hstate(hstate).Shift - 12;
        var freed = 0UL;
        var at = from;
        while ((at = Inodes[inode].Cache.NextRun(at)) < to)
        {
            var mutex = hstate == 0 ? 0 : world.HugetlbFaults.FaultMutex(inode, at >> shift);
            if (hstate != 0) await world.Sync.Write(LockClass.HugetlbFaultMutex, mutex);
            var stays = IsMapped(inode, at) && keepReserves && world.Traits[HugetlbMapRules.HoleKeepsMapped];
            if (!stays && IsMapped(inode, at)) await UnmapAgain(inode, at, mutex);
            var (count, pfn, page) = (0UL, 0UL, default(Page));
            if (!stays) count = Cut(inode, at, to, out pfn, out page);
            if (keepReserves && hstate != 0 && count > 0) world.ReserveMaps.Delete(world.Files.ReserveMapOf(inode), at >> shift, (at + count) >> shift);
            if (hstate != 0) world.Sync.ReleaseWrite(LockClass.HugetlbFaultMutex, mutex);
            if (count > 0 && page.Maps == 0) await world.Zap.Free(pfn, count, page);
            freed += count;
            at += count > 0 ? count : 1UL << shift;
        }
        if (hstate == 0 || keepReserves) return 0;
        var h = world.Hstate(hstate);
        return await world.Reservations.Unreserve(h, inode, from >> shift, ulong.MaxValue >> h.Shift, freed >> shift);
    }

    /// <summary>A fault was faster and has mapped the page again. The fault mutex is held, so no other one follows (hugetlb_unmap_file_folio).</summary>
    private async KernelTask<long> UnmapAgain(int inode, ulong at, int mutex)
    {
        var to = at + FramesOf(inode);
        if (FaultsHoldMappings)
        {
            // Faults take the two locks in this order.
            world.Sync.ReleaseWrite(LockClass.HugetlbFaultMutex, mutex);
            await world.Sync.Write(LockClass.IMmapRwsem, inode);
            await world.Sync.Write(LockClass.HugetlbFaultMutex, mutex);
        }
        else
        {
            await world.Sync.Write(LockClass.IMmapRwsem, inode);
        }
        for (var handle = NextThatMaps(inode, at, 0); handle != 0; handle = NextThatMaps(inode, at, handle))
        {
            var vmaLock = Inodes[inode].Hstate == 0 ? 0 : world.HugetlbFaults.VmaLock(handle);
            if (vmaLock != 0 && !await world.Sync.TryWrite(LockClass.HugetlbVmaLock, vmaLock))
            {
                // The locks are taken in order instead. Meanwhile the mapping may go; then its lock keeps nobody waiting.
                world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
                await world.Sync.Write(LockClass.HugetlbVmaLock, vmaLock);
                await world.Sync.Write(LockClass.IMmapRwsem, inode);
            }
            if (world.Spaces.Vmas.Contains(handle) && !world.Spaces.Vmas[handle].Unlinked) await ZapPart(handle, at, to);
            if (vmaLock != 0) world.Sync.ReleaseWrite(LockClass.HugetlbVmaLock, vmaLock);
        }
        world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        return 0;
    }

    /// <summary>The next mapping whose page table has the file's page at an index (hugetlb_vma_maps_page).</summary>
    private int NextThatMaps(int inode, ulong at, int after)
    {
        if (!Inodes[inode].Cache.TryGet(at, out var cached)) return 0;
        for (var handle = world.Spaces.NextMapper(inode, at, after); handle != 0; handle = world.Spaces.NextMapper(inode, at, handle))
        {
            var vma = world.Spaces.Vmas[handle];
            if (world.Spaces.Table(vma.Mm).TryGet((vma.Start >> 12) + (at - vma.PgOff), out var pte) && pte.Pfn == cached.Pfn) return handle;
        }
        return 0;
    }

    private bool IsMapped(int inode, ulong at) => Inodes[inode].Cache.TryGet(at, out var cached) && world.Memory.Pages.TryGet(cached.Pfn, out var page) && page.Maps > 0;

    /// <summary>Takes alike adjacent pages out of the cache. One that is still mapped (by a private mapping that came in between) stays alive as an anonymous page.</summary>
    /// <returns>How many base pages.</returns>
    private ulong Cut(int inode, ulong at, ulong end, out ulong pfn, out Page page)
    {
        (pfn, page) = (0, default);
        var cache = Inodes[inode].Cache;
        if (!cache.TryGetRun(at, out var from, out var to, out var cached)) return 0;
        pfn = cached.Pfn + (at - from);
        if (!world.Memory.Pages.TryGetRun(pfn, out _, out var alike, out page)) throw new InvalidOperationException("a cached frame is not in use");
        var count = Math.Min(Math.Min(to, end) - at, alike - pfn);
        if (world.UnitLimit == 1) count = page.Hstate == 0 ? 1 : Math.Min(count, world.Hstate(page.Hstate).Frames);
        cache.Remove(at, at + count);
        if (page.Maps > 0) world.Memory.Pages.Update(pfn, pfn + count, static p => p with { Kind = PageKind.Anon });
        return count;
    }
}
