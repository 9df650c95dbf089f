using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Diagnostics;
using MmSpec.Syntax;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>Loops over lists, in headers and in bodies.</summary>
internal static class Loops
{
    /// <summary>Whether a loop's variable may bear its name; diagnoses where not.</summary>
    public static bool FreeName(NameSyntax name, Scope scope, DiagnosticBag diagnostics, SourceText source)
    {
        if (name.Text.Length == 0) return false;
        if (scope.Find(name.Text) is not null)
        {
            diagnostics.AlreadyNamed(source, name.Span, name.Text, "");
            return false;
        }
        if (!Constants.TryGet(name.Text, out _) && !Reserved.Values.Contains(name.Text)) return true;
        diagnostics.ReservedName(source, name.Span, name.Text, "value");
        return false;
    }

    /// <summary>The members, each word with all the words that stand in its place, so that a misspelt comparison can be told.</summary>
    public static ImmutableArray<TypedExpr> WithChoices(ImmutableArray<TypedExpr> items)
    {
        if (items.All(i => i.Word is not null))
        {
            var words = items.Select(i => i.Word!).Distinct().ToImmutableArray();
            return [.. items.Select(i => i with { Choices = words })];
        }
        if (!items.All(i => i.Fields is not null)) return items;
        var choices = items.SelectMany(i => i.Fields!).Where(f => f.Value.Word is not null).GroupBy(f => f.Key, f => f.Value.Word!)
            .ToDictionary(g => g.Key, g => g.Distinct().ToImmutableArray(), StringComparer.Ordinal);
        return [.. items.Select(i => i with { Fields = i.Fields!.ToImmutableDictionary(f => f.Key, f => f.Value.Word is null ? f.Value : f.Value with { Choices = choices[f.Key] }, StringComparer.Ordinal) })];
    }
}
