using System.Collections.Immutable;

namespace MmSpec.Lowering;

/// <summary>A test assembly in memory.</summary>
/// <param name="Name">Simple name.</param>
/// <param name="Dll">The assembly. Equal input gives equal bytes.</param>
/// <param name="Pdb">Its portable debug information, which points into the specifications.</param>
public sealed record EmittedAssembly(string Name, byte[] Dll, byte[] Pdb);

/// <summary>Generated C# that the C# compiler does not take: a defect of the lowering, or a specification beyond the compiler's limits.</summary>
/// <param name="messages">What the C# compiler says.</param>
public sealed class EmitException(ImmutableArray<string> messages) : Exception("The generated C# does not compile: " + string.Join("; ", messages))
{
    /// <summary>What the C# compiler says.</summary>
    public ImmutableArray<string> Messages { get; } = messages;
}
