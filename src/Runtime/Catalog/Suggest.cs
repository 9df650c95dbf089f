namespace MmSpec.Catalog;

/// <summary>Did-you-mean: the known name that a misspelt one resembles most.</summary>
public static class Suggest
{
    /// <summary>Longer names are not compared: nobody misspells that much, and the cost is quadratic.</summary>
    private const int Longest = 64;

    /// <summary>More names than these help nobody.</summary>
    private const int Most = 3;

    /// <summary>The nearest candidate, or null if none is near. A third of the letters may be wrong; case and <c>-</c> for <c>_</c> count little.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates) => Several(name, candidates) is [var first, ..] ? first : null;

    /// <summary>The candidates that are equally near, at most three, in the order of letters; none where none is near.</summary>
    public static IReadOnlyList<string> Several(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > Longest) return [];
        var best = new SortedSet<string>(StringComparer.Ordinal);
        var bestCost = int.MaxValue;
        foreach (var candidate in candidates)
        {
            if (string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase)) return [candidate];
            if (Math.Abs(candidate.Length - name.Length) > Limit(name, candidate) / 2 + 1) continue;
            var cost = Distance(name, candidate);
            // Names that have no letter in common, as those of one letter, do not resemble each other.
            if (cost > Limit(name, candidate) || cost >= 2 * Math.Max(name.Length, candidate.Length) || cost > bestCost) continue;
            if (cost < bestCost) best.Clear();
            bestCost = cost;
            best.Add(candidate);
        }
        return [.. best.Take(Most)];
    }

    /// <summary>The words "; did you mean 'x'?" to end a message with, or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) => Nearest(name, candidates) is { } near ? $"; did you mean '{near}'?" : "";

    private static int Limit(string name, string candidate) => Math.Max(2, 2 * (Math.Max(name.Length, candidate.Length) / 3));

    /// <summary>Edit distance with transpositions; a letter costs 2, a mere change of case or of the word separator 1.</summary>
    internal static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = 2 * j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = 2 * i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(last[j], row[j - 1]) + 2, last[j - 1] + Replace(a[i - 1], b[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost = Math.Min(cost, before[j - 2] + 2);
                row[j] = cost;
            }
            (before, last, row) = (last, row, before);
        }
        return last[b.Length];
    }

    private static int Replace(char a, char b)
    {
        if (a == b) return 0;
        return Fold(a) == Fold(b) ? 1 : 2;
        static char Fold(char c) => c is '-' or '.' ? '_' : char.ToLowerInvariant(c);
    }
}
