using System.Numerics;
using MmSpec.Catalog;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Testing;

namespace MmSpec.Binding;

// Operators with two operands.
internal sealed partial class ScenarioBinder
{
    private TypedExpr BindBinary(BinarySyntax syntax, string? group)
    {
        switch (syntax.Operator)
        {
            case "and" or "or": return BindLogic(syntax);
            case "==" or "!=" or "<" or "<=" or ">" or ">=" or "in" or "has": return BindComparison(syntax);
            default: return BindArithmetic(syntax, group);
        }
    }

    private TypedExpr BindLogic(BinarySyntax syntax)
    {
        var (left, right) = (BindCondition(syntax.Left), BindCondition(syntax.Right));
        if (left.IsError || right.IsError) return TypedExpr.Error;
        var isAnd = syntax.Operator == "and";
        if (left.Truth is { } l) return l == isAnd ? right : left;
        if (right.Truth is { } r) return r == isAnd ? left : right;
        return new(SpecType.Truth, new Expr.Binary(isAnd ? BinaryOperator.And : BinaryOperator.Or, left.Expr, right.Expr)) { Needs = [.. left.Needs, .. right.Needs] };
    }

    private static BinaryOperator? Comparison(string op) => op switch
    {
        "==" => BinaryOperator.Equal,
        "!=" => BinaryOperator.NotEqual,
        "<" => BinaryOperator.Less,
        "<=" => BinaryOperator.LessOrEqual,
        ">" => BinaryOperator.Greater,
        ">=" => BinaryOperator.GreaterOrEqual,
        "in" => BinaryOperator.In,
        "has" => BinaryOperator.Has,
        _ => null,
    };

    private TypedExpr BindComparison(BinarySyntax syntax)
    {
        if (Comparison(syntax.Operator) is not { } op) return TypedExpr.Error;
        var left = BindExpr(syntax.Left, words: syntax.Left is NameExpressionSyntax name && IsWordLike(name.Text) && IsTextual(syntax.Right));
        if (left.Type.Kind == TypeKind.Outcome && op is BinaryOperator.Equal or BinaryOperator.NotEqual && BindOutcomeComparison(left, syntax, op) is { } matched) return matched;
        var right = BindExpr(syntax.Right, words: left.IsError || left.Type.Kind is TypeKind.Text or TypeKind.Words || IsByteView(left));
        // A tuple of any length is written as a list, since parentheses around one value are none.
        if (op is BinaryOperator.Equal or BinaryOperator.NotEqual && left is { Type.Kind: TypeKind.Tuple, Items.IsEmpty: true }) right = AsTuple(right);
        return Compare(left, op, right, syntax.Left, syntax.Right, syntax.Operator);
    }

    private static bool IsByteView(TypedExpr e) => e.Expr is Expr.View { Call.Name: "byte" };

    private bool IsWordLike(string name) => _scope.Find(name) is null && !Constants.TryGet(name, out _) && !ViewCatalog.TryGet(name, out _) && !_labels.Contains(name) && !ViewCatalog.TryGetBare(name, out _, out _);

    /// <summary>Whether the expression names a symbol of a loop or row, so that a bare word beside it is one too.</summary>
    private bool IsTextual(ExpressionSyntax syntax) => syntax switch
    {
        NameExpressionSyntax { Text: var name } => _scope.Find(name)?.Value.Type.Kind == TypeKind.Text,
        MemberAccessSyntax { Target: NameExpressionSyntax { Text: var row }, Member.Text: var field } =>
            _scope.Find(row)?.Value.Fields is { } fields && fields.TryGetValue(field, out var value) && value.Type.Kind == TypeKind.Text,
        _ => false,
    };

    private TypedExpr Compare(TypedExpr left, BinaryOperator op, TypedExpr right, ExpressionSyntax leftSyntax, ExpressionSyntax rightSyntax, string sign)
    {
        if (left.IsError || right.IsError) return TypedExpr.Error;
        if (!InWord(left, leftSyntax.Span) || !InWord(right, rightSyntax.Span)) return TypedExpr.Error;
        if (!Fits(left, op, right, leftSyntax, rightSyntax, sign)) return TypedExpr.Error;
        CheckFieldNeeds(left, right);
        if (Fold(left, op, right) is { } truth) return TypedExpr.OfTruth(truth);
        return new(SpecType.Truth, new Expr.Binary(op, left.Expr, right.Expr));
    }

    private bool Fits(TypedExpr left, BinaryOperator op, TypedExpr right, ExpressionSyntax leftSyntax, ExpressionSyntax rightSyntax, string sign)
    {
        switch (op)
        {
            case BinaryOperator.In:
                if (right.Type.Kind != TypeKind.Tuple)
                {
                    _diagnostics.WrongType(_source, rightSyntax.Span, "a set such as { 1, 2 }", right.Type.ToString());
                    return false;
                }
                foreach (var item in right.Items)
                {
                    if (SpecType.Comparable(left.Type, item.Type, false)) continue;
                    Mismatch(left, item, rightSyntax, sign);
                    return false;
                }
                return true;
            case BinaryOperator.Has:
                if (left.Type.Kind is TypeKind.Words && right.Type.Kind == TypeKind.Text) return true;
                if (left.Type.Kind is TypeKind.Flags or TypeKind.Number or TypeKind.Count && right.Type.Kind is TypeKind.Flags or TypeKind.Number) return true;
                _diagnostics.BadOperands(_source, Text.TextSpan.Cover(leftSyntax.Span, rightSyntax.Span), sign, left.Type.ToString(), right.Type.ToString());
                return false;
        }
        if (op == BinaryOperator.Equal) CheckUnit(left, right, rightSyntax);
        var order = op is not (BinaryOperator.Equal or BinaryOperator.NotEqual);
        // What byte(R) shows of an unmapped page.
        if (!order && ((IsByteView(left) && right.Word == "none") || (IsByteView(right) && left.Word == "none"))) return true;
        if (!SpecType.Comparable(left.Type, right.Type, order) && !(!order && AddressOfRange(left, right)))
        {
            Mismatch(left, right, rightSyntax, sign);
            return false;
        }
        if (left.Type.Kind == TypeKind.Tuple && left.Items.Length > 0 && right.Items.Length > 0) return TuplesFit(left, right, rightSyntax, sign);
        if (left.Word is null != right.Word is null || left is { Word: not null, IsConstant: true })
        {
            var (word, other, place) = right.Word is not null ? (right.Word, left, rightSyntax) : (left.Word, right, leftSyntax);
            if (word is not null && !other.Choices.IsEmpty && !other.Choices.Contains(word))
            {
                _diagnostics.UnknownName(_source, place.Span, word, $"; it is never that, but one of {string.Join(", ", other.Choices)}");
                return false;
            }
        }
        return true;
    }

    /// <summary>Views of /proc show sizes in whole kB.</summary>
    private void CheckUnit(TypedExpr left, TypedExpr right, ExpressionSyntax place)
    {
        if (left.Expr is not Expr.View { Call.Name: "smaps" or "meminfo" or "status" } || left.Type.Kind != TypeKind.Size) return;
        foreach (var value in right.Arms.IsEmpty ? [right] : right.Arms)
        {
            if (value.Exact is not { } n || n % 1024 == 0) continue;
            _diagnostics.NeverHolds(_source, place.Span, $"the kernel shows this field in units of 1K, and {n} bytes are no multiple of that");
            return;
        }
    }

    private static bool AddressOfRange(TypedExpr left, TypedExpr right) =>
        (left.Type.Kind == TypeKind.Range && right.Type.Kind is TypeKind.Address or TypeKind.Number or TypeKind.Size)
        || (right.Type.Kind == TypeKind.Range && left.Type.Kind is TypeKind.Address or TypeKind.Number or TypeKind.Size);

    private bool TuplesFit(TypedExpr left, TypedExpr right, ExpressionSyntax rightSyntax, string sign)
    {
        foreach (var tuple in right.Arms.IsEmpty ? [right] : right.Arms)
        {
            if (tuple.Type.Kind != TypeKind.Tuple) continue;
            if (tuple.Items.Length != left.Items.Length)
            {
                _diagnostics.WrongTupleLength(_source, rightSyntax.Span, left.Items.Length, tuple.Items.Length);
                return false;
            }
            for (var i = 0; i < tuple.Items.Length; i++)
            {
                if (SpecType.Comparable(left.Items[i].Type, tuple.Items[i].Type, false)) continue;
                Mismatch(left.Items[i], tuple.Items[i], rightSyntax, sign);
                return false;
            }
        }
        return true;
    }

    private void Mismatch(TypedExpr left, TypedExpr right, ExpressionSyntax place, string sign)
    {
        if (left.Type.Kind == TypeKind.Count && right.Type.Kind == TypeKind.Size) _diagnostics.SizeForCount(_source, place.Span, "what it is compared with");
        else _diagnostics.BadOperands(_source, place.Span, sign, left.Type.ToString(), right.Type.ToString());
    }

    /// <summary>A field that a kernel lacks is <c>absent</c> there; comparing it is a mistake, unless it is compared with that.</summary>
    private void CheckFieldNeeds(TypedExpr left, TypedExpr right)
    {
        bool Absent(TypedExpr e, Traits kernel) => e.Expr switch
        {
            Expr.Const { Value.Kind: ValueKind.Absent } => true,
            Expr.Choice { Arms: var arms } => ArmFor(arms, kernel) is Expr.Const { Value.Kind: ValueKind.Absent },
            _ => false,
        };
        CheckNeeds(left.Needs, k => Absent(right, k));
        CheckNeeds(right.Needs, k => Absent(left, k));
    }

    private static bool? Fold(TypedExpr left, BinaryOperator op, TypedExpr right)
    {
        if (left.Exact is { } a && right.Exact is { } b)
        {
            return op switch
            {
                BinaryOperator.Equal => a == b,
                BinaryOperator.NotEqual => a != b,
                BinaryOperator.Less => a < b,
                BinaryOperator.LessOrEqual => a <= b,
                BinaryOperator.Greater => a > b,
                BinaryOperator.GreaterOrEqual => a >= b,
                BinaryOperator.Has => (a & b) == b,
                _ => null,
            };
        }
        if (left.Word is { } v && right.Word is { } w && op is BinaryOperator.Equal or BinaryOperator.NotEqual) return v == w == (op == BinaryOperator.Equal);
        if (left.Truth is { } p && right.Truth is { } q && op is BinaryOperator.Equal or BinaryOperator.NotEqual) return p == q == (op == BinaryOperator.Equal);
        if (op == BinaryOperator.In && left.Exact is { } n && right.Items.All(i => i.Exact is not null)) return right.Items.Any(i => i.Exact == n);
        if (op == BinaryOperator.In && left.Word is { } word && right.Items.All(i => i.Word is not null)) return right.Items.Any(i => i.Word == word);
        return null;
    }

    private TypedExpr BindArithmetic(BinarySyntax syntax, string? group)
    {
        var (left, right) = (BindExpr(syntax.Left, group: group), BindExpr(syntax.Right, group: group));
        if (left.IsError || right.IsError) return TypedExpr.Error;
        if (left.Type.Kind == TypeKind.Range) left = new(SpecType.Address, new Expr.Part(left.Expr, RangePart.Start)) { Owner = left.Owner };
        var type = TypeOfResult(syntax.Operator, left.Type, right.Type);
        // Some calls take constants of two groups: shmget(…, IPC_CREAT | SHM_HUGETLB).
        if (type is null && syntax.Operator == "|" && group is not null && left.Type.Kind == TypeKind.Flags && right.Type.Kind == TypeKind.Flags
            && InGroups(left.Type.Group, group) && InGroups(right.Type.Group, group)) type = SpecType.Flags(group);
        if (type is null)
        {
            if (left.Type.Kind == TypeKind.Flags && right.Type.Kind == TypeKind.Flags && syntax.Operator == "|")
                _diagnostics.WrongGroup(_source, syntax.Right.Span, TextOf(syntax.Right.Span), right.Type.Group ?? "another group", $"a value of {left.Type.Group}");
            else _diagnostics.BadOperands(_source, syntax.Span, syntax.Operator, left.Type.ToString(), right.Type.ToString());
            return TypedExpr.Error;
        }
        if (syntax.Operator is "/" or "%" && right.Exact is { IsZero: true })
        {
            _diagnostics.DivisionByZero(_source, syntax.Right.Span);
            return TypedExpr.Error;
        }
        Need[] needs = [.. left.Needs, .. right.Needs];
        if (left.Exact is { } a && right.Exact is { } b)
        {
            BigInteger? result = syntax.Operator switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => BigInteger.Divide(a, b),
                "%" => BigInteger.Remainder(a, b),
                "|" => a | b,
                _ => null,
            };
            return result is { } n ? Folded(type, n, syntax.Span) with { Needs = [.. needs] } : TypedExpr.Error;
        }
        if (!InWord(left, syntax.Left.Span) || !InWord(right, syntax.Right.Span)) return TypedExpr.Error;
        BinaryOperator? op = syntax.Operator switch
        {
            "+" => BinaryOperator.Add,
            "-" => BinaryOperator.Subtract,
            "*" => BinaryOperator.Multiply,
            "/" => BinaryOperator.Divide,
            "%" => BinaryOperator.Remainder,
            "|" => BinaryOperator.BitOr,
            _ => null,
        };
        return op is { } known ? new(type, new Expr.Binary(known, left.Expr, right.Expr)) { Owner = left.Owner ?? right.Owner, Needs = [.. needs] } : TypedExpr.Error;
    }

    private static SpecType? TypeOfResult(string op, SpecType a, SpecType b)
    {
        if (!a.IsNumeric || !b.IsNumeric) return null;
        switch (op)
        {
            case "|":
                return a.Kind is TypeKind.Flags or TypeKind.Number && b.Kind is TypeKind.Flags or TypeKind.Number ? SpecType.Unify(a, b) : null;
            case "*":
                if (a.Kind is TypeKind.Number or TypeKind.Count) return b.Kind is TypeKind.Number && a.Kind == TypeKind.Count ? a : b;
                return b.Kind is TypeKind.Number or TypeKind.Count ? a : null;
            case "/":
                if (b.Kind is TypeKind.Number or TypeKind.Count) return a;
                return a.Kind == b.Kind || (a.Kind, b.Kind) is (TypeKind.Number, TypeKind.Size) or (TypeKind.Address, TypeKind.Size) ? SpecType.Number : null;
            case "%":
                if ((a.Kind, b.Kind) is (TypeKind.Address, TypeKind.Size)) return SpecType.Size;
                return SpecType.Unify(a, b);
            case "-" when a.Kind == TypeKind.Address && b.Kind == TypeKind.Address:
                return SpecType.Size;
            default:
                return SpecType.Unify(a, b);
        }
    }
}
