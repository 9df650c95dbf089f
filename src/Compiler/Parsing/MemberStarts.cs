using Antlr4.Runtime;
using MmSpec.Syntax;
using MmSpec.Text;
using static MmSpec.Parsing.Generated.MmSpecLexer;

namespace MmSpec.Parsing;

/// <summary>Where members start, told without regard to brackets, which are what is most often wrong.</summary>
internal static class MemberStarts
{
    /// <summary>Index of the first token of the next member after the one that starts at an index; the number of tokens where there is none.</summary>
    public static int Next(IReadOnlyList<IToken> tokens, int start)
    {
        var seen = false;       // the member's own keyword
        for (var i = start; i < tokens.Count; i++)
        {
            var type = tokens[i].Type;
            if (tokens[i].Channel != Lexer.DefaultTokenChannel) continue;
            if (seen && Starts(tokens, i, start)) return Outset(tokens, i, start);
            if (type != TAG) seen = true;
        }

        return tokens.Count;
    }

    /// <summary>What a broken member would have defined, if its first two words tell.</summary>
    public static NameSyntax? Name(IReadOnlyList<IToken> tokens, int start) =>
        tokens[start].Type is MACHINE or DEF or PATCH && After(tokens, start) is var i && i < tokens.Count && tokens[i].Type == NAME
            ? new NameSyntax(new TextSpan(tokens[i].StartIndex, tokens[i].Text.Length), tokens[i].Text)
            : null;

    /// <summary>
    /// Machines and kernel lines also stand in scenarios, and a def might be a call of that name: these count only on a line of their own
    /// that is indented no further than the member before.
    /// </summary>
    private static bool Starts(IReadOnlyList<IToken> tokens, int i, int start)
    {
        if (tokens[i].Type is not (SCENARIO or IMPORT or PATCH or DEF or MACHINE or KERNEL)) return false;
        var outside = tokens[i].Column <= tokens[start].Column && tokens[i].Line > tokens[start].Line;
        var second = After(tokens, i);
        var third = second < tokens.Count ? After(tokens, second) : second;
        return tokens[i].Type switch
        {
            SCENARIO or IMPORT => Is(second, STRING),
            PATCH => Is(third, ON),
            DEF => Is(third, LPAREN) && outside,
            MACHINE => outside && (Is(third, LBRACE) || Is(third, COLON)),
            KERNEL => outside && (Is(second, NUMBER) || Is(second, VERSION_FROM) || Is(second, VERSION_LINE) || Is(second, DOTDOT)),
            _ => false,
        };

        bool Is(int index, int type) => index < tokens.Count && tokens[index].Type == type;
    }

    /// <summary>The tags and documentation before a member belong to it.</summary>
    private static int Outset(IReadOnlyList<IToken> tokens, int i, int start)
    {
        var result = i;
        for (var j = i - 1; j > start; j--)
        {
            if (tokens[j].Type is TAG or DOC_COMMENT) result = j;
            else if (tokens[j].Channel == Lexer.DefaultTokenChannel) break;
        }

        return result;
    }

    private static int After(IReadOnlyList<IToken> tokens, int i)
    {
        do i++; while (i < tokens.Count && tokens[i].Channel != Lexer.DefaultTokenChannel);
        return i;
    }
}
