using System.Diagnostics.CodeAnalysis;

namespace MmSpec.Kernels;

/// <summary>The patches that a specification can name: those in the box and its own.</summary>
public sealed class PatchTable
{
    private readonly Dictionary<string, Patch> byName;

    /// <summary>The patches in the box and, over them, those of a file.</summary>
    /// <param name="own">Patches of the file; the names are distinct.</param>
    public PatchTable(IEnumerable<Patch> own)
    {
        var all = new Dictionary<string, Patch>(StringComparer.Ordinal);
        foreach (var patch in BoxPatches.All) all[patch.Name] = patch;
        foreach (var patch in own) all[patch.Name] = patch;
        byName = all;
    }

    /// <summary>Only the patches in the box.</summary>
    public static PatchTable Box { get; } = new([]);

    /// <summary>All patches, in no order.</summary>
    public IEnumerable<Patch> All => byName.Values;

    /// <summary>Looks a patch up.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Patch? patch) => byName.TryGetValue(name, out patch);

    /// <summary>The patch whose name resembles a misspelt one most, or null.</summary>
    public string? Suggest(string name) => Catalog.Suggest.Nearest(name, byName.Keys);

    /// <summary>Why the patches of a kernel cannot be put on it (unknown, wrong release, missing predecessor), or null if they can.</summary>
    public string? Problem(Kernel kernel)
    {
        for (var i = 0; i < kernel.Patches.Length; i++)
        {
            var name = kernel.Patches[i];
            if (!TryGet(name, out var patch)) return $"unknown patch '{name}'" + (Suggest(name) is { } near ? $"; did you mean '{near}'?" : "");
            if (kernel.Patches.IndexOf(name) != i) return $"patch '{name}' is named twice";
            if (!patch.CanApplyTo(kernel.Version)) return $"patch '{name}' does not apply to {kernel.Version}" + (patch.Base is { } on ? $"; it is for {on}" : "");
            foreach (var under in patch.Requires)
                if (kernel.Patches.IndexOf(under) is var at && (at < 0 || at > i)) return $"patch '{name}' needs '{under}' before it";
        }
        return null;
    }
}
