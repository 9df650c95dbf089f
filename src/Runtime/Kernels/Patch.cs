using System.Collections.Immutable;

namespace MmSpec.Kernels;

/// <summary>A named set of rules that are switched on top of a release.</summary>
/// <param name="Name">As kernel lines name it.</param>
/// <param name="On">The releases it applies to.</param>
/// <param name="Without">Ids of rules that it switches off.</param>
/// <param name="With">Ids of rules that it switches on.</param>
public sealed record Patch(string Name, KernelSet On, ImmutableArray<string> Without, ImmutableArray<string> With);
