using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Files;

/// <summary>
/// Takes pages out of files (fs/hugetlbfs/inode.c: hugetlb_vmtruncate, hugetlbfs_punch_hole, remove_inode_hugepages). What a fault that is under way may still add differs by kernel: up to 5.6 a page
/// can stay in the file behind its end; then the fault holds the lock of the file's mappings, and from 6.1 on truncation takes the fault mutex of every index.
/// </summary>
[SharedImmutable]
internal sealed class Truncation(World world)
{
    private Slab<Inode> Inodes => world.Files.Inodes;

    private bool FaultsHoldMappings => world.Traits[HugetlbFaultRules.FaultHoldsMappingLock];

    /// <summary>Cuts a file; mappings lose what lies behind, private pages too.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="size">Its new size in bytes, smaller than the old one.</param>
    public async KernelTask<long> Truncate(int inode, ulong size)
    {
        await world.Sync.Write(LockClass.InodeRwsem, inode);
        var end = (Inodes[inode].Size + 4095) >> 12;
        Inodes.Set(inode, Inodes[inode] with { Size = size });
        var from = (size + 4095) >> 12;
        await world.Sync.Write(LockClass.IMmapRwsem, inode);
        await Unmap(inode, from, ulong.MaxValue);
        if (!FaultsHoldMappings) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        await Drop(inode, from, ulong.MaxValue, end, keepReserves: false);
        if (FaultsHoldMappings) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        world.Sync.ReleaseWrite(LockClass.InodeRwsem, inode);
        return 0;
    }

    /// <summary>Frees the whole pages of a range, mappings of the file lose them; indexes without a page keep their reservation.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="from">First index, in base pages.</param>
    /// <param name="to">First index after it.</param>
    public async KernelTask<long> PunchHole(int inode, ulong from, ulong to)
    {
        var hstate = Inodes[inode].Hstate;
        var frames = hstate == 0 ? 1 : world.Hstate(hstate).Frames;
        from = (from + frames - 1) & ~(frames - 1);
        to &= ~(frames - 1);
        if (to <= from) return 0;
        await world.Sync.Write(LockClass.InodeRwsem, inode);
        await world.Sync.Write(LockClass.IMmapRwsem, inode);
        await Unmap(inode, from, to);
        if (!FaultsHoldMappings) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        await Drop(inode, from, to, to, keepReserves: true);
        if (FaultsHoldMappings) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        world.Sync.ReleaseWrite(LockClass.InodeRwsem, inode);
        return 0;
    }

    /// <summary>Empties a file that nobody uses any more.</summary>
    public KernelTask<long> Empty(int inode) => Drop(inode, 0, ulong.MaxValue, 0, keepReserves: false);

    /// <summary>hugetlb_vmdelete_list: unmaps a range of the file from all mappings. The lock of the file's mappings is held for writing.</summary>
    private async KernelTask<long> Unmap(int inode, ulong from, ulong to)
    {
        for (var handle = world.Spaces.NextMapperFrom(inode, from, 0); handle != 0; handle = world.Spaces.NextMapperFrom(inode, from, handle))
        {
            var vma = world.Spaces.Vmas[handle];
            if (vma.PgOff >= to) continue;
            var end = to - vma.PgOff >= vma.Length >> 12 ? vma.End : vma.Start + ((to - vma.PgOff) << 12);
            await world.Zap.Range(handle, vma.Start + (from > vma.PgOff ? (from - vma.PgOff) << 12 : 0), end);
        }
        return 0;
    }

    /// <summary>Takes pages out of the cache.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="from">First index, in base pages.</param>
    /// <param name="to">First index after it.</param>
    /// <param name="end">Behind this index no fault can be under way.</param>
    /// <param name="keepReserves">A hole: only the indexes that had a page lose their entry in the reservation map; otherwise the whole range does.</param>
    private async KernelTask<long> Drop(int inode, ulong from, ulong to, ulong end, bool keepReserves)
    {
        var hstate = Inodes[inode].Hstate;
        // Where nobody else runs, the indexes without a page need not be looked at.
        var every = hstate != 0 && world.UnitLimit == 1 && world.Traits[HugetlbFaultRules.VmaLock];
        var freed = 0UL;
        var at = from;
        while ((at = every && at < end ? at : Inodes[inode].Cache.NextRun(at)) < to)
        {
            var mutex = hstate == 0 ? 0 : world.HugetlbFaults.FaultMutex(inode, at >> (world.Hstate(hstate).Shift - 12));
            if (hstate != 0) await world.Sync.Write(LockClass.HugetlbFaultMutex, mutex);
            if (IsMapped(inode, at))                                // a fault was faster
            {
                if (!FaultsHoldMappings) await world.Sync.Write(LockClass.IMmapRwsem, inode);
                await Unmap(inode, at, at + (hstate == 0 ? 1 : world.Hstate(hstate).Frames));
                if (!FaultsHoldMappings) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
            }
            var count = Cut(inode, at, to, out var pfn, out var page);
            if (keepReserves && hstate != 0 && count > 0)
                world.ReserveMaps.Delete(world.Files.ReserveMapOf(inode), at >> (world.Hstate(hstate).Shift - 12), (at + count) >> (world.Hstate(hstate).Shift - 12));
            if (hstate != 0) world.Sync.ReleaseWrite(LockClass.HugetlbFaultMutex, mutex);
            if (count > 0 && page.Maps == 0) await world.Zap.Free(pfn, count, page);
            freed += count;
            at += count > 0 ? count : world.Hstate(hstate).Frames;
        }
        if (hstate == 0 || keepReserves) return 0;
        var h = world.Hstate(hstate);
        return await world.Reservations.Unreserve(h, inode, from >> (h.Shift - 12), ulong.MaxValue >> h.Shift, freed / h.Frames);
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
