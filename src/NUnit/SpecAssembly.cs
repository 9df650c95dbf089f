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

/// <summary>An emitted assembly in memory.</summary>
/// <param name="Dll">The assembly.</param>
/// <param name="Pdb">Its debug information, or null.</param>
/// <param name="Files">The files whose fixtures are wanted of it; null: all.</param>
public sealed record SpecImage(byte[] Dll, byte[]? Pdb, IReadOnlySet<string>? Files = null);

/// <summary>Emitted assemblies, loaded beside the program that emitted them.</summary>
public sealed class SpecAssembly : IDisposable
{
    private readonly AssemblyLoadContext _context = new("specifications", isCollectible: true);
    private readonly List<(Assembly Assembly, IReadOnlySet<string>? Files)> _assemblies = [];

    /// <summary>Loads an assembly. Its references resolve to those of this program.</summary>
    /// <param name="dll">The assembly.</param>
    /// <param name="pdb">Its debug information, or null.</param>
    public SpecAssembly(byte[] dll, byte[]? pdb) : this([new SpecImage(dll, pdb)])
    {
    }

    /// <summary>Loads several, of distinct names.</summary>
    public SpecAssembly(IEnumerable<SpecImage> images)
    {
        foreach (var image in images)
            _assemblies.Add((_context.LoadFromStream(new MemoryStream(image.Dll), image.Pdb is null ? null : new MemoryStream(image.Pdb)), image.Files));
    }

    /// <summary>Its cases: fixtures as emitted, scenarios, rows and kernels as written.</summary>
    public IEnumerable<SpecCase> Cases() => _assemblies.SelectMany(a => Cases(a.Assembly, a.Files));

    /// <summary>The cases of one assembly.</summary>
    /// <param name="assembly">Emitted from specifications.</param>
    /// <param name="files">Only fixtures of these files; null: all.</param>
    public static IEnumerable<SpecCase> Cases(Assembly assembly, IReadOnlySet<string>? files = null)
    {
        foreach (var type in assembly.GetExportedTypes())
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

    /// <summary>Lets the assemblies go; their cases must not run any more.</summary>
    public void Dispose() => _context.Unload();
}
