using MmSpec.Testing;

namespace MmSpec.NUnit;

/// <summary>How cases run under NUnit and the test platforms: on the emulator, with the default bounds.</summary>
internal static class NUnitHost
{
    /// <summary>The host.</summary>
    public static SpecHost Instance { get; } = new(patches => new EmulatorTargetFactory(patches), new RunOptions(), _ => { });
}
