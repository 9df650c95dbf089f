using System.Collections.Immutable;

namespace MmSpec.Kernels;

/// <summary>How a <see cref="KernelSetItem"/> limits the version.</summary>
public enum KernelSetKind
{
    /// <summary><c>6.12</c>: every point release; <c>6.12.48</c>: that one.</summary>
    Exact,
    /// <summary><c>6.12+</c>: From and everything later.</summary>
    From,
    /// <summary><c>5.18 .. 6.8</c>, inclusive, upper end with its point releases; a missing lower end is open.</summary>
    Range,
    /// <summary><c>6.12.48~</c>: the stable line from that point release on.</summary>
    StableLine,
}

/// <summary>One item of a kernel set (LANGUAGE §3).</summary>
/// <param name="Kind">Form.</param>
/// <param name="From">Lower end; null only in an open range.</param>
/// <param name="To">Upper end of a range.</param>
/// <param name="Patches">A kernel must carry all of these; empty: any patches or none.</param>
/// <param name="Only"><c>5.4 only</c>: a kernel with any patch is excluded.</param>
public sealed record KernelSetItem(KernelSetKind Kind, KernelVersion? From, KernelVersion? To, ImmutableArray<string> Patches, bool Only = false)
{
    /// <summary>Whether the kernel is in the set.</summary>
    public bool Contains(Kernel kernel)
    {
        if (Only && !kernel.Patches.IsEmpty) return false;
        foreach (var patch in Patches) if (!kernel.Patches.Contains(patch)) return false;
        return ContainsVersion(kernel.Version);
    }

    /// <summary>Whether the version alone is in the set.</summary>
    public bool ContainsVersion(KernelVersion v) => Kind switch
    {
        KernelSetKind.Exact => From!.Value.Point == 0 ? v.Series == From : v == From,
        KernelSetKind.From => v >= From!.Value,
        KernelSetKind.Range => (From is null || v >= From) && (To!.Value.Point == 0 ? v.Series <= To : v <= To),
        _ => v.Series == From!.Value.Series && v >= From.Value,
    };
}

/// <summary>A union of items, as a kernel line or an arm writes it.</summary>
/// <param name="Items">In source order.</param>
public sealed record KernelSet(ImmutableArray<KernelSetItem> Items)
{
    /// <summary>Whether the kernel is in one of the items.</summary>
    public bool Contains(Kernel kernel)
    {
        foreach (var item in Items) if (item.Contains(kernel)) return true;
        return false;
    }
}
