using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Mm;

/// <summary>Faults on base pages of anonymous and shared memory (mm/memory.c: do_anonymous_page, do_wp_page; mm/shmem.c:shmem_fault), without transparent huge pages.</summary>
[SharedImmutable]
internal sealed class BaseFaults(World world)
{
    /// <summary>Handles a fault; see <see cref="Hugetlb.HugetlbFaults.Handle"/>.</summary>
    public async KernelTask<long> Handle(int handle, ulong address, bool write, ulong end)
    {
        var mm = world.Spaces.Vmas[handle].Mm;
        await world.Sync.Write(LockClass.PageTableLock, mm);
        var page = address >> 12;
        var most = Math.Min(world.UnitLimit, Math.Min(((end - 1) >> 12) + 1, world.Spaces.Vmas[handle].End >> 12) - page);
        var result = world.Spaces.Table(mm).TryGetRun(page, out _, out _, out _) ? Present(handle, page, most, write) : Missing(handle, page, most, write);
        world.Sync.ReleaseWrite(LockClass.PageTableLock, mm);
        return result;
    }

    private long Missing(int handle, ulong page, ulong most, bool write)
    {
        var vma = world.Spaces.Vmas[handle];
        var table = world.Spaces.Table(vma.Mm);
        var next = table.NextRun(page);
        if (next != ulong.MaxValue) most = Math.Min(most, next - page);
        if (vma.Inode == 0)
        {
            if (!write)
            {
                table.Set(page, page + most, new Pte(0, PteBits.Read | PteBits.Zero));
                return (long)most;
            }
            var n = world.Memory.TakeBasePages(0, most, out var pfn);
            if (n == 0) return (long)FaultError.Oom;
            world.Memory.Use(pfn, n, new Page(PageKind.Anon, 0, 1, false, 0));
            table.Set(page, page + n, new Pte(pfn, PteBits.Read | PteBits.Write));
            world.Spaces.MarkAnon(handle);
            return (long)n;
        }
        var index = vma.IndexOf(page << 12);
        var inode = world.Files.Inodes[vma.Inode];
        var size = (inode.Size + 4095) >> 12;
        if (index >= size) return (long)FaultError.Sigbus;
        most = Math.Min(most, size - index);
        ulong frame;
        if (inode.Cache.TryGetRun(index, out var from, out var to, out var cached))
        {
            (frame, most) = (cached.Pfn + (index - from), Math.Min(most, to - index));
        }
        else
        {
            var hole = inode.Cache.NextRun(index);
            if (hole != ulong.MaxValue) most = Math.Min(most, hole - index);
            most = world.Memory.TakeBasePages(0, most, out frame);
            if (most == 0) return (long)FaultError.Oom;
            world.Memory.Use(frame, most, new Page(PageKind.File, 0, 0, false, 0));
            inode.Cache.Set(index, index + most, new Cached(frame));
        }
        var shared = vma.Has(VmFlags.MayShare);
        if (!shared && write)
        {
            var n = world.Memory.TakeBasePages(0, most, out var copy);
            if (n == 0) return (long)FaultError.Oom;
            world.Memory.Use(copy, n, new Page(PageKind.Anon, 0, 1, false, 0));
            world.Memory.Contents.Copy(frame, copy, n);
            table.Set(page, page + n, new Pte(copy, PteBits.Read | PteBits.Write));
            world.Spaces.MarkAnon(handle);
            return (long)n;
        }
        table.Set(page, page + most, new Pte(frame, PteBits.Read | (shared && vma.Has(VmFlags.Shared | VmFlags.Write) ? PteBits.Write : 0)));
        world.Memory.AddMaps(frame, most, 1);
        return (long)most;
    }

    private long Present(int handle, ulong page, ulong most, bool write)
    {
        var vma = world.Spaces.Vmas[handle];
        var table = world.Spaces.Table(vma.Mm);
        table.TryGetRun(page, out var from, out var to, out var pte);
        pte = pte.At(page - from);
        most = Math.Min(most, to - page);
        if (!write || pte.Writable)
        {
            table.Update(page, page + most, static p => p with { Bits = p.Bits | PteBits.Read });
            return (long)most;
        }
        var old = default(Page);
        if ((pte.Bits & PteBits.Zero) == 0)
        {
            world.Memory.Pages.TryGetRun(pte.Pfn, out _, out var alike, out old);
            most = Math.Min(most, alike - pte.Pfn);
            if (vma.Has(VmFlags.MayShare) || old is { Kind: PageKind.Anon, Maps: 1 })
            {
                table.Update(page, page + most, static p => p with { Bits = p.Bits | PteBits.Read | PteBits.Write });
                return (long)most;
            }
        }
        var n = world.Memory.TakeBasePages(0, most, out var pfn);
        if (n == 0) return (long)FaultError.Oom;
        world.Memory.Use(pfn, n, new Page(PageKind.Anon, 0, 1, false, 0));
        if ((pte.Bits & PteBits.Zero) == 0)
        {
            world.Memory.Contents.Copy(pte.Pfn, pfn, n);
            world.Memory.AddMaps(pte.Pfn, n, -1);
        }
        table.Set(page, page + n, new Pte(pfn, PteBits.Read | PteBits.Write));
        world.Spaces.MarkAnon(handle);
        return (long)n;
    }
}
