using MmSpec.Diagnostics;
using MmSpec.Syntax;
using MmSpec.Text;
using Parser = MmSpec.Parsing.Parser;

namespace MmSpec.Tests.Parsing;

/// <summary>Short ways to parse a piece.</summary>
internal static class Parse
{
    /// <summary>The messages about a text.</summary>
    public static IReadOnlyList<Diagnostic> Diagnose(string text)
    {
        var diagnostics = new DiagnosticBag();
        Parser.Parse(new SourceText("x", text), diagnostics);
        return diagnostics.Items;
    }

    /// <summary>A file without errors.</summary>
    public static FileSyntax File(string text)
    {
        var diagnostics = new DiagnosticBag();
        var file = Parser.Parse(new SourceText("x", text), diagnostics);
        Assert.That(diagnostics.Items, Is.Empty, text);
        return file;
    }

    /// <summary>The only scenario of a file.</summary>
    public static ScenarioSyntax Scenario(string text) => (ScenarioSyntax)File(text).Members.Single();

    /// <summary>Statements in a process block.</summary>
    public static IReadOnlyList<StatementSyntax> Statements(string text) =>
        ((ProcessBlockSyntax)Scenario($$"""scenario "s" { process p { {{text}} } }""").Body.Single()).Body;

    /// <summary>One statement.</summary>
    public static T Statement<T>(string text) where T : StatementSyntax => (T)Statements(text).Single();

    /// <summary>An expression, as the value of a let.</summary>
    public static ExpressionSyntax Expression(string text) => Statement<StepSyntax>($"let x = {text}").Value;

    /// <summary>The only message about statements in a process block: its code, and the text that it points at.</summary>
    public static (string Code, string At, string Message) Error(string statements)
    {
        var text = $$"""scenario "s" { process p { {{statements}} } }""";
        var item = Diagnose(text).Single();
        return (item.Code, text.Substring(item.Span.Start, item.Span.Length), item.Message);
    }

    /// <summary>An expression with all its brackets.</summary>
    public static string Show(ExpressionSyntax expression) => expression switch
    {
        NameExpressionSyntax e => e.Text,
        NumberLiteralSyntax e => e.Text,
        StringLiteralSyntax e => $"\"{e.Value}\"",
        UnarySyntax e => $"({e.Operator} {Show(e.Operand)})",
        BinarySyntax e => $"({Show(e.Left)} {e.Operator} {Show(e.Right)})",
        CallSyntax e => $"{Show(e.Callee)}({string.Join(", ", e.Arguments.Select(a => (a.Name is null ? "" : a.Name.Text + ": ") + Show(a.Value) + (a.Into is null ? "" : " into " + Show(a.Into))))})",
        IndexSyntax e => $"{Show(e.Target)}[{Show(e.From)}{(e.To is null ? "" : " .. " + Show(e.To))}]",
        MemberAccessSyntax e => $"{Show(e.Target)}.{(e.Member.Quoted ? $"\"{e.Member.Text}\"" : e.Member.Text)}",
        SinceSyntax e => $"({Show(e.View)} since {(e.Process is null ? "" : e.Process.Text + ".")}{e.Snapshot.Text})",
        TupleSyntax e => $"<{string.Join(", ", e.Items.Select(Show))}>",
        ListSyntax e => $"[{string.Join(", ", e.Items.Select(Show))}]",
        SetSyntax e => $"{{{string.Join(", ", e.Items.Select(Show))}}}",
        RowSyntax e => $"{{{string.Join(", ", e.Fields.Select(f => $"{f.Name.Text}: {Show(f.Value)}"))}}}",
        ArmsExpressionSyntax e => $"{{{string.Join(", ", e.Arms.Select(a => $"{Show(a.When)}: {Show((ExpressionSyntax)a.Then)}"))}}}",
        OutcomeExpressionSyntax e => $"<{Show(e.Outcome)}>",
        SnapshotSyntax => "snapshot",
        AccessSyntax e => $"{(e.Store ? "store" : "load")} {Show(e.Region)}{(e.Value is null ? "" : " " + Show(e.Value))}",
        _ => expression.GetType().Name,
    };

    /// <summary>A condition as text.</summary>
    public static string Show(ConditionSyntax condition) => condition switch
    {
        KernelConditionSyntax c => Show(c.Set),
        RuleConditionSyntax c => $"has {c.Rule.Text}",
        ConfigConditionSyntax c => $"config {c.Option.Text}",
        _ => "otherwise",
    };

    /// <summary>A kernel set as text.</summary>
    public static string Show(KernelSetSyntax set) => string.Join(", ", set.Items.Select(i => i.Form switch
    {
        KernelItemForm.From => i.From!.Text + "+",
        KernelItemForm.StableLine => i.From!.Text + "~",
        KernelItemForm.Range => $"{i.From?.Text}..{i.To!.Text}",
        _ => i.From!.Text,
    } + string.Concat(i.Patches.Select(p => " + " + p.Text)) + (i.Only ? " only" : "")));

    /// <summary>An outcome as text.</summary>
    public static string Show(OutcomeSyntax outcome) => outcome switch
    {
        OutcomeSetSyntax s => string.Join(" or ", s.Members.Select(Show)),
        OutcomeArmsSyntax a => $"{{{string.Join(", ", a.Arms.Select(x => $"{Show(x.When)}: {Show((OutcomeSyntax)x.Then)}"))}}}",
        _ => outcome.GetType().Name,
    };

    /// <summary>A member of an outcome as text.</summary>
    public static string Show(OutcomeAtomSyntax atom) => string.Join(' ', new[]
    {
        atom.Word?.Text, atom.Code?.Text, atom.Signal?.Text, atom.At is null ? null : $"at {Show(atom.At)}", atom.Value is null ? null : Show(atom.Value),
        atom.Names.IsEmpty ? null : $"({string.Join(", ", atom.Names.Select(n => n.Text))})",
        atom.Fields.IsEmpty ? null : $"{{{string.Join(", ", atom.Fields.Select(f => $"{f.Name.Text}: {Show(f.Value)}"))}}}",
    }.Where(p => p is not null));
}
