using System.Collections.Immutable;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>A machine and the file that it stands in.</summary>
internal sealed record MachineDeclaration(MachineSyntax Syntax, SourceText Source);

/// <summary>A def and the file that it stands in.</summary>
internal sealed record DefDeclaration(DefSyntax Syntax, SourceText Source);

/// <summary>A patch of a file.</summary>
internal sealed record PatchDeclaration(PatchSyntax Syntax, SourceText Source);

/// <summary>What a file and its imports declare.</summary>
internal sealed class Declarations
{
    /// <summary>By name.</summary>
    public Dictionary<string, MachineDeclaration> Machines { get; } = new(StringComparer.Ordinal);
    /// <summary>By name.</summary>
    public Dictionary<string, DefDeclaration> Defs { get; } = new(StringComparer.Ordinal);
    /// <summary>By name.</summary>
    public Dictionary<string, PatchDeclaration> PatchSyntax { get; } = new(StringComparer.Ordinal);
    /// <summary>Defs that were bound at some call.</summary>
    public HashSet<DefSyntax> Called { get; } = new(ReferenceEqualityComparer.Instance);
    /// <summary>The patches, bound.</summary>
    public ImmutableArray<Patch> Patches { get; set; } = [];
}
