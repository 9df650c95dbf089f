using Antlr4.Runtime;
using MmSpec.Catalog;
using MmSpec.Diagnostics;
using MmSpec.Text;
using static MmSpec.Parsing.Generated.MmSpecLexer;

namespace MmSpec.Parsing;

/// <summary>
/// Words for a syntax error: what would be right, and what is there instead. The likely causes are tried first: a bracket that is not
/// closed or closes nothing, a misspelt keyword; else it says what could stand there.
/// </summary>
internal sealed class SyntaxErrorMessage
{
    private readonly SourceText _source;
    private readonly IReadOnlyList<IToken> _tokens;
    private readonly StuckAt _error;
    private readonly DiagnosticBag _diagnostics;
    private readonly IToken? _before;
    private readonly OpenBrackets _open;

    private SyntaxErrorMessage(SourceText source, IReadOnlyList<IToken> tokens, StuckAt error, DiagnosticBag diagnostics)
    {
        (_source, _tokens, _error, _diagnostics) = (source, tokens, error, diagnostics);
        var previous = error.Index - 1;
        while (previous >= error.Start && tokens[previous].Channel != Lexer.DefaultTokenChannel) previous--;
        _before = previous >= error.Start ? tokens[previous] : null;
        _open = OpenBrackets.At(source, tokens, error.Start, error.Index);
    }

    /// <summary>Reports one error.</summary>
    public static void Report(SourceText source, IReadOnlyList<IToken> tokens, StuckAt error, DiagnosticBag diagnostics)
    {
        var message = new SyntaxErrorMessage(source, tokens, error, diagnostics);
        if (!message.Bracket() && !message.Keyword()) message.Other();
    }

    private bool AtEnd => _error.Token.Type == TokenConstants.EOF;

    private string Found
    {
        get
        {
            if (!AtEnd) return Quoting.Token(_error.Token);
            var next = _error.Index;
            while (next < _tokens.Count && _tokens[next].Channel != Lexer.DefaultTokenChannel) next++;
            return next < _tokens.Count ? $"{Quoting.Token(_tokens[next])} at line {Line(_tokens[next])}" : "the end of the file";
        }
    }

    private bool Bracket()
    {
        if (_error.Token.Type is RPAREN or RBRACKET or RBRACE && _open.Innermost is null)
        {
            _diagnostics.ClosesNothing(_source, Place(_error.Token), _error.Token.Text);
            return true;
        }

        if (AtEnd && _open.Misaligned is { } outer)
        {
            NotClosed(outer.Opening, Place(outer.Closing), $"the '{outer.Closing.Text}' of an outer block");
            return true;
        }

        if (_open.Innermost is not { } innermost || !_error.Expected.Contains(OpenBrackets.Closing(innermost.Type))) return false;
        var closesAnother = _error.Token.Type is RPAREN or RBRACKET or RBRACE;
        var lineEnds = _before is not null && innermost.Type != LBRACE && Line(_before) != Line(_error.Token);
        if (!AtEnd && !closesAnother && !lineEnds) return false;
        NotClosed(innermost, AfterBefore(), Found);
        return true;
    }

    private void NotClosed(IToken opening, TextSpan place, string found)
    {
        var (what, line) = opening.Type == LBRACE ? _open.Header(opening) : (opening.Text, Line(opening));
        var bracket = opening.Type switch { LPAREN => ")", LBRACKET => "]", _ => "}" };
        _diagnostics.NotClosed(_source, place, bracket, what.Length == 1 ? $"'{what}'" : what, line, found);
    }

    private bool Keyword()
    {
        if (_error.Token.Type == NAME && Suggest.Nearest(_error.Token.Text, Expectation.Words(_error.Expected)) is { } word)
        {
            _diagnostics.MisspeltKeyword(_source, Place(_error.Token), _error.Token.Text, word);
            return true;
        }

        // A name that begins a statement can only be a call or a process; where it goes on otherwise it may be meant as a keyword.
        if (_before is { Type: NAME } && _error.Expected.Contains(LPAREN) && _error.Expected.Contains(COLON)
            && Suggest.Nearest(_before.Text, Expectation.StatementWords) is { } statement)
        {
            _diagnostics.MisspeltKeyword(_source, Place(_before), _before.Text, statement);
            return true;
        }

        // 'exited 0', 'kill SIGKILL': a number or a signal cannot stand after a value, only after the word that was meant.
        if (_before is { Type: NAME } && _error.Token.Type is NUMBER or SIGNAL && BeforeThat() is ARROW or COLON or OR
            && Suggest.Nearest(_before.Text, _error.Token.Type == NUMBER ? ["exit"] : ["killed"]) is { } outcome)
        {
            _diagnostics.MisspeltKeyword(_source, Place(_before), _before.Text, outcome);
            return true;
        }

        return false;
    }

    /// <summary>Type of the token that stands so many before the one that does not fit; the end of the file where there is none.</summary>
    private int BeforeThat(int steps = 1)
    {
        var i = _error.Index - 1;
        for (; i >= _error.Start; i--)
            if (_tokens[i].Channel == Lexer.DefaultTokenChannel && steps-- == 0) return _tokens[i].Type;
        return TokenConstants.EOF;
    }

    private void Other()
    {
        var after = _before is null ? "" : $" after {Quoting.Token(_before)}";
        _diagnostics.Expected(_source, AfterBefore(), Expectation.Describe(_error.Expected, afterKeyword: _before is not null && Expectation.IsWord(_before.Type)), after, Found, Hint());
    }

    /// <summary>What was probably meant: a habit from C, or a name that begins a statement, followed by something that tells which keyword was left out.</summary>
    private string Hint()
    {
        switch (_error.Token.Type)
        {
            case ASSIGN when _error.Expected.Contains(EQUAL): return "; to compare write '=='";
            case EQUAL when _error.Expected.Contains(ASSIGN): return "; to store a value write '='";
            case ELSE when _error.Expected.Contains(OTHERWISE): return "; the last arm is 'otherwise'";
            case BAR when _before?.Type == BAR: return "; write 'or'";
            case NUMBER when BeforeThat(1) is RLIMIT or CAPS or ON or IN && BeforeThat(2) == AS: return "; 'as' stands only before 'uid'";
        }

        if (_before is not { Type: NAME } name || !_error.Expected.Contains(LPAREN) || !_error.Expected.Contains(DOT) || _error.Expected.Contains(PLUS)) return "";
        return _error.Token.Type switch
        {
            ASSIGN => $"; to name a value write 'let {Quoting.Cut(name.Text)} = …'",
            EQUAL or NOT_EQUAL or LESS or LESS_EQUAL or GREATER or GREATER_EQUAL or IN or HAS or SINCE => $"; to check a value write 'expect {Quoting.Cut(name.Text)} …'",
            LBRACKET => $"; to access memory write 'load {Quoting.Cut(name.Text)}[…]' or 'store …'",
            _ => "",
        };
    }

    /// <summary>The token itself; the end of the one before where that stands on an earlier line, since what is missing is missing there.</summary>
    private TextSpan AfterBefore() =>
        _before is null || (!AtEnd && Line(_before) == Line(_error.Token)) ? Place(_error.Token) : new TextSpan(_before.StopIndex + 1, 0);

    private int Line(IToken token) => _source.Position(token.StartIndex).Line;

    private static TextSpan Place(IToken token) => new(token.StartIndex, Math.Max(0, token.StopIndex + 1 - token.StartIndex));
}
