using MmSpec.NUnit;

namespace MmSpec.Cli.Checking;

/// <summary>Chooses cases by name and tag.</summary>
/// <param name="patterns">
/// Globs on <c>file::title[row][kernel]</c>; the parts in brackets may be left off, and the file too. None: every name.
/// </param>
/// <param name="tags">With or without the @; none: every scenario.</param>
internal sealed class CaseFilter(IReadOnlyList<string> patterns, IReadOnlyList<string> tags)
{
    /// <summary>Whether the case is chosen.</summary>
    public bool Allows(SpecCase specCase) => HasTag(specCase) && HasName(specCase);

    private bool HasTag(SpecCase specCase)
    {
        if (tags.Count == 0) return true;
        foreach (var tag in tags) if (specCase.Scenario.Tags.Contains(tag.TrimStart('@'))) return true;
        return false;
    }

    private bool HasName(SpecCase specCase)
    {
        if (patterns.Count == 0) return true;
        var full = specCase.Name;
        // The brackets at the end are those of the kernel and of the row; titles may contain brackets too.
        var withoutKernel = full[..^(specCase.Kernel.Length + 2)];
        var withoutRow = specCase.RowName.Length == 0 ? withoutKernel : withoutKernel[..withoutKernel.LastIndexOf("[", StringComparison.Ordinal)];
        foreach (var pattern in patterns)
        {
            if (Glob.Matches(pattern, full) || Glob.Matches(pattern, withoutKernel) || Glob.Matches(pattern, withoutRow)) return true;
            var title = withoutRow[(withoutRow.IndexOf("::", StringComparison.Ordinal) + 2)..];
            if (Glob.Matches(pattern, title)) return true;
        }
        return false;
    }
}
