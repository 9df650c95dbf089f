namespace MmSpec.Testing;

/// <summary>Visits an expression and everything in it.</summary>
internal static class ExprWalker
{
    /// <summary>Calls the action for the expression and for each of its parts.</summary>
    public static void Visit(Expr expr, Action<Expr> action)
    {
        action(expr);
        foreach (var part in Parts(expr)) Visit(part, action);
    }

    private static IEnumerable<Expr> Parts(Expr expr) => expr switch
    {
        Expr.Choice c => c.Arms.Select(a => a.Then),
        Expr.Slice s => s.To is null ? [s.Range, s.From] : [s.Range, s.From, s.To],
        Expr.Part p => [p.Range],
        Expr.MakeRange m => [m.Address, m.Length],
        Expr.Aligned a => [a.Range, a.Size],
        Expr.Unary u => [u.Operand],
        Expr.Binary b => [b.Left, b.Right],
        Expr.TupleOf t => t.Items,
        Expr.View v => v.Call.Arguments,
        Expr.CountEntries c => c.Call.Arguments,
        Expr.CountTrue c => c.Items,
        Expr.Ever e => [e.Property],
        Expr.Matches m => [m.Outcome],
        _ => [],
    };
}
