using System.Globalization;
using System.Text.RegularExpressions;
using MmSpec.Diagnostics;
using MmSpec.Lowering;
using MmSpec.NUnit;
using MmSpec.Parsing;
using MmSpec.Syntax;
using MmSpec.Testing;

namespace MmSpec.Tests;

/// <summary>
/// The expectations of <c>specs/</c> are worth something: when one expected number is changed, exactly its scenario fails, at its line, and says how the
/// value came about. A bounded sample of all numbers, the same in every run.
/// </summary>
public partial class SpecMutationTests
{
    private const int Sample = 40;

    /// <summary>A number to change.</summary>
    private sealed record Place(string File, int Offset, int Length, int Line, string Title);

    [GeneratedRegex(@"==\s*(?:(?<n>\d+[KMGT]?|0x[0-9a-fA-F]+)\b(?!\.)|\((?:\s*(?<n>\d+[KMGT]?)\s*,?)+\)|\{(?:[^{}:]*:\s*(?<n>\d+[KMGT]?)\s*,?)+\})")]
    private static partial Regex ExpectedNumbers { get; }

    [GeneratedRegex(@"^\s*(?:\w+:\s*)?(?:expect|load|let|read|pread)\b")]
    private static partial Regex Statement { get; }

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MmSpec.sln"))) directory = directory.Parent;
            return directory?.FullName ?? throw new DirectoryNotFoundException("the tests do not run inside the repository");
        }
    }

    private static List<Place> Places()
    {
        var places = new List<Place>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Root, "specs"), "*.mmspec", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var diagnostics = new DiagnosticBag();
            var source = SourceFile.Read(path, path, diagnostics)!;
            // Numbers of defs belong to no scenario.
            foreach (var scenario in Parser.Parse(source, diagnostics).Members.OfType<ScenarioSyntax>())
            {
                var first = source.Position(scenario.Span.Start).Line;
                for (var line = first; line <= source.Position(scenario.Span.End).Line; line++)
                {
                    var text = source.Line(line);
                    if (!Statement.IsMatch(text)) continue;
                    var start = source.Content.IndexOf(text, source.Content.Length > 0 ? Offset(source.Content, line) : 0, StringComparison.Ordinal);
                    var comment = text.IndexOf("//", StringComparison.Ordinal);
                    foreach (Match match in ExpectedNumbers.Matches(text))
                        foreach (Capture number in match.Groups["n"].Captures)
                            if (comment < 0 || number.Index < comment) places.Add(new(path, start + number.Index, number.Length, line, scenario.Title.Value));
                }
            }
        }
        return places;
    }

    private static ulong Other(ulong n) => n == ulong.MaxValue ? n - 1 : n + 1;

    private static int Offset(string content, int line)
    {
        var offset = 0;
        for (var i = 1; i < line; i++) offset = content.IndexOf('\n', offset) + 1;
        return offset;
    }

    private static IEnumerable<TestCaseData> Mutations()
    {
        var all = Places();
        // Spread over all files; a step that has no factor in common with the usual shape of a scenario.
        for (var i = 0; i < Math.Min(Sample, all.Count); i++)
        {
            var place = all[(int)((long)i * all.Count / Math.Min(Sample, all.Count))];
            yield return new TestCaseData(place.File, place.Offset, place.Length, place.Line, place.Title)
                .SetName($"{Path.GetFileName(place.File)} line {place.Line} column {place.Offset}");
        }
    }

    [Test]
    public void There_are_numbers_to_change() => Assert.That(Places(), Has.Count.GreaterThan(100));

    [TestCaseSource(nameof(Mutations))]
    public void Changing_an_expected_number_fails_exactly_its_scenario_at_its_line(string file, int offset, int length, int line, string title)
    {
        var content = File.ReadAllText(file);
        var number = content.Substring(offset, length);
        var other = number.StartsWith("0x", StringComparison.Ordinal) ? (number == "0x5b" ? "0x5c" : "0x5b")
            : Other(ulong.Parse(number.TrimEnd('K', 'M', 'G', 'T'), CultureInfo.InvariantCulture)) + number[number.TrimEnd('K', 'M', 'G', 'T').Length..];
        using var workspace = new Workspace();
        // Beside the original's imports; those are found relative to the file.
        foreach (var sibling in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.mmspec")) File.Copy(sibling, Path.Combine(workspace.Root, Path.GetFileName(sibling)));
        var path = Path.Combine(workspace.Root, Path.GetFileName(file));
        File.WriteAllText(path, content[..offset] + other + content[(offset + length)..]);

        var built = new SpecBuilder(KernelSelection.Default, SpecReferences.Paths, null).Build([path]);
        Assert.That(built.Diagnostics.Where(d => d.Severity == Severity.Error), Is.Empty);
        using var assembly = new SpecAssembly(built.Assemblies.Select(a => new SpecImage(a.Assembly.Dll, a.Assembly.Pdb, a.Files)));
        var runner = new SpecRunner(patches => new EmulatorTargetFactory(patches), new RunOptions());
        var failed = assembly.Cases().Select(runner.Run).Where(r => r.Result?.Verdict != CaseVerdict.Passed).ToList();
        Assert.That(failed, Is.Not.Empty, $"{number} became {other} in line {line}, and nothing failed");
        foreach (var result in failed)
        {
            Assert.Multiple(() =>
            {
                Assert.That(result.Error, Is.Null);
                Assert.That(result.Case.Scenario.Title, Is.EqualTo(title));
                Assert.That(result.Result!.Failures.Select(f => f.Outermost.Line), Is.EqualTo(new[] { line }));
                Assert.That(result.Result!.Failures[0].Message, Does.StartWith("expected "));
                Assert.That(result.Result!.Failures[0].Explanation, Is.Not.Empty, result.Result!.Failures[0].Message);
            });
        }
    }
}
