using System.Reflection;
using System.Text.RegularExpressions;
using MmSpec.Kernels;

namespace MmSpec.Tests.Kernels;

/// <summary>A rule that nobody asks for claims what the model does not do.</summary>
public sealed class RuleUseTests
{
    private static readonly string Model = Path.Combine(Root(AppContext.BaseDirectory), "src", "Runtime");

    [Test]
    public void TheModelAsksForEveryRuleThatDoesNotSayOtherwise()
    {
        var sources = Directory.EnumerateFiles(Model, "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Model, f).Split('/').Any(part => part is "obj" or "bin"));
        var asked = new HashSet<string>();
        foreach (var file in sources)
            foreach (Match match in Regex.Matches(File.ReadAllText(file), @"(?:[tT]raits\[|Availability\.By\()(\w+Rules\.\w+)")) asked.Add(match.Groups[1].Value);
        var groups = typeof(RuleRegistry).Assembly.GetTypes().Where(t => t.Namespace == typeof(Rule).Namespace && t.Name.EndsWith("Rules", StringComparison.Ordinal));
        var rules = groups.SelectMany(g => g.GetFields(BindingFlags.Public | BindingFlags.Static)).Where(f => f.FieldType == typeof(Rule)).ToList();
        Assert.That(rules, Has.Count.GreaterThan(40));
        using (Assert.EnterMultipleScope())
        {
            foreach (var field in rules)
            {
                var rule = (Rule)field.GetValue(null)!;
                Assert.That(asked.Contains($"{field.DeclaringType!.Name}.{field.Name}"), Is.EqualTo(rule.Use == RuleUse.Asked), $"{rule.Id} says {rule.Use}");
            }
        }
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "MmSpec.sln")) ? folder : Root(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("the repository's root"));
}
