using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using MmSpec.Binding;
using MmSpec.Lowering;
using MmSpec.Testing;

namespace MmSpec.Tests.Lowering;

/// <summary>Whatever a specification holds, the generated C# has the same shape: what it wrote is in literals.</summary>
public class HostileInputTests
{
    // No lone surrogate: files are UTF-8, so no specification can hold one.
    private static readonly string[] Hostile =
    [
        "\"); System.Environment.Exit(1); //", "a\nb", "a\r\nb", "*/ }", "#line 1 \"x\"", "\n#line 1 \"x\"\n", "\u2028#error\u2029", "\u0085#error", "\\", "\\u0022", "'", "''", "a\0b", "{0}",
        "émoji 🐧", "\"\"\"", "$\"{1}\"", "@x", "\u202E", "a' 'b", "(:into 3)", "", " ", "%22", "]]>",
    ];

    [TestCaseSource(nameof(Hostile))]
    public void Nothing_gets_out_of_its_literal(string text)
    {
        var plain = File("x");
        var hostile = File(text);
        var expected = Shape(SpecEmitter.ToCSharp(plain, Trees.One));
        Assert.That(Shape(SpecEmitter.ToCSharp(hostile, Trees.One)), Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Hostile))]
    public void What_is_emitted_runs_and_says_what_was_written(string text)
    {
        var log = new List<string>();
        var result = Trees.Run(Trees.One, log, File(text)).Single();
        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Is.Null);
            Assert.That(result.Case.Scenario.Title, Is.EqualTo(text));
            Assert.That(result.Case.File, Is.EqualTo(text + ".mmspec"));
            Assert.That(result.Case.Name, Does.Not.Match("[\\p{C}\u2028\u2029-[\u202E\uD800-\uDFFF]]"));
            Assert.That(log, Does.Contain($"number({text})"));
            Assert.That(result.Result!.Failures.Select(f => f.Place.Text), Is.EqualTo(new[] { text }));
        });
    }

    private static BoundFile File(string text)
    {
        var step = new BoundStep(new Step(5, 9, text, "p", "number", [new("n", new Expr.Const(Value.OfText(text)))]));
        var expect = new BoundExpect(new Expectation(6, 9, text) { Condition = Trees.Equal(Trees.Number(1), Trees.Number(2)) });
        var scenario = Trees.Scenario(text, 3, new BoundRow(text, Machine.Default, 1, [step, expect, new BoundKnownGap(7, 9, text, [])]));
        return Trees.File(text + ".mmspec", scenario with { Documentation = text, Tags = [text] });
    }

    /// <summary>Kinds of all nodes and directives; the class's name, which follows the path, left out.</summary>
    private static List<string> Shape(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code);
        Assert.That(tree.GetDiagnostics(), Is.Empty, code);
        Assert.That(Regex.IsMatch(tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().Single().Identifier.ValueText, "^[A-Za-z_][A-Za-z0-9_]*_mmspec$"));
        return [.. tree.GetRoot().DescendantNodesAndTokens(descendIntoTrivia: true).Select(n => n.Kind().ToString())];
    }
}
