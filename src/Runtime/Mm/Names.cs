using System.Collections.Concurrent;
using MmSpec.State;

namespace MmSpec.Mm;

/// <summary>Words as numbers: state holds the number, which is the word's hash and thus the same in every run.</summary>
internal static class Names
{
    private static readonly ConcurrentDictionary<ulong, string> Words = new();

    /// <summary>The number of a word; 0 for null.</summary>
    public static ulong Key(string? word)
    {
        if (word is null) return 0;
        var key = StateHash.Text(word) >> 1;
        Words.TryAdd(key, word);
        return key;
    }

    /// <summary>The word of a number that <see cref="Key"/> gave out; null for 0.</summary>
    public static string? Of(ulong key) => key == 0 ? null : Words[key];
}
