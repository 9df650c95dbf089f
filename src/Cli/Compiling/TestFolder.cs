using MmSpec.Lowering;
using MmSpec.NUnit;

namespace MmSpec.Cli.Compiling;

/// <summary>A folder with a test assembly and everything that <c>dotnet test</c> and <c>dotnet vstest</c> need beside it.</summary>
internal static class TestFolder
{
    // The adapter brings its own files; they lie in a folder of this program that the build fills.
    private static readonly string Adapter = Path.Combine(AppContext.BaseDirectory, "testadapter");

    /// <summary>Whether an assembly of the name would take the place of one that must lie beside it.</summary>
    public static bool IsTaken(string name) => SpecReferences.Paths.Concat(Directory.Exists(Adapter) ? Directory.EnumerateFiles(Adapter, "*.dll") : [])
        .Any(file => Path.GetFileNameWithoutExtension(file).Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Writes assembly, debug information and runtime configuration, and copies what they need.</summary>
    public static void Write(string folder, EmittedAssembly assembly)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, assembly.Name + ".dll"), assembly.Dll);
        File.WriteAllBytes(Path.Combine(folder, assembly.Name + ".pdb"), assembly.Pdb);
        File.WriteAllText(Path.Combine(folder, assembly.Name + ".runtimeconfig.json"), $$"""
            {
              "runtimeOptions": {
                "tfm": "net{{Environment.Version.Major}}.0",
                "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version.Major}}.0.0" },
                "configProperties": { "System.Globalization.Invariant": true }
              }
            }
            """ + "\n");
        foreach (var reference in SpecReferences.Paths) Copy(reference, folder);
        foreach (var file in Directory.EnumerateFiles(Adapter, "*.dll")) Copy(file, folder);
    }

    private static void Copy(string file, string folder) => File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
}
