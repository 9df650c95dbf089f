using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using MmSpec.Binding;
using MmSpec.Kernels;
using MmSpec.Testing.Notation;
using static MmSpec.Lowering.CSharpWriter;

namespace MmSpec.Lowering;

/// <summary>
/// Lowers one file to one NUnit fixture: a void method a scenario (a <c>switch</c> over its rows), a statement a statement, each under a <c>#line</c> of its
/// own. Machines and defs are methods of their own, so that every method maps to one document and none maps to a line above its header.
/// </summary>
internal sealed class FixtureLowering
{
    private const string Run = "r";
    private readonly BoundFile _file;
    private readonly string _path;
    private readonly List<MemberDeclarationSyntax> _members = [];
    private readonly List<(string Notation, string Field)> _patches = [];
    private int _defs;
    private string _document;

    private readonly string? _folder;

    private FixtureLowering(BoundFile file, string? folder)
    {
        _file = file;
        _folder = folder;
        _path = _document = Document(file.Path);
    }

    /// <summary>The fixture of a file.</summary>
    /// <param name="file">A file without errors.</param>
    /// <param name="kernels">Chooses the kernels of every scenario.</param>
    /// <param name="folder">What relative paths are relative to, where <c>#line</c> must carry full ones; null: it carries them as they are.</param>
    public static ClassDeclarationSyntax Lower(BoundFile file, KernelChoice kernels, string? folder) => new FixtureLowering(file, folder).Fixture(kernels);

    private string Document(string path) => Names.LinePath(_folder is null ? path : Path.GetFullPath(path, _folder));

    private ClassDeclarationSyntax Fixture(KernelChoice kernels)
    {
        for (var i = 0; i < _file.Scenarios.Length; i++)
        {
            var chosen = kernels(_file.Scenarios[i]);
            if (!chosen.IsDefaultOrEmpty) Scenario(_file.Scenarios[i], i + 1, chosen);
        }
        // Parallelizable is NUnit's own: test platforms pass over an assembly that does not refer to nunit.framework itself.
        return Class([Attribute("SpecFixture", [Quote(_file.Path)]), Attribute("Parallelizable", [Member("ParallelScope", "All")])],
            Names.ClassOf(_file.Path), "SpecFixture", _members).Hidden();
    }

    private void Scenario(BoundScenario scenario, int index, ImmutableArray<Kernel> kernels)
    {
        var attribute = Attribute("Scenario",
        [
            Number(scenario.Line), Quote(scenario.Title), QuoteOrNull(scenario.Documentation), QuoteAll(scenario.Tags),
            QuoteAll(scenario.Rows.Select(row => row.Name)), QuoteAll(kernels.Select(kernel => kernel.ToString())),
        ]);
        ExpressionSyntax open = Call(null, "Open", Name("kernel"), Machine(scenario, index),
            Number(scenario.Rows.Max(row => row.Slots)), Patches(scenario.LocalPatches));
        var rows = new List<IReadOnlyList<StatementSyntax>>();
        foreach (var row in scenario.Rows) rows.Add(Body(row.Body));
        IReadOnlyList<StatementSyntax> statements = rows.Count == 1 ? rows[0] : [Switch(Name("row"), [.. rows.Select(row => (IReadOnlyList<StatementSyntax>)[.. row, Break().Hidden()])]).Hidden()];
        _document = _path;
        StatementSyntax[] body =
        [
            Local("ScenarioRun", Run, open).At(scenario.Line, 1, "scenario".Length, _path),
            DoWhile(Block(statements), Call(Run, "Again")).Hidden(),
            Statement(Call(null, "Close", Name(Run), Quote($"S{index}"))),
        ];
        _members.Add(Method(attribute, [SyntaxKind.PublicKeyword], Predefined(SyntaxKind.VoidKeyword), $"S{index}",
            Parameters((Predefined(SyntaxKind.IntKeyword), "row"), (Predefined(SyntaxKind.StringKeyword), "kernel")), Block(body))
            .At(scenario.Line, 1, "scenario".Length, _path));
    }

    /// <summary>The machine, or a call of a method that chooses it where rows have machines of their own.</summary>
    private ExpressionSyntax Machine(BoundScenario scenario, int index)
    {
        var machines = scenario.Rows.Select(row => NotationWriter.Write(row.Machine)).ToList();
        if (machines.Distinct().Count() == 1) return Call("S", "Machine", Quote(machines[0]));
        var choice = Switch(Name("row"), [.. machines.Select(m => (IReadOnlyList<StatementSyntax>)[Return(Call("S", "Machine", Quote(m)))])]);
        _members.Add(Method(null, [SyntaxKind.PrivateKeyword, SyntaxKind.StaticKeyword], TypeName("Machine"), $"M{index}",
            Parameters((Predefined(SyntaxKind.IntKeyword), "row")), Block([choice])).Hidden());
        return Call(null, $"M{index}", Name("row"));
    }

    /// <summary>The field with the table of these patches; it is made once, since targets keep what they resolved for a table.</summary>
    private ExpressionSyntax Patches(ImmutableArray<Patch> patches)
    {
        if (patches.IsDefaultOrEmpty) return QuoteOrNull(null);
        var notation = string.Join('\n', patches.Select(patch => patch.Name + ' ' + NotationWriter.Write(patch)));
        var known = _patches.Find(p => p.Notation == notation);
        if (known.Field is not null) return Name(known.Field);
        var field = $"P{_patches.Count + 1}";
        _patches.Add((notation, field));
        var array = CSharpWriter.Array(Name("Patch"), [.. patches.Select(patch => Call("S", "Patch", Quote(patch.Name), Quote(NotationWriter.Write(patch))))]);
        _members.Add(Field("PatchTable", field, Call("S", "Patches", array)).Hidden());
        return Name(field);
    }

    private List<StatementSyntax> Body(ImmutableArray<BoundNode> nodes)
    {
        var statements = new List<StatementSyntax>(nodes.Length);
        foreach (var node in nodes) Node(node, statements);
        return statements;
    }

    private void Node(BoundNode node, List<StatementSyntax> statements)
    {
        switch (node)
        {
            case BoundStep n:
                statements.Add(Statement(CallAt(Place(n.Line, n.Column, n.Step.Text.Length, _document), Run, "Step",
                    Number(n.Line), Number(n.Column), Quote(n.Step.Text), Quote(NotationWriter.Write(n.Step)))));
                break;
            case BoundExpect n:
                statements.Add(Statement(CallAt(Place(n.Line, n.Column, n.Expectation.Text.Length, _document), Run, "Check",
                    Number(n.Line), Number(n.Column), Quote(n.Expectation.Text), Quote(NotationWriter.Write(n.Expectation)))));
                break;
            case BoundLet n:
                statements.Add(At(n, n.Text, Statement(Call(Run, "Let", Number(n.Line), Number(n.Column), Quote(n.Text), Number(n.Slot),
                    Call("S", "Expr", Quote(NotationWriter.Write(n.Value)))))));
                break;
            case BoundSnapshot n:
                statements.Add(At(n, n.Text, Statement(Call(Run, "Snapshot", Number(n.Line), Number(n.Column), Quote(n.Text), Number(n.Slot),
                    Call("S", "Views", Quote(NotationWriter.Write(n.Views)))))));
                break;
            case BoundWhen n:
                statements.Add(At(n, "when kernel", If(Call(Run, "On", Call("S", "On", Quote(NotationWriter.Write(n.Condition)))),
                    Block(Body(n.Then)), n.Else.IsDefaultOrEmpty ? null : Block(Body(n.Else)))));
                break;
            case BoundRepeat n:
                statements.Add(At(n, "repeat", Statement(Call(Run, "BeginRepeat", Long(n.Count)))));
                statements.Add(At(n, "repeat", While(Call(Run, "Next"), Block(Body(n.Body)))));
                break;
            case BoundDefCall n:
                DefCall(n, statements);
                break;
            case BoundParallel n:
                statements.Add(At(n, "parallel", Statement(Call(Run, "Parallel", Parallel(n.Block)))));
                break;
            case BoundKnownGap n:
                statements.Add(At(n, "known-gap", Statement(Call(Run, "BeginGap", Number(n.Line), Number(n.Column), Quote(n.Reason)))));
                statements.AddRange(Body(n.Body));
                statements.Add(Statement(Call(Run, "EndGap")).Hidden());
                break;
            default:
                throw new ArgumentException($"No lowering for {node.GetType()}.", nameof(node));
        }
    }

    private void DefCall(BoundDefCall call, List<StatementSyntax> statements)
    {
        var name = $"D{++_defs}";
        statements.Add(At(call, call.Text, Statement(Call(Run, "EnterDef", Number(call.Line), Number(call.Column), Quote(call.Text), Quote(call.Name), Quote(call.File), Number(call.DefLine)))));
        statements.Add(At(call, call.Text, Statement(Call(null, name, Name(Run)))));
        statements.Add(Statement(Call(Run, "LeaveDef")).Hidden());
        var caller = _document;
        _document = Document(call.File);
        _members.Add(Method(null, [SyntaxKind.PrivateKeyword, SyntaxKind.StaticKeyword], Predefined(SyntaxKind.VoidKeyword), name,
            Parameters((TypeName("ScenarioRun"), Run)), Block(Body(call.Body))).Hidden());
        _document = caller;
    }

    private static InvocationExpressionSyntax Step(Testing.Step step) =>
        Call("S", "Step", Number(step.Line), Number(step.Column), Quote(step.Text), Quote(NotationWriter.Write(step)));

    private static InvocationExpressionSyntax Parallel(Testing.ParallelBlock block) => Call("S", "Parallel", Number(block.Line), Number(block.Column),
        CSharpWriter.Array(Name("ThreadProgram"), [.. block.Threads.Select(thread =>
            Call("S", "Thread", Quote(thread.Process), Quote(thread.Name), CSharpWriter.Array(Name("Step"), [.. thread.Steps.Select(Step)])))]),
        CSharpWriter.Array(Name("Judgement"), [.. block.Judgements.Select(judgement =>
            Call("S", "Judge", Number(judgement.Line), Number(judgement.Column), Quote(judgement.Text), Quote(NotationWriter.Write(judgement))))]));

    private StatementSyntax At(BoundNode node, string text, StatementSyntax statement) => statement.At(node.Line, node.Column, text.Length, _document);
}
