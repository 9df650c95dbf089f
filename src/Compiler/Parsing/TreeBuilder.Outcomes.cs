using System.Collections.Immutable;
using Antlr4.Runtime.Tree;
using MmSpec.Syntax;
using MmSpec.Text;
using static MmSpec.Parsing.Generated.MmSpecParser;

namespace MmSpec.Parsing;

internal sealed partial class TreeBuilder
{
    private OutcomeSyntax Outcome(OutcomeContext context) => context.LBRACE() is null
        ? new OutcomeSetSyntax(Span(context), All(context.outcomeAtom(), OutcomeAtom))
        : new OutcomeArmsSyntax(Span(context), Arms(context.outcomeArm(), a => (a.condition(), Outcome(a.outcome()))));

    private OutcomeAtomSyntax OutcomeAtom(OutcomeAtomContext context)
    {
        var span = Span(context);
        switch (context)
        {
            case SignalOutcomeContext c:
                return SignalAtom(c.signal());
            case KilledOutcomeContext c:
                return Atom(span, word: Name(c.KILLED()), signal: c.SIGNAL() is { } signal ? Name(signal) : Path(c.NAME(), c.anyName()).Text);
            case ExitOutcomeContext c:
                return Atom(span, word: Name(c.EXIT()), value: c.NUMBER() is { } number ? Negated(c.MINUS(), number) : Path(c.NAME(), c.anyName()).Value);
            case EventOutcomeContext c:
                return Atom(span, word: Name(c.anyName()), fields: All(c.eventField(), EventField));
            case NumberOutcomeContext c:
                return Atom(span, value: Negated(c.MINUS(), c.NUMBER()));
            case ValueOutcomeContext c:
                return Postfix(Primary(c.postfix().primary()), c.postfix().postfixPart()) switch
                {
                    NameExpressionSyntax name => Atom(span, word: new NameSyntax(name.Span, name.Text)),
                    OutcomeExpressionSyntax outcome => outcome.Outcome,
                    var value => Atom(span, value: value),
                };
            default:
                throw Unreachable(context);
        }
    }

    private ExpressionSyntax Negated(ITerminalNode? minus, ITerminalNode number) =>
        minus is null ? Number(number.Symbol) : new UnarySyntax(TextSpan.Cover(Span(minus), Span(number)), "-", Number(number.Symbol));

    /// <summary><c>row.signal</c>, as one dotted name and as the expression that it is.</summary>
    private static (NameSyntax Text, ExpressionSyntax Value) Path(ITerminalNode first, AnyNameContext[] members)
    {
        ExpressionSyntax value = new NameExpressionSyntax(Span(first), first.GetText());
        foreach (var member in members) value = new MemberAccessSyntax(TextSpan.Cover(value.Span, Span(member)), value, Name(member));
        return (new NameSyntax(value.Span, string.Join('.', [first.GetText(), .. members.Select(m => m.GetText())])), value);
    }

    /// <summary>A field without a value (<c>remove { start, end }</c>) stands for the name of that name.</summary>
    private RowFieldSyntax EventField(EventFieldContext context)
    {
        var name = Name(context.anyName());
        return new(Span(context), name, context.expression() is { } value ? Expression(value) : new NameExpressionSyntax(name.Span, name.Text));
    }

    private OutcomeAtomSyntax SignalAtom(SignalContext context) => Atom(Span(context), word: Name(context.SIGNAL()),
        code: context.SIGNAL_CODE() is { } code ? Name(code) : null, at: context.place is { } place ? Postfix(Primary(place.primary()), place.postfixPart()) : null);

    /// <summary><c>oom-kill(q, p)</c> reads like a call; null where its arguments are no process names.</summary>
    private OutcomeAtomSyntax? OomKill(CallSyntax call)
    {
        var names = ImmutableArray.CreateBuilder<NameSyntax>(call.Arguments.Length);
        foreach (var argument in call.Arguments)
        {
            if (argument is not { Name: null, Into: null, Value: NameExpressionSyntax name }) return null;
            names.Add(new NameSyntax(name.Span, name.Text));
        }

        return Atom(call.Span, word: new NameSyntax(call.Callee.Span, "oom-kill"), names: names.MoveToImmutable());
    }

    private static OutcomeAtomSyntax Atom(TextSpan span, NameSyntax? word = null, NameSyntax? code = null, NameSyntax? signal = null, ExpressionSyntax? at = null,
        ExpressionSyntax? value = null, ImmutableArray<NameSyntax> names = default, ImmutableArray<RowFieldSyntax> fields = default) =>
        new(span, word, code, signal, at, value, names.IsDefault ? [] : names, fields.IsDefault ? [] : fields);

    // -------------------------------------------------------------------------------------------------------------- judgements

    private JudgementSyntax Judgement(JudgementContext context) => context switch
    {
        VerdictFirstContext c => new VerdictFirstSyntax(Span(c), Name(c.verdict()), All(c.expression(), Expression)),
        PropertyFirstContext c => new PropertyFirstSyntax(Span(c), Property(c.property()), c.verdict() is { } verdict
            ? Always(Name(verdict))
            : Arms(c.verdictArm(), a => (a.condition(), Name(a.verdict())))),
        OutcomesJudgementContext c => new OutcomesJudgementSyntax(Span(c), Names(c.anyName()), c.tuples() is { } tuples
            ? Always(Tuples(tuples))
            : Arms(c.tuplesArm(), a => (a.condition(), Tuples(a.tuples())))),
        _ => throw Unreachable(context),
    };

    private static ImmutableArray<ArmSyntax> Always(SyntaxNode then) => [new ArmSyntax(then.Span, new OtherwiseSyntax(then.Span), then)];

    private OutcomeTuplesSyntax Tuples(TuplesContext context) => new(Span(context), All(context.tuple(), t => All(t.outcomeAtom(), OutcomeAtom)));
}
