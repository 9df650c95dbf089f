using MmSpec.Hugetlb;
using MmSpec.Kernels;
using MmSpec.State;
using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Mm;

/// <summary>mmap and munmap (mm/mmap.c: do_mmap, mmap_region, do_munmap; fs/hugetlbfs/inode.c: hugetlbfs_file_mmap).</summary>
[SharedImmutable]
internal sealed partial class Mappings(World world)
{
    private AddressSpaces Spaces => world.Spaces;
    private Traits Traits => world.Traits;

    /// <summary>mmap(2). The checks stand in the kernel's order.</summary>
    /// <param name="process">Who.</param>
    /// <param name="placement">Where.</param>
    /// <param name="length">Bytes asked for.</param>
    /// <param name="prot">PROT bits.</param>
    /// <param name="flags">MAP bits and size code.</param>
    /// <param name="fd">Descriptor, ignored with MAP_ANONYMOUS.</param>
    /// <param name="offset">Offset in the file, bytes.</param>
    /// <returns>The address, a negated errno, or <see cref="Result.Incident"/>; where the model goes on after that, the incident's At is the address.</returns>
    public async KernelTask<long> Mmap(int process, Placement placement, ulong length, ulong prot, ulong flags, long fd, ulong offset)
    {
        if ((offset & 4095) != 0) return -Errno.EINVAL;
        if (OfWhat(process, flags, fd, ref length, out var file, out var h) is < 0 and var wrong) return wrong;
        if (length == 0) return -Errno.EINVAL;
        length = (length + 4095) & ~4095UL;
        if (length == 0) return -Errno.ENOMEM;
        if (offset + length < offset || (file != 0 && offset + length > long.MaxValue)) return -Errno.EOVERFLOW;
        var mm = world.Processes.All[process].Mm;
        if (file != 0) world.Files.Get(file);                       // another thread may close the descriptor
        await world.Sync.Write(LockClass.MmapLock, mm);
        var result = await MmapLocked(mm, placement, length, prot, flags, file, h, offset);
        world.Sync.ReleaseWrite(LockClass.MmapLock, mm);
        if (file != 0 && !world.HasCrashed) await world.Files.Put(file);
        var address = result == Result.Incident && world.Incident.Kind is OutcomeKind.Warn or OutcomeKind.Undefined ? (long)world.Incident.At : result;
        if (address >= 0 && ((flags & MapFlags.Locked) != 0 || (flags & (MapFlags.Populate | MapFlags.NonBlock)) == MapFlags.Populate))
        {
            var before = world.Incident;
            await world.Access.Populate(process, (ulong)address, (ulong)address + length, write: null);
            if (result == Result.Incident) world.Incident = before;
        }
        return result;
    }

    /// <summary>munmap(2).</summary>
    public async KernelTask<long> Munmap(int process, ulong start, ulong length)
    {
        if ((start & 4095) != 0 || start > World.TaskSize || length > World.TaskSize - start) return -Errno.EINVAL;
        var end = start + ((length + 4095) & ~4095UL);
        if (end == start) return -Errno.EINVAL;
        var mm = world.Processes.All[process].Mm;
        await world.Sync.Write(LockClass.MmapLock, mm);
        var result = await Unmap(mm, start, end);
        world.Sync.ReleaseWrite(LockClass.MmapLock, mm);
        return result;
    }

    /// <summary>exit_mmap: drops an address space that nobody uses any more.</summary>
    public async KernelTask<long> DropAll(int mm)
    {
        for (var handle = Spaces.FindFrom(mm, 0); handle != 0; handle = Spaces.FindFrom(mm, 0))
        {
            Spaces.Detach(handle);
            await Remove(handle);
        }
        Spaces.Mms.Remove(mm);
        return 0;
    }

    /// <summary>What is to be mapped: a file, or anonymous huge pages.</summary>
    private long OfWhat(int process, ulong flags, long fd, ref ulong length, out int file, out Hstate? h)
    {
        (file, h) = (0, null);
        var huge = (flags & MapFlags.HugeTlb) != 0 && Traits[HugetlbMapRules.MapHugetlb];
        if ((flags & MapFlags.Anonymous) == 0)
        {
            file = world.Files.Descriptor(process, fd);
            if (file == 0) return -Errno.EBADF;
            var hstate = world.Files.Inodes[world.Files.Open[file].Inode].Hstate;
            if (hstate != 0) h = world.Hstate(hstate);
            else if (huge) return -Errno.EINVAL;
            if (h is null || !Traits[HugetlbMapRules.FileLengthRounded]) return 0;
        }
        else
        {
            if (!huge) return 0;
            var code = Traits[HugetlbMapRules.SizeCode] ? (int)(flags >> MapFlags.HugeShift) & MapFlags.HugeMask : 0;
            h = code == 0 ? world.Hstates[0] : world.HstateOf((Int128)1 << code);
            if (h is null) return -Errno.EINVAL;
            if (Traits[HugetlbMapRules.AnonymousLengthExact]) return 0;
        }
        length = (length + h.Size - 1) & ~(h.Size - 1);
        return 0;
    }

    private async KernelTask<long> MmapLocked(int mm, Placement placement, ulong length, ulong prot, ulong flags, int file, Hstate? h, ulong offset)
    {
        if (length > World.TaskSize) return -Errno.ENOMEM;
        var isFixed = (flags & (MapFlags.Fixed | MapFlags.FixedNoReplace)) != 0;
        var place = Place(mm, placement, length, isFixed, h);
        if (place < 0) return place;
        var address = (ulong)place;
        if ((flags & MapFlags.FixedNoReplace) != 0 && !Spaces.IsFree(mm, address, address + length)) return -Errno.EEXIST;
        if (FlagsOf(prot, flags, file, h is not null, out var vmFlags) is < 0 and var wrong) return wrong;
        if (isFixed && await Unmap(mm, address, address + length) is < 0 and var stuck)
            return Traits[HugetlbMapRules.FixedInsideEinval] ? stuck : -Errno.ENOMEM;
        if (h is not null && (offset & (h.Size - 1)) != 0) return -Errno.EINVAL;
        var anonymous = file == 0;
        if (!anonymous) world.Files.Get(file);
        else if (h is not null || (vmFlags & VmFlags.MayShare) != 0) file = world.Files.MakeFile(world.Files.MakeInode(h?.Number ?? 0, 0, length, 0), 2);
        var inode = file == 0 ? 0 : world.Files.Open[file].Inode;
        var pgoff = file == 0 ? address >> 12 : anonymous ? 0 : offset >> 12;
        var handle = Spaces.Vmas.Add(new Vma(mm, address, address + length, pgoff, vmFlags) { File = file, Inode = inode, Hstate = h?.Number ?? 0, Unlinked = true });
        var result = 0L;
        if (h is not null)
        {
            await world.Sync.Write(LockClass.InodeRwsem, inode);
            result = await MapHuge(h, handle, anonymous ? 0 : offset, length, extends: !anonymous && (vmFlags & VmFlags.Write) != 0);
            world.Sync.ReleaseWrite(LockClass.InodeRwsem, inode);
            if (world.HasCrashed) return result;
            if (result < 0 && result != Result.Incident)
            {
                Spaces.Vmas.Remove(handle);
                await world.Files.Put(file);
                return -Errno.ENOMEM;
            }
        }
        if (inode != 0) await world.Sync.Write(LockClass.IMmapRwsem, inode);           // vma_link
        Spaces.Vmas.Set(handle, Spaces.Vmas[handle] with { Unlinked = false });
        Spaces.Insert(handle);
        if (inode != 0) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        if (result == Result.Incident)
        {
            world.Incident = world.Incident with { At = address };
            return result;
        }
        if (file == 0) Merge(handle);
        return (long)address;
    }

    /// <summary>hugetlbfs_file_mmap: reserves, and extends the file to the mapping's end. The file's i_rwsem is held, so that mappings and truncation of one file take turns.</summary>
    private async KernelTask<long> MapHuge(Hstate h, int handle, ulong offset, ulong length, bool extends)
    {
        var inode = Spaces.Vmas[handle].Inode;
        var from = offset >> h.Shift;
        var result = await world.Reservations.Reserve(h, inode, handle, from, from + (length >> h.Shift));
        if (world.HasCrashed || (result < 0 && result != Result.Incident)) return result;
        if (extends && world.Files.Inodes[inode].Size < offset + length)
        {
            world.Files.Inodes.Set(inode, world.Files.Inodes[inode] with { Size = offset + length });
            world.Trace?.Note(Counter.Size, h.Number, 0, "extended the file to the mapping's end", null);
        }
        return result;
    }

    /// <summary>get_unmapped_area.</summary>
    /// <returns>The address or a negated errno.</returns>
    private long Place(int mm, Placement placement, ulong length, bool isFixed, Hstate? h)
    {
        if (h is not null && (length & (h.Size - 1)) != 0) return -Errno.EINVAL;
        var address = placement.Address;
        var align = h?.Size ?? 4096;
        if (placement.Kind == PlacementKind.Slot)
        {
            var slot = Spaces.TakeSlot(mm, length + placement.Address);
            if (slot == 0) return -Errno.ENOMEM;
            address = slot + placement.Address;
        }
        if (isFixed)
        {
            if ((address & 4095) != 0) return -Errno.EINVAL;
            if (address > World.TaskSize - length) return -Errno.ENOMEM;
            return (address & (align - 1)) != 0 ? -Errno.EINVAL : (long)address;
        }
        if (placement.Kind != PlacementKind.Kernel && address != 0)
        {
            address &= ~4095UL;
            if (h is not null && Traits[HugetlbMapRules.HintRoundsUp]) address += align - 1;
            address &= ~(align - 1);
            if (address >= AddressSpaces.LowestAddress && address <= World.TaskSize - length && Spaces.IsFree(mm, address, address + length)) return (long)address;
        }
        var gap = Spaces.FindGap(mm, length, align);
        return gap == 0 ? -Errno.ENOMEM : (long)gap;
    }

    private long FlagsOf(ulong prot, ulong flags, int file, bool huge, out VmFlags vmFlags)
    {
        vmFlags = (VmFlags)(prot & 7) | VmFlags.MayRead | VmFlags.MayWrite | VmFlags.MayExec;
        var type = flags & MapFlags.TypeMask;
        if (type == MapFlags.SharedValidate && (file != 0 || huge) && Traits[SharedValidate])   // anonymous huge pages have a file of the kernel's by now
        {
            if ((flags & MapFlags.Sync) != 0) return -Errno.EOPNOTSUPP;
            type = MapFlags.Shared;
        }
        if (file != 0)
        {
            var open = world.Files.Open[file];
            if (type == MapFlags.Shared)
            {
                if ((prot & 2) != 0 && !open.CanWrite) return -Errno.EACCES;
                vmFlags |= VmFlags.Shared | VmFlags.MayShare;
                if (!open.CanWrite) vmFlags &= ~(VmFlags.MayWrite | VmFlags.Shared);
            }
            else if (type != MapFlags.Private)
            {
                return -Errno.EINVAL;
            }
            if (!open.CanRead) return -Errno.EACCES;
            if ((flags & MapFlags.GrowsDown) != 0) return -Errno.EINVAL;
        }
        else
        {
            if (type is not (MapFlags.Shared or MapFlags.Private)) return -Errno.EINVAL;
            if ((flags & MapFlags.GrowsDown) != 0 && (huge || type == MapFlags.Shared)) return -Errno.EINVAL;
            if (type == MapFlags.Shared) vmFlags |= VmFlags.Shared | VmFlags.MayShare;
        }
        if ((flags & MapFlags.NoReserve) != 0 && (!huge || Traits[HugetlbReserveRules.OwnerReserves])) vmFlags |= VmFlags.NoReserve;
        if (huge) vmFlags |= VmFlags.HugeTlb | VmFlags.DontExpand;
        return 0;
    }

    private static readonly Rule SharedValidate = Catalog.Constants.All.First(c => c.Name == "MAP_SHARED_VALIDATE").AvailableIn.Rule!;

    /// <summary>do_munmap; mmap_lock is held for writing.</summary>
    private async KernelTask<long> Unmap(int mm, ulong start, ulong end)
    {
        if (Spaces.Find(mm, start) is > 0 and var first && CanSplit(first, start) is < 0 and var error) return error;
        if (Spaces.Find(mm, end) is > 0 and var last && CanSplit(last, end) is < 0 and var error2) return error2;
        if (Spaces.Find(mm, start) is > 0 and var low && Spaces.Vmas[low].Start < start && Spaces.Split(low, start, newBelow: false) is < 0 and var dead) return dead;
        if (Spaces.Find(mm, end) is > 0 and var high && Spaces.Vmas[high].Start < end && Spaces.Split(high, end, newBelow: true) is < 0 and var dead2) return dead2;
        for (var handle = Spaces.FindFrom(mm, start); handle != 0 && Spaces.Vmas[handle].Start < end; handle = Spaces.FindFrom(mm, start))
        {
            Spaces.Detach(handle);
            await Remove(handle);
        }
        return 0;
    }

    /// <summary>unmap_region and remove_vma for a mapping that is out of its tree: its entries go, then it leaves the list of its file's mappings, then its pages are freed.</summary>
    private async KernelTask<long> Remove(int handle)
    {
        var inode = Spaces.Vmas[handle].Inode;
        var huge = Spaces.Vmas[handle].Hstate != 0;
        var vmaLock = huge ? world.HugetlbFaults.VmaLock(handle) : 0;
        if (vmaLock != 0) await world.Sync.Write(LockClass.HugetlbVmaLock, vmaLock);
        if (huge) await world.Sync.Write(LockClass.IMmapRwsem, inode);
        var gather = await world.Zap.TakeEntries(handle, Spaces.Vmas[handle].Start, Spaces.Vmas[handle].End);
        if (huge) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        if (vmaLock != 0) world.Sync.ReleaseWrite(LockClass.HugetlbVmaLock, vmaLock);
        if (inode != 0)
        {
            // Whoever walks over the file's mappings holds this lock, and must not lose one on the way.
            await world.Sync.Write(LockClass.IMmapRwsem, inode);
            Spaces.Vmas.Set(handle, Spaces.Vmas[handle] with { Unlinked = true });
            world.Sync.ReleaseWrite(LockClass.IMmapRwsem, inode);
        }
        if (gather != 0) await world.Zap.FreeBatch(gather);
        if (huge) await world.Reservations.Close(handle);
        var file = Spaces.Vmas[handle].File;
        Spaces.Vmas.Remove(handle);
        if (file != 0) await world.Files.Put(file);
        return 0;
    }

    /// <summary>Whether a mapping may be cut at an address (hugetlb_vm_op_split).</summary>
    private long CanSplit(int handle, ulong at)
    {
        ref readonly var vma = ref Spaces.Vmas[handle];
        return at > vma.Start && at < vma.End && vma.Hstate != 0 && (at & (world.Hstate(vma.Hstate).Size - 1)) != 0 ? -Errno.EINVAL : 0;
    }

    /// <summary>vma_merge for anonymous private memory: neighbours that are alike become one mapping.</summary>
    private void Merge(int handle)
    {
        foreach (var before in (ReadOnlySpan<bool>)[true, false])
        {
            var vma = Spaces.Vmas[handle];
            var other = before ? Spaces.Find(vma.Mm, vma.Start - 1) : Spaces.Find(vma.Mm, vma.End);
            if (other == 0 || other == handle) continue;
            var o = Spaces.Vmas[other];
            if (o.File != 0 || vma.File != 0 || o.Flags != vma.Flags || (o.HasAnon && vma.HasAnon && !before)) continue;
            var (start, end, pgoff) = before ? (o.Start, vma.End, o.PgOff) : (vma.Start, o.End, vma.PgOff);
            if ((before ? o.IndexOf(vma.Start) : vma.IndexOf(o.Start)) != (before ? vma.PgOff : o.PgOff)) continue;
            Spaces.Detach(other);
            Spaces.Detach(handle);
            Spaces.Vmas.Set(handle, vma with { Start = start, End = end, PgOff = pgoff, HasAnon = o.HasAnon || vma.HasAnon });
            Spaces.Vmas.Remove(other);
            Spaces.Insert(handle);
        }
    }
}
