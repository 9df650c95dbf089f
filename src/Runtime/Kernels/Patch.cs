using System.Collections.Immutable;

namespace MmSpec.Kernels;

/// <summary>A named set of rules that are switched on top of a release.</summary>
/// <param name="Name">As kernel lines name it.</param>
/// <param name="On">The releases it applies to.</param>
/// <param name="Without">Ids of rules that it switches off.</param>
/// <param name="With">Ids of rules that it switches on; wins over Without.</param>
public sealed record Patch(string Name, KernelSet On, ImmutableArray<string> Without, ImmutableArray<string> With)
{
    /// <summary>The release that it was written for; null for a patch of a specification file.</summary>
    public KernelVersion? Base { get; init; }
    /// <summary>What it does, as one sentence.</summary>
    public string Sentence { get; init; } = "";
    /// <summary>The thread that it was posted in.</summary>
    public string Source { get; init; } = "";
    /// <summary>Whether the model gives it meaning today.</summary>
    public bool Supported { get; init; } = true;
    /// <summary>Patches that must be under it, in order (<c>rmap-write-lock</c> comes after <c>pmd-share-read-lock</c>).</summary>
    public ImmutableArray<string> Requires { get; init; } = [];

    /// <summary>Whether it can be put on this release.</summary>
    public bool CanApplyTo(KernelVersion version)
    {
        foreach (var item in On.Items) if (item.ContainsVersion(version)) return true;
        return false;
    }
}
