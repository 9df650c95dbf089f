using MmSpec.Kernels;
using MmSpec.State;
using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Mm;

/// <summary>What is stored, or expected to be there.</summary>
/// <param name="Seed">Of a pattern; -1: <see cref="Byte"/> everywhere; -2: nothing is expected.</param>
/// <param name="Byte">The byte.</param>
internal readonly record struct Expected(int Seed, byte Byte)
{
    /// <summary>Nothing is expected.</summary>
    public static Expected Nothing => new(-2, 0);
}

/// <summary>Loads and stores: what the processor does with page tables, and the faults it takes (arch/x86/mm/fault.c, mm/memory.c:handle_mm_fault).</summary>
[SharedImmutable]
internal sealed class MemoryAccess(World world)
{
    /// <summary>Loads or stores one byte at the first place of a range and at the first byte of each further base page.</summary>
    /// <param name="process">Who.</param>
    /// <param name="write">A store.</param>
    /// <param name="start">First byte.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="what">What is stored or expected.</param>
    /// <param name="catches">The process catches signals.</param>
    /// <returns>The byte at the first place (0 for a store), or <see cref="Result.Incident"/>.</returns>
    public async KernelTask<long> Touch(int process, bool write, ulong start, ulong length, Expected what, bool catches)
    {
        if (length == 0) return 0;
        var mm = world.Processes.All[process].Mm;
        var end = start + length < start ? ulong.MaxValue : start + length;
        var oomVictim = 0;
        var first = 0L;
        var at = start;
        while (at < end)
        {
            await world.Sync.Point(write ? "store" : "load");
            if (world.Processes.IsGone(process, mm)) return Result.Incident;
            var done = Walk(mm, write, at, end, what, out var got);
            if (done == Result.Incident) return done;
            if (done > 0)
            {
                if (at == start) first = got;
                at = (at & ~4095UL) + ((ulong)done << 12);
                if (at == 0) break;
                continue;
            }
            var handled = await Fault(process, mm, at, write, end);
            if (handled > 0) continue;
            if (world.Processes.IsGone(process, mm)) return Result.Incident;
            switch ((FaultError)handled)
            {
                case FaultError.Crash:
                    return Result.Incident;
                case FaultError.Oom:
                    if (world.Traits[HugetlbFaultRules.ShortageSigkill]) return await Kill(process, "SIGKILL", null, at);
                    oomVictim = world.Processes.OomVictim();
                    await world.Processes.Exit(oomVictim, 0, Names.Key("SIGKILL"));
                    if (oomVictim == process) return OomKilled(oomVictim);
                    continue;
                case FaultError.Sigbus:
                    return await Signal(process, "SIGBUS", "BUS_ADRERR", at, catches);
                case FaultError.AccessError:
                    return await Signal(process, "SIGSEGV", "SEGV_ACCERR", at, catches);
                default:
                    return await Signal(process, "SIGSEGV", "SEGV_MAPERR", at, catches);
            }
        }
        return oomVictim != 0 ? OomKilled(oomVictim) : first;
    }

    /// <summary>Faults a range in without touching it (populate_vma_page_range, faultin_page_range).</summary>
    /// <param name="process">Who.</param>
    /// <param name="start">First byte.</param>
    /// <param name="end">First byte after it.</param>
    /// <param name="write">For writing, for reading, or (null) as mmap does: for writing where the mapping is private and writable.</param>
    /// <returns>0, or the error of the first page that fails: -ENOMEM, -EFAULT, -EINVAL.</returns>
    public async KernelTask<long> Populate(int process, ulong start, ulong end, bool? write)
    {
        var at = start;
        var mm = world.Processes.All[process].Mm;
        var hole = false;
        while (at < end)
        {
            await world.Sync.Point("populate");
            if (world.Processes.IsGone(process, mm)) return Result.Incident;
            var handle = world.Spaces.Find(mm, at);
            if (handle == 0)
            {
                var next = world.Spaces.FindFrom(mm, at);
                if (write is null || next == 0 || world.Traits[MmRules.PopulateStopsAtHole]) return -Errno.ENOMEM;
                hole = true;
                at = world.Spaces.Vmas[next].Start;
                continue;
            }
            var vma = world.Spaces.Vmas[handle];
            var store = write ?? (vma.Flags & (VmFlags.Write | VmFlags.Shared)) == VmFlags.Write;
            if (store ? !vma.Has(VmFlags.Write) : !vma.Has(VmFlags.Read)) return -Errno.EINVAL;
            var table = world.Spaces.Table(vma.Mm);
            if (table.TryGetRun(at >> 12, out _, out var to, out var pte) && (pte.Bits & (store ? PteBits.Write : PteBits.Read)) != 0)
            {
                at = to << 12;
                continue;
            }
            var handled = await Fault(process, mm, at, store, Math.Min(end, world.Spaces.Vmas[handle].End));
            if (handled == (long)FaultError.Oom) return -Errno.ENOMEM;
            if (handled <= 0) return handled == (long)FaultError.Crash ? Result.Incident : -Errno.EFAULT;
        }
        return hole ? -Errno.ENOMEM : 0;
    }

    /// <summary>A signal is caught, or kills.</summary>
    /// <returns><see cref="Result.Incident"/>.</returns>
    private async KernelTask<long> Signal(int process, string name, string code, ulong at, bool catches)
    {
        world.Trace?.Note(Counter.Outcome, 0, 0, $"raised {name} {code}", null);
        if (!catches) return await Kill(process, name, code, at);
        world.Incident = new(OutcomeKind.Signal, Names.Key(name), Names.Key(code), at, 0);
        return Result.Incident;
    }

    private async KernelTask<long> Kill(int process, string name, string? code, ulong at)
    {
        await world.Processes.Exit(process, 0, Names.Key(name));
        world.Incident = new(OutcomeKind.Killed, Names.Key(name), Names.Key(code), at, 0);
        return Result.Incident;
    }

    private long OomKilled(int victim)
    {
        world.Incident = new(OutcomeKind.OomKill, world.Processes.All[victim].Name, 0, 0, 0);
        return Result.Incident;
    }

    /// <summary>What the processor can do without a fault: one look at the page table, then the accesses that it allows.</summary>
    /// <returns>Pages done; 0: it must fault; or <see cref="Result.Incident"/>.</returns>
    private long Walk(int mm, bool write, ulong at, ulong end, Expected what, out byte got)
    {
        got = 0;
        if (at >= World.TaskSize) return 0;
        var page = at >> 12;
        var table = world.Spaces.Table(mm);
        if (!table.TryGetRun(page, out var from, out var to, out var pte) || (pte.Bits & (write ? PteBits.Write : PteBits.Read)) == 0) return 0;
        pte = pte.At(page - from);
        var offset = (int)(at & 4095);
        var pages = offset != 0 ? 1 : Math.Min(to, ((end - 1) >> 12) + 1) - page;
        if (world.UnitLimit == 1 && pages > 1) pages = Math.Min(pages, UnitEnd(pte.Pfn) - pte.Pfn);
        var contents = world.Memory.Contents;
        if (write)
        {
            if (what.Seed >= 0 && offset == 0) contents.StorePattern(pte.Pfn, pages, what.Seed, page);
            else contents.Store(pte.Pfn, pages, offset, what.Seed >= 0 ? Pattern.ByteAt(what.Seed, page) : what.Byte);
            return (long)pages;
        }
        var zero = (pte.Bits & PteBits.Zero) != 0;
        got = zero ? (byte)0 : contents.ByteAt(pte.Pfn, offset);
        if (what.Seed == -2) return (long)pages;
        var same = zero ? (what.Seed < 0 && what.Byte == 0 ? pages : 0)
            : contents.FirstDifference(pte.Pfn, pages, offset, offset == 0 ? what.Seed : -1, page, what.Seed >= 0 && offset != 0 ? Pattern.ByteAt(what.Seed, page) : what.Byte);
        if (same == pages) return (long)pages;
        var where = same == 0 ? at : (page + same) << 12;
        world.Incident = new(OutcomeKind.Mismatch, 0, 0, where, zero ? (byte)0 : contents.ByteAt(pte.Pfn + same, same == 0 ? offset : 0));
        return Result.Incident;
    }

    private ulong UnitEnd(ulong pfn)
    {
        var size = world.Memory.Pages.TryGet(pfn, out var page) && page.Hstate != 0 ? world.Hstate(page.Hstate).Frames : 1;
        return (pfn & ~(size - 1)) + size;
    }

    /// <summary>do_user_addr_fault and handle_mm_fault.</summary>
    /// <returns>Pages that can be accessed now, or a <see cref="FaultError"/>.</returns>
    private async KernelTask<long> Fault(int process, int mm, ulong address, bool write, ulong end)
    {
        await world.Sync.Read(LockClass.MmapLock, mm);
        var handle = world.Spaces.Find(mm, address);
        var result = (long)FaultError.MapError;
        if (handle != 0)
        {
            var flags = world.Spaces.Vmas[handle].Flags & VmFlags.Access;
            var allowed = write ? (flags & VmFlags.Write) != 0 : flags != 0;
            if (!allowed) result = (long)FaultError.AccessError;
            else if (world.Spaces.Vmas[handle].Hstate != 0) result = await world.HugetlbFaults.Handle(handle, address, write, end);
            else result = await world.BaseFaults.Handle(handle, address, write, end);
        }
        world.Sync.ReleaseRead(LockClass.MmapLock, mm);
        if (result > 0)
        {
            world.Processes.CountFaults(process, (ulong)result);
            world.Trace?.Note(Counter.Faults, 0, result, "faulted", null);
        }
        return result;
    }
}
