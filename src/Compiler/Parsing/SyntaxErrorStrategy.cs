using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;

namespace MmSpec.Parsing;

/// <summary>Leaves the generated parser at the first error; what follows in that member would be guesswork (see <see cref="Parser"/>).</summary>
internal sealed class SyntaxErrorException(IToken token, IntervalSet expected) : OperationCanceledException
{
    /// <summary>The token that fits nowhere.</summary>
    public IToken Token { get; } = token;
    /// <summary>Token types that would have fitted.</summary>
    public IntervalSet Expected { get; } = expected;
}

/// <summary>
/// Finds out exactly which tokens could have stood where the parser got stuck. ANTLR's own strategy repairs and goes on, at the price of
/// follow-up errors; and the set it reports lacks what an optional part before the place would have allowed.
/// </summary>
internal sealed class SyntaxErrorStrategy : DefaultErrorStrategy
{
    private int _syncIndex = -1;
    private readonly IntervalSet _syncExpected = new();

    /// <inheritdoc/>
    public override void ReportError(Antlr4.Runtime.Parser recognizer, RecognitionException e)
    {
    }

    /// <inheritdoc/>
    public override void Recover(Antlr4.Runtime.Parser recognizer, RecognitionException e) => throw Stuck(recognizer, e);

    /// <inheritdoc/>
    public override IToken RecoverInline(Antlr4.Runtime.Parser recognizer) => throw Stuck(recognizer, null);

    /// <inheritdoc/>
    public override void Sync(Antlr4.Runtime.Parser recognizer)
    {
        var state = recognizer.Atn.states[recognizer.State];
        var token = recognizer.TokenStream.LA(1);
        var next = recognizer.Atn.NextTokens(state);
        if (next.Contains(token)) return;
        if (!next.Contains(TokenConstants.EPSILON))
        {
            if (state.StateType is StateType.BlockStart or StateType.StarBlockStart or StateType.PlusBlockStart or StateType.StarLoopEntry
                or StateType.PlusLoopBack or StateType.StarLoopBack) throw Stuck(recognizer, null);
            return;
        }

        // The optional part is left out; should the parser get stuck at this very token, it would have fitted as well.
        if (_syncIndex != recognizer.TokenStream.Index) _syncExpected.Clear();
        _syncIndex = recognizer.TokenStream.Index;
        _syncExpected.AddAll(next);
    }

    private SyntaxErrorException Stuck(Antlr4.Runtime.Parser recognizer, RecognitionException? error)
    {
        var token = error?.OffendingToken ?? recognizer.CurrentToken;
        var expected = new IntervalSet();
        if (error is NoViableAltException { DeadEndConfigs: { } dead } failed && failed.StartToken != token)
        {
            foreach (var config in dead.configs) AddAfter(recognizer, config.state, config.context, expected);
        }
        else
        {
            expected.AddAll(recognizer.GetExpectedTokens());
        }

        if (_syncIndex == token.TokenIndex) expected.AddAll(_syncExpected);
        return new SyntaxErrorException(token, expected);
    }

    /// <summary>What may follow a state of a prediction that died, returning through its callers where the state's rule may end.</summary>
    private static void AddAfter(Antlr4.Runtime.Parser recognizer, ATNState state, PredictionContext? context, IntervalSet expected)
    {
        var next = recognizer.Atn.NextTokens(state);
        expected.AddAll(next);
        if (!next.Contains(TokenConstants.EPSILON) || context is null) return;
        for (var i = 0; i < context.Size; i++)
        {
            var back = context.GetReturnState(i);
            if (back == PredictionContext.EMPTY_RETURN_STATE)
            {
                if (recognizer.Context is { } rule) expected.AddAll(recognizer.Atn.GetExpectedTokens(recognizer.State, rule));
            }
            else
            {
                AddAfter(recognizer, recognizer.Atn.states[back], context.GetParent(i), expected);
            }
        }
    }
}
