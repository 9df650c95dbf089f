using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>Compares the stretches of an entry view with what a specification says of them.</summary>
internal static class EntryMatcher
{
    private const string None = "none";

    /// <summary>Whether nothing is there: no mapping (<c>vmas</c>), no page (<c>pages</c>).</summary>
    public static bool IsHole(ObservedEntry entry) => entry.Attributes.Count == 0 || (entry.Attributes.Count == 1 && entry.Attributes[0] == None);

    /// <summary>Checks that all of [from, to) has the attributes.</summary>
    /// <returns>Null, or the first stretch that has not, in words.</returns>
    public static string? Check(IReadOnlyList<ObservedEntry> observed, ulong from, ulong to, ImmutableArray<PageAttribute> attributes, EvaluationScope scope)
    {
        var words = new (string Word, bool Negated)[attributes.Length];
        for (var i = 0; i < words.Length; i++) words[i] = (Word(attributes[i], scope), attributes[i].Negated);

        var next = from;
        foreach (var entry in observed)
        {
            if (entry.To <= next) continue;
            if (entry.From >= to || next >= to) break;
            if (entry.From > next) return $"{Offset(next)} .. {Offset(entry.From)} is not there";
            if (!Array.TrueForAll(words, w => Has(entry, w.Word) != w.Negated))
                return $"{Offset(next)} .. {Offset(Math.Min(entry.To, to))} is {Words(entry)}";
            next = entry.To;
        }
        return next < to ? $"{Offset(next)} .. {Offset(to)} is not there" : null;
    }

    /// <summary>Attributes as a specification writes them.</summary>
    public static string Format(ImmutableArray<PageAttribute> attributes, EvaluationScope scope) =>
        string.Join(' ', attributes.Select(a => (a.Negated ? "not " : "") + Word(a, scope)));

    private static bool Has(ObservedEntry entry, string word)
    {
        if (word == None && entry.Attributes.Count == 0) return true;
        foreach (var attribute in entry.Attributes) if (attribute == word) return true;
        return false;
    }

    private static string Words(ObservedEntry entry) => entry.Attributes.Count == 0 ? None : string.Join(' ', entry.Attributes);

    private static string Word(PageAttribute a, EvaluationScope scope)
    {
        if (a.Argument is null) return a.Name;
        var v = Evaluator.Evaluate(a.Argument, scope);
        return $"{a.Name} {(v.IsNumeric ? Value.OfNumber(v.Number) : v)}";
    }

    private static string Offset(ulong bytes) => bytes == 0 ? "0" : Value.OfSize(bytes).ToString();
}
