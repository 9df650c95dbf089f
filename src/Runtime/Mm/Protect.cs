using MmSpec.Sync;

namespace MmSpec.Mm;

/// <summary>mprotect (mm/mprotect.c) and the change of mapping flags that it shares with madvise.</summary>
internal sealed partial class Mappings
{
    /// <summary>mprotect(2).</summary>
    public async KernelTask<long> Mprotect(int process, ulong start, ulong length, ulong prot)
    {
        if ((start & 4095) != 0) return -Errno.EINVAL;
        if (length == 0) return 0;
        var end = start + ((length + 4095) & ~4095UL);
        if (end <= start) return -Errno.ENOMEM;
        if ((prot & ~7UL) != 0) return -Errno.EINVAL;
        var mm = world.Processes.All[process].Mm;
        await world.Sync.Write(LockClass.MmapLock, mm);
        var result = await Protect(mm, start, end, (VmFlags)prot);
        world.Sync.ReleaseWrite(LockClass.MmapLock, mm);
        return result;
    }

    private async KernelTask<long> Protect(int mm, ulong start, ulong end, VmFlags access)
    {
        for (var at = start; at < end;)
        {
            var handle = Spaces.Find(mm, at);
            if (handle == 0) return -Errno.ENOMEM;
            var vma = Spaces.Vmas[handle];
            var flags = (vma.Flags & ~VmFlags.Access) | access;
            if (((ulong)access & ~((ulong)vma.Flags >> 4) & (ulong)VmFlags.Access) != 0) return -Errno.EACCES;
            var to = Math.Min(end, vma.End);
            if (flags != vma.Flags)
            {
                var part = Cut(handle, at, to);
                if (part < 0) return part;
                handle = (int)part;
                Spaces.Vmas.Set(handle, Spaces.Vmas[handle] with { Flags = flags });
                await ChangeProtection(handle);
                if (Spaces.Vmas[handle].File == 0) Merge(handle);
            }
            at = to;
        }
        return 0;
    }

    /// <summary>Cuts a mapping so that a range is one of its own. The kernel makes the part below the range a new mapping, then the part above.</summary>
    /// <returns>The mapping of the range, or a negative result.</returns>
    private long Cut(int handle, ulong from, ulong to)
    {
        if (CanSplit(handle, from) is < 0 and var error) return error;
        if (CanSplit(handle, to) is < 0 and var error2) return error2;
        if (from > Spaces.Vmas[handle].Start && Spaces.Split(handle, from, newBelow: true) is < 0 and var dead) return dead;
        if (to < Spaces.Vmas[handle].End && Spaces.Split(handle, to, newBelow: false) is < 0 and var dead2) return dead2;
        return handle;
    }

    /// <summary>change_protection, of huge pages under the locks that keep faults and other walkers out (hugetlb_change_protection).</summary>
    private async KernelTask<long> ChangeProtection(int handle)
    {
        var (mm, inode) = (Spaces.Vmas[handle].Mm, Spaces.Vmas[handle].Inode);
        var huge = Spaces.Vmas[handle].Hstate != 0;
        var vmaLock = huge ? world.HugetlbFaults.VmaLock(handle) : 0;
        if (vmaLock != 0) await world.Sync.Write(LockClass.HugetlbVmaLock, vmaLock);
        if (huge) await world.Sync.Write(LockClass.IMmapRwsem, inode);
        await world.Sync.Write(LockClass.PageTableLock, mm);
        ChangeEntries(handle);
        world.Sync.ReleaseWrite(LockClass.PageTableLock, mm);
        if (huge) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        if (vmaLock != 0) world.Sync.ReleaseWrite(LockClass.HugetlbVmaLock, vmaLock);
        return 0;
    }

    /// <summary>Entries of a private mapping lose write permission in any case, the next store faults and reuses the page.</summary>
    private void ChangeEntries(int handle)
    {
        var vma = Spaces.Vmas[handle];
        var bits = (vma.Flags & VmFlags.Access) == 0 ? PteBits.None
            : vma.Has(VmFlags.Shared | VmFlags.Write) ? PteBits.Read | PteBits.Write : PteBits.Read;
        Spaces.Table(vma.Mm).Update(vma.Start >> 12, vma.End >> 12, bits, static (b, p) => p with { Bits = (p.Bits & PteBits.Zero) | b });
    }
}
