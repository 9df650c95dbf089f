namespace MmSpec.Testing;

/// <summary>Operators on values. Numbers are exact to 127 bits; what does not fit is an error, never a wrap.</summary>
internal static class Arithmetic
{
    /// <summary>Applies an operator other than <c>and</c> and <c>or</c>, whose right side may not be evaluated.</summary>
    /// <exception cref="EvaluationException">The operands have no such operation.</exception>
    public static Value Apply(BinaryOperator op, Value left, Value right) => op switch
    {
        BinaryOperator.Equal => Value.OfTruth(Same(left, right)),
        BinaryOperator.NotEqual => Value.OfTruth(!Same(left, right)),
        BinaryOperator.Less => Value.OfTruth(Order(left, right) < 0),
        BinaryOperator.LessOrEqual => Value.OfTruth(Order(left, right) <= 0),
        BinaryOperator.Greater => Value.OfTruth(Order(left, right) > 0),
        BinaryOperator.GreaterOrEqual => Value.OfTruth(Order(left, right) >= 0),
        BinaryOperator.In => Value.OfTruth(Contains(right, left)),
        BinaryOperator.Has => Value.OfTruth(Contains(left, right)),
        _ => Compute(op, left, right),
    };

    /// <summary>now - before, member by member for tuples; what has no difference (a word) must be equal to give 0.</summary>
    /// <exception cref="EvaluationException">The two cannot be subtracted.</exception>
    public static Value Difference(Value now, Value before)
    {
        if (now.Kind == ValueKind.Absent && before.Kind == ValueKind.Absent) return Value.Absent;
        if (now.Kind == ValueKind.Tuple && before.Kind == ValueKind.Tuple && now.Items.Length == before.Items.Length)
        {
            var items = new Value[now.Items.Length];
            for (var i = 0; i < items.Length; i++) items[i] = Difference(now.Items[i], before.Items[i]);
            return new Value(ValueKind.Tuple, 0, 0, items);
        }
        return now.IsNumeric && before.IsNumeric
            ? Compute(BinaryOperator.Subtract, now, before)
            : throw new EvaluationException($"{now} and {before} have no difference");
    }

    private static bool Same(Value a, Value b)
    {
        // A mapping compared with an address: its start is meant.
        if (a.Kind == ValueKind.Range && b.IsNumeric) return a.Number == b.Number;
        if (b.Kind == ValueKind.Range && a.IsNumeric) return a.Number == b.Number;
        return a.Equals(b);
    }

    private static int Order(Value a, Value b)
    {
        if (a.IsNumeric && b.IsNumeric) return a.Number.CompareTo(b.Number);
        if (a.Kind == ValueKind.Absent || b.Kind == ValueKind.Absent) throw new EvaluationException("this kernel has no such value (absent has no order)");
        throw new EvaluationException($"{a} and {b} have no order");
    }

    private static bool Contains(Value set, Value member)
    {
        if (set.Kind == ValueKind.Tuple)
        {
            foreach (var item in set.Items) if (Same(item, member)) return true;
            return false;
        }
        if (set.IsNumeric && member.IsNumeric) return (set.Number & member.Number) == member.Number;
        if (set.Kind == ValueKind.Text && member.Kind == ValueKind.Text) return set.Text.Split(' ').Contains(member.Text);
        if (set.Kind == ValueKind.Absent) return false;
        throw new EvaluationException($"{set} has no members");
    }

    private static Value Compute(BinaryOperator op, Value a, Value b)
    {
        // An address plus an offset is an address.
        if (a.Kind == ValueKind.Range) a = Value.OfNumber(a.Number);
        if (b.Kind == ValueKind.Range) b = Value.OfNumber(b.Number);
        if (!a.IsNumeric || !b.IsNumeric) throw new EvaluationException($"{(a.IsNumeric ? b : a)} cannot be computed with");
        try
        {
            checked
            {
                return op switch
                {
                    BinaryOperator.Add => With(Unit(a, b), a.Number + b.Number),
                    BinaryOperator.Subtract => With(Unit(a, b), a.Number - b.Number),
                    BinaryOperator.Multiply => With(Unit(a, b), a.Number * b.Number),
                    BinaryOperator.Divide => With(a.Kind == b.Kind ? ValueKind.Number : a.Kind, a.Number / NotZero(b)),
                    BinaryOperator.Remainder => With(a.Kind, a.Number % NotZero(b)),
                    BinaryOperator.BitOr => With(Unit(a, b), a.Number | b.Number),
                    _ => throw new EvaluationException($"no operation {op}"),
                };
            }
        }
        catch (OverflowException)
        {
            throw new EvaluationException("the result of the calculation does not fit");
        }
    }

    private static Int128 NotZero(Value b) => b.Number == 0 ? throw new EvaluationException("division by zero") : b.Number;

    private static ValueKind Unit(Value a, Value b) => a.Kind != ValueKind.Number ? a.Kind : b.Kind;

    private static Value With(ValueKind unit, Int128 n) => new(unit, n, 0, null);
}
