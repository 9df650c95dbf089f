using MmSpec.State;

namespace MmSpec.Tests.State;

/// <summary>A value that advances, as a page frame number does, with a flag that does not.</summary>
internal readonly record struct Frames(ulong Pfn, bool Dirty) : IRunValue<Frames>
{
    public Frames At(ulong delta) => this with { Pfn = Pfn + delta };

    public ulong HashInto(ulong seed) => StateHash.Mix(StateHash.Mix(seed, Pfn), Dirty);
}

/// <summary>A value that stays the same along its run.</summary>
internal readonly record struct Colour(byte Value) : IRunValue<Colour>
{
    public Colour At(ulong delta) => this;

    public ulong HashInto(ulong seed) => StateHash.Mix(seed, (ulong)Value);
}

internal readonly record struct Vma(ulong Start, ulong End) : IStateful<Vma>
{
    public ulong HashInto(ulong seed) => StateHash.Mix(StateHash.Mix(seed, Start), End);
}
