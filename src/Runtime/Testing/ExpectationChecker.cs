using System.Globalization;

namespace MmSpec.Testing;

/// <summary>A part of an expectation that does not hold.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based.</param>
/// <param name="Message">What was allowed, and what came.</param>
/// <param name="Asked">The views whose values it is about, with the field: these can be explained.</param>
internal sealed record ExpectationMismatch(int Line, int Column, string Message, IReadOnlyList<(ViewRequest Request, string? Field)> Asked);

/// <summary>Evaluates an <c>expect</c>. Each field and each entry is a mismatch of its own, at its own place.</summary>
internal sealed class ExpectationChecker(EvaluationScope scope)
{
    /// <summary>What does not hold.</summary>
    public List<ExpectationMismatch> Mismatches { get; } = [];
    /// <summary>The first poisoned value that was needed; the parts that need it are skipped.</summary>
    public Value? Poison { get; private set; }

    /// <summary>Checks an expectation.</summary>
    public void Check(Expectation e)
    {
        if (e.Condition is not null) Guard(e.Line, e.Column, e.Condition, () => Condition(e.Line, e.Column, e.Condition));
        else if (!e.Fields.IsDefault) Guard(e.Line, e.Column, null, () => Fields(e));
        else Guard(e.Line, e.Column, null, () => Entries(e));
    }

    private void Guard(int line, int column, Expr? about, Action check)
    {
        try
        {
            check();
        }
        catch (EvaluationException x)
        {
            Mismatches.Add(new(line, column, about is null ? x.Message : $"{ExprText.Format(about, scope)} has no value: {x.Message}", []));
        }
    }

    private void Fields(Expectation e)
    {
        if (Evaluator.Request(e.View!, scope, out var poison) is not { } request || Evaluator.Observe(e.View!, scope, out poison) is not { } seen)
        {
            Poison ??= poison;
            return;
        }
        foreach (var check in e.Fields)
        {
            Guard(check.Line, check.Column, null, () =>
            {
                var expected = Evaluator.Evaluate(check.Value, scope);
                if (expected.Kind == ValueKind.Poisoned)
                {
                    Poison ??= expected;
                    return;
                }
                var got = (seen.Fields ?? throw new EvaluationException($"{e.View!.Name} has no fields")).TryGetValue(check.Field, out var v) ? v : Value.Absent;
                if (Arithmetic.Apply(check.Operator, got, expected).Number != 0) return;
                Mismatches.Add(new(check.Line, check.Column, $"expected {check.Field} {ExprText.Sign(check.Operator)} {expected}, it is {Like(got, expected)}", [(request, check.Field)]));
            });
        }
    }

    private void Entries(Expectation e)
    {
        if (Evaluator.Request(e.View!, scope, out var poison) is not { } request || Evaluator.Observe(e.View!, scope, out poison) is not { } seen)
        {
            Poison ??= poison;
            return;
        }
        var observed = seen.Entries ?? throw new EvaluationException($"{e.View!.Name} has no entries");
        foreach (var check in e.Entries)
        {
            Guard(check.Line, check.Column, null, () =>
            {
                var from = Evaluator.Evaluate(check.From, scope);
                var to = Evaluator.Evaluate(check.To, scope);
                if (from.Kind == ValueKind.Poisoned || to.Kind == ValueKind.Poisoned)
                {
                    Poison ??= from.Kind == ValueKind.Poisoned ? from : to;
                    return;
                }
                var attributes = Evaluator.Choose(check.Attributes, scope);
                if (attributes.IsDefault) throw new EvaluationException("no arm of the entry is for this kernel");
                if (EntryMatcher.Check(observed, Offset(from), Offset(to), attributes, scope) is { } wrong)
                    Mismatches.Add(new(check.Line, check.Column, $"expected {from} .. {to}: {EntryMatcher.Format(attributes, scope)}; {wrong}", [(request, null)]));
            });
        }
    }

    private static ulong Offset(Value v) => v.IsNumeric && v.Number >= 0 && v.Number <= ulong.MaxValue
        ? (ulong)v.Number
        : throw new EvaluationException($"{v} is no offset");

    /// <summary>Reports the parts of a condition that make it false: the false members of <c>and</c>, all members of <c>or</c>.</summary>
    private void Condition(int line, int column, Expr condition)
    {
        var holds = Evaluator.EvaluateTruth(condition, scope, out var poison);
        if (holds is null) Poison ??= poison;
        if (holds is not false) return;
        var asked = new List<(ViewRequest, string?)>();
        Mismatches.Add(new(line, column, Describe(condition, asked), asked));
    }

    private string Describe(Expr e, List<(ViewRequest, string?)> asked)
    {
        switch (e)
        {
            case Expr.Binary { Operator: BinaryOperator.And } and:
                return Evaluator.EvaluateTruth(and.Left, scope, out _) == false ? Describe(and.Left, asked) : Describe(and.Right, asked);
            case Expr.Binary { Operator: BinaryOperator.Or } or:
                return Describe(or.Left, asked) + "; " + Describe(or.Right, asked);
            case Expr.Binary { Operator: >= BinaryOperator.Equal and <= BinaryOperator.Has } comparison:
                return Comparison(comparison, asked);
            case Expr.Unary { Operator: UnaryOperator.Not } not:
                Ask(not.Operand, asked);
                return $"expected not {ExprText.Format(not.Operand, scope)}, but it holds";
            case Expr.Choice choice when Evaluator.Choose(choice.Arms, scope) is { } arm:
                return Describe(arm, asked);
            default:
                Ask(e, asked);
                return $"expected {ExprText.Format(e, scope)}, it does not hold";
        }
    }

    private string Comparison(Expr.Binary c, List<(ViewRequest, string?)> asked)
    {
        Ask(c.Left, asked);
        Ask(c.Right, asked);
        var left = Evaluator.Evaluate(c.Left, scope);
        var right = Evaluator.Evaluate(c.Right, scope);
        var leftText = ExprText.Format(c.Left, scope);
        // An identity has no text of its own; only that they differ can be said.
        if (IsIdentity(left) || IsIdentity(right)) return $"expected {leftText} {ExprText.Sign(c.Operator)} {ExprText.Format(c.Right, scope)}, it is not so";
        var rightText = IsLiteral(c.Right) ? right.ToString() : ExprText.Format(c.Right, scope);
        var message = $"expected {leftText} {ExprText.Sign(c.Operator)} {rightText}";
        if (IsLiteral(c.Left)) return IsLiteral(c.Right) ? message : $"{message}, {rightText} is {Like(right, left)}";
        message += IsLiteral(c.Right) ? $", it is {Like(left, right)}" : $", {leftText} is {left}, {rightText} is {right}";
        return c.Operator is BinaryOperator.Equal && left.IsNumeric && left.Number > long.MaxValue && left.Number <= ulong.MaxValue
            ? message + string.Create(CultureInfo.InvariantCulture, $" (2^64 - {((Int128)1 << 64) - left.Number})")
            : message;
    }

    private static bool IsIdentity(Value v) => v.Kind == ValueKind.Text && v.Text.StartsWith('\0');

    private static bool IsLiteral(Expr e) => e switch
    {
        Expr.Const => true,
        Expr.Choice c => c.Arms.All(a => IsLiteral(a.Then)),
        Expr.TupleOf t => t.Items.All(IsLiteral),
        Expr.Unary u => IsLiteral(u.Operand),
        _ => false,
    };

    /// <summary>A plain number is shown in the unit that the expectation uses.</summary>
    private static Value Like(Value got, Value expected) => got.Kind == ValueKind.Number && expected.Kind is ValueKind.Size or ValueKind.Time ? got with { Kind = expected.Kind } : got;

    private void Ask(Expr e, List<(ViewRequest, string?)> asked)
    {
        switch (e)
        {
            case Expr.View v when Evaluator.Request(v.Call, scope, out _) is { } request: asked.Add((request, v.Field)); break;
            case Expr.CountEntries c when Evaluator.Request(c.Call, scope, out _) is { } request: asked.Add((request, null)); break;
            case Expr.Binary b: Ask(b.Left, asked); Ask(b.Right, asked); break;
            case Expr.Unary u: Ask(u.Operand, asked); break;
            case Expr.TupleOf t: foreach (var item in t.Items) Ask(item, asked); break;
            case Expr.Choice c when Evaluator.Choose(c.Arms, scope) is { } arm: Ask(arm, asked); break;
        }
    }
}
