using Antlr4.Runtime;
using static MmSpec.Parsing.Generated.MmSpecLexer;

namespace MmSpec.Parsing;

/// <summary>
/// Counts brackets before anything recursive sees the tokens: the generated parser, the tree builder and all later passes recurse once
/// a level, so that a bound here keeps every one of them within its stack.
/// </summary>
internal static class NestingCheck
{
    /// <summary>Levels of brackets of all kinds together.</summary>
    public const int MaxDepth = 256;

    /// <summary>The first opening bracket that is too deep, or null.</summary>
    public static IToken? FirstTooDeep(IList<IToken> tokens)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            switch (token.Type)
            {
                case LPAREN or LBRACKET or LBRACE when ++depth > MaxDepth:
                    return token;
                case RPAREN or RBRACKET or RBRACE:
                    depth = Math.Max(0, depth - 1);
                    break;
            }
        }

        return null;
    }
}
