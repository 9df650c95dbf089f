using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>
/// Evaluates expressions. A poisoned operand gives its poison back, so that the statement is skipped and not failed;
/// what has no value at all is an <see cref="EvaluationException"/>.
/// </summary>
public static class Evaluator
{
    /// <summary>The first word of the tuple that an <see cref="Expr.Placed"/> evaluates to; its members are align, offset, into and adjacent, absent where not given.</summary>
    public const string Placed = "placed";

    /// <summary>Evaluates an expression.</summary>
    /// <exception cref="EvaluationException">It has no value.</exception>
    public static Value Evaluate(Expr expr, EvaluationScope scope)
    {
        switch (expr)
        {
            case Expr.Const c: return c.Value;
            case Expr.Slot s: return scope.Slot(s.Index);
            case Expr.Choice c: return Evaluate(Choose(c.Arms, scope) ?? throw new EvaluationException("no arm is for this kernel"), scope);
            case Expr.Slice s: return Slice(s, scope);
            case Expr.Part p: return Part(p, scope);
            case Expr.MakeRange m: return MakeRange(m, scope);
            case Expr.Aligned a: return Aligned(a, scope);
            case Expr.Unary u: return Unary(u, scope);
            case Expr.Binary b: return Binary(b, scope);
            case Expr.TupleOf t: return Tuple(t.Items, scope);
            case Expr.View v: return View(v, scope);
            case Expr.CountEntries c: return Count(c, scope);
            case Expr.CountTrue c: return CountTrue(c.Items, scope);
            case Expr.LabelOutcome l: return Value.OfOutcome(State(scope).OutcomeOf(l.Label));
            case Expr.LabelValue l: return State(scope).ValueOf(l.Label);
            case Expr.Happened h: return Value.OfTruth(State(scope).Happened(h.Event));
            case Expr.Ever e: return Value.OfTruth(scope.Ever(e));
            case Expr.Matches m: return Matches(m, scope);
            case Expr.Placed p: return PlacedAt(p, scope);
            default: throw new EvaluationException($"{expr.GetType().Name} has no value");
        }
    }

    /// <summary>Evaluates a truth value.</summary>
    /// <returns>Null where it is poisoned; <paramref name="poison"/> then says by what.</returns>
    /// <exception cref="EvaluationException">It has no value, or is no truth value.</exception>
    public static bool? EvaluateTruth(Expr expr, EvaluationScope scope, out Value poison)
    {
        poison = Evaluate(expr, scope);
        return poison.Kind switch
        {
            ValueKind.Truth => poison.Number != 0,
            ValueKind.Poisoned => null,
            _ => throw new EvaluationException($"{poison} is neither true nor false"),
        };
    }

    /// <summary>The first arm whose condition holds, or the default where none does (or there are no arms).</summary>
    public static T? Choose<T>(ImmutableArray<Arm<T>> arms, EvaluationScope scope)
    {
        if (!arms.IsDefault)
            foreach (var arm in arms)
                if (scope.Holds(arm.When)) return arm.Then;
        return default;
    }

    /// <summary>Evaluates the arguments of a view.</summary>
    /// <returns>Null where one is poisoned.</returns>
    public static ViewRequest? Request(ViewCall call, EvaluationScope scope, out Value poison)
    {
        poison = default;
        var arguments = new Value[call.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Evaluate(call.Arguments[i], scope);
            if (arguments[i].Kind != ValueKind.Poisoned) continue;
            poison = arguments[i];
            return null;
        }
        return new ViewRequest(call.Name, call.Process, arguments);
    }

    /// <summary>What a view shows, or (where the call says <c>since</c>) by how much its fields differ from the snapshot.</summary>
    /// <returns>Null where an argument is poisoned.</returns>
    /// <exception cref="EvaluationException">The view cannot be answered.</exception>
    public static Observation? Observe(ViewCall call, EvaluationScope scope, out Value poison)
    {
        if (Request(call, scope, out poison) is not { } request) return null;
        var now = Answered(scope.Observe(request));
        return call.Since < 0 ? now : Since(now, Answered(scope.Before(call.Since, request)));
    }

    private static Observation Answered(Observation o) => o.Error is null ? o : throw new EvaluationException(o.Error);

    private static Observation Since(Observation now, Observation before)
    {
        if (now.Entries is not null) throw new EvaluationException("stretches of a region have no difference");
        // Some views are a whole and have fields, as pool.
        Value? whole = now.Whole is { } all ? Arithmetic.Difference(all, before.Whole ?? Value.Absent) : null;
        if (now.Fields is null) return new Observation { Whole = whole };
        var fields = new Dictionary<string, Value>();
        foreach (var (name, value) in now.Fields)
        {
            // Only numbers are differences; a word (VmFlags) keeps what it is now.
            var then = before.Fields is { } b && b.TryGetValue(name, out var v) ? v : Value.Absent;
            fields[name] = value.IsNumeric && then.IsNumeric ? Arithmetic.Difference(value, then) : value;
        }
        return new Observation { Whole = whole, Fields = fields };
    }

    private static IFinalState State(EvaluationScope scope) => scope.State ?? throw new EvaluationException("a label has a value in a judgement only");

    private static Value Slice(Expr.Slice s, EvaluationScope scope)
    {
        var range = Evaluate(s.Range, scope);
        if (range.Kind == ValueKind.Poisoned) return range;
        range = AsRange(range);
        var from = Evaluate(s.From, scope);
        if (from.Kind == ValueKind.Poisoned) return from;
        var to = s.To is null ? Value.OfNumber(Number(from) + 1) : Evaluate(s.To, scope);
        if (to.Kind == ValueKind.Poisoned) return to;
        if (Number(to) < Number(from)) throw new EvaluationException($"the slice {from} .. {to} ends before it begins");
        // Offsets outside the range are allowed; addresses wrap as the machine's do.
        return Value.OfRange(Wrap(range.Number + Number(from)), Wrap(Number(to) - Number(from)));
    }

    private static Value Part(Expr.Part p, EvaluationScope scope)
    {
        var range = Evaluate(p.Range, scope);
        if (range.Kind == ValueKind.Poisoned) return range;
        range = AsRange(range);
        return p.Which switch
        {
            RangePart.Start => Value.OfNumber(range.Start),
            RangePart.End => Value.OfNumber(Wrap(range.Number + range.Length)),
            _ => Value.OfSize(range.Length),
        };
    }

    private static Value MakeRange(Expr.MakeRange m, EvaluationScope scope)
    {
        var address = Evaluate(m.Address, scope);
        if (address.Kind == ValueKind.Poisoned) return address;
        var length = Evaluate(m.Length, scope);
        if (length.Kind == ValueKind.Poisoned) return length;
        return Value.OfRange(Address(address), Address(length));
    }

    private static Value Aligned(Expr.Aligned a, EvaluationScope scope)
    {
        var range = Evaluate(a.Range, scope);
        if (range.Kind == ValueKind.Poisoned) return range;
        range = AsRange(range);
        var size = Evaluate(a.Size, scope);
        if (size.Kind == ValueKind.Poisoned) return size;
        var unit = Number(size);
        if (unit <= 0) throw new EvaluationException($"{size} is no alignment");
        var start = (range.Number + unit - 1) / unit * unit;
        var end = (range.Number + range.Length) / unit * unit;
        return end > start ? Value.OfRange(Wrap(start), Wrap(end - start)) : throw new EvaluationException($"no multiple of {size} lies in {range}");
    }

    private static Value Unary(Expr.Unary u, EvaluationScope scope)
    {
        var v = Evaluate(u.Operand, scope);
        if (v.Kind == ValueKind.Poisoned) return v;
        if (u.Operator == UnaryOperator.Not)
            return v.Kind == ValueKind.Truth ? Value.OfTruth(v.Number == 0) : throw new EvaluationException($"{v} is neither true nor false");
        return v.IsNumeric ? v with { Number = -v.Number } : throw new EvaluationException($"{v} cannot be computed with");
    }

    private static Value Binary(Expr.Binary b, EvaluationScope scope)
    {
        if (b.Operator is BinaryOperator.And or BinaryOperator.Or)
        {
            var first = EvaluateTruth(b.Left, scope, out var poison);
            if (first is null) return poison;
            if (first.Value == (b.Operator == BinaryOperator.Or)) return Value.OfTruth(first.Value);
            var second = EvaluateTruth(b.Right, scope, out poison);
            return second is null ? poison : Value.OfTruth(second.Value);
        }
        var left = Evaluate(b.Left, scope);
        if (left.Kind == ValueKind.Poisoned) return left;
        var right = Evaluate(b.Right, scope);
        return right.Kind == ValueKind.Poisoned ? right : Arithmetic.Apply(b.Operator, left, right);
    }

    private static Value Tuple(ImmutableArray<Expr> exprs, EvaluationScope scope)
    {
        var items = new Value[exprs.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Evaluate(exprs[i], scope);
            if (items[i].Kind == ValueKind.Poisoned) return items[i];
        }
        return new Value(ValueKind.Tuple, 0, 0, items);
    }

    private static Value View(Expr.View v, EvaluationScope scope)
    {
        if (Observe(v.Call, scope, out var poison) is not { } seen) return poison;
        if (v.Field is null) return seen.Whole ?? throw new EvaluationException($"{v.Call.Name} is not one value");
        return seen.Fields is { } fields
            ? fields.TryGetValue(v.Field, out var value) ? value : Value.Absent
            : throw new EvaluationException($"{v.Call.Name} has no fields");
    }

    private static Value Count(Expr.CountEntries c, EvaluationScope scope)
    {
        if (Observe(c.Call, scope, out var poison) is not { } seen) return poison;
        var n = 0;
        foreach (var entry in seen.Entries ?? throw new EvaluationException($"{c.Call.Name} has no entries"))
            if (!EntryMatcher.IsHole(entry)) n++;
        return Value.OfNumber(n);
    }

    private static Value CountTrue(ImmutableArray<Expr> items, EvaluationScope scope)
    {
        var n = 0;
        foreach (var item in items)
        {
            var holds = EvaluateTruth(item, scope, out var poison);
            if (holds is null) return poison;
            if (holds.Value) n++;
        }
        return Value.OfNumber(n);
    }

    private static Value Matches(Expr.Matches m, EvaluationScope scope)
    {
        var v = Evaluate(m.Outcome, scope);
        if (v.Kind == ValueKind.Poisoned) return v;
        var outcome = v.Kind == ValueKind.Outcome ? (Outcome)v.Reference! : throw new EvaluationException($"{v} is no outcome");
        var returned = m.Outcome is Expr.LabelOutcome label ? State(scope).ValueOf(label.Label) : Value.Absent;
        return Value.OfTruth(OutcomeMatcher.Matches(m.Pattern, outcome, returned, null, scope));
    }

    private static Value PlacedAt(Expr.Placed p, EvaluationScope scope)
    {
        var parts = new Value[5];
        parts[0] = Value.OfText(Placed);
        Expr?[] exprs = [p.Align, p.Offset, p.Into, p.Adjacent];
        for (var i = 0; i < exprs.Length; i++)
        {
            if (exprs[i] is not { } e) continue;
            parts[i + 1] = Evaluate(e, scope);
            if (parts[i + 1].Kind == ValueKind.Poisoned) return parts[i + 1];
        }
        return new Value(ValueKind.Tuple, 0, 0, parts);
    }

    private static Value AsRange(Value v) => v.Kind == ValueKind.Range ? v
        : v.IsNumeric ? Value.OfRange(Address(v), 0)
        : throw new EvaluationException($"{v} is no range of addresses");

    private static Int128 Number(Value v) => v.IsNumeric ? v.Number : v.Kind == ValueKind.Range ? v.Number : throw new EvaluationException($"{v} is no number");

    private static ulong Address(Value v)
    {
        var n = Number(v);
        return n >= 0 && n <= ulong.MaxValue ? (ulong)n : throw new EvaluationException($"{n} does not fit into 64 bits");
    }

    private static ulong Wrap(Int128 n) => unchecked((ulong)n);
}
