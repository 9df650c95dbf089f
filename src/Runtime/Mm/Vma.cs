using MmSpec.State;

namespace MmSpec.Mm;

/// <summary>The kernel's vm_flags, with its values.</summary>
[Flags]
internal enum VmFlags : ulong
{
#pragma warning disable CS1591
    None = 0, Read = 1, Write = 2, Exec = 4, Shared = 8, MayRead = 0x10, MayWrite = 0x20, MayExec = 0x40, MayShare = 0x80, GrowsDown = 0x100, SeqRead = 0x8000,
    RandRead = 0x10000, DontCopy = 0x20000, DontExpand = 0x40000, NoReserve = 0x200000, HugeTlb = 0x400000, DontDump = 0x4000000, HugePage = 0x20000000,
    NoHugePage = 0x40000000, Mergeable = 0x80000000,
    Access = Read | Write | Exec,
#pragma warning restore CS1591
}

/// <summary>A mapping (vm_area_struct).</summary>
/// <param name="Mm">Address space.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">First byte after it.</param>
/// <param name="PgOff">Offset of Start in the file, in base pages.</param>
/// <param name="Flags">vm_flags.</param>
internal readonly record struct Vma(int Mm, ulong Start, ulong End, ulong PgOff, VmFlags Flags) : IStateful<Vma>
{
    /// <summary>The open file that it holds a reference to; 0: anonymous memory.</summary>
    public int File { get; init; }
    /// <summary>The file's inode; 0: none.</summary>
    public int Inode { get; init; }
    /// <summary>Number of its huge page size; 0: base pages.</summary>
    public byte Hstate { get; init; }
    /// <summary>Private: the map of consumed reservations; 0: none.</summary>
    public int Reserve { get; init; }
    /// <summary>HPAGE_RESV_OWNER: this mapping made the reservation.</summary>
    public bool Owner { get; init; }
    /// <summary>HPAGE_RESV_UNMAPPED: its owner stole a page.</summary>
    public bool Unmapped { get; init; }
    /// <summary>Pages still owed, by the counter of the 2008 draft.</summary>
    public ulong Owed { get; init; }
    /// <summary>It has allocated private pages (anon_vma is set), so fork copies its page table.</summary>
    public bool HasAnon { get; init; }

    /// <summary>It is being made or removed and not in the list of its file's mappings (vma_link, unlink_file_vma).</summary>
    public bool Unlinked { get; init; }

    /// <summary>Bytes.</summary>
    public ulong Length => End - Start;

    /// <summary>Whether all of the flags are set.</summary>
    public bool Has(VmFlags flags) => (Flags & flags) == flags;

    /// <summary>The file offset of an address, in base pages.</summary>
    public ulong IndexOf(ulong address) => PgOff + ((address - Start) >> 12);

    /// <inheritdoc />
    public ulong HashInto(ulong seed)
    {
        seed = StateHash.Mix(StateHash.Mix(StateHash.Mix(StateHash.Mix(StateHash.Mix(seed, (ulong)(uint)Mm), Start), End), PgOff), (ulong)Flags);
        seed = StateHash.Mix(StateHash.Mix(seed, ((ulong)(uint)File << 32) | (uint)Inode), ((ulong)(uint)Reserve << 32) | Hstate);
        return StateHash.Mix(StateHash.Mix(seed, Owed), (Owner ? 1UL : 0) | (Unmapped ? 2UL : 0) | (HasAnon ? 4UL : 0) | (Unlinked ? 8UL : 0));
    }
}
