using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace MmSpec.Tests.Parsing;

/// <summary>The examples of docs/language.md, and the specs of the repository.</summary>
internal static partial class LanguagePage
{
    private static string Root([CallerFilePath] string here = "") =>
        Repository(AppContext.BaseDirectory) ?? Repository(Path.GetDirectoryName(here)!) ?? throw new DirectoryNotFoundException("the repository's root");

    private static string? Repository(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "MmSpec.sln"))) folder = Path.GetDirectoryName(folder);
        return folder;
    }

    /// <summary>A file or folder of the repository.</summary>
    public static string Place(params string[] parts) => Path.Combine([Root(), .. parts]);

    /// <summary>Every fenced block, in order.</summary>
    public static IEnumerable<string> Blocks() => Fence().Matches(File.ReadAllText(Place("docs", "language.md"))).Select(m => m.Groups[1].Value);

    /// <summary>The fenced blocks that are whole files.</summary>
    public static IEnumerable<string> WholeExamples() => Blocks().Where(b => ScenarioWithBody().IsMatch(b) && !b.Contains('…'));

    /// <summary>The specs of the repository, if there are any yet.</summary>
    public static IEnumerable<string> SpecFiles() =>
        Directory.Exists(Place("specs")) ? Directory.EnumerateFiles(Place("specs"), "*.mmspec", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    /// <summary>All whole files to try things on, with a name each.</summary>
    public static IEnumerable<(string Name, string Text)> Corpus() =>
        WholeExamples().Select((text, i) => ($"example {i + 1}", text)).Concat(SpecFiles().Select(f => (Path.GetFileName(f), File.ReadAllText(f))));

    [GeneratedRegex(@"^```[a-z]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^scenario \"", RegexOptions.Multiline)]
    private static partial Regex ScenarioWithBody();
}
