using MmSpec.Testing;
using NUnit.Framework;

namespace MmSpec.NUnit;

/// <summary>What generated code refers to, beside the framework.</summary>
public static class SpecReferences
{
    /// <summary>Paths of the runtime, of this assembly, and of NUnit's framework.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        [typeof(ScenarioRun).Assembly.Location, typeof(SpecFixture).Assembly.Location, typeof(NUnitAttribute).Assembly.Location];
}
