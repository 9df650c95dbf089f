using System.Diagnostics;
using System.Text;
using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using FsCheck;
using FsCheck.Fluent;
using MmSpec.Diagnostics;
using MmSpec.Parsing;
using MmSpec.Syntax;
using MmSpec.Text;
using static MmSpec.Tests.Parsing.Parse;
using Parser = MmSpec.Parsing.Parser;

namespace MmSpec.Tests.Parsing;

/// <summary>Whatever the text, the parser answers, soon, and with diagnostics only.</summary>
public sealed class RobustnessTests
{
    private const int Mutations = 400;

    private static string[] Texts { get; } = [.. LanguagePage.Corpus().Select(c => c.Text)];

    /// <summary>A fixed seed: a failure is the same for everybody.</summary>
    private static Config Fixed => Config.QuickThrowOnFailure.WithMaxTest(Mutations).WithReplay(1, 1);

    [Test]
    public void Random_characters_in_a_spec_are_diagnosed_or_harmless()
    {
        var changes = Gen.ListOf(Gen.Zip(Gen.Choose(0, 1 << 20), Gen.Elements("{", "}", "(", ")", "[", "\"", "\\", "'", "-", "->", "..", ",", ":", "@", "\0", "\uD800", "é", "𝒳", "0x", "~", "+", " ", "//", "\n", "in", "a")));
        var cases = Gen.Zip(Gen.Choose(0, Texts.Length - 1), changes);
        Prop.ForAll(Arb.From(cases), c =>
        {
            var text = new StringBuilder(Texts[c.Item1]);
            foreach (var (at, insert) in c.Item2.Take(5))
            {
                var place = at % text.Length;
                if (at % 3 == 0) text.Remove(place, 1);
                else if (at % 3 == 1) text[place] = insert[0];
                else text.Insert(place, insert);
            }

            Answers(text.ToString());
        }).Check(Fixed);
    }

    [Test]
    public void Tokens_deleted_doubled_and_swapped_are_diagnosed_or_harmless()
    {
        var words = Texts.Select(t => Tokens.Read(new SourceText("x", t), new DiagnosticBag(), out _).Where(x => x.Channel == Lexer.DefaultTokenChannel).Select(x => x.Text).ToArray()).ToArray();
        var cases = Gen.Zip(Gen.Choose(0, words.Length - 1), Gen.ListOf(Gen.Choose(0, 1 << 20)));
        Prop.ForAll(Arb.From(cases), c =>
        {
            var list = words[c.Item1].ToList();
            foreach (var change in c.Item2.Take(6))
            {
                var place = change % (list.Count - 1);
                if (change % 3 == 0) list.RemoveAt(place);
                else if (change % 3 == 1) list.Insert(place, list[change / 3 % list.Count]);
                else (list[place], list[place + 1]) = (list[place + 1], list[place]);
            }

            Answers(string.Join(' ', list));
        }).Check(Fixed);
    }

    private static void Answers(string text)
    {
        var clock = Stopwatch.StartNew();
        foreach (var item in Diagnose(text))
        {
            Assert.That(item.Span.Start, Is.InRange(0, text.Length));
            Assert.That(item.Span.End, Is.InRange(item.Span.Start, text.Length));
            Assert.That(item.Message, Does.Not.Contain("\n").And.Not.Contain("<EOF>").And.Length.LessThan(400));
        }

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [TestCase("(", ")")]
    [TestCase("[", "]")]
    [TestCase("f(", ")")]
    [TestCase("{ 6.1: ", "}")]
    [TestCase("{ a: ", "}")]
    [TestCase("{ ", "}")]
    [TestCase("x[", "]")]
    public void Nesting_is_bounded(string open, string close)
    {
        Assert.That(Diagnose(Nested(200)), Is.Empty, "200 levels");
        Assert.That(Diagnose(Nested(300)).Single().Code, Is.EqualTo("MM1009"), "300 levels");
        Assert.That(Diagnose(Nested(100_000)).Single().Code, Is.EqualTo("MM1009"), "100,000 levels");

        string Nested(int depth) =>
            $"scenario \"s\" {{ process p {{ let x = {new StringBuilder().Insert(0, open, depth)}1{new StringBuilder().Insert(0, close, depth)} }} }}";
    }

    [TestCase("when a { ", "}")]
    [TestCase("known-gap \"g\" { ", "}")]
    public void Nested_blocks_are_bounded(string open, string close) =>
        Assert.That(Diagnose($"scenario \"s\" {{ {new StringBuilder().Insert(0, open, 100_000)}{new StringBuilder().Insert(0, close, 100_000)} }}").Single().Code, Is.EqualTo("MM1009"));

    [TestCase("1", " + 1")]
    [TestCase("a", ".b")]
    [TestCase("a", "[0]")]
    [TestCase("a", " since b")]
    [TestCase("a", " and b == c")]
    public void Chains_are_no_nesting_but_have_an_end(string first, string next)
    {
        Assert.That(Diagnose(Chain(400)), Is.Empty);
        Assert.That(Diagnose(Chain(100_000)).Single().Code, Is.EqualTo("MM1010"));

        string Chain(int length) => $"scenario \"s\" {{ process p {{ let x = {first}{new StringBuilder().Insert(0, next, length)} }} }}";
    }

    [TestCase("not ")]
    [TestCase("- ")]
    public void Prefixes_have_an_end(string prefix) =>
        Assert.That(Diagnose($"scenario \"s\" {{ process p {{ let x = {new StringBuilder().Insert(0, prefix, 100_000)} 1 }} }}").Single().Code, Is.EqualTo("MM1010"));

    [Test]
    public void Else_when_has_an_end() => Assert.That(
        Diagnose($"scenario \"s\" {{ when a {{ }}{new StringBuilder().Insert(0, " else when a { }", 100_000)} }}").Single().Code, Is.EqualTo("MM1009"));

    [Test]
    public void Long_lists_are_fine() => Assert.That(Diagnose($"scenario \"s\" for x in [{new StringBuilder().Insert(0, "1, ", 50_000)}] {{ }}"), Is.Empty);

    [Test]
    public void Many_open_brackets_of_every_kind_end_soon()
    {
        foreach (var bracket in new[] { "(", "[", "{", "{ 6.1: ", "f(", ")", "}", "@a ", "scenario ", "scenario \"s\" {", "\"", "->", "import " })
        {
            var clock = Stopwatch.StartNew();
            Assert.That(Diagnose(new StringBuilder().Insert(0, bracket, 20_000).ToString()), Is.Not.Empty, bracket);
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), bracket);
        }
    }

    /// <summary>Prediction by the rule's own context alone must read every valid file as full prediction does.</summary>
    [Test]
    public void SLL_and_LL_prediction_agree()
    {
        foreach (var text in Texts)
        {
            var source = new SourceText("x", text);
            var (sll, ll) = (new DiagnosticBag(), new DiagnosticBag());
            var trees = (Tree(Parser.Parse(source, sll, PredictionMode.SLL)), Tree(Parser.Parse(source, ll, PredictionMode.LL)));
            Assert.That(trees.Item1, Is.EqualTo(trees.Item2));
            Assert.That(sll.Items, Is.EqualTo(ll.Items));
        }

        static string Tree(FileSyntax file) => System.Text.Json.JsonSerializer.Serialize(file.Members.Select(Describe));

        static object? Describe(object? node) => node switch
        {
            null or string or bool or int => node,
            System.Collections.IEnumerable list => list.Cast<object?>().Select(Describe).ToArray(),
            SyntaxNode => node.GetType().GetProperties().Where(p => p.Name != "EqualityContract").OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => p.PropertyType.IsGenericType && (bool?)p.PropertyType.GetProperty("IsDefault")?.GetValue(p.GetValue(node)) == true ? "default" : Describe(p.GetValue(node)))
                .Prepend(node.GetType().Name).ToArray(),
            _ => node.ToString(),
        };
    }

    [Test]
    public void Ten_thousand_lines_take_a_fraction_of_a_second()
    {
        var text = new StringBuilder();
        for (var lines = 0; lines < 10_000;)
        {
            foreach (var example in Texts)
            {
                text.Append(example).Append('\n');
                lines += example.Count(c => c == '\n') + 1;
            }
        }

        var source = new SourceText("x", text.ToString());
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            var clock = Stopwatch.StartNew();
            Parser.Parse(source, new DiagnosticBag());
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        TestContext.Out.WriteLine($"{source.LineCount} lines, best {best.TotalMilliseconds:F0} ms");
        Assert.That(best, Is.LessThan(TimeSpan.FromSeconds(4)), "the bar is 0.2 s on a quiet machine");
    }
}
