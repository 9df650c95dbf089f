using System.Text;
using Antlr4.Runtime;

namespace MmSpec.Parsing;

/// <summary>Source text in messages: short, on one line, and visible.</summary>
internal static class Quoting
{
    private const int MaxLength = 40;

    /// <summary>A token as it stands in the source.</summary>
    public static string Token(IToken token) => $"'{Cut(token.Text)}'";

    /// <summary>Characters that are no token, by the first of them; what cannot be seen is named by its code.</summary>
    public static string Characters(string text)
    {
        if (!Rune.TryGetRuneAt(text, 0, out var rune)) return $"the lone surrogate U+{(int)text[0]:X4}";
        return rune.Value is > 0x20 and < 0x7f || Rune.IsLetterOrDigit(rune) ? $"'{rune}'" : $"the character U+{rune.Value:X4}";
    }

    /// <summary>What to write instead of a sign that other languages have.</summary>
    public static string Instead(string text) => text switch
    {
        ";" => "; a statement ends without one",
        "&&" or "&" => "; write 'and'",
        "||" => "; write 'or'",
        "!" => "; write 'not'",
        "#" => "; a comment begins with '//'",
        _ => "",
    };

    /// <summary>The beginning of a long text.</summary>
    public static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + "…";
}
