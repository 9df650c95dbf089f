using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Files;

/// <summary>Inodes, open files, descriptors and names (fs/hugetlbfs/inode.c, mm/memfd.c).</summary>
[SharedImmutable]
internal sealed class FileTable(World world)
{
    private const int O_CREAT = 0x40, O_EXCL = 0x80, O_TRUNC = 0x200;
    private const int FirstDescriptor = 3, MostDescriptors = 1024;

    private readonly RunMap<Ref> _names = new(world.Store, StateHash.Key(StateKind.Directory));

    /// <summary>Files.</summary>
    public Slab<Inode> Inodes { get; } = new(world.Store, StateHash.Key(StateKind.Inodes));

    /// <summary>Open files.</summary>
    public Slab<OpenFile> Open { get; } = new(world.Store, StateHash.Key(StateKind.OpenFiles));

    /// <summary>Makes a file without a name.</summary>
    public int MakeInode(byte hstate, int mount, ulong size, int links)
    {
        var handle = Inodes.Add(default);
        Inodes.Set(handle, new Inode(hstate, mount, size) { Links = links, Cache = new(world.Store, StateHash.Key(StateKind.PageCache, (ulong)(uint)handle)) });
        return handle;
    }

    /// <summary>The file's map of reserved or allocated indexes.</summary>
    public int ReserveMapOf(int inode)
    {
        if (Inodes[inode].Reserve == 0) Inodes.Set(inode, Inodes[inode] with { Reserve = world.ReserveMaps.Make() });
        return Inodes[inode].Reserve;
    }

    /// <summary>Opens a file, with one reference.</summary>
    public int MakeFile(int inode, int flags)
    {
        Inodes.Set(inode, Inodes[inode] with { References = Inodes[inode].References + 1 });
        return Open.Add(new OpenFile(inode, flags, 1));
    }

    /// <summary>One more reference.</summary>
    public void Get(int file) => Open.Set(file, Open[file] with { References = Open[file].References + 1 });

    /// <summary>One reference less; the last one closes the file, and the last close of a nameless file frees it (fput, iput).</summary>
    public async KernelTask<long> Put(int file)
    {
        var open = Open[file];
        if (open.References > 1)
        {
            Open.Set(file, open with { References = open.References - 1 });
            return 0;
        }
        Open.Remove(file);
        var inode = open.Inode;
        Inodes.Set(inode, Inodes[inode] with { References = Inodes[inode].References - 1 });
        return await Evict(inode);
    }

    /// <summary>The open file behind a descriptor; 0: none.</summary>
    public int Descriptor(int process, Int128 fd) =>
        fd >= 0 && fd < MostDescriptors && world.Processes.All[process].Descriptors.TryGet((ulong)fd, out var r) ? r.Handle : 0;

    /// <summary>The lowest free descriptor for an open file.</summary>
    /// <returns>The descriptor or -EMFILE.</returns>
    public long Install(int process, int file)
    {
        var descriptors = world.Processes.All[process].Descriptors;
        var fd = descriptors.NextGap(FirstDescriptor);
        if (fd >= MostDescriptors) return -Errno.EMFILE;
        descriptors.Set(fd, fd + 1, new Ref(file));
        return (long)fd;
    }

    /// <summary>open(2).</summary>
    public async KernelTask<long> OpenPath(int process, ulong pathKey, long flags)
    {
        var path = Names.Of(pathKey)!;
        var mount = world.Mounts.Find(path);
        if (mount == 0) return -Errno.ENOENT;
        await world.Sync.Point("open");
        int inode;
        if (_names.TryGet(pathKey, out var known))
        {
            inode = known.Handle;
            if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) return -Errno.EEXIST;
        }
        else
        {
            if ((flags & O_CREAT) == 0) return -Errno.ENOENT;
            var m = world.Mounts.All[mount];
            if (m.FreeInodes == 0) return -Errno.ENOSPC;
            if (m.FreeInodes != MountTable.None) world.Mounts.All.Set(mount, m with { FreeInodes = m.FreeInodes - 1 });
            inode = MakeInode(m.Hstate, mount, 0, 1);
            _names.Set(pathKey, pathKey + 1, new Ref(inode));
        }
        var file = MakeFile(inode, (int)flags);
        if ((flags & O_TRUNC) != 0) await world.Truncation.Resize(inode, 0);
        var fd = world.Processes.IsGone(process) ? Result.Incident : Install(process, file);
        if (fd < 0) await Put(file);
        return fd;
    }

    /// <summary>memfd_create(2).</summary>
    public KernelTask<long> Memfd(int process, long flags)
    {
        const long Hugetlb = 4;
        const int Shift = 26;
        var huge = (flags & Hugetlb) != 0;
        var code = (int)((flags >> Shift) & 0x3f);
        if ((flags & ~(long)(0x1f | (0x3fU << Shift))) != 0 || (!huge && code != 0)) return new(-Errno.EINVAL);
        byte number = 0;
        if (huge)
        {
            var h = code == 0 ? world.Hstates[0] : world.HstateOf((Int128)1 << code);
            if (h is null) return new(-Errno.ENODEV);
            number = h.Number;
        }
        var file = MakeFile(MakeInode(number, 0, 0, 0), 2);
        var fd = Install(process, file);
        return fd < 0 ? PutAnd(file, fd) : new(fd);
    }

    /// <summary>close(2).</summary>
    public async KernelTask<long> Close(int process, long fd)
    {
        var file = Descriptor(process, fd);
        if (file == 0) return -Errno.EBADF;
        world.Processes.All[process].Descriptors.Remove((ulong)fd, (ulong)fd + 1);
        await Put(file);
        return 0;
    }

    /// <summary>unlink(2).</summary>
    public async KernelTask<long> Unlink(ulong pathKey)
    {
        if (!_names.TryGet(pathKey, out var known)) return -Errno.ENOENT;
        _names.Remove(pathKey, pathKey + 1);
        var inode = known.Handle;
        Inodes.Set(inode, Inodes[inode] with { Links = Inodes[inode].Links - 1 });
        await Evict(inode);
        return 0;
    }

    /// <summary>ftruncate(2).</summary>
    public async KernelTask<long> TruncateFd(int process, long fd, long size)
    {
        if (size < 0) return -Errno.EINVAL;
        var file = Descriptor(process, fd);
        if (file == 0) return -Errno.EBADF;
        if (!Open[file].CanWrite) return -Errno.EINVAL;
        var hstate = Inodes[Open[file].Inode].Hstate;
        if (hstate != 0 && ((ulong)size & (world.Hstate(hstate).Size - 1)) != 0) return -Errno.EINVAL;
        Get(file);                                                  // another thread may close the descriptor
        await world.Truncation.Resize(Open[file].Inode, (ulong)size);
        await Put(file);
        return 0;
    }

    /// <summary>Frees a file that has neither a name nor users (hugetlbfs_evict_inode).</summary>
    private async KernelTask<long> Evict(int inode)
    {
        if (Inodes[inode] is { Links: > 0 } or { References: > 0 }) return 0;
        await world.Truncation.Empty(inode);
        if (Inodes[inode].Reserve != 0) world.ReserveMaps.Put(Inodes[inode].Reserve);
        var mount = Inodes[inode].Mount;
        Inodes.Remove(inode);
        if (mount != 0 && world.Mounts.All[mount] is { FreeInodes: not MountTable.None } m) world.Mounts.All.Set(mount, m with { FreeInodes = m.FreeInodes + 1 });
        return 0;
    }

    private async KernelTask<long> PutAnd(int file, long result)
    {
        await Put(file);
        return result;
    }
}
