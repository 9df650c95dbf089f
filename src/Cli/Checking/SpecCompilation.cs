using MmSpec.Diagnostics;
using MmSpec.Lowering;
using MmSpec.NUnit;

namespace MmSpec.Cli.Checking;

/// <summary>Compiles files, or takes them from the user's cache.</summary>
internal static class SpecCompilation
{
    /// <summary>See <see cref="Checking.Compile"/>.</summary>
    public static SpecAssembly Compile(IReadOnlyList<string> files, KernelSelection kernels, DiagnosticBag diagnostics)
    {
        var cache = AssemblyCache.DefaultFolder is { } folder ? new AssemblyCache(folder) : null;
        var result = new SpecBuilder(kernels, SpecReferences.Paths, cache).Build(files);
        diagnostics.AddRange(result.Diagnostics);
        return new SpecAssembly(result.Assemblies.Select(a => new SpecImage(a.Assembly.Dll, a.Assembly.Pdb, a.Files)));
    }
}
