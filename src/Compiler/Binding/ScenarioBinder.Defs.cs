using System.Collections.Immutable;
using MmSpec.Diagnostics;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

// Defs: steps with a result, bound anew for each call, in the place of the call.
internal sealed partial class ScenarioBinder
{
    /// <summary>Deeper chains of calls are a mistake (recursion is one anyway).</summary>
    private const int MaximumDefDepth = 64;

    private TypedExpr? _returned;
    private TextSpan _returnedAt;
    private int _returnBarrier;

    private void BindDefCall(StepSyntax syntax, CallSyntax call, DefDeclaration def, ImmutableArray<BoundNode>.Builder into)
    {
        foreach (var (form, span) in new (string, TextSpan?)[] { ("'->'", syntax.Outcome?.Span), ("'faults'", syntax.Faults?.Span), ("'as'", syntax.Label?.Span), ("'=='", syntax.Content?.Span) })
            if (span is { } place) _diagnostics.NotForThisStep(_source, place, form, $"a call of def '{def.Syntax.Name.Text}'");
        if (_thread is not null && _who == Actor.KernelThread)
        {
            _diagnostics.Misplaced(_source, call.Span, "a def", "is no work for the kernel's own actors");
            return;
        }
        if (_defs.Contains(def.Syntax) || _defs.Count >= MaximumDefDepth)
        {
            _diagnostics.RecursiveDef(_source, call.Span, def.Syntax.Name.Text);
            Poison(syntax.Let);
            return;
        }
        var (line, column) = At(syntax.Span);
        var body = ImmutableArray.CreateBuilder<BoundNode>();
        var arguments = DefArguments(def, call, body);
        if (arguments is null)
        {
            Poison(syntax.Let);
            return;
        }

        _declarations.Called.Add(def.Syntax);
        var text = TextOf(syntax.Span);
        var (source, returned, barrier) = (_source, _returned, _returnBarrier);
        var restore = _scope.Isolate();
        foreach (var argument in arguments) _scope.Add(null, argument);
        _defs.Push(def.Syntax);
        (_source, _returned, _returnBarrier) = (def.Source, null, Barrier);
        BindBody(def.Syntax.Body, body);
        var (result, at, defLine) = (_returned, _returnedAt, At(def.Syntax.Span).Line);
        TypedExpr? named = null;
        if (syntax.Let is { } let && result is { IsError: false } value)
        {
            if (value.IsConstant) named = value;
            else
            {
                var slot = NewSlot();
                var (l, c) = At(at);
                body.Add(new BoundLet(l, c, TextOf(at), slot, value.Expr));
                named = InSlot(value, slot, let.Text);
            }
        }
        _defs.Pop();
        restore();
        (_source, _returned, _returnBarrier) = (source, returned, barrier);

        into.Add(new BoundDefCall(line, column, text, def.Syntax.Name.Text, def.Source.Path, defLine, body.ToImmutable()));
        if (syntax.Let is not { } name) return;
        if (named is not null) Declare(name, named);
        else
        {
            if (result is null) _diagnostics.NoResult(_source, name.Span, $"def '{def.Syntax.Name.Text}'");
            Poison(name);
        }
    }

    /// <summary>What depends on where a def is called, or with what: nothing to tell of one that nobody calls.</summary>
    private static readonly string[] OfTheCall = ["MM2002", "MM2027", "MM2035", "MM2040", "MM2049", "MM2050", "MM3005", "MM3006", "MM3007"];

    /// <summary>The def is bound for its own sake: of its parameters, of the machine and of other processes nothing is known.</summary>
    private bool _uncalled;

    /// <summary>Binds a def that no scenario calls, so that its mistakes are seen all the same.</summary>
    public static void BindUncalled(Declarations declarations, DiagnosticBag diagnostics, KernelSetBinder kernels, StepBudget budget, DefDeclaration def, CoveredKernels nothing)
    {
        var found = new DiagnosticBag();
        var binder = new ScenarioBinder(declarations, found, new KernelSetBinder(kernels.Patches, found), budget, def.Source, nothing, [], []) { _uncalled = true };
        // A def of process blocks is called beside them, another in one.
        if (!def.Syntax.Body.Any(s => s is ProcessBlockSyntax { Braces: true })) (binder._scope.Current, binder._who) = (binder._scope.AddProcess("", null, false), Actor.Process);
        foreach (var parameter in def.Syntax.Parameters) binder._scope.Add(null, new(parameter.Text, TypedExpr.Error));
        binder._defs.Push(def.Syntax);
        binder._returnBarrier = binder.Barrier;
        binder.BindBody(def.Syntax.Body, ImmutableArray.CreateBuilder<BoundNode>());
        diagnostics.AddRange(found.Items.Where(d => d.Severity == Severity.Error && !OfTheCall.Contains(d.Code)));
    }

    /// <summary>How deep in loops, conditions and blocks the place is; a <c>return</c> must stand as deep as its def starts.</summary>
    private int Barrier => _loops * 1000 + _kernelWhens * 10 + (_who == Actor.Nobody ? 0 : 1);

    private List<NameSymbol>? DefArguments(DefDeclaration def, CallSyntax call, ImmutableArray<BoundNode>.Builder body)
    {
        var parameters = def.Syntax.Parameters;
        var values = new TypedExpr?[parameters.Length];
        var good = true;
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            var argument = call.Arguments[i];
            var value = BindExpr(argument.Value, words: true);
            var index = i;
            if (argument.Name is { } name)
            {
                index = -1;
                for (var p = 0; p < parameters.Length; p++) if (parameters[p].Text == name.Text) index = p;
                if (index < 0)
                {
                    _diagnostics.UnknownArgument(_source, name.Span, $"def '{def.Syntax.Name.Text}'", name.Text, Catalog.Suggest.Nearest(name.Text, parameters.Select(p => p.Text)));
                    good = false;
                    continue;
                }
            }
            if (index >= parameters.Length)
            {
                _diagnostics.TooManyArguments(_source, argument.Span, $"def '{def.Syntax.Name.Text}'", parameters.IsEmpty ? "no arguments" : string.Join(", ", parameters.Select(p => p.Text)));
                return null;
            }
            if (values[index] is not null)
            {
                _diagnostics.Twice(_source, argument.Span, "argument", parameters[index].Text);
                good = false;
                continue;
            }
            // A bare name that means nothing is a symbol, as in a list; a misspelt one is found where it is used.
            values[index] = value;
            if (value.IsError || !InWord(value, argument.Value.Span)) good = false;
        }
        for (var i = 0; i < parameters.Length; i++)
        {
            if (values[i] is not null) continue;
            _diagnostics.MissingArgument(_source, call.Span, $"def '{def.Syntax.Name.Text}'", parameters[i].Text);
            return null;
        }
        if (!good) return null;
        var symbols = new List<NameSymbol>();
        for (var i = 0; i < parameters.Length; i++)
        {
            var value = values[i]!;
            if (!value.IsConstant && value.Type.Kind is not (TypeKind.Snapshot or TypeKind.View) && value.Expr is not Expr.Slot)
            {
                // Evaluated once, at the call, as an argument should be.
                var slot = NewSlot();
                var (line, column) = At(call.Span);
                body.Add(new BoundLet(line, column, parameters[i].Text, slot, value.Expr));
                value = InSlot(value, slot, parameters[i].Text) with { Base = value.Base ?? new Expr.Slot(slot, parameters[i].Text), Needs = value.Needs };
            }
            symbols.Add(new(parameters[i].Text, value));
        }
        return symbols;
    }

    private void BindReturn(ReturnSyntax syntax)
    {
        var value = BindExpr(syntax.Value);
        if (_defs.Count == 0 || Barrier != _returnBarrier)
        {
            _diagnostics.MisplacedReturn(_source, syntax.Span);
            return;
        }
        if (!value.IsError && value.Type.Kind is TypeKind.View)
        {
            _diagnostics.WrongType(_source, syntax.Value.Span, "a value", value.Type.ToString());
            value = TypedExpr.Error;
        }
        _returned = value;
        _returnedAt = syntax.Span;
    }
}
