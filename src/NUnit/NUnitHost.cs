using MmSpec.Testing;

namespace MmSpec.NUnit;

/// <summary>How cases run under NUnit and the test platforms: on the emulator, with the default bounds.</summary>
internal static class NUnitHost
{
    /// <summary>The host.</summary>
    public static SpecHost Instance { get; } = new(_ => new NoTarget(), new RunOptions(), _ => { });

    private sealed class NoTarget : ITargetFactory
    {
        public ITarget Create(Kernels.Kernel kernel, Machine machine, bool tracing) => throw new NotSupportedException("this build has no emulator");
    }
}
