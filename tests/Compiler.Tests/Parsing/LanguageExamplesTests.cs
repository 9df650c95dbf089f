using MmSpec.Diagnostics;
using MmSpec.Syntax;
using MmSpec.Text;
using Parser = MmSpec.Parsing.Parser;

namespace MmSpec.Tests.Parsing;

/// <summary>The grammar covers the language's own page.</summary>
public sealed class LanguageExamplesTests
{
    private static IEnumerable<TestCaseData> Corpus() => LanguagePage.Corpus().Select(c => new TestCaseData(c.Text).SetArgDisplayNames(c.Name));

    [Test]
    public void The_page_has_its_examples() => Assert.That(LanguagePage.WholeExamples().Count(), Is.GreaterThanOrEqualTo(2));

    [TestCaseSource(nameof(Corpus))]
    public void A_whole_example_parses(string text)
    {
        var diagnostics = new DiagnosticBag();
        var file = Parser.Parse(new SourceText("example.mmspec", text), diagnostics);
        Assert.That(diagnostics.Items, Is.Empty);
        Assert.That(file.Members.OfType<ScenarioSyntax>(), Is.Not.Empty);
    }
}
