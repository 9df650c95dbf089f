using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

// Steps: calls, loads, stores, forks, and 'let'.
internal sealed partial class ScenarioBinder
{
    private void BindStep(StepSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        _outside = syntax.Outcome is null ? null : [];
        BindStepForm(syntax, into);
        foreach (var lint in _outside ?? []) lint();
        _outside = null;
    }

    private void BindStepForm(StepSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        switch (syntax.Value)
        {
            case MissingExpressionSyntax: Poison(syntax.Let); return;
            case SnapshotSyntax: BindSnapshot(syntax, into); return;
            case AccessSyntax access: BindAccess(syntax, access, into); return;
            case CallSyntax { Callee: NameExpressionSyntax { Text: var name } } call when _declarations.Defs.TryGetValue(name, out var def): BindDefCall(syntax, call, def, into); return;
            case CallSyntax { Callee: NameExpressionSyntax { Text: var name } } call when IsStep(name, syntax): BindCall(syntax, call, into); return;
        }
        if (syntax.Let is null)
        {
            if (syntax.Value is CallSyntax { Callee: NameExpressionSyntax { Text: var name } callee } && !ViewCatalog.TryGet(name, out _) && !Functions.Contains(name))
                _diagnostics.UnknownCall(_source, callee.Span, name, SuggestCall(name));
            else _diagnostics.NotAStep(_source, syntax.Value.Span, $"'{TextOf(syntax.Value.Span)}'");
            return;
        }
        BindLet(syntax, syntax.Let, into);
    }

    /// <summary>Whether a name is a call here; one that is a view too (mincore) is a call where it stands as a statement.</summary>
    private static bool IsStep(string name, StepSyntax syntax) =>
        Operations.TryGet(name, out var operation) && !operation.HasOwnForm && (syntax.Let is null || !ViewCatalog.TryGet(name, out _));

    private void BindLet(StepSyntax syntax, NameSyntax name, ImmutableArray<BoundNode>.Builder into)
    {
        foreach (var (form, span) in new (string, TextSpan?)[] { ("'->'", syntax.Outcome?.Span), ("'faults'", syntax.Faults?.Span), ("'as'", syntax.Label?.Span) })
            if (span is { } place) _diagnostics.NotForThisStep(_source, place, form, "a 'let' of a value");
        var value = syntax.Content is null ? BindExpr(syntax.Value) : BindComparison(new BinarySyntax(syntax.Span, "==", syntax.Value, syntax.Content));
        if (value.Type.Kind is TypeKind.View || (!value.IsError && value.Type.Kind is TypeKind.Outcome))
        {
            _diagnostics.WrongType(_source, syntax.Value.Span, "a value", value.View is { } use ? $"the view '{use.View.Name}'; take one of its fields, or 'snapshot'" : value.Type.ToString());
            value = TypedExpr.Error;
        }
        if (!value.IsError && !InWord(value, syntax.Value.Span)) value = TypedExpr.Error;
        if (!NeedsPlace(syntax.Span, "'let'")) return;
        CheckNeeds(value.Needs);
        if (value.IsError || value.IsConstant)
        {
            Declare(name, value with { Needs = [] });
            return;
        }
        var slot = NewSlot();
        var (line, column) = At(syntax.Span);
        into.Add(new BoundLet(line, column, TextOf(syntax.Span), slot, value.Expr));
        Declare(name, InSlot(value, slot, name.Text));
    }

    /// <summary>A value once it lies in a slot: the name is then the region that places count from.</summary>
    private static TypedExpr InSlot(TypedExpr value, int slot, string name)
    {
        var expr = new Expr.Slot(slot, name);
        return new(value.Type, expr) { Owner = value.Owner, Length = value.Length, Reach = value.Reach, File = value.File, Base = value.Type.Kind == TypeKind.Range ? expr : null, Items = value.Items };
    }

    private void BindSnapshot(StepSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        if (syntax.Let is not { } name)
        {
            _diagnostics.NotAStep(_source, syntax.Value.Span, "'snapshot'");
            return;
        }
        if (!NeedsPlace(syntax.Span, "'let'")) return;
        var slot = NewSlot();
        _snapshots[slot] = [];
        var (line, column) = At(syntax.Span);
        into.Add(new BoundSnapshot(line, column, TextOf(syntax.Span), slot, []));
        Declare(name, new(SpecType.Snapshot, new Expr.Slot(slot, name.Text)));
    }

    /// <summary>A name needs a process to belong to (or a def around it).</summary>
    private bool NeedsPlace(TextSpan span, string what)
    {
        if (_scope.Current is not null || _who == Actor.Root) return true;
        _diagnostics.NeedsProcess(_source, span, what);
        return false;
    }

    /// <summary>Makes a name; a name that is visible already is diagnosed, and stays what it was.</summary>
    private void Declare(NameSyntax name, TypedExpr value)
    {
        if (name.Text.Length == 0) return;
        if (_scope.Find(name.Text) is not null)
        {
            _diagnostics.AlreadyNamed(_source, name.Span, name.Text, _scope.Current is null ? "" : $" in process {_scope.Current.Name}");
            return;
        }
        if (Constants.TryGet(name.Text, out _) || Reserved.Values.Contains(name.Text))
        {
            _diagnostics.ReservedName(_source, name.Span, name.Text, "value");
            return;
        }
        _scope.Add(_scope.Current, new(name.Text, value with { Owner = value.Owner ?? _scope.Current?.Name }));
    }

    private void Poison(NameSyntax? name)
    {
        if (name is not null && name.Text.Length > 0 && _scope.Find(name.Text) is null) _scope.Add(_scope.Current, new(name.Text, TypedExpr.Error));
    }

    private void BindCall(StepSyntax syntax, CallSyntax call, ImmutableArray<BoundNode>.Builder into)
    {
        var name = ((NameExpressionSyntax)call.Callee).Text;
        Operations.TryGet(name, out var operation);
        if (!MayPerform(operation!, call.Callee.Span))
        {
            Poison(syntax.Let);
            return;
        }
        var operands = BindArguments(name, operation!.Parameters, call.Arguments, call.Span);
        if (!operation.Supported)
        {
            _diagnostics.CallNotSupported(_source, call.Callee.Span, name);
            Poison(syntax.Let);
            return;
        }
        // The model cannot block there yet, and a run in which the child still lives would be taken for one in which it ended.
        if (name == "wait" && _thread is not null)
        {
            _diagnostics.StatementNotSupported(_source, call.Callee.Span, "wait in a thread");
            Poison(syntax.Let);
            return;
        }
        if (operands is null)
        {
            BindOutcome(syntax.Outcome, operation);
            Poison(syntax.Let);
            return;
        }
        if (!SameProcess(operands, call) | !CheckPaths(name, operands, call))
        {
            Poison(syntax.Let);
            return;
        }
        var region = operation.Parameters.Length > 0 && operation.Parameters[0].Type == ParameterType.Range ? operands[0].Base : null;
        var needs = operands.SelectMany(o => o.Needs);
        if (operation.AvailableIn.Rule is not null) needs = needs.Prepend(new(operation.AvailableIn, name, _source, call.Callee.Span));
        AddStep(syntax, syntax.Span, operation, operands, needs, syntax.Content, region, () => ResultOf(operation, operands), into);
    }

    private TypedExpr ResultOf(Operation operation, TypedExpr[] operands)
    {
        TypedExpr Operand(string name) => operands[operation.Parameters.IndexOf(operation.Find(name)!)];
        var type = operation.Result switch
        {
            ResultType.Range => SpecType.Range,
            ResultType.Fd => SpecType.Fd,
            ResultType.Size => SpecType.Size,
            ResultType.Flags => SpecType.Flags(null),
            _ => SpecType.Number,
        };
        var result = new TypedExpr(type, new Expr.Const(Value.Absent)) { Owner = _scope.Current?.Name };
        return operation.Name switch
        {
            "mmap" when FileOfMapping(Operand("flags"), Operand("fd")) is var file =>
                result with { Length = Operand("length").Exact, File = file, Reach = Reach(Operand("length").Exact, Operand("flags"), file) },
            "open" => result with { File = FileAt(Operand("path").Word) },
            "memfd_create" => result with { File = Has(Operand("flags"), "MFD_HUGETLB") ? FileKind.Hugetlb : FileKind.PageCache },
            _ => result,
        };
    }

    /// <summary>Puts a step together: outcome, faults, label, place and text, and its result's name.</summary>
    private void AddStep(StepSyntax? let, TextSpan span, Operation operation, TypedExpr[] operands, IEnumerable<Need> needs, ExpressionSyntax? content, Expr? region,
        Func<TypedExpr>? result, ImmutableArray<BoundNode>.Builder into, OutcomeSyntax? outcome = null, ExpressionSyntax? faults = null, NameSyntax? label = null)
    {
        (outcome, faults, label) = (outcome ?? let?.Outcome, faults ?? let?.Faults, label ?? let?.Label);
        var expected = BindOutcome(outcome, operation);
        if (expected is { } outcomes && _covered.Points.All(k => SpeaksOfFailure(outcomes, k))) _outside?.Clear();
        if (operands.FirstOrDefault(o => o.FailsAt > 0) is { FailsAt: var failed }) _diagnostics.NeverRuns(_source, span, $"it needs what line {failed} does not give, which fails on every covered kernel");
        var contents = content is null ? null : BindContent(content, operation);
        var count = faults is null ? null : Coerce(BindExpr(faults), ParameterType.Count, null, faults.Span, "'faults'");
        var good = expected is not null && contents is not { IsError: true } && count is not { IsError: true };
        if (_thread is not null && faults is not null)
        {
            // Faults are counted per process, and another thread of it may take some meanwhile.
            _diagnostics.StatementNotSupported(_source, faults.Span, "faults on a step of a thread");
            good = false;
        }
        // A call that is to fail everywhere needs no memory behind it.
        if (good && UnsupportedMapping(operation, operands) is { } unsupported && (_covered.Points.IsEmpty || !_covered.Points.All(k => SpeaksOfFailure(expected!.Value, k))))
        {
            _diagnostics.MappingNotSupported(_source, let?.Value.Span ?? span, unsupported);
            good = false;
        }
        if (expected is { } arms) CheckNeeds(needs.Concat(contents?.Needs ?? []), k => SpeaksOfFailure(arms, k));

        var slot = -1;
        if (let?.Let is { } name)
        {
            if (operation.Result is ResultType.None)
            {
                _diagnostics.NoResult(_source, name.Span, operation.Name);
                good = false;
            }
            else if (!good) Poison(name);
            else
            {
                slot = NewSlot();
                var never = _covered.Points.Length > 0 && _covered.Points.All(k => GivesNothing(expected!.Value, k));
                Declare(name, InSlot(result!(), slot, name.Text) with { FailsAt = never ? At(span).Line : 0 });
            }
        }
        if (!good) return;
        var (line, column) = At(span);
        var values = operation.Parameters.Select((p, i) => new Operand(p.Name, operands[i].Expr)).ToImmutableArray();
        into.Add(new BoundStep(new Step(line, column, TextOf(span), _who == Actor.Root ? "root" : _scope.Current!.Name, operation.Name, values)
        {
            Thread = _thread,
            Result = slot,
            Expected = expected!.Value,
            Content = contents?.Expr,
            Faults = count?.Expr,
            Label = _thread is null ? null : label?.Text,
            Base = region,
        }));
    }

    private TypedExpr BindContent(ExpressionSyntax syntax, Operation operation)
    {
        if (operation.ReadsContent) return Coerce(BindExpr(syntax), ParameterType.Content, null, syntax.Span, "the content");
        _diagnostics.NotForThisStep(_source, syntax.Span, "'==' with a content", $"{operation.Name}, which reads none");
        return TypedExpr.Error;
    }

    private void BindAccess(StepSyntax syntax, AccessSyntax access, ImmutableArray<BoundNode>.Builder into)
    {
        Operations.TryGet(access.Store ? "store" : "load", out var operation);
        if (!MayPerform(operation!, access.Span))
        {
            Poison(syntax.Let);
            return;
        }
        var bound = BindExpr(access.Region);
        // An access needs a byte at least.
        var region = IsNull(bound) ? NullRange(1) : Coerce(bound, ParameterType.Range, null, access.Region.Span, "what is accessed");
        var content = syntax.Content ?? (access.Store ? null : access.Value);
        TypedExpr[] operands = [region];
        if (access.Store)
        {
            if (syntax.Content is not null)
            {
                _diagnostics.NotForThisStep(_source, syntax.Content.Span, "'=='", "store; write 'store R = BYTE'");
                content = null;
            }
            operands = [region, access.Value is null ? TypedExpr.Number(SpecType.Number, 1) : Coerce(BindExpr(access.Value), ParameterType.Content, null, access.Value.Span, "what is stored")];
        }
        if (Array.Exists(operands, o => o.IsError))
        {
            Poison(syntax.Let);
            return;
        }
        if (!SameProcess([region], access.Region)) return;
        AddStep(syntax, syntax.Span, operation!, operands, operands.SelectMany(o => o.Needs), content, region.Base, () => new(SpecType.Number, new Expr.Const(Value.Absent)), into);
    }

    private void BindFork(ForkSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        Operations.TryGet("fork", out var operation);
        if (!MayPerform(operation!, syntax.Span))
        {
            if (syntax.Child.Text.Length > 0 && _scope.Process(syntax.Child.Text) is null) _scope.AddProcess(syntax.Child.Text, null, _loops > 0);
            return;
        }
        if (syntax.Count is not null)
        {
            _diagnostics.StatementNotSupported(_source, syntax.Span, "fork of several processes");
            if (syntax.Child.Text.Length > 0 && _scope.Process(syntax.Child.Text) is null) _scope.AddProcess(syntax.Child.Text, _scope.Current, _loops > 0);
            return;
        }
        var child = syntax.Child;
        if (child.Text.Length == 0 || !NewProcessName(child)) return;
        var parent = _scope.Current!;
        if (_scope.Process(child.Text) is not null)
        {
            _diagnostics.ProcessExists(_source, child.Span, child.Text);
            return;
        }
        AddStep(null, syntax.Span, operation!, [TypedExpr.Text(child.Text)], [], null, null, null, into, syntax.Outcome, syntax.Faults, syntax.Label);
        _scope.AddProcess(child.Text, parent, _loops > 0);
    }

    private bool MayPerform(Operation operation, TextSpan span)
    {
        switch (_who)
        {
            case Actor.Nobody:
                _diagnostics.NeedsProcess(_source, span, $"'{operation.Name}'");
                return false;
            case Actor.Root when operation.Performer is Performer.Process or Performer.Kernel:
                _diagnostics.WrongPerformer(_source, span, operation.Name, operation.Performer == Performer.Kernel ? "a thread of the kernel in 'parallel'" : "a process, not by root");
                return false;
            case Actor.Process or Actor.Thread when operation.Performer != Performer.Process:
                _diagnostics.WrongPerformer(_source, span, operation.Name, operation.Performer == Performer.Kernel ? "a thread of the kernel in 'parallel'" : $"the administrator; write 'root: {operation.Name} …'");
                return false;
            default:
                return true;
        }
    }

    /// <summary>A process can use only its own regions and descriptors.</summary>
    private bool SameProcess(IEnumerable<TypedExpr> operands, SyntaxNode place)
    {
        if (_scope.Current is not { } current) return true;
        foreach (var operand in operands)
        {
            if (operand.Owner is null || operand.Owner == current.Name || operand.Type.Kind is not (TypeKind.Range or TypeKind.Fd)) continue;
            _diagnostics.OtherProcess(_source, place.Span, TextOf(place.Span), operand.Owner, current.Name);
            return false;
        }
        return true;
    }

    private static bool Has(TypedExpr flags, string constant) =>
        flags.Exact is { } n && Constants.TryGet(constant, out var known) && (n & known.Value) == known.Value;
}
