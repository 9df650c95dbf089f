using MmSpec.Text;

namespace MmSpec.Diagnostics;

/// <summary>MM1xxx: what is wrong before anything has a meaning.</summary>
public sealed partial class DiagnosticBag
{
    /// <summary>Source text that is quoted in a message is cut here.</summary>
    private const int MaxQuoted = 40;

    /// <summary>Something else should stand here.</summary>
    public void Expected(SourceText source, TextSpan span, string expected, string after, string found, string hint = "") =>
        Error("MM1001", source, span, $"expected {expected}{after}, found {found}{hint}");

    /// <summary>A bracket is open where its surroundings end.</summary>
    public void NotClosed(SourceText source, TextSpan span, string bracket, string what, int line, string found) =>
        Error("MM1002", source, span, $"expected '{bracket}' to close the {what} that starts at line {line}, found {found}");

    /// <summary>A closing bracket without its opening one.</summary>
    public void ClosesNothing(SourceText source, TextSpan span, string bracket) =>
        Error("MM1003", source, span, $"this '{bracket}' closes nothing; remove it, or look above for one that closes too early");

    /// <summary>A word that is nearly a keyword.</summary>
    public void MisspeltKeyword(SourceText source, TextSpan span, string word, string keyword) =>
        Error("MM1004", source, span, $"'{Cut(word)}' is no keyword; did you mean '{keyword}'?");

    /// <summary>A character that is part of no word.</summary>
    public void UnexpectedCharacter(SourceText source, TextSpan span, string characters, string hint = "") =>
        Error("MM1005", source, span, $"{characters} is not part of the language outside strings and comments{hint}");

    /// <summary>A string runs into the end of its line.</summary>
    public void OpenString(SourceText source, TextSpan span) =>
        Error("MM1006", source, span, "the string does not end on its line; write the closing '\"', and '\\n' for a line end in it");

    /// <summary>A backslash before something else than its five letters.</summary>
    public void UnknownEscape(SourceText source, TextSpan span) =>
        Error("MM1007", source, span, "there is no such escape; there are '\\\"', '\\\\', '\\n', '\\t' and '\\xHH' with two hexadecimal digits");

    /// <summary>A number with a unit or digits that do not exist.</summary>
    public void MalformedNumber(SourceText source, TextSpan span, string text, string problem) =>
        Error("MM1008", source, span, $"'{Cut(text)}' is no number: {problem}");

    /// <summary>Brackets in brackets in brackets …</summary>
    public void NestedTooDeep(SourceText source, TextSpan span, int limit) =>
        Error("MM1009", source, span, $"nested deeper than {limit} levels; name the inner parts with 'let' or move them to a def");

    /// <summary>A chain of operators without end.</summary>
    public void ExpressionTooLong(SourceText source, TextSpan span, int limit) =>
        Error("MM1010", source, span, $"an expression of more than {limit} operators; name its parts with 'let'");

    /// <summary><c>a == b == c</c></summary>
    public void ChainedComparison(SourceText source, TextSpan span, string comparison) =>
        Error("MM1011", source, span, $"comparisons do not chain; use 'and' before this '{comparison}', or parentheses");

    /// <summary>Two kernel lines, or two machines.</summary>
    public void SecondScenarioLine(SourceText source, TextSpan span, string what) =>
        Error("MM1012", source, span, $"this scenario already has a '{what}'; it takes one{(what == "kernel" ? ", which lists all sets with commas" : "")}");

    /// <summary>More arms than there are kernels.</summary>
    public void TooManyArms(SourceText source, TextSpan span, int limit) => Error("MM1013", source, span, $"a choice has at most {limit} arms; one arm may name many kernels");

    private static string Cut(string text) => text.Length <= MaxQuoted ? text : text[..MaxQuoted] + "…";
}
