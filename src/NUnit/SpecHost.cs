using MmSpec.Kernels;
using MmSpec.Testing;

namespace MmSpec.NUnit;

/// <summary>Makes the factory of targets that know the patches of a file beside those in the box.</summary>
public delegate ITargetFactory TargetsFor(PatchTable patches);

/// <summary>What runs a case when NUnit does not: where it runs, its bounds, and who is told how it ended.</summary>
/// <param name="Targets">Where it runs.</param>
/// <param name="Options">Its bounds.</param>
/// <param name="Report">Receives the result, once, before the method of the case returns.</param>
public sealed record SpecHost(TargetsFor Targets, RunOptions Options, Action<RunResult> Report)
{
    /// <summary>The host of the case that this thread runs; null under NUnit.</summary>
    [field: ThreadStatic]
    internal static SpecHost? Current { get; set; }
}
