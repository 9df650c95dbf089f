using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

// Views, and the functions that look like calls inside expressions.
internal sealed partial class ScenarioBinder
{
    private static readonly string[] Functions = ["range", "aligned", "pattern", "count", "value", "ever", "placed"];

    private static readonly ImmutableDictionary<string, ImmutableArray<string>> WordsOfViews =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("state", ["running", "blocked", "exited", "killed"]);

    private TypedExpr BindCallExpression(CallSyntax syntax)
    {
        if (syntax.Callee is not NameExpressionSyntax { Text: var name })
        {
            if (syntax.Callee is not MissingExpressionSyntax) _diagnostics.UnknownCall(_source, syntax.Callee.Span, TextOf(syntax.Callee.Span), []);
            return TypedExpr.Error;
        }
        switch (name)
        {
            case "": return TypedExpr.Error;
            case "range": return BindRangeFunction(syntax);
            case "aligned": return BindAligned(syntax);
            case "pattern": return BindPattern(syntax);
            case "count": return BindCount(syntax);
            case "value" or "ever" when _judging: return BindJudgeFunction(syntax, name);
            case "value" or "ever":
                _diagnostics.Misplaced(_source, syntax.Span, $"'{name}'", "stands only in 'judge'");
                return TypedExpr.Error;
            case "latency":
                _diagnostics.ViewNotSupported(_source, syntax.Span, name);
                return TypedExpr.Error;
            case "placed":
                _diagnostics.Misplaced(_source, syntax.Span, "'placed'", "stands only where a call takes an address");
                return TypedExpr.Error;
        }
        // A call of that name (mincore) is a step of its own; inside an expression the view is meant.
        if (ViewCatalog.TryGet(name, out var view)) return BindView(view, syntax.Span, syntax.Arguments);
        if (Operations.TryGet(name, out _) || _declarations.Defs.ContainsKey(name))
            _diagnostics.Misplaced(_source, syntax.Span, $"the call '{name}'", "is a step of its own; name its result with 'let'");
        else
            _diagnostics.UnknownView(_source, syntax.Callee.Span, name, Suggest.Several(name, ViewCatalog.All.Select(v => v.Name).Concat(Functions)) is { Count: > 0 } near ? near : SuggestCall(name));
        return TypedExpr.Error;
    }

    private IReadOnlyList<string> SuggestCall(string name) =>
        Suggest.Several(name, Operations.All.Select(o => o.Name).Concat(ViewCatalog.All.Select(v => v.Name)).Concat(_declarations.Defs.Keys).Concat(Functions));

    /// <summary>Arguments by position, exactly that many; null where there are others (diagnosed).</summary>
    private TypedExpr[]? Arguments(CallSyntax syntax, string name, params string[] parameters)
    {
        var bound = syntax.Arguments.Select(a => BindExpr(a.Value)).ToArray();
        foreach (var argument in syntax.Arguments)
        {
            if (argument.Name is not { } given) continue;
            _diagnostics.UnknownArgument(_source, given.Span, name, given.Text, null);
            return null;
        }
        if (bound.Length < parameters.Length)
        {
            _diagnostics.MissingArgument(_source, syntax.Span, name, parameters[bound.Length]);
            return null;
        }
        if (bound.Length > parameters.Length)
        {
            _diagnostics.TooManyArguments(_source, syntax.Arguments[parameters.Length].Span, name, string.Join(", ", parameters));
            return null;
        }
        return Array.Exists(bound, b => b.IsError) ? null : bound;
    }

    private TypedExpr BindRangeFunction(CallSyntax syntax)
    {
        if (Arguments(syntax, "range", "address", "length") is not [var address, var length]) return TypedExpr.Error;
        var (start, size) = (Coerce(address, ParameterType.Address, null, syntax.Arguments[0].Value.Span, "'address'"), Coerce(length, ParameterType.Size, null, syntax.Arguments[1].Value.Span, "'length'"));
        if (start.IsError || size.IsError) return TypedExpr.Error;
        return new(SpecType.Range, new Expr.MakeRange(start.Expr, size.Expr)) { Owner = address.Owner, Length = size.Exact, Needs = [.. start.Needs, .. size.Needs] };
    }

    private TypedExpr BindAligned(CallSyntax syntax)
    {
        if (Arguments(syntax, "aligned", "range", "size") is not [var region, var unit]) return TypedExpr.Error;
        var (range, size) = (Coerce(region, ParameterType.Range, null, syntax.Arguments[0].Value.Span, "'range'"), Coerce(unit, ParameterType.Size, null, syntax.Arguments[1].Value.Span, "'size'"));
        if (range.IsError || size.IsError) return TypedExpr.Error;
        if (size.Exact is { } n && n <= 0)
        {
            _diagnostics.OutOfBounds(_source, syntax.Arguments[1].Value.Span, "the alignment", "more than 0");
            return TypedExpr.Error;
        }
        return new(SpecType.Range, new Expr.Aligned(range.Expr, size.Expr)) { Owner = region.Owner, Base = region.Base, File = region.File };
    }

    private TypedExpr BindPattern(CallSyntax syntax)
    {
        if (Arguments(syntax, "pattern", "seed") is not [var seed]) return TypedExpr.Error;
        if (seed.Exact is not { } n || seed.Type.Kind is not TypeKind.Number)
        {
            _diagnostics.NotConstant(_source, syntax.Arguments[0].Value.Span, "the seed of a pattern, a number,");
            return TypedExpr.Error;
        }
        return InWord(seed, syntax.Arguments[0].Value.Span) ? new(SpecType.Pattern, new Expr.Const(Value.OfPattern((Int128)n))) : TypedExpr.Error;
    }

    private TypedExpr BindCount(CallSyntax syntax)
    {
        if (syntax.Arguments.Length == 0)
        {
            _diagnostics.MissingArgument(_source, syntax.Span, "count", "view");
            return TypedExpr.Error;
        }
        var items = syntax.Arguments.Select(a => BindExpr(a.Value)).ToImmutableArray();
        if (items.Any(i => i.IsError)) return TypedExpr.Error;
        if (items is [{ View: { View.HasEntries: true, Call: var call } }]) return new(SpecType.Count, new Expr.CountEntries(call));
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Type.Kind == TypeKind.Truth) continue;
            _diagnostics.WrongType(_source, syntax.Arguments[i].Span, "a view with entries, or truth values", items[i].View is { } v ? $"the view '{v.View.Name}'" : items[i].Type.ToString());
            return TypedExpr.Error;
        }
        return new(SpecType.Count, new Expr.CountTrue([.. items.Select(i => i.Expr)]));
    }

    private TypedExpr BindView(View view, TextSpan span, ImmutableArray<ArgumentSyntax> arguments)
    {
        if (view.OnlyInJudge && !_judging)
        {
            _diagnostics.Misplaced(_source, span, $"the view '{view.Name}'", "stands only in 'judge'");
            return TypedExpr.Error;
        }
        var (bound, owner, good) = (new Expr[view.Parameters.Length], (string?)null, true);
        for (var i = 0; i < view.Parameters.Length; i++)
        {
            var parameter = view.Parameters[i];
            if (i >= arguments.Length)
            {
                if (parameter.Default is { } or) bound[i] = new Expr.Const(or);
                else
                {
                    _diagnostics.MissingArgument(_source, span, view.Name, parameter.Name);
                    good = false;
                }
                continue;
            }
            if (arguments[i].Name is { } given && given.Text != parameter.Name)
            {
                _diagnostics.UnknownArgument(_source, given.Span, view.Name, given.Text, Suggest.Nearest(given.Text, view.Parameters.Select(p => p.Name)));
                good = false;
            }
            var argument = BindArgument(parameter, arguments[i], $"'{parameter.Name}' of {view.Name}");
            if (argument.IsError || !IsThere(view, argument, arguments[i].Value)) good = false;
            bound[i] = argument.Expr;
            owner ??= parameter.Type == ParameterType.Process ? argument.Word : argument.Owner;
        }
        if (arguments.Length > view.Parameters.Length)
        {
            _diagnostics.TooManyArguments(_source, arguments[view.Parameters.Length].Span, view.Name,
                view.Parameters.IsEmpty ? "no arguments" : string.Join(", ", view.Parameters.Select(p => p.Name)));
            good = false;
        }
        if (!good) return TypedExpr.Error;
        if (!view.Supported)
        {
            _diagnostics.ViewNotSupported(_source, span, view.Name);
            return TypedExpr.Error;
        }
        var process = view.OfProcess ? owner ?? _scope.Current?.Name : null;
        if (view.OfProcess && process is null)
        {
            _diagnostics.NeedsProcess(_source, span, $"the view '{view.Name}', whose arguments name no process,");
            return TypedExpr.Error;
        }
        var use = new ViewUse(view, new ViewCall(view.Name, process, [.. bound]));
        ImmutableArray<Need> needs = view.AvailableIn.Rule is null ? [] : [new(view.AvailableIn, $"the view {view.Name}", _source, span)];
        if (view.Whole is not { } whole) return TypedExpr.WholeView(use) with { Needs = needs };
        return new(TypeOf(whole), new Expr.View(use.Call, null))
        {
            View = use,
            Owner = process,
            Needs = needs,
            Choices = WordsOfViews.GetValueOrDefault(view.Name, []),
            Items = whole == FieldType.Tuple ? [.. view.Fields.Select(f => new TypedExpr(TypeOf(f.Type), new Expr.Const(Value.Absent)))] : [],
        };
    }

    /// <summary>Whether the machine can have the size of huge pages, or has the node, that a view asks for.</summary>
    private bool IsThere(View view, TypedExpr argument, ExpressionSyntax place)
    {
        if (argument.Exact is not { } n) return true;
        var (what, bounds) = view.Name switch
        {
            "pool" or "hugepages" when n != 2 << 20 && n != 1 << 30 => ("the size of huge pages", "2M or 1G"),
            "node" when _nodes.Count > 0 && !_nodes.Contains(n) => ("the node", $"one of the machine: {string.Join(", ", _nodes.Order())}"),
            _ => ("", ""),
        };
        if (what.Length == 0) return true;
        _diagnostics.OutOfBounds(_source, place.Span, what, bounds);
        return false;
    }

    private static SpecType TypeOf(FieldType type) => type switch
    {
        FieldType.Size => SpecType.Size,
        FieldType.Count => SpecType.Count,
        FieldType.Set => SpecType.Words,
        FieldType.Text => SpecType.Text,
        FieldType.Tuple => SpecType.Tuple,
        FieldType.Identity => SpecType.Identity,
        _ => SpecType.Truth,
    };

    private TypedExpr Field(ViewUse use, ViewField field, string name, TextSpan span) =>
        new(TypeOf(field.Type), new Expr.View(use.Call, name))
        {
            Owner = use.Call.Process,
            Needs = field.AvailableIn.Rule is null ? [] : [new(field.AvailableIn, $"{use.View.Name}.{name}", _source, span)],
        };

    /// <summary><c>VIEW since t</c>: the same view, less what the snapshot saw; the snapshot then keeps that view.</summary>
    private TypedExpr BindSince(SinceSyntax syntax)
    {
        var view = BindExpr(syntax.View);
        if (syntax.Snapshot.Text.Length == 0) return TypedExpr.Error;
        if (_scope.Find(syntax.Snapshot.Text)?.Value is not { } snapshot)
        {
            _diagnostics.NotASnapshot(_source, syntax.Snapshot.Span, syntax.Snapshot.Text);
            return TypedExpr.Error;
        }
        if (view.IsError || snapshot.IsError) return TypedExpr.Error;
        if (snapshot.Type.Kind != TypeKind.Snapshot || snapshot.Expr is not Expr.Slot { Index: var slot })
        {
            _diagnostics.NotASnapshot(_source, syntax.Snapshot.Span, syntax.Snapshot.Text);
            return TypedExpr.Error;
        }
        var call = view.View?.Call ?? (view.Expr as Expr.View)?.Call;
        if (call is null)
        {
            _diagnostics.WrongType(_source, syntax.View.Span, "a view", view.Type.ToString());
            return TypedExpr.Error;
        }
        if (!_snapshots[slot].Exists(v => v.Name == call.Name && v.Process == call.Process && v.Arguments.SequenceEqual(call.Arguments))) _snapshots[slot].Add(call);
        var since = call with { Since = slot };
        return view with { View = view.View is null ? null : view.View with { Call = since }, Expr = view.Expr is Expr.View e ? e with { Call = since } : view.Expr };
    }
}
