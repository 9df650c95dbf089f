using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MmSpec.Catalog;

namespace MmSpec.Kernels;

/// <summary>What <c>--kernel</c> asks for. It is applied to each scenario.</summary>
/// <param name="Newest">The newest kernel that the scenario covers.</param>
/// <param name="All">Every mainline release covered, each back-port boundary, each patch.</param>
/// <param name="Kernels">Single kernels; those that a scenario does not cover are left out there.</param>
public sealed record KernelRequest(bool Newest, bool All, ImmutableArray<Kernel> Kernels)
{
    /// <summary>Reads a list such as <c>5.10,6.1.90</c>, <c>newest</c>, <c>all</c> or <c>5.4 + pmd-share-read-lock</c>.</summary>
    /// <param name="text">Items parted by commas.</param>
    /// <param name="patches">Patches that can be named; null: names of patches are not looked at, since files bring their own.</param>
    /// <param name="request">What was read.</param>
    /// <param name="error">What is wrong, for people.</param>
    public static bool TryParse(string text, PatchTable? patches, [NotNullWhen(true)] out KernelRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        error = null;
        var (newest, all) = (false, false);
        var kernels = ImmutableArray.CreateBuilder<Kernel>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            switch (item)
            {
                case "newest": newest = true; break;
                case "all": all = true; break;
                default:
                    if (!TryParseKernel(item, patches, out var kernel, out error)) return false;
                    if (!kernels.Contains(kernel)) kernels.Add(kernel);
                    break;
            }
        }
        request = new(newest, all, kernels.ToImmutable());
        return true;
    }

    /// <summary>Reads one kernel: <c>6.1.90</c>, <c>5.4 + pmd-share-read-lock</c>.</summary>
    /// <param name="text">Version and patches.</param>
    /// <param name="patches">See <see cref="TryParse"/>.</param>
    /// <param name="kernel">What was read.</param>
    /// <param name="error">What is wrong, for people.</param>
    public static bool TryParseKernel(string text, PatchTable? patches, [NotNullWhen(true)] out Kernel? kernel, [NotNullWhen(false)] out string? error)
    {
        kernel = null;
        var parts = text.Split('+', StringSplitOptions.TrimEntries);
        if (!KernelVersion.TryParse(parts[0], out var version))
        {
            error = parts[0].Length == 0 ? "a kernel version is missing"
                : $"'{parts[0]}' is neither a kernel version nor 'newest' nor 'all'" + Suggest.Hint(parts[0], ["newest", "all"]);
            return false;
        }
        if (parts.Length > 1 && parts.Any(p => p.Length == 0))
        {
            error = $"'{text}' is a set of kernels; name the ones to run on";
            return false;
        }
        if (!KernelReleases.IsKnown(version))
        {
            error = KernelReleases.Explain(version);
            return false;
        }
        kernel = new(version, [.. parts.AsSpan(1)]);
        error = patches?.Problem(kernel);
        return error is null;
    }
}
