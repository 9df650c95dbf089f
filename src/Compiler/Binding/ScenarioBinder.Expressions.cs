using System.Collections.Immutable;
using System.Numerics;
using MmSpec.Catalog;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

// Expressions. Whatever is constant on every kernel is folded, exactly.
internal sealed partial class ScenarioBinder
{
    /// <summary>Numbers beyond this many bits are not computed with.</summary>
    private const int MaximumBits = 1024;

    private static readonly BigInteger Lowest = long.MinValue;
    private static readonly BigInteger Highest = ulong.MaxValue;

    /// <summary>Binds an expression.</summary>
    /// <param name="syntax">The expression.</param>
    /// <param name="words">An unknown name is a word: the other side of a comparison, a member of a list, a setting.</param>
    /// <param name="group">Group of named constants that is expected here; its short names count.</param>
    private TypedExpr BindExpr(ExpressionSyntax syntax, bool words = false, string? group = null)
    {
        switch (syntax)
        {
            case NumberLiteralSyntax number: return BindNumber(number);
            case StringLiteralSyntax text: return TypedExpr.Text(text.Value);
            case NameExpressionSyntax name: return BindName(name, words, group);
            case UnarySyntax unary: return BindUnary(unary, words);
            case BinarySyntax binary: return BindBinary(binary, group);
            case IndexSyntax index: return BindIndex(index);
            case MemberAccessSyntax member: return BindMember(member);
            case CallSyntax call: return BindCallExpression(call);
            case ArmsExpressionSyntax arms: return BindChoice(arms, words, group);
            case TupleSyntax tuple: return BindTuple(tuple.Items, words);
            case SetSyntax set: return BindTuple(set.Items, words);
            case ListSyntax list: return BindList(list);
            case RowSyntax row: return BindRow(row);
            case SinceSyntax since: return BindSince(since);
            case OutcomeExpressionSyntax outcome:
                if (BindAtom(outcome.Outcome, null) is { } pattern) return new(SpecType.Outcome, new Expr.Const(Value.Absent)) { Pattern = pattern };
                return TypedExpr.Error;
            case SnapshotSyntax:
                _diagnostics.Misplaced(_source, syntax.Span, "'snapshot'", "stands only after 'let NAME ='");
                return TypedExpr.Error;
            case AccessSyntax access:
                _diagnostics.Misplaced(_source, syntax.Span, access.Store ? "'store'" : "'load'", "is a step of its own; name what it loads with 'let'");
                return TypedExpr.Error;
            default:
                return TypedExpr.Error;
        }
    }

    private TypedExpr BindNumber(NumberLiteralSyntax syntax)
    {
        if (!NumberLiteral.TryParse(syntax.Text, out var number, out var problem)) _diagnostics.BadNumber(_source, syntax.Span, $"'{syntax.Text}' is no number: {problem}");
        else if (number.Unit != NumberUnit.Version)
            return TypedExpr.Number(number.Unit switch { NumberUnit.Size => SpecType.Size, NumberUnit.Time => SpecType.Time, _ => SpecType.Number }, number.Value);
        else _diagnostics.BadNumber(_source, syntax.Span, $"'{syntax.Text}' is a kernel version, which stands only in kernel sets");
        return TypedExpr.Error;
    }

    private TypedExpr BindName(NameExpressionSyntax syntax, bool words, string? group)
    {
        var name = syntax.Text;
        if (name.Length == 0) return TypedExpr.Error;
        if (_scope.Find(name) is { } symbol) return symbol.Value;
        if (Constants.TryGet(name, group, out var constant)) return Named(constant, syntax.Span);
        if (_judging && _labels.Contains(name)) return new(SpecType.Outcome, new Expr.LabelOutcome(name));
        switch (name)
        {
            case "NULL": return TypedExpr.Number(SpecType.Address, 0);
            case "absent": return new(SpecType.Absent, new Expr.Const(Value.Absent));
            case "true": return TypedExpr.OfTruth(true);
            case "false": return TypedExpr.OfTruth(false);
        }
        if (ViewCatalog.TryGetBare(name, out var view, out var field)) return Field(new ViewUse(view, new ViewCall(view.Name, null, [])), field, name, syntax.Span);
        if (words) return TypedExpr.Text(name);
        if (ViewCatalog.TryGet(name, out view)) return BindView(view, syntax.Span, []);

        if (_scope.Process(name) is not null) _diagnostics.WrongType(_source, syntax.Span, "a value", $"process '{name}'");
        else if (_scope.Current is null && _scope.OwnerOf(name) is { } owner) _diagnostics.NeedsQualifier(_source, syntax.Span, name, owner);
        else _diagnostics.UnknownName(_source, syntax.Span, name, NameHint(name));
        return TypedExpr.Error;
    }

    private string NameHint(string name)
    {
        var parts = name.Split('-');
        if (parts.Length > 1 && parts.All(p => p.Length > 0 && (_scope.Find(p) is not null || Constants.TryGet(p, out _)))) return $"; to subtract, write '{string.Join(" - ", parts)}'";
        if (_scope.OwnerOf(name) is { } owner) return $"; process {owner} has it: '{owner}.{name}'";
        var visible = _judging ? _scope.Visible.Concat(_labels) : _scope.Visible;
        if (Suggest.Several(name, visible) is { Count: > 1 } several) return $"; did you mean {string.Join(" or ", several.Select(n => $"'{n}'"))}?";
        var near = Suggest.Nearest(name, visible) ?? (name.Any(char.IsAsciiLetterUpper) ? Constants.Suggest(name) : null)
            ?? Suggest.Nearest(name, ViewCatalog.All.Select(v => v.Name).Concat(ViewCatalog.All.First(v => v.Name == "meminfo").Fields.Select(f => f.Name).Where(f => f.StartsWith("HugePages_", StringComparison.Ordinal))));
        return near is null ? "" : $"; did you mean '{near}'?";
    }

    private TypedExpr Named(Constant constant, TextSpan span) =>
        TypedExpr.Number(SpecType.Flags(constant.Group), constant.Value) with
        {
            Needs = constant.AvailableIn.Rule is null ? [] : [new(constant.AvailableIn, constant.Name, _source, span)],
        };

    private TypedExpr BindUnary(UnarySyntax syntax, bool words)
    {
        if (syntax.Operator == "not")
        {
            var condition = BindCondition(syntax.Operand, words);
            if (condition.IsError) return condition;
            return condition.Truth is { } truth ? TypedExpr.OfTruth(!truth) : new(SpecType.Truth, new Expr.Unary(UnaryOperator.Not, condition.Expr)) { Needs = condition.Needs };
        }
        var operand = BindExpr(syntax.Operand);
        if (operand.IsError) return operand;
        if (!operand.Type.IsNumeric)
        {
            _diagnostics.WrongType(_source, syntax.Operand.Span, "a number", operand.Type.ToString());
            return TypedExpr.Error;
        }
        return operand.Exact is { } n ? Folded(operand.Type, -n, syntax.Span) with { Needs = operand.Needs }
            : new(operand.Type, new Expr.Unary(UnaryOperator.Negate, operand.Expr)) { Needs = operand.Needs };
    }

    private TypedExpr Folded(SpecType type, BigInteger value, TextSpan span)
    {
        if (value.GetBitLength() <= MaximumBits) return TypedExpr.Number(type, value);
        _diagnostics.Overflow(_source, span, "the result");
        return TypedExpr.Error;
    }

    /// <summary>Binds something that must be true or false.</summary>
    private TypedExpr BindCondition(ExpressionSyntax syntax, bool words = false)
    {
        var bound = BindExpr(syntax, words);
        if (bound.IsError || bound.Type.Kind == TypeKind.Truth) return bound;
        _diagnostics.WrongType(_source, syntax.Span, "a truth value", bound.Type.ToString());
        return TypedExpr.Error;
    }

    private TypedExpr BindIndex(IndexSyntax syntax)
    {
        var region = BindExpr(syntax.Target);
        var from = BindOffset(syntax.From);
        var to = syntax.To is null ? null : BindOffset(syntax.To);
        if (region.IsError || from.IsError || to is { IsError: true }) return TypedExpr.Error;
        if (region.Type.Kind != TypeKind.Range)
        {
            _diagnostics.WrongType(_source, syntax.Target.Span, "a range", region.Type.ToString());
            return TypedExpr.Error;
        }
        var (first, last) = (from.Exact, to is null ? from.Exact + 1 : to.Exact);
        if (first > last)
        {
            _diagnostics.ReversedSlice(_source, syntax.Span);
            return TypedExpr.Error;
        }
        if (region.Length is { } length && first is { } a && last is { } b && (a < 0 || b > (region.Reach ?? length)))
        {
            // A step that is to fail there means it.
            var (source, text, size) = (_source, TextOf(syntax.Span), Size(length));
            if (_outside is null) _diagnostics.SliceOutside(source, syntax.Span, text, size);
            else _outside.Add(() => _diagnostics.SliceOutside(source, syntax.Span, text, size));
        }
        return new(SpecType.Range, new Expr.Slice(region.Expr, from.Expr, to?.Expr))
        {
            Owner = region.Owner,
            Base = region.Base,
            Length = last - first,
            FailsAt = region.FailsAt,
            File = region.File,
            Needs = [.. region.Needs, .. from.Needs, .. to?.Needs ?? []],
        };
    }

    /// <summary>Lints about slices of a step whose outcome is not bound yet; null outside such steps.</summary>
    private List<Action>? _outside;

    private static string Size(BigInteger bytes) => ValueFormat.Format(Value.OfSize((Int128)bytes));

    private TypedExpr BindOffset(ExpressionSyntax syntax)
    {
        var bound = BindExpr(syntax);
        if (bound.IsError) return bound;
        if (bound.Type.Kind is TypeKind.Number or TypeKind.Size) return InWord(bound, syntax.Span) ? AsSize(bound) : TypedExpr.Error;
        _diagnostics.WrongType(_source, syntax.Span, "an offset in bytes", bound.Type.ToString());
        return TypedExpr.Error;
    }

    /// <summary>A bare number where bytes stand.</summary>
    private static TypedExpr AsSize(TypedExpr value) =>
        value is { Type.Kind: TypeKind.Number, Exact: { } n } ? TypedExpr.Number(SpecType.Size, n) with { Needs = value.Needs } : value;

    /// <summary>Diagnoses a constant that no 64-bit value holds.</summary>
    private bool InWord(TypedExpr value, TextSpan span)
    {
        if (value.Exact is not { } n || (n >= Lowest && n <= Highest)) return true;
        _diagnostics.Overflow(_source, span, n.GetBitLength() <= 256 ? n.ToString(System.Globalization.CultureInfo.InvariantCulture) : "the result");
        return false;
    }

    private TypedExpr BindMember(MemberAccessSyntax syntax)
    {
        var member = syntax.Member;
        if (member.Text.Length == 0) return TypedExpr.Error;
        if (syntax.Target is NameExpressionSyntax { Text: var name } && _scope.Find(name) is null && _scope.Process(name) is { } process) return BindQualified(process, member);
        if (syntax.Target is NameExpressionSyntax { Text: { Length: > 0 } unknown } && _scope.Find(unknown) is null && !ViewCatalog.TryGet(unknown, out _) && !Constants.TryGet(unknown, out _)
            && !(_judging && _labels.Contains(unknown)))
        {
            // Perhaps a process of the scenario that calls.
            if (_uncalled) return TypedExpr.Error;
            if (_scope.Current is null && _scope.OwnerOf(unknown) is { } owner) _diagnostics.NeedsQualifier(_source, syntax.Target.Span, unknown, owner);
            else _diagnostics.UnknownName(_source, syntax.Target.Span, unknown, NameHint2(unknown));
            return TypedExpr.Error;
        }

        var target = BindExpr(syntax.Target);
        if (target.IsError) return target;
        if (target.View is { } use)
        {
            if (use.View.Find(member.Text) is { } field) return Field(use, field, member.Text, member.Span);
            if (use.View.OpenFields) return new(SpecType.Number, new Expr.View(use.Call, member.Text)) { Owner = use.Call.Process };
            _diagnostics.UnknownField(_source, member.Span, use.View.Name, member.Text, Suggest.Nearest(member.Text, use.View.Fields.Select(f => f.Name)));
            return TypedExpr.Error;
        }
        switch (target.Type.Kind, member.Text)
        {
            case (TypeKind.Range, "start"): return new(SpecType.Address, new Expr.Part(target.Expr, RangePart.Start)) { Owner = target.Owner, Needs = target.Needs };
            case (TypeKind.Range, "end"): return new(SpecType.Address, new Expr.Part(target.Expr, RangePart.End)) { Owner = target.Owner, Needs = target.Needs };
            case (TypeKind.Range, "length"):
                return target.Length is { } length && target.Expr is Expr.Slot ? TypedExpr.Number(SpecType.Size, length) : new(SpecType.Size, new Expr.Part(target.Expr, RangePart.Length)) { Owner = target.Owner, Needs = target.Needs };
            case (TypeKind.Range, _):
                _diagnostics.UnknownField(_source, member.Span, "a range", member.Text, Suggest.Nearest(member.Text, ["start", "end", "length"]));
                return TypedExpr.Error;
            case (TypeKind.Row, _):
                if (target.Fields!.TryGetValue(member.Text, out var value)) return value;
                _diagnostics.UnknownField(_source, member.Span, "this row", member.Text, Suggest.Nearest(member.Text, target.Fields.Keys));
                return TypedExpr.Error;
            default:
                _diagnostics.UnknownField(_source, member.Span, target.Type.ToString(), member.Text, null);
                return TypedExpr.Error;
        }
    }

    private string NameHint2(string name) => _scope.NearestProcess(name) is { } near ? $"; did you mean '{near}'?" : NameHint(name);

    private TypedExpr BindQualified(ProcessSymbol process, NameSyntax member)
    {
        if (process.Names.TryGetValue(member.Text, out var symbol)) return symbol.Value;
        _diagnostics.UnknownField(_source, member.Span, $"process {process.Name}", member.Text, Suggest.Nearest(member.Text, process.Names.Keys));
        return TypedExpr.Error;
    }

    private TypedExpr BindTuple(ImmutableArray<ExpressionSyntax> items, bool words)
    {
        var bound = items.Select(i => BindExpr(i, words)).ToImmutableArray();
        if (bound.Any(b => b.IsError)) return TypedExpr.Error;
        for (var i = 0; i < bound.Length; i++)
        {
            if (bound[i].Type.Kind is not (TypeKind.List or TypeKind.Row or TypeKind.View or TypeKind.Snapshot)) continue;
            _diagnostics.WrongType(_source, items[i].Span, "a value", bound[i].Type.ToString());
            return TypedExpr.Error;
        }
        return new(SpecType.Tuple, TupleExpr(bound)) { Items = bound, Needs = [.. bound.SelectMany(b => b.Needs)] };
    }

    private TypedExpr BindList(ListSyntax syntax)
    {
        var items = syntax.Items.Select(i => BindExpr(i, words: true)).ToImmutableArray();
        return items.Any(i => i.IsError) ? TypedExpr.Error : TypedExpr.List(items) with { Needs = [.. items.SelectMany(i => i.Needs)] };
    }

    /// <summary>A list as the value it is where it is compared: <c>resv_map(f) == [(0, 2)]</c>. One of rows is none.</summary>
    private static TypedExpr AsTuple(TypedExpr value)
    {
        if (value.Type.Kind != TypeKind.List) return value;
        var items = value.Items.Select(AsTuple).ToImmutableArray();
        if (items.Any(i => i.Type.Kind is TypeKind.List or TypeKind.Row or TypeKind.View or TypeKind.Snapshot)) return value;
        return new(SpecType.Tuple, TupleExpr(items)) { Items = items, Needs = value.Needs };
    }

    private static Expr TupleExpr(ImmutableArray<TypedExpr> items) =>
        items.All(i => i.Expr is Expr.Const) ? new Expr.Const(Value.OfTuple([.. items.Select(i => ((Expr.Const)i.Expr).Value)])) : new Expr.TupleOf([.. items.Select(i => i.Expr)]);

    private TypedExpr BindRow(RowSyntax syntax)
    {
        var fields = ImmutableDictionary.CreateBuilder<string, TypedExpr>(StringComparer.Ordinal);
        foreach (var field in syntax.Fields)
        {
            var value = BindExpr(field.Value, words: true);
            if (field.Name.Text.Length == 0) continue;
            if (fields.ContainsKey(field.Name.Text)) _diagnostics.Twice(_source, field.Name.Span, "field", field.Name.Text);
            fields[field.Name.Text] = value;
        }
        return TypedExpr.Row(fields.ToImmutable());
    }

    private TypedExpr BindChoice(ArmsExpressionSyntax syntax, bool words, string? group)
    {
        SpecType? type = null;
        var values = ImmutableArray.CreateBuilder<TypedExpr>();
        var arms = BindArms<Expr>(syntax.Arms, syntax.Span, node =>
        {
            if (node is not ExpressionSyntax expression) return null;
            var value = AsTuple(BindExpr(expression, words, group));
            if (value.IsError || !InWord(value, expression.Span)) return null;
            if (value.Type.Kind is TypeKind.List or TypeKind.Row or TypeKind.View or TypeKind.Snapshot)
            {
                _diagnostics.WrongType(_source, expression.Span, "a value", value.Type.ToString());
                return null;
            }
            var unified = type is null ? value.Type : SpecType.Unify(type, value.Type);
            if (unified is null)
            {
                _diagnostics.WrongType(_source, expression.Span, type!.ToString(), value.Type.ToString());
                return null;
            }
            type = unified;
            // Inside the arm, and for its kernels only.
            CheckNeeds(value.Needs);
            values.Add(value);
            return value.Expr;
        }, out var good);
        if (!good || type is null) return TypedExpr.Error;
        return new(type, new Expr.Choice(arms)) { Items = type.Kind == TypeKind.Tuple ? values[0].Items : [], Arms = values.ToImmutable() };
    }
}
