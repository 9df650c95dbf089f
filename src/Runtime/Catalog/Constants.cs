using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace MmSpec.Catalog;

/// <summary>A named constant of the system-call interface.</summary>
/// <param name="Name">As the manual pages spell it.</param>
/// <param name="Value">Its value on x86-64.</param>
/// <param name="Group">What it may be or'ed with or stand among: <c>PROT</c>, <c>MAP</c>, <c>MADV</c> …</param>
/// <param name="AvailableIn">Kernels that know it.</param>
public sealed record Constant(string Name, ulong Value, string Group, Availability AvailableIn);

/// <summary>Every constant of the language, with its group.</summary>
public static class Constants
{
    /// <summary>All constants.</summary>
    public static ImmutableArray<Constant> All { get; } =
        [.. MappingConstants.All, .. AdviceConstants.All, .. FileConstants.All, .. PolicyConstants.All, .. UserfaultfdConstants.All, .. ProcessConstants.All];

    private static readonly Dictionary<string, Constant> ByName = All.ToDictionary(c => c.Name, StringComparer.Ordinal);

    /// <summary>Looks a constant up.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out Constant? constant) => ByName.TryGetValue(name, out constant);

    /// <summary>Looks a constant up where one of a group is expected; the group's short names count too.</summary>
    /// <param name="name">The name.</param>
    /// <param name="groups">One group, or several parted by <c>|</c>.</param>
    /// <param name="constant">The constant, of whatever group: see <see cref="IsIn"/>.</param>
    public static bool TryGet(string name, string? groups, [NotNullWhen(true)] out Constant? constant)
    {
        return ByName.TryGetValue(FullName(name, groups), out constant);
    }

    /// <summary>What the short names that userfaultfd calls accept stand for; other names stand for themselves.</summary>
    private static string FullName(string name, string? group) => (group, name) switch
    {
        ("UFFDIO_REGISTER", "MISSING") => "UFFDIO_REGISTER_MODE_MISSING",
        ("UFFDIO_REGISTER", "WP") => "UFFDIO_REGISTER_MODE_WP",
        ("UFFDIO_REGISTER", "MINOR") => "UFFDIO_REGISTER_MODE_MINOR",
        ("UFFDIO_MODE", "WP") => "UFFDIO_WRITEPROTECT_MODE_WP",
        ("UFFDIO_MODE", "DONTWAKE") => "UFFDIO_COPY_MODE_DONTWAKE",
        ("UFFDIO_MODE", "ALLOW_SRC_HOLES") => "UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES",
        _ => name,
    };

    /// <summary>Whether the constant belongs to one of the groups.</summary>
    public static bool IsIn(Constant constant, string groups)
    {
        foreach (var part in groups.AsSpan().Split('|')) if (groups.AsSpan()[part].SequenceEqual(constant.Group)) return true;
        return false;
    }

    /// <summary>The constant whose name resembles a misspelt one most, or null; among a group where one is given.</summary>
    public static string? Suggest(string name, string? groups = null) =>
        Catalog.Suggest.Nearest(name, groups is null ? ByName.Keys : All.Where(c => IsIn(c, groups)).Select(c => c.Name));

    internal static Constant C(string group, string name, ulong value, string? since = null, string? until = null) =>
        new(name, value, group, Availability.Of(name, since, until));
}
