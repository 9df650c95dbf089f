using MmSpec.Mm;
using MmSpec.State;

namespace MmSpec.Files;

/// <summary>A file.</summary>
/// <param name="Hstate">Number of its huge page size; 0: base pages.</param>
/// <param name="Mount">The mount it is in; 0: a kernel-internal one.</param>
/// <param name="Size">i_size, bytes.</param>
internal readonly record struct Inode(byte Hstate, int Mount, ulong Size) : IStateful<Inode>
{
    /// <summary>Names in directories.</summary>
    public int Links { get; init; }
    /// <summary>Open files and mappings.</summary>
    public int References { get; init; }
    /// <summary>Map of reserved or allocated indexes; 0: none.</summary>
    public int Reserve { get; init; }
    /// <summary>Pages by index in base pages; not part of the hash, it contributes itself.</summary>
    public RunMap<Cached> Cache { get; init; } = null!;

    /// <inheritdoc />
    public ulong HashInto(ulong seed)
    {
        seed = StateHash.Mix(StateHash.Mix(seed, Size), ((ulong)(uint)Mount << 32) | Hstate);
        return StateHash.Mix(StateHash.Mix(seed, ((ulong)(uint)Links << 32) | (uint)References), (ulong)(uint)Reserve);
    }
}

/// <summary>An open file (struct file).</summary>
/// <param name="Inode">Of what.</param>
/// <param name="Flags">As given to open.</param>
/// <param name="References">Descriptors and mappings.</param>
internal readonly record struct OpenFile(int Inode, int Flags, int References) : IStateful<OpenFile>
{
    /// <summary>Opened for reading.</summary>
    public bool CanRead => (Flags & 3) is 0 or 2;
    /// <summary>Opened for writing.</summary>
    public bool CanWrite => (Flags & 3) is 1 or 2;

    /// <inheritdoc />
    public ulong HashInto(ulong seed) => StateHash.Mix(StateHash.Mix(seed, ((ulong)(uint)Inode << 32) | (uint)References), (ulong)(uint)Flags);
}

/// <summary>A mounted hugetlbfs or tmpfs, with its subpool.</summary>
/// <param name="Path">Mount point, see <see cref="Names"/>.</param>
/// <param name="Hstate">Huge page size of its files; 0: base pages.</param>
/// <param name="Most">Limit in pages (size=), or <see cref="ulong.MaxValue"/>.</param>
/// <param name="Least">Pages set aside (min_size=), or <see cref="ulong.MaxValue"/>: none.</param>
internal readonly record struct Mount(ulong Path, byte Hstate, ulong Most, ulong Least) : IStateful<Mount>
{
    /// <summary>Pages charged.</summary>
    public ulong Used { get; init; }
    /// <summary>Of Least, pages not handed out.</summary>
    public ulong SetAside { get; init; }
    /// <summary>Inodes that may still be made; <see cref="ulong.MaxValue"/>: no limit.</summary>
    public ulong FreeInodes { get; init; }

    /// <inheritdoc />
    public ulong HashInto(ulong seed) =>
        StateHash.Mix(StateHash.Mix(StateHash.Mix(StateHash.Mix(StateHash.Mix(seed, Path), Hstate), Used), SetAside), StateHash.Mix(StateHash.Mix(StateHash.Mix(seed, FreeInodes), Most), Least));
}
