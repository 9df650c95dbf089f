using System.Reflection;
using System.Runtime.Loader;

namespace MmSpec.NUnit;

/// <summary>One case of an emitted assembly.</summary>
/// <param name="Name"><c>file::title[row][kernel]</c>.</param>
/// <param name="File">As shown.</param>
/// <param name="Scenario">The attribute of its method.</param>
/// <param name="Row">Index of its row.</param>
/// <param name="Kernel">As a specification writes it.</param>
/// <param name="Method">The generated method.</param>
public sealed record SpecCase(string Name, string File, ScenarioAttribute Scenario, int Row, string Kernel, MethodInfo Method)
{
    /// <summary>Name of its row; empty where the scenario has none.</summary>
    public string RowName => Scenario.Rows[Row];
}

/// <summary>An emitted assembly, loaded beside the program that emitted it.</summary>
public sealed class SpecAssembly : IDisposable
{
    private readonly AssemblyLoadContext _context;
    private readonly Assembly _assembly;

    /// <summary>Loads an assembly. Its references resolve to those of this program.</summary>
    /// <param name="dll">The assembly.</param>
    /// <param name="pdb">Its debug information, or null.</param>
    public SpecAssembly(byte[] dll, byte[]? pdb)
    {
        _context = new AssemblyLoadContext("specifications", isCollectible: true);
        _assembly = _context.LoadFromStream(new MemoryStream(dll), pdb is null ? null : new MemoryStream(pdb));
    }

    /// <summary>The assembly.</summary>
    public Assembly Assembly => _assembly;

    /// <summary>Its cases, fixtures in order of their names, scenarios, rows and kernels as written.</summary>
    /// <param name="files">Only fixtures of these files; null: all.</param>
    public IEnumerable<SpecCase> Cases(IReadOnlySet<string>? files = null)
    {
        foreach (var type in _assembly.GetExportedTypes())
        {
            if (type.GetCustomAttribute<SpecFixtureAttribute>() is not { } fixture || files?.Contains(fixture.File) == false) continue;
            // Reflection promises no order; the token follows the order of declaration.
            var methods = type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly);
            Array.Sort(methods, static (a, b) => a.MetadataToken.CompareTo(b.MetadataToken));
            foreach (var method in methods)
            {
                if (method.GetCustomAttribute<ScenarioAttribute>() is not { } scenario) continue;
                for (var row = 0; row < scenario.Rows.Count; row++)
                    foreach (var kernel in scenario.Kernels)
                        yield return new(ScenarioAttribute.CaseName(fixture.File, scenario.Title, scenario.Rows[row], kernel), fixture.File, scenario, row, kernel, method);
            }
        }
    }

    /// <summary>Lets the assembly go; its cases must not run any more.</summary>
    public void Dispose() => _context.Unload();
}
