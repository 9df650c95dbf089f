using System.Text;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace MmSpec.NUnit;

/// <summary>
/// Marks the method of a scenario: a test case for every row on every kernel, tags as categories. One attribute for all of it, since attributes are
/// what the C# compiler spends most of its time on in a file of many cases.
/// </summary>
/// <param name="line">1-based line of the header.</param>
/// <param name="title">Title.</param>
/// <param name="documentation">Text of its <c>///</c> lines, or null.</param>
/// <param name="tags">Without the @.</param>
/// <param name="rows">Names of its rows; one empty name where the header has no <c>for</c>.</param>
/// <param name="kernels">Kernels to run on.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScenarioAttribute(int line, string title, string? documentation, string[] tags, string[] rows, string[] kernels) : NUnitAttribute, ITestBuilder
{
    /// <summary>1-based line of the header.</summary>
    public int Line => line;
    /// <summary>Title.</summary>
    public string Title => title;
    /// <summary>Text of its <c>///</c> lines, or null.</summary>
    public string? Documentation => documentation;
    /// <summary>Without the @.</summary>
    public IReadOnlyList<string> Tags => tags;
    /// <summary>Names of its rows; one empty name where the header has no <c>for</c>.</summary>
    public IReadOnlyList<string> Rows => rows;
    /// <summary>Kernels to run on.</summary>
    public IReadOnlyList<string> Kernels => kernels;

    /// <summary>The name of a case: <c>file::title[row][kernel]</c>, on one line whatever the title holds.</summary>
    public static string CaseName(string file, string title, string row, string kernel)
    {
        var name = $"{file}::{title}{(row.Length == 0 ? "" : $"[{row}]")}[{kernel}]";
        if (!name.AsSpan().ContainsAny('\u2028', '\u2029') && !name.Any(char.IsControl)) return name;
        var result = new StringBuilder();
        foreach (var c in name)
            if (char.IsControl(c) || c is '\u2028' or '\u2029') result.Append("\\u").Append(((int)c).ToString("x4"));
            else result.Append(c);
        return result.ToString();
    }

    /// <inheritdoc />
    public IEnumerable<TestMethod> BuildFrom(IMethodInfo method, Test? suite)
    {
        var file = method.TypeInfo.GetCustomAttributes<SpecFixtureAttribute>(false) is [var fixture, ..] ? fixture.File : method.TypeInfo.Name;
        for (var row = 0; row < rows.Length; row++)
        {
            foreach (var kernel in kernels)
            {
                var test = new NUnitTestCaseBuilder().BuildTestMethod(method, suite, new TestCaseParameters([row, kernel]));
                // Set afterwards: as a parameter the name would be taken for a pattern, and a title may hold braces.
                test.Name = CaseName(file, title, rows[row], kernel);
                test.FullName = $"{method.TypeInfo.FullName}.{method.Name}.{test.Name}";
                foreach (var tag in tags) test.Properties.Add(PropertyNames.Category, tag);
                if (documentation is not null) test.Properties.Set(PropertyNames.Description, documentation);
                yield return test;
            }
        }
    }
}
