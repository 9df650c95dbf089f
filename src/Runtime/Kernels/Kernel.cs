using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace MmSpec.Kernels;

/// <summary>Something to run on: a version, the patches on top of it, and configuration that differs from the default.</summary>
/// <param name="Version">A mainline release (<c>6.12</c> is the .0) or a point release with its back-ports.</param>
/// <param name="Patches">Names of patches, in order of application; compared as a sequence.</param>
public sealed record Kernel(KernelVersion Version, ImmutableArray<string> Patches)
{
    /// <summary>A release without patches.</summary>
    public Kernel(KernelVersion version) : this(version, []) { }

    /// <inheritdoc />
    public bool Equals(Kernel? other) => other is not null && Version == other.Version && Patches.SequenceEqual(other.Patches);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Version, Patches.Length);

    /// <summary>Reads what <see cref="ToString"/> writes: a version, then patches after plus signs.</summary>
    /// <returns>False where the text is no kernel. Whether the patches exist is not checked.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out Kernel? kernel)
    {
        kernel = null;
        var parts = text.Split('+', StringSplitOptions.TrimEntries);
        if (!KernelVersion.TryParse(parts[0], out var version) || parts.Contains("")) return false;
        kernel = new(version, [.. parts.AsSpan(1)]);
        return true;
    }

    /// <summary>As a specification writes it: <c>5.4 + pmd-share-read-lock</c>.</summary>
    public override string ToString() => Patches.IsEmpty ? Version.ToString() : Version + " + " + string.Join(" + ", Patches);
}
