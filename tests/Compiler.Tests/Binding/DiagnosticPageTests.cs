using System.Text.RegularExpressions;
using MmSpec.Tests.Parsing;

namespace MmSpec.Tests.Binding;

/// <summary>Each code of the binder has its page, and the page's examples are what it says: messages, positions and all.</summary>
public sealed partial class DiagnosticPageTests
{
    private static readonly string[] Sources = ["BindingDiagnostics.cs", "ImportDiagnostics.cs", "KernelDiagnostics.cs", "SupportDiagnostics.cs", "LintDiagnostics.cs"];

    private static IEnumerable<string> Codes() =>
        Sources.SelectMany(f => Code().Matches(File.ReadAllText(LanguagePage.Place("src", "Compiler", "Diagnostics", f)))).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal);

    [Test]
    public void A_code_is_used_once() => Assert.That(Codes(), Is.Unique);

    [Test]
    public void Every_code_has_a_page_and_every_page_a_code() =>
        Assert.That(Directory.EnumerateFiles(LanguagePage.Place("docs", "diagnostics"), "MM*.md").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Where(c => c[2] is >= '2' and <= '5').Order(StringComparer.Ordinal), Is.EqualTo(Codes()));

    [TestCaseSource(nameof(Codes))]
    public void The_page_shows_what_the_compiler_says(string code)
    {
        var page = File.ReadAllText(LanguagePage.Place("docs", "diagnostics", code + ".md"));
        Assert.That(page, Does.StartWith($"# {code}: "));
        var match = Page().Match(page);
        Assert.That(match.Success, "the page has a wrong example, its messages, and a right example");
        var said = Bound.Bind(match.Groups["wrong"].Value).Diagnostics;
        Assert.That(string.Join('\n', said) + "\n", Is.EqualTo(match.Groups["messages"].Value));
        Assert.That(said, Has.All.Contain(code));
        Assert.That(Bound.Bind(match.Groups["right"].Value).Diagnostics, Is.Empty);
    }

    [GeneratedRegex("(?:Error|Warning)\\(\"(MM[0-9]{4})\"")]
    private static partial Regex Code();

    [GeneratedRegex(@"^## Wrong\n\n```mmspec\n(?<wrong>.*?)^```\n\n```text\n(?<messages>.*?)^```\n\n## Right\n\n```mmspec\n(?<right>.*?)^```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Page();
}
