using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>Expressions as a specification writes them, for messages about a part of a statement.</summary>
internal static class ExprText
{
    /// <summary>Formats an expression; a choice by kernel shows the arm that holds.</summary>
    public static string Format(Expr e, EvaluationScope scope) => e switch
    {
        Expr.Const c => c.Value.ToString(),
        Expr.Slot s => s.Name,
        Expr.Choice c => Evaluator.Choose(c.Arms, scope) is { } arm ? Format(arm, scope) : "{ }",
        Expr.Slice s => s.To is null
            ? $"{Format(s.Range, scope)}[{Format(s.From, scope)}]"
            : $"{Format(s.Range, scope)}[{Format(s.From, scope)} .. {Format(s.To, scope)}]",
        Expr.Part p => $"{Format(p.Range, scope)}.{p.Which switch { RangePart.Start => "start", RangePart.End => "end", _ => "length" }}",
        Expr.MakeRange m => $"range({Format(m.Address, scope)}, {Format(m.Length, scope)})",
        Expr.Aligned a => $"aligned({Format(a.Range, scope)}, {Format(a.Size, scope)})",
        Expr.Unary u => (u.Operator == UnaryOperator.Not ? "not " : "-") + Nested(u.Operand, scope),
        Expr.Binary b => $"{Nested(b.Left, scope)} {Sign(b.Operator)} {Nested(b.Right, scope)}",
        Expr.TupleOf t => $"({List(t.Items, scope)})",
        Expr.View v => View(v, scope),
        Expr.CountEntries c => $"count({Call(c.Call, scope)})",
        Expr.CountTrue c => $"count({List(c.Items, scope)})",
        Expr.LabelOutcome l => l.Label,
        Expr.LabelValue l => $"value({l.Label})",
        Expr.Happened h => h.Event,
        Expr.Ever v => $"ever({Format(v.Property, scope)})",
        Expr.Matches m => $"{Format(m.Outcome, scope)} == {OutcomeText.Format(m.Pattern, scope)}",
        Expr.Placed => "placed(…)",
        _ => "…",
    };

    /// <summary>A view with its arguments.</summary>
    public static string Call(ViewCall call, EvaluationScope scope)
    {
        // An argument that was left off is absent here.
        ImmutableArray<Expr> given = call.Arguments.IsDefault ? [] : [.. call.Arguments.Where(a => a is not Expr.Const { Value.Kind: ValueKind.Absent })];
        var arguments = given.IsEmpty ? "" : $"({List(given, scope)})";
        return call.Name + arguments + (call.Since < 0 ? "" : " since the snapshot");
    }

    /// <summary>An operator's sign.</summary>
    public static string Sign(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.BitOr => "|",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.In => "in",
        BinaryOperator.Has => "has",
        BinaryOperator.And => "and",
        _ => "or",
    };

    private static string View(Expr.View v, EvaluationScope scope)
    {
        // A bare HugePages_* is how specifications and people name the fields of meminfo.
        if (v.Field is null) return Call(v.Call, scope);
        if (v.Call is { Name: "meminfo", Since: < 0 }) return v.Field;
        return $"{Call(v.Call, scope)}.{v.Field}";
    }

    private static string Nested(Expr e, EvaluationScope scope) => e is Expr.Binary ? $"({Format(e, scope)})" : Format(e, scope);

    private static string List(ImmutableArray<Expr> items, EvaluationScope scope) => string.Join(", ", items.Select(i => Format(i, scope)));
}
