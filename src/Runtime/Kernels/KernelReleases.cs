using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MmSpec.Kernels;

/// <summary>The mainline releases that a specification can speak of, oldest first.</summary>
public static class KernelReleases
{
    /// <summary>2.6.25 to <see cref="Newest"/>, ascending.</summary>
    public static ImmutableArray<KernelVersion> Mainline { get; } = Enumerate();

    /// <summary>The first release that is modelled.</summary>
    public static KernelVersion Oldest => Mainline[0];

    /// <summary>The last release that is modelled.</summary>
    public static KernelVersion Newest => Mainline[^1];

    /// <summary>Whether the version is one of the releases, or a point release of one.</summary>
    public static bool IsKnown(KernelVersion version) => Mainline.BinarySearch(version.Series) >= 0;

    /// <summary>The mainline release that follows the version's series; null after <see cref="Newest"/> or where the series is unknown.</summary>
    public static KernelVersion? After(KernelVersion version) =>
        Mainline.BinarySearch(version.Series) is var at and >= 0 && at + 1 < Mainline.Length ? Mainline[at + 1] : null;

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

    // Loops and one array, no queries: this runs at every start, and generic code over a struct is compiled only then.
    private static ImmutableArray<KernelVersion> Enumerate()
    {
        (int Major, int First, int Last)[] series = [(2, 25, 39), (3, 0, 19), (4, 0, 20), (5, 0, 19), (6, 0, 19), (7, 0, 3)];
        var count = 0;
        foreach (var (_, first, last) in series) count += last - first + 1;
        var releases = new KernelVersion[count];
        count = 0;
        foreach (var (major, first, last) in series)
            for (var minor = first; minor <= last; minor++) releases[count++] = new(major, minor);
        return ImmutableCollectionsMarshal.AsImmutableArray(releases);
    }
}
