using Antlr4.Runtime;
using MmSpec.Diagnostics;
using MmSpec.Parsing;
using MmSpec.Syntax;
using MmSpec.Text;
using static MmSpec.Tests.Parsing.Parse;
using Parser = MmSpec.Parsing.Parser;

namespace MmSpec.Tests.Parsing;

/// <summary>One slip gives one message, and the message says what would be right.</summary>
public sealed class RecoveryTests
{
    /// <summary>Deletions tried in one file; larger files are sampled evenly.</summary>
    private const int MaxDeletions = 400;

    private static IEnumerable<TestCaseData> Corpus() => LanguagePage.Corpus().Select(c => new TestCaseData(c.Text).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(Corpus))]
    public void Deleting_one_token_gives_at_most_one_message(string text)
    {
        var tokens = Tokens.Read(new SourceText("x", text), new DiagnosticBag(), out _).Where(t => t.Channel == Lexer.DefaultTokenChannel).ToList();
        var failures = 0;
        var step = Math.Max(1, (double)tokens.Count / MaxDeletions);
        for (var at = 0.0; at < tokens.Count; at += step)
        {
            var token = tokens[(int)at];
            var items = Diagnose(text[..token.StartIndex] + " " + text[(token.StopIndex + 1)..]);
            if (items.Count > 0) failures++;
            Assert.That(items, Has.Count.LessThanOrEqualTo(1), $"without '{token.Text}' at line {token.Line}");
        }

        Assert.That(failures, Is.GreaterThan(Math.Min(tokens.Count, MaxDeletions) / 3), "most tokens are needed");
    }

    [TestCaseSource(nameof(Corpus))]
    public void Doubling_one_token_gives_at_most_one_message(string text)
    {
        var tokens = Tokens.Read(new SourceText("x", text), new DiagnosticBag(), out _).Where(t => t.Channel == Lexer.DefaultTokenChannel).ToList();
        for (var i = 0; i < tokens.Count; i += Math.Max(1, tokens.Count / 100))
        {
            var items = Diagnose(text[..tokens[i].StartIndex] + tokens[i].Text + " " + text[tokens[i].StartIndex..]);
            Assert.That(items, Has.Count.LessThanOrEqualTo(1), $"with '{tokens[i].Text}' twice at line {tokens[i].Line}");
        }
    }

    [Test]
    public void Two_slips_in_two_members_give_two_messages_and_the_rest_is_read()
    {
        var diagnostics = new DiagnosticBag();
        var file = Parser.Parse(new SourceText("x", """
            machine a { memory 4G }
            scenario "one" { process p { } }
            scenario "two" { process p { let = 3 } }
            scenario "three" { process p { } }
            """), diagnostics);
        Assert.That(diagnostics.Items, Has.Count.EqualTo(2));
        Assert.That(file.Members.OfType<ScenarioSyntax>().Select(s => s.Title.Value), Is.EqualTo(["one", "three"]));
        Assert.That(file.Members.OfType<BrokenMemberSyntax>().Select(b => b.Name?.Text), Is.EqualTo(["a", null]));
    }
}
