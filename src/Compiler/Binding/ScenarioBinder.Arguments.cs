using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

// Operands of calls and views against the catalogue.
internal sealed partial class ScenarioBinder
{
    /// <summary>Binds what stands for a parameter.</summary>
    private TypedExpr BindArgument(Parameter parameter, ArgumentSyntax argument, string what)
    {
        var syntax = argument.Value;
        if (argument.Into is not null)
        {
            _diagnostics.Misplaced(_source, argument.Into.Span, "'into'", "stands only in 'placed(offset: 4K into 2M)'");
            return TypedExpr.Error;
        }
        switch (parameter.Type)
        {
            case ParameterType.Process: return BindProcessArgument(syntax);
            case ParameterType.Signal: return BindSignal(syntax);
            case ParameterType.Address when syntax is CallSyntax { Callee: NameExpressionSyntax { Text: "placed" } } placed: return BindPlaced(placed);
            case ParameterType.Nodes or ParameterType.List: return BindOperandList(syntax, what);
            case ParameterType.Setting: return CheckSetting(BindExpr(syntax, words: true), syntax);
        }
        return Coerce(BindExpr(syntax, words: parameter.Type == ParameterType.Text, group: parameter.Group), parameter.Type, parameter.Group, syntax.Span, what);
    }

    /// <summary>Checks a value against the type that a place takes; the result has the form that targets expect.</summary>
    private TypedExpr Coerce(TypedExpr value, ParameterType type, string? group, TextSpan span, string what)
    {
        if (value.IsError || !InWord(value, span)) return TypedExpr.Error;
        if (type == ParameterType.Range && IsNull(value)) return NullRange(0);
        var kind = value.Type.Kind;
        var good = type switch
        {
            ParameterType.Range => kind == TypeKind.Range,
            ParameterType.Address => kind is TypeKind.Address or TypeKind.Number or TypeKind.Size or TypeKind.Range,
            ParameterType.Size => kind is TypeKind.Size or TypeKind.Number,
            ParameterType.Count => kind is TypeKind.Count or TypeKind.Number,
            ParameterType.Number => kind is TypeKind.Number or TypeKind.Count or TypeKind.Pid,
            ParameterType.Fd => kind == TypeKind.Fd || (kind == TypeKind.Number && value.Exact is not null),
            ParameterType.Path or ParameterType.Text => kind == TypeKind.Text && value.Word is not null,
            ParameterType.Flags or ParameterType.Constant => kind is TypeKind.Flags or TypeKind.Number,
            ParameterType.Content => kind is TypeKind.Pattern or TypeKind.Number or TypeKind.Count,
            _ => kind is not (TypeKind.List or TypeKind.Row or TypeKind.View or TypeKind.Snapshot),
        };
        if (type is ParameterType.Flags or ParameterType.Constant && kind == TypeKind.Text && value.Word is { } word)
        {
            // A row may carry the constant's name as a word, when it is misspelt there.
            _diagnostics.UnknownName(_source, span, word, Constants.Suggest(word, group) is { } near ? $"; did you mean '{near}'?" : "");
            return TypedExpr.Error;
        }
        if (!good)
        {
            if (type == ParameterType.Count && kind == TypeKind.Size) _diagnostics.SizeForCount(_source, span, what);
            else _diagnostics.WrongType(_source, span, Expected(type, group), value.Type.ToString());
            return TypedExpr.Error;
        }
        if (type is ParameterType.Flags or ParameterType.Constant && group is not null && !InGroups(value.Type.Group, group))
        {
            _diagnostics.WrongGroup(_source, span, TextOf(span), $"group {value.Type.Group}", $"a value of {group.Replace("|", " or ", StringComparison.Ordinal)}");
            return TypedExpr.Error;
        }
        if (type == ParameterType.Content) return CheckByte(value, span, what);
        if (value.Exact is { } n && n < 0 && type is ParameterType.Count)
        {
            _diagnostics.OutOfBounds(_source, span, what, "0 or more");
            return TypedExpr.Error;
        }
        return type switch
        {
            ParameterType.Size => AsSize(value),
            ParameterType.Address when kind == TypeKind.Range => value with { Type = SpecType.Address, Expr = new Expr.Part(value.Expr, RangePart.Start) },
            _ => value,
        };
    }

    private static bool IsNull(TypedExpr value) => value is { Type.Kind: TypeKind.Address, Exact.IsZero: true };

    /// <summary><c>NULL</c> as a range: address 0, and no more than the place needs.</summary>
    private static TypedExpr NullRange(int length) =>
        new(SpecType.Range, new Expr.MakeRange(new Expr.Const(Value.OfNumber(0)), new Expr.Const(Value.OfSize(length)))) { Length = length };

    private static bool InGroups(string? group, string groups)
    {
        if (group is null || group == groups) return true;
        var allowed = groups.Split('|');
        return group.Split('|').All(allowed.Contains);
    }

    private TypedExpr CheckByte(TypedExpr value, TextSpan span, string what)
    {
        if (value.Exact is { } n && (n < 0 || n > 255))
        {
            _diagnostics.OutOfBounds(_source, span, what, "a byte, 0 to 255");
            return TypedExpr.Error;
        }
        foreach (var arm in value.Arms) if (CheckByte(arm, span, what).IsError) return TypedExpr.Error;
        return value;
    }

    private static string Expected(ParameterType type, string? group) => type switch
    {
        ParameterType.Range => "a range (a mapping's name, or range(address, length))",
        ParameterType.Address => "an address",
        ParameterType.Size => "a size",
        ParameterType.Count => "a count",
        ParameterType.Number => "a number",
        ParameterType.Fd => "a file descriptor",
        ParameterType.Path => "a path in quotes",
        ParameterType.Text => "a text in quotes",
        ParameterType.Flags or ParameterType.Constant => group is null ? "flags" : $"a value of {group.Replace("|", " or ", StringComparison.Ordinal)}",
        ParameterType.Content => "a byte or pattern(n)",
        _ => "a value",
    };

    private TypedExpr BindProcessArgument(ExpressionSyntax syntax)
    {
        switch (syntax)
        {
            case NameExpressionSyntax { Text: "" } or MissingExpressionSyntax: return TypedExpr.Error;
            case NameExpressionSyntax { Text: var name }:
                if (_scope.Process(name) is not null) return TypedExpr.Text(name) with { Owner = name };
                if (_started.Contains(name)) return TypedExpr.Error;
                _diagnostics.UnknownProcess(_source, syntax.Span, name, _scope.NearestProcess(name));
                return TypedExpr.Error;
            case MemberAccessSyntax { Target: NameExpressionSyntax { Text: var process } } when _scope.Process(process) is not null:
                _diagnostics.StatementNotSupported(_source, syntax.Span, "the state of a thread");
                return TypedExpr.Error;
            default:
                if (BindExpr(syntax) is { IsError: false } other) _diagnostics.WrongType(_source, syntax.Span, "the name of a process", other.Type.ToString());
                return TypedExpr.Error;
        }
    }

    private TypedExpr BindSignal(ExpressionSyntax syntax)
    {
        var bound = BindExpr(syntax, words: true);
        if (bound.IsError) return bound;
        if (bound.Word is { } name && Signals.IsSignal(name))
        {
            if (Signals.EndsProcess(name)) return bound;
            _diagnostics.StatementNotSupported(_source, syntax.Span, $"a signal that ends no process, {name}");
            return TypedExpr.Error;
        }
        if (bound.Word is { } word) _diagnostics.UnknownName(_source, syntax.Span, word, Suggest.Nearest(word, Signals.Numbers.Keys) is { } near ? $"; did you mean '{near}'?" : "");
        else _diagnostics.WrongType(_source, syntax.Span, "the name of a signal", bound.Type.ToString());
        return TypedExpr.Error;
    }

    private TypedExpr BindPlaced(CallSyntax syntax)
    {
        Expr? align = null, offset = null, into = null, adjacent = null;
        foreach (var argument in syntax.Arguments)
        {
            var name = argument.Name?.Text;
            if (name is not ("align" or "offset" or "adjacent"))
            {
                _diagnostics.UnknownArgument(_source, argument.Span, "placed", name ?? TextOf(argument.Span), name is null ? null : Suggest.Nearest(name, ["align", "offset", "adjacent"]));
                return TypedExpr.Error;
            }
            var type = name == "adjacent" ? ParameterType.Range : ParameterType.Size;
            var value = Coerce(BindExpr(argument.Value), type, null, argument.Value.Span, $"'{name}' of placed");
            if (value.IsError) return value;
            if (type == ParameterType.Size && value.Exact is not { IsZero: false, Sign: > 0 } && name == "align")
            {
                _diagnostics.OutOfBounds(_source, argument.Value.Span, "the alignment", "a constant above 0");
                return TypedExpr.Error;
            }
            if (name == "offset")
            {
                if (argument.Into is null)
                {
                    _diagnostics.MissingArgument(_source, argument.Span, "placed(offset: N into SIZE)", "into");
                    return TypedExpr.Error;
                }
                var unit = Coerce(BindExpr(argument.Into), ParameterType.Size, null, argument.Into.Span, "'into' of placed");
                if (unit.IsError) return unit;
                into = unit.Expr;
            }
            if (name == "align") align = value.Expr;
            else if (name == "offset") offset = value.Expr;
            else adjacent = value.Expr;
        }
        if (align is null && offset is null && adjacent is null)
        {
            _diagnostics.MissingArgument(_source, syntax.Span, "placed", "align");
            return TypedExpr.Error;
        }
        return new(SpecType.Address, new Expr.Placed(align, offset, into, adjacent));
    }

    private TypedExpr BindOperandList(ExpressionSyntax syntax, string what)
    {
        var bound = BindExpr(syntax);
        if (bound.IsError) return bound;
        if (bound.Type.Kind is not (TypeKind.List or TypeKind.Tuple))
        {
            _diagnostics.WrongType(_source, syntax.Span, "a list in brackets", bound.Type.ToString());
            return TypedExpr.Error;
        }
        foreach (var item in bound.Items)
        {
            if (item.Type.Kind is TypeKind.Number or TypeKind.Count or TypeKind.Range) continue;
            _diagnostics.WrongType(_source, syntax.Span, $"numbers or ranges in {what}", item.Type.ToString());
            return TypedExpr.Error;
        }
        return new(SpecType.Tuple, new Expr.TupleOf([.. bound.Items.Select(i => i.Expr)])) { Items = bound.Items };
    }

    private TypedExpr CheckSetting(TypedExpr value, ExpressionSyntax syntax)
    {
        if (value.IsError || !InWord(value, syntax.Span)) return TypedExpr.Error;
        if (value.Type.Kind is TypeKind.Number or TypeKind.Count or TypeKind.Size or TypeKind.Text) return value;
        _diagnostics.WrongType(_source, syntax.Span, "a number, a size or a word", value.Type.ToString());
        return TypedExpr.Error;
    }

    /// <summary>Pairs arguments with parameters; null where something is wrong (diagnosed).</summary>
    private TypedExpr[]? BindArguments(string call, ImmutableArray<Parameter> parameters, ImmutableArray<ArgumentSyntax> arguments, TextSpan span)
    {
        var bound = new TypedExpr?[parameters.Length];
        var (good, next) = (true, 0);
        var positional = arguments.Where(a => a.Name is null).ToArray();
        if (parameters.Count(p => !p.NamedOnly) is var places && positional.Length > places)
        {
            // In C a range is two arguments.
            var hint = parameters is [{ Type: ParameterType.Range }, ..] && arguments.Length > 1 && arguments[1].Name is null
                ? $"; a range is address and length in one, such as {TextOf(arguments[0].Span)}[0 .. {TextOf(arguments[1].Span)}]" : "";
            _diagnostics.TooManyArguments(_source, positional[places].Span, call, parameters.IsEmpty ? "no arguments" : string.Join(", ", parameters.Select(p => p.Name)), hint);
            return null;
        }
        foreach (var argument in arguments)
        {
            int index;
            if (argument.Name is { } name)
            {
                index = -1;
                for (var i = 0; i < parameters.Length; i++) if (parameters[i].Name == name.Text) index = i;
                if (index < 0)
                {
                    if (name.Text.Length > 0) _diagnostics.UnknownArgument(_source, name.Span, call, name.Text, Suggest.Nearest(name.Text, parameters.Select(p => p.Name)));
                    good = false;
                    BindExpr(argument.Value, words: true);
                    continue;
                }
                if (bound[index] is not null)
                {
                    _diagnostics.Twice(_source, name.Span, "argument", name.Text);
                    good = false;
                    continue;
                }
            }
            else
            {
                while (next < parameters.Length && parameters[next].NamedOnly) next++;
                index = next++;
                if (bound[index] is not null)
                {
                    _diagnostics.Twice(_source, argument.Span, "argument", parameters[index].Name);
                    good = false;
                    continue;
                }
            }
            bound[index] = BindArgument(parameters[index], argument, $"'{parameters[index].Name}' of {call}");
            if (bound[index]!.IsError) good = false;
            else if (parameters[index].AvailableIn.Rule is not null)
                bound[index] = bound[index]! with { Needs = bound[index]!.Needs.Add(new(parameters[index].AvailableIn, $"'{parameters[index].Name}' of {call}", _source, argument.Span)) };
        }
        for (var i = 0; i < parameters.Length; i++)
        {
            if (bound[i] is not null) continue;
            if (parameters[i].Default is { } or) bound[i] = new(SpecType.Number, new Expr.Const(or)) { Exact = or.IsNumeric ? (System.Numerics.BigInteger)or.Number : null };
            else
            {
                // An argument under a wrong name is probably this one.
                if (good) _diagnostics.MissingArgument(_source, span, call, parameters[i].Name);
                return null;
            }
        }
        return good ? [.. bound.Select(b => b!)] : null;
    }
}
