using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MmSpec.Kernels;

/// <summary>Short forms for the tables of rules: versions, and the real kernels on which behaviour was observed.</summary>
internal static class Seen
{
    /// <summary>Reads a version that is written in the source.</summary>
    internal static KernelVersion V(string text) =>
        KernelVersion.TryParse(text, out var version) ? version : throw new ArgumentException($"'{text}' is no kernel version", nameof(text));

    /// <summary>Several versions.</summary>
    internal static ImmutableArray<KernelVersion> Vs(params string[] texts)
    {
        var versions = new KernelVersion[texts.Length];
        for (var i = 0; i < texts.Length; i++) versions[i] = V(texts[i]);
        return ImmutableCollectionsMarshal.AsImmutableArray(versions);
    }

    /// <summary>Every series that can be run: Debian's builds, 5.10 to 7.2.</summary>
    internal static readonly ImmutableArray<KernelVersion> Everywhere =
        Vs("5.10.262", "6.1.192", "6.12.117", "6.16.12", "6.17.13", "6.18.15", "6.19.14", "7.0.13", "7.1.13", "7.2.13");

    /// <summary>A selection that the larger set of cases was run on.</summary>
    internal static readonly ImmutableArray<KernelVersion> Five = Vs("5.10.262", "6.1.192", "6.12.117", "6.18.15", "7.2.13");
}
