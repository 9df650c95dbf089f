using System.Collections.Immutable;

namespace MmSpec.Kernels;

/// <summary>The mainline releases that a specification can speak of, oldest first.</summary>
public static class KernelReleases
{
    /// <summary>2.6.25 to <see cref="Newest"/>, ascending.</summary>
    public static ImmutableArray<KernelVersion> Mainline { get; } =
    [
        .. Releases(2, 25, 39), .. Releases(3, 0, 19), .. Releases(4, 0, 20), .. Releases(5, 0, 19), .. Releases(6, 0, 19), .. Releases(7, 0, 3),
    ];

    /// <summary>The first release that is modelled.</summary>
    public static KernelVersion Oldest => Mainline[0];

    /// <summary>The last release that is modelled.</summary>
    public static KernelVersion Newest => Mainline[^1];

    /// <summary>Whether the version is one of the releases, or a point release of one.</summary>
    public static bool IsKnown(KernelVersion version) => Mainline.BinarySearch(version.Series) >= 0;

    /// <summary>Mainline releases whose version the set allows, whatever patches it asks for; ascending.</summary>
    public static ImmutableArray<KernelVersion> CoveredBy(KernelSet set) =>
        [.. Mainline.Where(v => set.Items.Any(item => item.ContainsVersion(v)))];

    /// <summary>What is wrong with a version that is not known, with a hint, for a diagnostic.</summary>
    public static string Explain(KernelVersion version)
    {
        if (version < Oldest) return $"{version} is older than {Oldest}, the first kernel that is modelled";
        if (version.Series > Newest) return $"{version} is newer than {Newest}, the last kernel that is modelled";
        var last = Mainline.Last(v => v < version);
        return $"there is no Linux {version}; the release before it is {last}, and {Mainline.First(v => v > version)} follows";
    }

    private static IEnumerable<KernelVersion> Releases(int major, int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(minor => new KernelVersion(major, minor));
}
