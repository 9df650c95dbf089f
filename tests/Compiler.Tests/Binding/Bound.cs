using MmSpec.Binding;
using MmSpec.Diagnostics;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Tests.Binding;

/// <summary>Binds texts for tests.</summary>
internal static class Bound
{
    private const string Prelude = "machine m { hugepages 2M { nr: 4 } mount hugetlbfs \"/huge\" { } }\n";

    /// <summary>Binds a text that may have mistakes; files are what it can import.</summary>
    public static (BoundFile? File, IReadOnlyList<string> Diagnostics) Bind(string text, params (string Path, string Text)[] files)
    {
        var diagnostics = new DiagnosticBag();
        var file = SpecCompiler.Bind(new SourceText("example.mmspec", text), new Files([.. files, ("example.mmspec", text)]), diagnostics);
        return (file, [.. diagnostics.Items.Select(d => d.ToString())]);
    }

    /// <summary>The one scenario of a body, which must have no mistake.</summary>
    public static BoundScenario Scenario(string body, string kernel = "6.12+", string header = "", string before = "")
    {
        var (file, diagnostics) = Bind($"{before}\n{Prelude}scenario \"s\" {header} {{ kernel {kernel} machine m\n{body}\n}}");
        Assert.That(diagnostics, Is.Empty);
        return file!.Scenarios.Single();
    }

    /// <summary>The codes that a body gets.</summary>
    public static string[] Codes(string body, string kernel = "6.12+", string header = "", string before = "") =>
        [.. Bind($"{before}\n{Prelude}scenario \"s\" {header} {{ kernel {kernel} machine m\n{body}\n}}").Diagnostics.Select(d => d[(d.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(' ')[1].TrimEnd(':'))];

    /// <summary>The steps of the first row, those of defs and branches included.</summary>
    public static Step[] Steps(this BoundScenario scenario) => [.. Steps(scenario.Rows[0].Body)];

    private static IEnumerable<Step> Steps(IEnumerable<BoundNode> nodes) => nodes.SelectMany(n => n switch
    {
        BoundStep s => [s.Step],
        BoundDefCall d => Steps(d.Body),
        BoundWhen w => Steps(w.Then).Concat(Steps(w.Else)),
        BoundRepeat r => Steps(r.Body),
        _ => Enumerable.Empty<Step>(),
    });

    private sealed class Files((string Path, string Text)[] files) : ImportResolver
    {
        protected internal override SourceText? Read(string path, DiagnosticBag diagnostics)
        {
            foreach (var (name, text) in files) if (name == path) return new(name, text);
            diagnostics.FileMissing(new(path, ""));
            return null;
        }
    }
}
