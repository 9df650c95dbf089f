using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using MmSpec.Diagnostics;
using MmSpec.Parsing.Generated;
using MmSpec.Text;

namespace MmSpec.Parsing;

/// <summary>Where a member could not be read on.</summary>
/// <param name="Start">Index of its first token.</param>
/// <param name="Token">The token that does not fit.</param>
/// <param name="Index">Its index; that after the last one where the member ends too early.</param>
/// <param name="Expected">Token types that would fit.</param>
internal sealed record StuckAt(int Start, IToken Token, int Index, IntervalSet Expected);

/// <summary>Text to tokens.</summary>
internal static class Tokens
{
    /// <summary>All tokens with those on hidden channels, without the end of the file.</summary>
    /// <param name="source">The text; positions are UTF-16 units, since the stream is made of them and not of code points.</param>
    /// <param name="diagnostics">Receives what is no token.</param>
    /// <param name="broken">Where that was, in order.</param>
    public static List<IToken> Read(SourceText source, DiagnosticBag diagnostics, out List<int> broken)
    {
        broken = [];
        var lexer = new MmSpecLexer(new AntlrInputStream(source.Content), TextWriter.Null, TextWriter.Null);
        lexer.RemoveErrorListeners();
        var tokens = new List<IToken>(source.Content.Length / 3);
        for (var token = lexer.NextToken(); token.Type != TokenConstants.EOF; token = lexer.NextToken())
        {
            if (token.Type == MmSpecLexer.UNKNOWN)
            {
                if (tokens is [.., { Type: MmSpecLexer.UNKNOWN } run])
                {
                    ((CommonToken)run).StopIndex = token.StopIndex;
                    continue;
                }
            }
            else if (token.Type == MmSpecLexer.OPEN_STRING)
            {
                diagnostics.OpenString(source, new TextSpan(token.StartIndex, token.StopIndex + 1 - token.StartIndex));
                broken.Add(token.StartIndex);
                ((CommonToken)token).Type = MmSpecLexer.STRING;
            }

            tokens.Add(token);
        }

        IToken? before = null;
        foreach (var token in tokens)
        {
            var span = new TextSpan(token.StartIndex, token.StopIndex + 1 - token.StartIndex);
            if (token.Type == MmSpecLexer.UNKNOWN)
            {
                broken.Add(token.StartIndex);
                diagnostics.UnexpectedCharacter(source, span, Quoting.Characters(token.Text), Quoting.Instead(token.Text));
            }
            else if (token.Type == MmSpecLexer.COMMA && before?.Type == MmSpecLexer.COMMA)
            {
                // The grammar's lists would let it pass.
                broken.Add(token.StartIndex);
                diagnostics.Expected(source, span, "an item of the list", " after ','", "','");
            }

            if (token.Channel == Lexer.DefaultTokenChannel) before = token;
        }

        return tokens;
    }
}

/// <summary>Some of the tokens of a file, as a source for a stream of their own.</summary>
internal sealed class TokenRange(IReadOnlyList<IToken> tokens, int start, int end) : ITokenSource
{
    private int _next = start;

    /// <inheritdoc/>
    public IToken NextToken()
    {
        if (_next < end) return tokens[_next++];
        var place = end < tokens.Count ? tokens[end].StartIndex : tokens.Count == 0 ? 0 : tokens[^1].StopIndex + 1;
        return new CommonToken(TokenConstants.EOF, "") { StartIndex = place, StopIndex = place - 1 };
    }

    /// <inheritdoc/>
    public int Line => 0;
    /// <inheritdoc/>
    public int Column => 0;
    /// <inheritdoc/>
    public ICharStream? InputStream => null;
    /// <inheritdoc/>
    public string SourceName => "";
    /// <inheritdoc/>
    public ITokenFactory TokenFactory { get; set; } = CommonTokenFactory.Default;
}
