using MmSpec.Kernels;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Mm;

/// <summary>Takes page-table entries away and frees pages that nobody maps any more (mm/hugetlb.c:__unmap_hugepage_range, mm/memory.c:zap_page_range).</summary>
[SharedImmutable]
internal sealed class Zap(World world)
{
    /// <summary>A batch of pages to free (struct mmu_gather).</summary>
    /// <param name="Open">It is in use.</param>
    private readonly record struct Gather(bool Open) : IStateful<Gather>
    {
        /// <summary>The pages by frame; not part of the hash, they contribute themselves.</summary>
        public RunMap<Page> Pages { get; init; } = null!;

        /// <inheritdoc />
        public ulong HashInto(ulong seed) => StateHash.Mix(seed, Open);
    }

    private readonly Slab<Gather> _gathers = new(world.Store, StateHash.Key(StateKind.Gathers));

    /// <summary>A stretch that was unmapped.</summary>
    /// <param name="Next">Where to go on, an address.</param>
    /// <param name="Pfn">First frame to free.</param>
    /// <param name="Frames">How many frames to free; 0: none.</param>
    /// <param name="Page">Their entry in the memmap.</param>
    private readonly record struct Stretch(ulong Next, ulong Pfn, ulong Frames, Page Page);

    /// <summary>Unmaps a range of a mapping. Pages are freed when all entries are gone (mmu_gather). The caller keeps faults out as far as the kernel does.</summary>
    /// <param name="handle">The mapping.</param>
    /// <param name="from">First address.</param>
    /// <param name="to">First address after it, inside the mapping.</param>
    public async KernelTask<long> Range(int handle, ulong from, ulong to)
    {
        var gather = await TakeEntries(handle, from, to);
        return gather == 0 ? 0 : await FreeBatch(gather);
    }

    /// <summary>Takes the entries of a range away and keeps the pages that nobody maps any more in a batch.</summary>
    /// <inheritdoc cref="Range"/>
    /// <returns>The batch for <see cref="FreeBatch"/>; 0: there is nothing to free.</returns>
    public async KernelTask<int> TakeEntries(int handle, ulong from, ulong to)
    {
        var gather = 0;
        var at = from;
        while (at < to)
        {
            await world.Sync.Write(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
            var taken = Take(handle, at, to);
            world.Sync.ReleaseWrite(LockClass.PageTableLock, world.Spaces.Vmas[handle].Mm);
            at = taken.Next;
            if (taken.Frames == 0) continue;
            if (gather == 0) gather = MakeGather();
            _gathers[gather].Pages.Set(taken.Pfn, taken.Pfn + taken.Frames, taken.Page);
        }
        return gather;
    }

    /// <summary>Frees the pages of a batch (tlb_finish_mmu).</summary>
    public async KernelTask<long> FreeBatch(int gather)
    {
        while (Next(gather, out var pfn, out var frames, out var page)) await Free(pfn, frames, page);
        _gathers.Remove(gather);
        return 0;
    }

    /// <summary>Frees pages that nobody refers to any more.</summary>
    public async KernelTask<long> Free(ulong pfn, ulong frames, Page page)
    {
        if (page.Hstate == 0)
        {
            world.Memory.Retire(pfn, frames);
            world.Memory.GiveBasePages(pfn, frames);
            return 0;
        }
        await world.Sync.HugetlbLock();
        var h = world.Hstate(page.Hstate);
        world.Pool.Release(h, pfn, frames / h.Frames, page);
        world.Sync.DropHugetlbLock();
        return 0;
    }

    private int MakeGather()
    {
        var handle = _gathers.Add(default);
        _gathers.Set(handle, new Gather(true) { Pages = new(world.Store, StateHash.Key(StateKind.Gather, (ulong)(uint)handle)) });
        return handle;
    }

    /// <summary>Takes adjacent pages off a batch, one unit of them where others may look on.</summary>
    private bool Next(int gather, out ulong pfn, out ulong frames, out Page page)
    {
        var pages = _gathers[gather].Pages;
        (pfn, frames) = (pages.NextRun(0), 0);
        if (!pages.TryGetRun(pfn, out _, out var to, out page)) return false;
        frames = world.UnitLimit == 1 ? page.Hstate == 0 ? 1 : world.Hstate(page.Hstate).Frames : to - pfn;
        pages.Remove(pfn, pfn + frames);
        return true;
    }

    private Stretch Take(int handle, ulong at, ulong to)
    {
        var vma = world.Spaces.Vmas[handle];
        var table = world.Spaces.Table(vma.Mm);
        var first = table.NextRun(at >> 12);
        if (first >= to >> 12) return new(to, 0, 0, default);
        table.TryGetRun(first, out var start, out var end, out var pte);
        pte = pte.At(first - start);
        end = Math.Min(end, to >> 12);
        if (world.UnitLimit == 1) end = Math.Min(end, first + (vma.Hstate == 0 ? 1 : world.Hstate(vma.Hstate).Frames));
        if ((pte.Bits & PteBits.Zero) != 0)
        {
            table.Remove(first, end);
            return new(end << 12, 0, 0, default);
        }
        if (!world.Memory.Pages.TryGetRun(pte.Pfn, out _, out var alike, out var page)) throw new InvalidOperationException("a mapped frame is not in use");
        end = Math.Min(end, first + (alike - pte.Pfn));
        var frames = end - first;
        table.Remove(first, end);
        if (Restores(vma, page)) page = Restore(vma, first, frames, pte.Pfn, page);
        world.Memory.AddMaps(pte.Pfn, frames, -1);
        world.Trace?.Note(Counter.Mapped, vma.Hstate, (long)(vma.Hstate == 0 ? frames : frames / world.Hstate(vma.Hstate).Frames), "unmapped", null);
        return page is { Maps: 1, Kind: PageKind.Anon } ? new(end << 12, pte.Pfn, frames, page with { Maps = 0 }) : new(end << 12, 0, 0, default);
    }

    /// <summary>Whether the page's reservation comes back with it.</summary>
    private bool Restores(in Vma vma, Page page) =>
        vma.Hstate != 0 && vma.Owner && vma.Reserve != 0 && page.Kind == PageKind.Anon && world.Traits[HugetlbReserveRules.ZapRestores]
        && world.Hstate(vma.Hstate).Surplus == 0 && (page.Maps == 1 || world.Traits[HugetlbReserveRules.ZapRestoresWhileMapped]);

    private Page Restore(in Vma vma, ulong first, ulong frames, ulong pfn, Page page)
    {
        var h = world.Hstate(vma.Hstate);
        var index = h.IndexOf(vma, first << 12);
        if (page.Maps != 1) world.RanInto(HugetlbReserveRules.ZapRestoresWhileMapped);
        world.ReserveMaps.Delete(vma.Reserve, index, index + frames / h.Frames);
        world.Memory.Pages.Update(pfn, pfn + frames, static p => p with { Restore = true });
        world.Trace?.Note(Counter.Consumed, h.Number, (long)(frames / h.Frames), "marked pages to come back reserved:",
            page.Maps == 1 ? HugetlbReserveRules.ZapRestores : HugetlbReserveRules.ZapRestoresWhileMapped);
        return page with { Restore = true };
    }
}
