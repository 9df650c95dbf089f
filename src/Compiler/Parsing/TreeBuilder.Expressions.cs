using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using MmSpec.Syntax;
using MmSpec.Text;
using static MmSpec.Parsing.Generated.MmSpecParser;

namespace MmSpec.Parsing;

internal sealed partial class TreeBuilder
{
    /// <summary>
    /// How deep the tree of one expression may become. Brackets are bounded by the nesting check, but every operator and postfix of
    /// a chain is one level as well, and those who walk the tree do so by recursion.
    /// </summary>
    internal const int MaxExpressionDepth = 1000;

    private int _expressionDepth;

    private ExpressionSyntax Expression(ExpressionContext context) => Chain(context, context.operand(), context.binaryOperator());

    private ExpressionSyntax Value(ValueContext context) => Chain(context, context.operand(), context.arithmeticOperator());

    private ExpressionSyntax Property(PropertyContext context) => Chain(context, [context.namedOperand(), .. context.operand()], context.binaryOperator());

    /// <summary>Applies precedence to a flat chain: operators wait on a stack until one that binds no tighter comes.</summary>
    private ExpressionSyntax Chain(ParserRuleContext context, ParserRuleContext[] operands, ParserRuleContext[] operators)
    {
        var levels = operators.Length;
        foreach (var operand in operands)
            levels = Math.Max(levels, operators.Length + operand.ChildCount - 1 + (operand is OperandContext o && o.postfix() is { } p ? p.ChildCount - 1 : 0));
        if (levels == 0 && operands[0] is OperandContext only && only.postfix() is { } simple) return Primary(simple.primary());
        if (_expressionDepth + levels > MaxExpressionDepth)
        {
            diagnostics.ExpressionTooLong(source, Span(context), MaxExpressionDepth);
            return new MissingExpressionSyntax(Span(context));
        }

        _expressionDepth += levels;
        var values = new Stack<ExpressionSyntax>();
        var waiting = new Stack<(string Text, int Binding, TextSpan Prefix)>();
        for (var i = 0; i < operands.Length; i++)
        {
            for (var p = 0; operands[i].GetChild(p) is ITerminalNode prefix; p++) waiting.Push((prefix.GetText(), prefix.Symbol.Type == NOT ? 3 : 8, Span(prefix)));
            values.Push(operands[i] switch
            {
                OperandContext o => o.signal() is { } signal ? Signal(signal) : Postfix(Primary(o.postfix().primary()), o.postfix().postfixPart()),
                NamedOperandContext o => o.signal() is { } signal ? Signal(signal) : Postfix(new NameExpressionSyntax(Span(o.key()), o.key().GetText()), o.postfixPart()),
                var other => throw Unreachable(other),
            });
            if (i == operators.Length) break;
            var next = operators[i].Start;
            var binding = Binding(next.Type);
            while (waiting.TryPeek(out var top) && top.Binding >= binding)
            {
                if (top.Binding == ComparisonBinding && binding == ComparisonBinding) diagnostics.ChainedComparison(source, Span(next), next.Text);
                Apply();
            }

            waiting.Push((next.Text, binding, default));
        }

        while (waiting.Count > 0) Apply();
        _expressionDepth -= levels;
        return values.Pop();

        void Apply()
        {
            var (text, _, prefix) = waiting.Pop();
            var right = values.Pop();
            if (prefix.Length > 0)
            {
                values.Push(new UnarySyntax(TextSpan.Cover(prefix, right.Span), text, right));
                return;
            }

            var left = values.Pop();
            values.Push(new BinarySyntax(TextSpan.Cover(left.Span, right.Span), text, left, right));
        }
    }

    private const int ComparisonBinding = 4;

    private static int Binding(int token) => token switch
    {
        OR => 1,
        AND => 2,
        BAR => 5,
        PLUS or MINUS => 6,
        STAR or SLASH or PERCENT => 7,
        _ => ComparisonBinding,
    };

    private ExpressionSyntax Postfix(ExpressionSyntax result, PostfixPartContext[] parts)
    {
        foreach (var part in parts)
        {
            var span = TextSpan.Cover(result.Span, Span(part));
            result = part switch
            {
                MemberPartContext c => new MemberAccessSyntax(span, result, c.anyName() is { } name ? Name(name) : Quoted(c.STRING())),
                IndexPartContext c => new IndexSyntax(span, result, Value(c.from), c.to is null ? null : Value(c.to)),
                CallPartContext c => new CallSyntax(span, result, Arguments(c.arguments())),
                SincePartContext c => new SinceSyntax(span, result, Name(c.variable()[^1]), c.process is null ? null : Name(c.process)),
                _ => throw Unreachable(part),
            };
        }

        return result is CallSyntax { Callee: NameExpressionSyntax { Text: "oom-kill" } } call && OomKill(call) is { } atom
            ? new OutcomeExpressionSyntax(atom.Span, atom)
            : result;
    }

    private ImmutableArray<ArgumentSyntax> Arguments(ArgumentsContext context) => All(context.argument(), c =>
    {
        var values = c.expression();
        return new ArgumentSyntax(Span(c), c.anyName() is { } name ? Name(name) : null, Expression(values[0]), values.Length > 1 ? Expression(values[1]) : null);
    });

    private ExpressionSyntax Primary(PrimaryContext context) => context switch
    {
        NamePrimaryContext c => new NameExpressionSyntax(Span(c), c.Start.Text),
        NumberPrimaryContext c => Number(c.Start),
        StringPrimaryContext c => String(c.STRING()),
        KilledPrimaryContext c => new OutcomeExpressionSyntax(Span(c), Atom(Span(c), word: Name(c.KILLED()), signal: Name(c.SIGNAL()))),
        ExitPrimaryContext c => new OutcomeExpressionSyntax(Span(c), Atom(Span(c), word: Name(c.EXIT()), value: Number(c.NUMBER().Symbol))),
        ParenthesesPrimaryContext c when c.COMMA().Length == 0 && c.expression() is [var inner] => Expression(inner),
        ParenthesesPrimaryContext c => new TupleSyntax(Span(c), All(c.expression(), Expression)),
        ListPrimaryContext c => new ListSyntax(Span(c), All(c.expression(), Expression)),
        BracesPrimaryContext c => Braces(c.braces()),
        _ => throw Unreachable(context),
    };

    /// <summary>A signal by itself is a name like an errno.</summary>
    private ExpressionSyntax Signal(SignalContext context) =>
        context.ChildCount == 1 ? new NameExpressionSyntax(Span(context), context.Start.Text) : new OutcomeExpressionSyntax(Span(context), SignalAtom(context));

    private ExpressionSyntax Braces(BracesContext context) => context switch
    {
        ArmsBracesContext c => new ArmsExpressionSyntax(Span(c), Arms(c.arm(), a => (a.condition(), Expression(a.expression())))),
        RowBracesContext c => new RowSyntax(Span(c), All(c.rowField(), f =>
            new RowFieldSyntax(Span(f), f.anyName() is { } name ? Name(name) : Quoted(f.STRING()), Expression(f.expression())))),
        SetBracesContext c => new SetSyntax(Span(c), All(c.expression(), Expression)),
        _ => throw Unreachable(context),
    };

    private ExpressionSyntax Number(IToken token)
    {
        if (NumberLiteral.TryParse(token.Text, out _, out var problem)) return new NumberLiteralSyntax(Span(token), token.Text);
        diagnostics.MalformedNumber(source, Span(token), token.Text, problem);
        return new MissingExpressionSyntax(Span(token));
    }

    private StringLiteralSyntax String(ITerminalNode node) => new(Span(node), Unescape(node.Symbol));

    private string Unescape(IToken token)
    {
        var text = token.Text;
        var end = text.Length > 1 && text[^1] == '"' ? text.Length - 1 : text.Length;
        if (!text.Contains('\\')) return text[1..end];
        var result = new StringBuilder();
        for (var i = 1; i < end; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            var escape = i + 1 < end ? text[++i] : '\0';
            switch (escape)
            {
                case '"' or '\\':
                    result.Append(escape);
                    break;
                case 'n':
                    result.Append('\n');
                    break;
                case 't':
                    result.Append('\t');
                    break;
                case 'x' when i + 2 < end && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value):
                    result.Append((char)value);
                    i += 2;
                    break;
                default:
                    diagnostics.UnknownEscape(source, new TextSpan(token.StartIndex + i - 1, Math.Min(2, end - i + 1)));
                    break;
            }
        }

        return result.ToString();
    }
}
