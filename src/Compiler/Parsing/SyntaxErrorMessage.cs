using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using MmSpec.Diagnostics;
using MmSpec.Text;

namespace MmSpec.Parsing;

/// <summary>Words for a syntax error: what would be right, where, and what is there instead.</summary>
internal static class SyntaxErrorMessage
{
    /// <summary>Reports one error.</summary>
    public static void Report(SourceText source, IReadOnlyList<IToken> tokens, StuckAt error, DiagnosticBag diagnostics)
    {
        var previous = error.Index - 1;
        while (previous >= error.Start && tokens[previous].Channel != Lexer.DefaultTokenChannel) previous--;
        var before = previous >= error.Start ? tokens[previous] : null;
        var expected = Expectation.Describe(error.Expected);
        var after = before is null ? "" : $" after {Quoting.Token(before)}";
        diagnostics.Expected(source, Place(source, error, before), expected, after, Found(error));
    }

    private static string Found(StuckAt error) =>
        error.Token.Type == TokenConstants.EOF ? "the end of the file" : Quoting.Token(error.Token);

    /// <summary>The token itself; the end of the one before where that stands on an earlier line, since what is missing is missing there.</summary>
    private static TextSpan Place(SourceText source, StuckAt error, IToken? before)
    {
        var here = new TextSpan(error.Token.StartIndex, Math.Max(0, error.Token.StopIndex + 1 - error.Token.StartIndex));
        if (before is null || source.Position(before.StopIndex).Line == source.Position(here.Start).Line) return here;
        return new TextSpan(before.StopIndex + 1, 0);
    }
}

/// <summary>A set of token types in words.</summary>
internal static class Expectation
{
    /// <summary>At most five alternatives.</summary>
    public static string Describe(IntervalSet set) => string.Join(", ", set.ToArray().Take(5).Select(t => t < 0 ? "the end" : Generated.MmSpecParser.DefaultVocabulary.GetDisplayName(t)));
}

/// <summary>Source text in messages: short, on one line, and visible.</summary>
internal static class Quoting
{
    private const int MaxLength = 40;

    /// <summary>A token as it stands in the source.</summary>
    public static string Token(IToken token) => $"`{Cut(token.Text)}`";

    /// <summary>Characters that are no token; what cannot be seen is named by its code.</summary>
    public static string Characters(string text)
    {
        var rune = System.Text.Rune.TryGetRuneAt(text, 0, out var first) ? first.Value : text[0];
        var visible = rune is > 0x20 and < 0x7f || (rune > 0xa0 && System.Text.Rune.IsValid(rune) && System.Text.Rune.IsLetterOrDigit(new System.Text.Rune(rune)));
        return visible ? $"`{Cut(text)}`" : $"the character U+{rune:X4}";
    }

    private static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + "…";
}
