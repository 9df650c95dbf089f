using FsCheck;
using FsCheck.Fluent;
using MmSpec.Binding;
using MmSpec.Diagnostics;
using MmSpec.Parsing;
using MmSpec.Tests.Parsing;
using MmSpec.Text;

namespace MmSpec.Tests.Binding;

/// <summary>The binder takes any tree: specs with tokens exchanged, left out and doubled end in diagnostics, never in an exception.</summary>
public sealed class RobustnessTests
{
    private static readonly (string Name, string Text)[] Corpus = [.. LanguagePage.Corpus()];

    [Test]
    public void Mutated_specs_are_bound_without_an_exception()
    {
        var mutations =
            from file in Gen.Choose(0, Corpus.Length - 1)
            from edits in Gen.Choose(0, int.MaxValue).NonEmptyListOf()
            select (file, edits: edits.Take(6).ToArray());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(mutations.ToArbitrary(), m => Bind(Mutate(Corpus[m.file].Text, m.edits))));
    }

    [Test]
    public void Errors_and_a_missing_result_go_together()
    {
        foreach (var (_, text) in Corpus)
        {
            var (file, diagnostics) = Bound.Bind(text);
            Assert.That(file is null, Is.EqualTo(diagnostics.Any(d => d.Contains("): error ", StringComparison.Ordinal))));
        }
    }

    [Test]
    public void A_million_rounds_end_in_a_message()
    {
        var nested = string.Concat(Enumerable.Range(0, 7).Select(i => $"for v{i} in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] {{ ")) + "store a " + new string('}', 7);
        Assert.That(Bound.Codes($"process p {{ let a = mmap(length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)\n{nested} }}"), Is.EqualTo(new[] { "MM2037" }));
    }

    [Test]
    public void Numbers_that_grow_without_end_are_refused() =>
        Assert.That(Bound.Codes($"process p {{ let n = {string.Join(" * ", Enumerable.Repeat("0xffffffffffffffff", 200))} }}"), Is.EqualTo(new[] { "MM2015" }));

    [Test]
    public void Defs_that_call_two_others_each_end_in_a_message()
    {
        var defs = string.Concat(Enumerable.Range(0, 40).Select(i => $"def f{i}() {{ f{i + 1}() f{i + 1}() }}\n"));
        Assert.That(Bound.Codes("process p { f0() }", before: defs + "def f40() { sched_yield() }\n"), Does.Contain("MM2037").Or.Contain("MM4001"));
    }

    private static bool Bind(string text)
    {
        var diagnostics = new DiagnosticBag();
        // The tree with its holes, as an editor would bind it.
        Binder.Bind(Parser.Parse(new SourceText("mutant.mmspec", text), diagnostics), new NoFiles(), diagnostics);
        return true;
    }

    private static string Mutate(string text, int[] edits)
    {
        var tokens = System.Text.RegularExpressions.Regex.Matches(text, @"//[^\n]*|""[^""\n]*""|[\w.]+|\s+|.").Select(m => m.Value).ToList();
        foreach (var edit in edits)
        {
            if (tokens.Count < 2) break;
            var (at, other) = (edit % tokens.Count, edit / 7 % tokens.Count);
            switch (edit % 3)
            {
                case 0: tokens.RemoveAt(at); break;
                case 1: tokens[at] = tokens[other]; break;
                default: tokens.Insert(at, tokens[other]); break;
            }
        }
        return string.Concat(tokens);
    }

    private sealed class NoFiles : ImportResolver
    {
        protected internal override SourceText? Read(string path, DiagnosticBag diagnostics) => null;
    }
}
