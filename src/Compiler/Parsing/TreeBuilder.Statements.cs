using System.Collections.Immutable;
using MmSpec.Syntax;
using MmSpec.Text;
using static MmSpec.Parsing.Generated.MmSpecParser;

namespace MmSpec.Parsing;

internal sealed partial class TreeBuilder
{
    private ImmutableArray<StatementSyntax> Block(BlockContext context) => All(context.statement(), Statement);

    private StatementSyntax Statement(StatementContext context)
    {
        switch (context)
        {
            case OrdinaryStatementContext c:
                return Plain(c.plainStatement());
            case ProcessLineContext c:
                var body = Plain(c.plainStatement());
                return new ProcessBlockSyntax(Span(c), false, Name(c.processName()), [], [body], Braces: false);
            default:
                throw Unreachable(context);
        }
    }

    private StatementSyntax Plain(PlainStatementContext context)
    {
        switch (context)
        {
            case LetStatementContext c:
                return Let(c);
            case AccessStatementContext c:
                return Step(Span(c), null, Access(c.access()), null, c.suffix());
            case CallStatementContext c:
                return Step(Span(c), null, Call(c.call()), c.content is null ? null : Value(c.content), c.suffix());
            case ForkStatementContext c:
                var fork = Suffix(c.suffix());
                return new ForkSyntax(Span(c), Name(c.anyName()), c.count is null ? null : Expression(c.count), fork.Outcome, fork.Faults, fork.Label);
            case ActionStatementContext c:
                return Action(c);
            case InjectStatementContext c:
                return new InjectSyntax(Span(c), Name(c.errno), DottedName(c.site), c.arguments() is { } arguments ? Arguments(arguments) : []);
            case ExpectStatementContext c:
                return new ExpectSyntax(Span(c), Expression(c.expression()), c.LBRACE() is null ? default : All(c.expectEntry(), ExpectEntry));
            case ProcessStatementContext c:
                return new ProcessBlockSyntax(Span(c), c.NEW() is not null, Name(c.anyName()), All(c.processAttribute(), ProcessAttribute),
                    Block(c.block()), Braces: true, c.count is null ? null : Expression(c.count));
            case ProcessesStatementContext c:
                return new ProcessBlockSyntax(Span(c), false, Name(c.anyName()), [], default, Braces: false, Expression(c.count));
            case StartStatementContext c:
                return new StartSyntax(Span(c), c.process is null ? null : Name(c.process), Name(c.name), Block(c.block()));
            case JoinStatementContext c:
                return new JoinSyntax(Span(c), c.process is null ? null : Name(c.process), Name(c.name));
            case ForStatementContext c:
                return new ForSyntax(Span(c), Name(c.variable()), Expression(c.expression()), Block(c.block()));
            case RepeatStatementContext c:
                return new RepeatSyntax(Span(c), Expression(c.expression()), Block(c.block()));
            case WhenStatementContext c:
                return When(c);
            case ReturnStatementContext c:
                return new ReturnSyntax(Span(c), Expression(c.expression()));
            case KnownGapStatementContext c:
                return new KnownGapSyntax(Span(c), String(c.STRING()), Block(c.block()));
            case ParallelStatementContext c:
                return new ParallelSyntax(Span(c), All(c.concurrent(), t => new ThreadSyntax(Span(t), Name(t.process), Name(t.name), Block(t.block()))));
            case JudgeStatementContext c:
                return new JudgeSyntax(Span(c), All(c.judgement(), Judgement));
            case TimedStatementContext c:
                return new TimedSyntax(Span(c), Block(c.block()));
            case EachStatementContext c:
                return new EachSyntax(Span(c), Name(c.anyName()), Block(c.block()));
            default:
                throw Unreachable(context);
        }
    }

    private StepSyntax Let(LetStatementContext context)
    {
        var name = Name(context.variable());
        if (context.access() is { } access) return Step(Span(context), name, Access(access), null, context.suffix());
        return Expression(context.expression()) switch
        {
            BinarySyntax { Operator: "==", Left: CallSyntax call } comparison => Step(Span(context), name, call, comparison.Right, context.suffix()),
            NameExpressionSyntax { Text: "snapshot" } word => Step(Span(context), name, new SnapshotSyntax(word.Span), null, context.suffix()),
            var value => Step(Span(context), name, value, null, context.suffix()),
        };
    }

    private StepSyntax Step(TextSpan span, NameSyntax? let, ExpressionSyntax value, ExpressionSyntax? content, SuffixContext context)
    {
        var suffix = Suffix(context);
        return new(span, let, value, content, suffix.Outcome, suffix.Faults, suffix.Label);
    }

    private (OutcomeSyntax? Outcome, ExpressionSyntax? Faults, NameSyntax? Label) Suffix(SuffixContext context)
    {
        if (context.ChildCount == 0) return default;
        return (context.outcome() is { } outcome ? Outcome(outcome) : null,
            context.value() is { } faults ? Value(faults) : null,
            context.anyName() is { } label ? Name(label) : null);
    }

    private AccessSyntax Access(AccessContext context)
    {
        var stride = context.stride();
        return new(Span(context), context.STORE() is not null, Value(context.region), context.content is null ? null : Value(context.content),
            stride is null ? null : Value(stride.value()), stride?.arguments() is { } arguments ? Arguments(arguments) : default);
    }

    private CallSyntax Call(CallContext context)
    {
        ExpressionSyntax callee = new NameExpressionSyntax(Span(context.callee()), context.callee().GetText());
        foreach (var member in context.anyName()) callee = new MemberAccessSyntax(TextSpan.Cover(callee.Span, Span(member)), callee, Name(member));
        return new(Span(context), callee, Arguments(context.arguments()));
    }

    private WhenSyntax When(WhenStatementContext context)
    {
        var parts = context.whenPart();
        if (parts.Length > NestingCheck.MaxDepth) diagnostics.NestedTooDeep(source, Span(parts[NestingCheck.MaxDepth]), NestingCheck.MaxDepth);
        var rest = context.block() is { } last ? Block(last) : default;
        var end = Span(context).End;
        for (var i = Math.Min(parts.Length, NestingCheck.MaxDepth) - 1; ; i--)
        {
            var part = parts[i];
            var when = new WhenSyntax(new TextSpan(part.Start.StartIndex, end - part.Start.StartIndex),
                part.condition() is { } kernel ? Condition(kernel) : null, part.expression() is { } test ? Expression(test) : null, Block(part.block()), rest);
            if (i == 0) return when;
            rest = [when];
        }
    }

    private ActionSyntax Action(ActionStatementContext statement)
    {
        var context = statement.action();
        var suffix = Suffix(statement.suffix());
        var verb = new NameSyntax(Span(context.verb), context.verb.Text);
        var words = Names(context.anyName());
        ImmutableArray<MachineItemSyntax> items = default;
        ExpressionSyntax? value = null;
        ImmutableArray<ExpressionSyntax> operands;
        switch (context.verb.Type)
        {
            case SYSCTL or SYSFS:
                operands = [String(context.STRING())];
                value = Value(context.value(0));
                break;
            case MOUNT:
                operands = [String(context.STRING())];
                items = MachineItems(context.machineBody());
                break;
            default:
                operands = All(context.value(), Value);
                break;
        }

        return new(Span(statement), verb, words, operands, value, items, suffix.Outcome, suffix.Faults, suffix.Label);
    }

    private ProcessAttributeSyntax ProcessAttribute(ProcessAttributeContext context)
    {
        var words = ImmutableArray.CreateBuilder<NameSyntax>(2);
        words.Add(new NameSyntax(Span(context.Start), context.Start.Text));
        if (context.anyName() is { } word) words.Add(Name(word));
        ImmutableArray<ExpressionSyntax> values =
            context.cgroupPath() is { } path ? [new NameExpressionSyntax(Span(path), path.GetText())]
            : context.STRING() is { } text ? [String(text)]
            : All(context.value(), Value);
        return new(Span(context), words.ToImmutable(), values);
    }

    // ------------------------------------------------------------------------------------------------------------ expectations

    private ExpectEntrySyntax ExpectEntry(ExpectEntryContext context) => context switch
    {
        FieldEntryContext c => new FieldEntrySyntax(Span(c), c.anyName() is { } name ? Name(name) : Quoted(c.STRING()), c.fieldOperator()?.GetText() ?? "==", Value(c.value())),
        RangeEntryContext c => new RangeEntrySyntax(Span(c), Value(c.from), Value(c.to), AttributeValue(c.attributeValue())),
        _ => throw Unreachable(context),
    };

    private SyntaxNode AttributeValue(AttributeValueContext context) => context.LBRACE() is null
        ? new AttributesSyntax(Span(context), All(context.attribute(), Attribute))
        : new AttributeArmsSyntax(Span(context), Arms(context.attributeArm(), a => (a.condition(), AttributeValue(a.attributeValue()))));

    private AttributeSyntax Attribute(AttributeContext context)
    {
        var name = context.STRING() is { } text ? Quoted(text) : Name(context.variable());
        ExpressionSyntax? argument = null;
        if (context.NUMBER() is { } number) argument = Number(number.Symbol);
        else if (context.anyName() is { Length: > 0 } path)
        {
            argument = new NameExpressionSyntax(Span(path[0]), path[0].GetText());
            foreach (var member in path.AsSpan(1)) argument = new MemberAccessSyntax(TextSpan.Cover(argument.Span, Span(member)), argument, Name(member));
        }

        return new(Span(context), name, argument, context.NOT() is not null);
    }
}
