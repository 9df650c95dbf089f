using System.Text.RegularExpressions;
using static MmSpec.Tests.Parsing.Parse;

namespace MmSpec.Tests.Parsing;

/// <summary>Each code about syntax and files has its page, whose examples are what they say.</summary>
public sealed partial class PageTests
{
    private static IEnumerable<string> Codes() =>
        new[] { "SyntaxDiagnostics.cs", "FileDiagnostics.cs" }.SelectMany(f => Code().Matches(System.IO.File.ReadAllText(LanguagePage.Place("src", "Compiler", "Diagnostics", f))))
            .Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal);

    private static IEnumerable<string> SyntaxCodes() => Codes().Where(c => c.StartsWith("MM1", StringComparison.Ordinal));

    [Test]
    public void A_code_is_used_once() => Assert.That(Codes(), Is.Unique);

    [Test]
    public void Every_code_has_a_page_and_every_page_a_code() =>
        Assert.That(Directory.EnumerateFiles(LanguagePage.Place("docs", "diagnostics"), "MM*.md").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Where(c => c[2] is '1' or '9').Order(StringComparer.Ordinal), Is.EqualTo(Codes()));

    [TestCaseSource(nameof(SyntaxCodes))]
    public void The_wrong_example_is_wrong_and_the_right_one_right(string code)
    {
        var page = System.IO.File.ReadAllText(LanguagePage.Place("docs", "diagnostics", code + ".md"));
        Assert.That(page, Does.StartWith($"# {code}: "));
        var blocks = Block().Matches(page).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        if (code is not ("MM1009" or "MM1010" or "MM1013")) Assert.That(Diagnose(blocks["Wrong"]).Select(d => d.Code).Distinct(), Is.EqualTo(new[] { code }));
        Assert.That(Diagnose(blocks["Right"]), Is.Empty);
    }

    [GeneratedRegex("\"(MM[0-9]{4})\"")]
    private static partial Regex Code();

    [GeneratedRegex(@"^## (Wrong|Right)\n\n```\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
