using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using MmSpec.Binding;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace MmSpec.Lowering;

/// <summary>
/// Turns bound files into C# and into test assemblies. The only part that loads Roslyn: a run that finds everything in the cache must not touch it.
/// </summary>
public sealed class SpecEmitter
{
    // Test platforms read the framework, and take an assembly without it for one of .NET Core 1.0. Every method runs once or a few times: without the
    // other attribute the JIT would optimise it first (the assembly is loaded collectible, and what is collectible has no tiers), at a millisecond each.
    private const string AssemblyAttributes = """
        [assembly: System.Runtime.Versioning.TargetFramework(".NETCoreApp,Version=v10.0", FrameworkDisplayName = ".NET 10.0")]
        [assembly: System.Diagnostics.Debuggable(System.Diagnostics.DebuggableAttribute.DebuggingModes.Default | System.Diagnostics.DebuggableAttribute.DebuggingModes.DisableOptimizations)]
        """;
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp12, DocumentationMode.None);
    private readonly ImmutableArray<MetadataReference> _references;

    /// <param name="references">Paths of the assemblies that generated code refers to: the runtime, the base fixture, and NUnit's framework.</param>
    public SpecEmitter(IEnumerable<string> references)
    {
        var all = ImmutableArray.CreateBuilder<MetadataReference>();
        foreach (var name in new[] { "System.Runtime", "System.Collections" })
        {
            using var stream = typeof(SpecEmitter).Assembly.GetManifestResourceStream($"reference/{name}.dll")
                ?? throw new InvalidOperationException($"The compiler was built without its reference assembly {name}.");
            all.Add(MetadataReference.CreateFromStream(stream));
        }
        foreach (var path in references) all.Add(MetadataReference.CreateFromFile(path));
        _references = all.DrainToImmutable();
    }

    /// <summary>Compiles next to nothing, so that what the C# compiler needs is loaded, and compiled itself, while another thread still parses.</summary>
    public void WarmUp()
    {
        var step = new BoundStep(new(2, 1, "", "p", "", []));
        var scenario = new BoundScenario("", null, [], 1, new([]), [], [new("", Testing.Machine.Default, 0, [step])], []);
        Emit("WarmUp", [new BoundFile("warm-up.mmspec", [scenario])], _ => [new(new(6, 12))]);
    }

    /// <summary>The C# of one file.</summary>
    /// <param name="file">A file without errors.</param>
    /// <param name="kernels">Chooses the kernels of every scenario.</param>
    /// <param name="folder">
    /// For C# that another compiler reads from a file: what relative paths are relative to. That compiler takes a relative path in <c>#line</c> for one
    /// beside the generated file, so full ones are written. Null: paths as they are.
    /// </param>
    public static string ToCSharp(BoundFile file, KernelChoice kernels, string? folder = null) => Unit(file, kernels, folder).ToFullString();

    /// <summary>One assembly of several files, a fixture each. The paths of the files are distinct.</summary>
    /// <param name="name">Simple name of the assembly.</param>
    /// <param name="files">Files without errors.</param>
    /// <param name="kernels">Chooses the kernels of every scenario.</param>
    /// <exception cref="EmitException">The C# compiler does not take the generated code.</exception>
    public EmittedAssembly Emit(string name, IReadOnlyList<BoundFile> files, KernelChoice kernels)
    {
        var trees = new SyntaxTree[files.Count + 1];
        for (var i = 0; i < files.Count; i++) trees[i] = Tree(Unit(files[i], kernels, null), Names.LinePath(files[i].Path) + ".g.cs");
        trees[^1] = CSharpSyntaxTree.ParseText(AssemblyAttributes, Parsing, "assembly.g.cs", Encoding.UTF8);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, deterministic: true,
            reportSuppressedDiagnostics: false, warningLevel: 0);
        var compilation = CSharpCompilation.Create(name, trees, _references, options);
        using MemoryStream dll = new(), pdb = new();
        var result = compilation.Emit(dll, pdb, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        if (!result.Success)
            throw new EmitException([.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10).Select(d => d.ToString())]);
        return new(name, dll.ToArray(), pdb.ToArray());
    }

    private static SyntaxTree Tree(CompilationUnitSyntax unit, string path) => CSharpSyntaxTree.Create(unit, Parsing, path, Encoding.UTF8);

    private static CompilationUnitSyntax Unit(BoundFile file, KernelChoice kernels, string? folder)
    {
        var fixture = FixtureLowering.Lower(file, kernels, folder);
        var space = NamespaceDeclaration(default, default, CSharpWriter.Keyword(SyntaxKind.NamespaceKeyword), ParseName(Names.Namespace).WithTrailingTrivia(EndOfLine("\n")),
            Token(default, SyntaxKind.OpenBraceToken, TriviaList(EndOfLine("\n"))), default, default, SingletonList<MemberDeclarationSyntax>(fixture),
            Token(default, SyntaxKind.CloseBraceToken, TriviaList(EndOfLine("\n"))), default);
        return CompilationUnit(default, List([Using("MmSpec.Kernels").WithLeadingTrivia(Comment("// <auto-generated/>"), EndOfLine("\n")), Using("MmSpec.NUnit"), Using("MmSpec.Testing"), Using("NUnit.Framework")]),
            default, SingletonList<MemberDeclarationSyntax>(space), Token(SyntaxKind.EndOfFileToken));
    }

    private static UsingDirectiveSyntax Using(string name) => UsingDirective(default, CSharpWriter.Keyword(SyntaxKind.UsingKeyword), default, default, ParseName(name),
        Token(default, SyntaxKind.SemicolonToken, TriviaList(EndOfLine("\n"))));
}
