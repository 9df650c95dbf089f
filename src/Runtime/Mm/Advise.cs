using MmSpec.Kernels;
using MmSpec.Sync;

namespace MmSpec.Mm;

/// <summary>madvise (mm/madvise.c).</summary>
internal sealed partial class Mappings
{
    private const int Normal = 0, Random = 1, Sequential = 2, WillNeed = 3, DontNeed = 4, Free = 8, RemoveAdvice = 9, DontFork = 10, DoFork = 11, MergeableAdvice = 12,
        Unmergeable = 13, HugePageAdvice = 14, NoHugePageAdvice = 15, DontDumpAdvice = 16, DoDump = 17, WipeOnFork = 18, KeepOnFork = 19, Cold = 20, PageOut = 21, PopulateRead = 22,
        PopulateWrite = 23, DontNeedLocked = 24, Collapse = 25, GuardInstall = 102, GuardRemove = 103;

    /// <summary>madvise(2).</summary>
    public async KernelTask<long> Madvise(int process, ulong start, ulong length, int advice)
    {
        var known = IsKnown(advice);
        if (!known && Traits[MmRules.AdviceCheckedFirst]) return -Errno.EINVAL;
        if ((start & 4095) != 0) return -Errno.EINVAL;
        var end = start + ((length + 4095) & ~4095UL);
        if (end < start || (length != 0 && end == start)) return -Errno.EINVAL;
        if (end == start) return 0;
        var mm = world.Processes.All[process].Mm;
        if (advice is PopulateRead or PopulateWrite && known) return await world.Access.Populate(process, start, end, advice == PopulateWrite);
        var changes = advice is not (WillNeed or DontNeed or DontNeedLocked or RemoveAdvice or Free or Cold or PageOut or Collapse or GuardInstall or GuardRemove);
        if (changes) await world.Sync.Write(LockClass.MmapLock, mm);
        else await world.Sync.Read(LockClass.MmapLock, mm);
        var result = await AdviseAll(mm, start, end, known ? advice : -1);
        if (changes) world.Sync.ReleaseWrite(LockClass.MmapLock, mm);
        else world.Sync.ReleaseRead(LockClass.MmapLock, mm);
        return result;
    }

    private bool IsKnown(int advice) => Catalog.Constants.All.Any(c => c.Group == "MADV" && c.Value == (ulong)advice && (c.AvailableIn.Rule is not { } rule || Traits[rule]));

    private async KernelTask<long> AdviseAll(int mm, ulong start, ulong end, int advice)
    {
        var hole = false;
        for (var at = start; at < end;)
        {
            var handle = Spaces.FindFrom(mm, at);
            if (handle == 0) return -Errno.ENOMEM;
            if (Spaces.Vmas[handle].Start > at)
            {
                hole = true;
                at = Spaces.Vmas[handle].Start;
                if (at >= end) break;
            }
            var to = Math.Min(end, Spaces.Vmas[handle].End);
            var result = await AdviseOne(mm, handle, at, to, advice);
            if (result < 0) return result;
            at = to;
        }
        return hole ? -Errno.ENOMEM : 0;
    }

    private async KernelTask<long> AdviseOne(int mm, int handle, ulong from, ulong to, int advice)
    {
        var huge = Spaces.Vmas[handle].Hstate != 0;
        switch (advice)
        {
            case DontNeed or DontNeedLocked:
                if (huge) return await DontNeedHuge(handle, from, to);
                await world.Zap.Range(handle, from, to);
                return 0;
            case RemoveAdvice:
                return await PunchThrough(mm, handle, from, to);
            case Free or Cold or PageOut:
                if (huge) return -Errno.EINVAL;
                if (advice == Free && Spaces.Vmas[handle].Inode != 0) return -Errno.EINVAL;
                return 0;
            case Collapse or GuardInstall or GuardRemove:
                return huge ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
            case WipeOnFork:
                return huge || Spaces.Vmas[handle].Inode != 0 ? -Errno.EINVAL : 0;
            case MergeableAdvice or Unmergeable or KeepOnFork or WillNeed:
                return 0;
            case HugePageAdvice or NoHugePageAdvice:
                if (huge && !Traits[HugetlbMapRules.HugepageAdviceAccepted]) return -Errno.EINVAL;
                return Change(handle, from, to, VmFlags.HugePage | VmFlags.NoHugePage, advice == HugePageAdvice ? VmFlags.HugePage : VmFlags.NoHugePage);
            case DontFork:
                return Change(handle, from, to, 0, VmFlags.DontCopy);
            case DoFork:
                return huge && Traits[HugetlbMapRules.DoforkEinval] ? -Errno.EINVAL : Change(handle, from, to, VmFlags.DontCopy, 0);
            case DontDumpAdvice:
                return Change(handle, from, to, 0, VmFlags.DontDump);
            case DoDump:
                return Change(handle, from, to, VmFlags.DontDump, 0);
            case Normal or Random or Sequential:
                return Change(handle, from, to, VmFlags.RandRead | VmFlags.SeqRead, advice == Random ? VmFlags.RandRead : advice == Sequential ? VmFlags.SeqRead : 0);
            default:
                return -Errno.EINVAL;
        }
    }

    /// <summary>madvise_update_vma: changes flags of a part of a mapping, which is cut out if they differ.</summary>
    private long Change(int handle, ulong from, ulong to, VmFlags clear, VmFlags set)
    {
        var flags = (Spaces.Vmas[handle].Flags & ~clear) | set;
        if (flags == Spaces.Vmas[handle].Flags) return 0;
        var part = Cut(handle, from, to);
        if (part < 0) return part;
        Spaces.Vmas.Set((int)part, Spaces.Vmas[(int)part] with { Flags = flags });
        if (Spaces.Vmas[(int)part].File == 0) Merge((int)part);
        return 0;
    }

    /// <summary>madvise_dontneed_free_valid_vma and hugetlb_zap_begin: the lock of the mapping, where it has one, is held until the pages are freed.</summary>
    private async KernelTask<long> DontNeedHuge(int handle, ulong from, ulong to)
    {
        if (!Traits[HugetlbMapRules.Dontneed]) return -Errno.EINVAL;
        var size = world.Hstate(Spaces.Vmas[handle].Hstate).Size;
        if ((from & (size - 1)) != 0) return -Errno.EINVAL;
        to = Traits[HugetlbMapRules.DontneedRoundsDown] ? to & ~(size - 1) : (to + size - 1) & ~(size - 1);
        if (to <= from) return 0;
        var vmaLock = world.HugetlbFaults.VmaLock(handle);
        var inode = Spaces.Vmas[handle].Inode;
        if (vmaLock != 0) await world.Sync.Write(LockClass.HugetlbVmaLock, vmaLock);
        await world.Sync.Write(LockClass.IMmapRwsem, inode);
        var gather = await world.Zap.TakeEntries(handle, from, to);
        // The locks once ended with the entries; then a fault can come before the pages are back in the pool.
        if (Traits[HugetlbFaultRules.VmaLockForOwners] && gather != 0) await world.Zap.FreeBatch(gather);
        world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        if (vmaLock != 0) world.Sync.ReleaseWrite(LockClass.HugetlbVmaLock, vmaLock);
        if (!Traits[HugetlbFaultRules.VmaLockForOwners] && gather != 0) await world.Zap.FreeBatch(gather);
        return 0;
    }

    /// <summary>madvise_remove: punches a hole into the file. mmap_lock is dropped meanwhile.</summary>
    private async KernelTask<long> PunchThrough(int mm, int handle, ulong from, ulong to)
    {
        var vma = Spaces.Vmas[handle];
        if (vma.Hstate != 0 && !Traits[HugetlbMapRules.Remove]) return -Errno.EINVAL;
        if (vma.Inode == 0) return -Errno.EINVAL;
        if (!vma.Has(VmFlags.Shared | VmFlags.MayWrite)) return -Errno.EACCES;
        var (inode, file) = (vma.Inode, vma.File);
        var (first, last) = (vma.IndexOf(from), vma.IndexOf(to));
        world.Files.Get(file);
        world.Sync.ReleaseRead(LockClass.MmapLock, mm);
        await world.Truncation.PunchHole(inode, first, last);
        await world.Files.Put(file);
        await world.Sync.Read(LockClass.MmapLock, mm);
        return 0;
    }
}
