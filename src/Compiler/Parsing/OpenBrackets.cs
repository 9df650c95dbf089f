using Antlr4.Runtime;
using MmSpec.Text;
using static MmSpec.Parsing.Generated.MmSpecLexer;

namespace MmSpec.Parsing;

/// <summary>
/// Which brackets are open at a place in a member. Where a <c>}</c> stands further left than the line of the <c>{</c> that it would
/// close, that one was probably not meant: the author's indentation tells which block lacks its end.
/// </summary>
internal sealed class OpenBrackets
{
    private readonly SourceText _source;
    private readonly IReadOnlyList<IToken> _tokens;
    private readonly int _start;
    private readonly Stack<IToken> _open = new();

    private OpenBrackets(SourceText source, IReadOnlyList<IToken> tokens, int start) => (_source, _tokens, _start) = (source, tokens, start);

    /// <summary>The last bracket that is not closed, or null.</summary>
    public IToken? Innermost => _open.TryPeek(out var token) ? token : null;

    /// <summary>The first block that was closed by a bracket which, by its column, belongs to an outer one.</summary>
    public (IToken Opening, IToken Closing)? Misaligned { get; private set; }

    /// <summary>Reads the brackets of a member up to a token.</summary>
    public static OpenBrackets At(SourceText source, IReadOnlyList<IToken> tokens, int start, int end)
    {
        var result = new OpenBrackets(source, tokens, start);
        for (var i = start; i < Math.Min(end, tokens.Count); i++) result.Read(tokens[i]);
        return result;
    }

    /// <summary>The bracket that closes another.</summary>
    public static int Closing(int opening) => opening switch { LPAREN => RPAREN, LBRACKET => RBRACKET, _ => RBRACE };

    private void Read(IToken token)
    {
        switch (token.Type)
        {
            case LPAREN or LBRACKET or LBRACE:
                _open.Push(token);
                break;
            case RPAREN or RBRACKET or RBRACE:
                // A closing brace ends whatever round and square brackets were left open in its block.
                if (token.Type == RBRACE)
                    while (_open.TryPeek(out var inner) && inner.Type != LBRACE) _open.Pop();
                if (!_open.TryPeek(out var opening) || Closing(opening.Type) != token.Type) return;
                if (Misaligned is null && token.Type == RBRACE && IsFirstOnLine(token) && Indentation(token) < Indentation(opening)) Misaligned = (opening, token);
                _open.Pop();
                break;
        }
    }

    /// <summary>What a brace opens (<c>scenario</c>, <c>process</c>, <c>block</c> …) and the line on which that starts.</summary>
    public (string What, int Line) Header(IToken brace)
    {
        var line = _source.Position(brace.StartIndex).Line;
        if (_open.Count > 0 && _open.Last() == brace)
        {
            // The member's own: its header may take several lines.
            for (var i = _start; i < _tokens.Count; i++)
                if (_tokens[i].Channel == Lexer.DefaultTokenChannel && _tokens[i].Type != TAG) return (_tokens[i].Text, _source.Position(_tokens[i].StartIndex).Line);
        }

        var what = "block";
        for (var i = _tokens.Count - 1; i >= _start; i--)
        {
            if (_tokens[i].StartIndex >= brace.StartIndex || _tokens[i].Channel != Lexer.DefaultTokenChannel) continue;
            if (_source.Position(_tokens[i].StartIndex).Line != line || _tokens[i].Type is LBRACE or RBRACE) break;
            if (_tokens[i].Type is PROCESS or THREAD or START or FOR or REPEAT or WHEN or ELSE or KNOWN_GAP or PARALLEL or JUDGE or TIMED or EACH or MACHINE or SCENARIO or DEF)
                what = _tokens[i].Text;
        }

        return (what, line);
    }

    private bool IsFirstOnLine(IToken token) => _source.Position(token.StartIndex) is var (line, column) && _source.Line(line)[..(column - 1)].Trim().Length == 0;

    private int Indentation(IToken token)
    {
        var text = _source.Line(_source.Position(token.StartIndex).Line);
        return text.Length - text.TrimStart().Length;
    }
}
