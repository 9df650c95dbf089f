using MmSpec.State;

namespace MmSpec.Mm;

/// <summary>Bits of a present page-table entry.</summary>
[Flags]
internal enum PteBits : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Loads pass.</summary>
    Read = 1,
    /// <summary>Stores pass.</summary>
    Write = 2,
    /// <summary>It is the shared page of zeros; the frame number is 0 for every place.</summary>
    Zero = 4,
}

/// <summary>A present page-table entry for one base page; a huge page's entry is a run of them.</summary>
/// <param name="Pfn">Frame.</param>
/// <param name="Bits">Permissions.</param>
internal readonly record struct Pte(ulong Pfn, PteBits Bits) : IRunValue<Pte>
{
    /// <summary>Whether stores pass.</summary>
    public bool Writable => (Bits & PteBits.Write) != 0;

    /// <inheritdoc />
    public Pte At(ulong delta) => (Bits & PteBits.Zero) != 0 ? this : this with { Pfn = Pfn + delta };

    /// <inheritdoc />
    public ulong HashInto(ulong seed) => StateHash.Mix(StateHash.Mix(seed, Pfn), (ulong)Bits);
}

/// <summary>What a frame in use holds.</summary>
internal enum PageKind : byte
{
    /// <summary>A private page of some address space.</summary>
    Anon,
    /// <summary>A page in the cache of a file.</summary>
    File,
}

/// <summary>The memmap's entry for a frame in use.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Hstate">Number of the huge page size that it is part of; 0: a base page.</param>
/// <param name="Maps">Page tables that map it.</param>
/// <param name="Restore">When freed it goes back as a reserved page (folio flag restore_reserve).</param>
/// <param name="Mount">The hugetlbfs mount whose subpool is credited when it is freed; 0: none.</param>
internal readonly record struct Page(PageKind Kind, byte Hstate, int Maps, bool Restore, int Mount) : IRunValue<Page>
{
    // Two words, written and copied whole: small fields that are copied together right after one was written make the processor wait.
    private readonly ulong _what = (ulong)Kind | ((ulong)Hstate << 8) | (Restore ? 1UL << 16 : 0) | ((ulong)(uint)Mount << 32);
    private readonly long _maps = Maps;

    /// <summary>What it holds.</summary>
    public PageKind Kind
    {
        get => (PageKind)(byte)_what;
        init => _what = (_what & ~0xffUL) | (ulong)value;
    }

    /// <summary>Number of the huge page size that it is part of; 0: a base page.</summary>
    public byte Hstate
    {
        get => (byte)(_what >> 8);
        init => _what = (_what & ~0xff00UL) | ((ulong)value << 8);
    }

    /// <summary>Page tables that map it.</summary>
    public int Maps
    {
        get => (int)_maps;
        init => _maps = value;
    }

    /// <summary>When freed it goes back as a reserved page.</summary>
    public bool Restore
    {
        get => (_what & (1UL << 16)) != 0;
        init => _what = (_what & ~(1UL << 16)) | (value ? 1UL << 16 : 0);
    }

    /// <summary>The mount whose subpool is credited when it is freed; 0: none.</summary>
    public int Mount
    {
        get => (int)(_what >> 32);
        init => _what = (uint)_what | ((ulong)(uint)value << 32);
    }

    /// <inheritdoc />
    public Page At(ulong delta) => this;

    /// <inheritdoc />
    public ulong HashInto(ulong seed) =>
        StateHash.Mix(StateHash.Mix(seed, ((ulong)Kind << 16) | ((ulong)Hstate << 8) | (Restore ? 1UL : 0)), ((ulong)(uint)Maps << 32) | (uint)Mount);
}

/// <summary>Marks places: free frames, reserved indexes.</summary>
internal readonly record struct Mark : IRunValue<Mark>
{
    /// <inheritdoc />
    public Mark At(ulong delta) => this;

    /// <inheritdoc />
    public ulong HashInto(ulong seed) => StateHash.Mix(seed, 1);
}

/// <summary>The frame that caches a page of a file.</summary>
/// <param name="Pfn">Frame.</param>
internal readonly record struct Cached(ulong Pfn) : IRunValue<Cached>
{
    /// <inheritdoc />
    public Cached At(ulong delta) => new(Pfn + delta);

    /// <inheritdoc />
    public ulong HashInto(ulong seed) => StateHash.Mix(seed, Pfn);
}

/// <summary>A reference to an object, the same for every place of a run.</summary>
/// <param name="Handle">Its handle in the slab.</param>
internal readonly record struct Ref(int Handle) : IRunValue<Ref>
{
    /// <inheritdoc />
    public Ref At(ulong delta) => this;

    /// <inheritdoc />
    public ulong HashInto(ulong seed) => StateHash.Mix(seed, (ulong)(uint)Handle);
}
