using System.Collections.Immutable;
using MmSpec.Binding;
using MmSpec.Kernels;

namespace MmSpec.Lowering;

/// <summary>Chooses the kernels that a scenario runs on (LANGUAGE §3); none: the scenario has no cases.</summary>
public delegate ImmutableArray<Kernel> KernelChoice(BoundScenario scenario);
