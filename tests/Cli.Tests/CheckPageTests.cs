using System.Text.RegularExpressions;
using MmSpec.Cli;

namespace MmSpec.Tests;

/// <summary>What docs/check.md says is so.</summary>
public partial class CheckPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "check.md"));

    [GeneratedRegex(@"^```(?<kind>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"(?<= )--?[a-z][a-z-]*(?=[ ,])")]
    private static partial Regex Options();

    [GeneratedRegex(@"; [\d.]+ s$", RegexOptions.Multiline)]
    private static partial Regex Times();

    private static string Block(string kind) => Fences().Matches(Page).Single(m => m.Groups["kind"].Value == kind).Groups["text"].Value;

    [Test]
    public void The_example_prints_what_the_page_shows()
    {
        using var workspace = new Workspace().With("owner.mmspec", Block("mmspec"));
        var lines = Block("output").Split('\n', 2);
        Assert.That(lines[0], Does.StartWith("$ mmspec "));
        var run = workspace.Run(lines[0]["$ mmspec ".Length..].Split(' '));
        Assert.That(Times().Replace(run.Out, "; TIME"), Is.EqualTo(Times().Replace(lines[1], "; TIME")));
        Assert.That(run.Error, Is.Empty);
    }

    [Test]
    public void Its_options_are_those_of_the_help()
    {
        using var workspace = new Workspace();
        var help = workspace.Run("check", "--help").Out.Split("Options:\n")[1].Split("Exit codes")[0];
        var offered = help.Split('\n').SelectMany(l => Options().Matches(l.Length > 27 ? l[..27] + " " : l).Select(m => m.Value)).Where(o => o is not ("-h" or "--help")).Order();
        var table = Page.Split("## Options")[1].Split("## Exit codes")[0].Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal));
        var explained = table.SelectMany(l => Options().Matches(l.Split('|')[1].Replace('`', ' ')).Select(m => m.Value)).Order();
        Assert.That(explained, Is.EqualTo(offered));
    }

    [Test]
    public void Its_exit_codes_are_those_of_the_tool()
    {
        var table = Page.Split("## Exit codes")[1].Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(2).Select(l => l.Trim('|').Split('|'));
        Assert.That(table.Select(c => (c[0].Trim(), c[1].Trim())), Is.EqualTo(ExitCodes.Meanings));
    }
}
