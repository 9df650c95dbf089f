using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

// 'parallel' and 'judge'.
internal sealed partial class ScenarioBinder
{
    /// <summary>Events of a run that a judgement can name, and whether the model reports them today.</summary>
    private static readonly ImmutableDictionary<string, bool> Properties = new Dictionary<string, bool>
    {
        ["deadlock"] = true,
        ["livelock"] = false,
        ["lock-inversion"] = true,
        ["lock-order"] = false,
        ["BUG"] = true,
        ["WARN"] = false,
        ["oops"] = true,
        ["undefined"] = true,
        ["not-serializable"] = true,
        ["stale-table"] = false,
        ["stale-share-count"] = false,
        ["table-leak"] = false,
        ["leaf-over-table"] = false,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    private string? _thread;
    private Dictionary<Condition, bool>? _assumed;
    private Condition? _open;

    private void BindParallel(ParallelSyntax syntax, JudgeSyntax? judge, ImmutableArray<BoundNode>.Builder into)
    {
        _assumed = new(ReferenceEqualityComparer.Instance);
        _conditions.Clear();
        BindParallelAssuming(syntax, judge, into, 0);
        _assumed = null;
    }

    /// <summary>
    /// Threads are straight lines, so a <c>when kernel</c> in one is resolved: the block is bound once for each way that its conditions can
    /// go, inside a <c>when kernel</c> of its own.
    /// </summary>
    private void BindParallelAssuming(ParallelSyntax syntax, JudgeSyntax? judge, ImmutableArray<BoundNode>.Builder into, int depth)
    {
        const int MaximumConditions = 8;
        var slots = _slots;
        _open = null;
        _labels.Clear();
        var block = BindThreads(syntax, judge);
        if (_open is not { } condition || depth == MaximumConditions)
        {
            if (_open is not null) _diagnostics.Misplaced(_source, First(syntax.Span, "parallel"), "'parallel'", $"has more than {MaximumConditions} different 'when kernel' in its threads");
            else if (block is not null) into.Add(new BoundParallel(block));
            return;
        }
        _slots = slots;
        var (outer, line, column) = (_covered, At(syntax.Span).Line, At(syntax.Span).Column);
        var branches = new ImmutableArray<BoundNode>[2];
        for (var i = 0; i < 2; i++)
        {
            _assumed![condition] = i == 0;
            _covered = outer.Where(i == 0 ? condition : new Condition.Not(condition));
            var branch = ImmutableArray.CreateBuilder<BoundNode>();
            if (!_covered.Points.IsEmpty) BindParallelAssuming(syntax, judge, branch, depth + 1);
            branches[i] = branch.ToImmutable();
        }
        _assumed!.Remove(condition);
        _covered = outer;
        into.Add(new BoundWhen(line, column, condition, branches[0], branches[1]));
    }

    private readonly Dictionary<SyntaxNode, Condition> _conditions = new(ReferenceEqualityComparer.Instance);

    /// <summary>Which way a <c>when kernel</c> in a thread goes; null where that is still open.</summary>
    private bool? Resolve(ConditionSyntax syntax)
    {
        if (!_conditions.TryGetValue(syntax, out var condition))
        {
            if (_kernels.BindCondition(_source, syntax) is not { } bound) return true;
            _conditions[syntax] = condition = bound;
            _named.Add(condition);
            if (!IsShared && !_covered.Points.IsEmpty && !_covered.With([condition]).Any(t => t.Holds(condition)))
                _diagnostics.UnreachableArm(_source, syntax.Span, TextOf(syntax.Span), Covers(_covered.Points));
        }
        if (_assumed!.TryGetValue(condition, out var assumed)) return assumed;
        if (condition is Condition.InSet)
        {
            var points = _covered.With([condition]);
            if (points.All(t => t.Holds(condition))) return true;
            if (!points.Any(t => t.Holds(condition))) return false;
        }
        _open ??= condition;
        return null;
    }

    private ParallelBlock? BindThreads(ParallelSyntax syntax, JudgeSyntax? judge)
    {
        var threads = ImmutableArray.CreateBuilder<ThreadProgram>();
        var made = new List<(ProcessSymbol Process, NameSymbol Symbol)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var good = true;
        foreach (var thread in syntax.Threads)
        {
            var (process, name) = (thread.Process.Text, thread.Name.Text);
            if (process.Length == 0 || name.Length == 0)
            {
                good = false;
                continue;
            }
            if (!names.Add($"{process}.{name}")) _diagnostics.Twice(_source, thread.Name.Span, "thread", $"{process}.{name}");
            if (process == "kernel")
            {
                _diagnostics.StatementNotSupported(_source, TextSpan.Cover(thread.Process.Span, thread.Name.Span), $"thread kernel.{name}");
                foreach (var statement in thread.Body.IsDefault ? [] : thread.Body)
                    if (statement is ActionSyntax { Label: { } label }) _labels.Add(label.Text);
                good = false;
                continue;
            }
            if (Reserved.Everywhere.Contains(name)) _diagnostics.ReservedName(_source, thread.Name.Span, name, "thread");
            if (_scope.Process(process) is not { } symbol)
            {
                _diagnostics.UnknownProcess(_source, thread.Process.Span, process, _scope.NearestProcess(process));
                good = false;
                continue;
            }
            var before = new Dictionary<string, NameSymbol>(symbol.Names, StringComparer.Ordinal);
            var mark = _scope.Enter();
            (_scope.Current, _who, _thread) = (symbol, Actor.Thread, name);
            var into = ImmutableArray.CreateBuilder<BoundNode>();
            BindThreadBody(thread.Body, into);
            made.AddRange(symbol.Names.Where(n => !before.ContainsKey(n.Key)).Select(n => (symbol, n.Value)));
            _scope.Leave(mark);
            (_scope.Current, _who, _thread) = (null, Actor.Nobody, null);
            threads.Add(new(process, name, [.. Steps(into)]));
        }
        // Another thread cannot rely on a name that this one makes; a judgement looks at the end and can.
        var after = _scope.Enter();
        foreach (var (process, symbol) in made) if (!process.Names.ContainsKey(symbol.Name)) _scope.Add(process, symbol);
        var judgements = ImmutableArray.CreateBuilder<Judgement>();
        if (judge is not null && _open is null)
        {
            _judging = true;
            foreach (var line in judge.Judgements) BindJudgement(line, judgements);
            _judging = false;
        }
        _scope.Leave(after);
        var (l, c) = At(syntax.Span);
        return good && judge is not null ? new ParallelBlock(l, c, threads.ToImmutable(), judgements.ToImmutable()) : null;
    }

    private void BindThreadBody(ImmutableArray<StatementSyntax> body, ImmutableArray<BoundNode>.Builder into)
    {
        if (body.IsDefault) return;
        foreach (var statement in body)
        {
            switch (statement)
            {
                case WhenSyntax { Kernel: { } kernel } choice:
                    if (Resolve(kernel) is { } holds)
                    {
                        var mark = _scope.Enter();
                        BindThreadBody(holds ? choice.Then : choice.Else, into);
                        _scope.Leave(mark);
                    }
                    break;
                case RepeatSyntax repeat: UnrollRepeat(repeat, into); break;
                case ProcessBlockSyntax or KnownGapSyntax: _diagnostics.Misplaced(_source, First(statement.Span, "process"), "a block", "does not stand in a thread"); break;
                default:
                    if (!BindStatement(statement, into)) return;
                    break;
            }
        }
    }

    private void UnrollRepeat(RepeatSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        var count = Coerce(BindExpr(syntax.Count), ParameterType.Count, null, syntax.Count.Span, "the number of rounds");
        if (count.IsError) return;
        if (count.Exact is not { } n)
        {
            _diagnostics.NotConstant(_source, syntax.Count.Span, "the number of rounds");
            return;
        }
        for (System.Numerics.BigInteger i = 0; i < n && !_budget.IsSpent; i++)
        {
            if (!_budget.Take(out var tell))
            {
                if (tell) _diagnostics.TooManySteps(_source, syntax.Span, MaximumSteps);
                return;
            }
            var mark = _scope.Enter();
            _loops++;
            BindThreadBody(syntax.Body, into);
            _loops--;
            _scope.Leave(mark);
        }
    }

    /// <summary>The steps of a thread in a line; what is no step (a value named in it) was diagnosed or has no effect.</summary>
    /// <param name="nodes">What its body became.</param>
    /// <param name="import">The call of a def of another file, around: a step has a line of the scenario's file, so that of the call.</param>
    private IEnumerable<Step> Steps(IEnumerable<BoundNode> nodes, BoundDefCall? import = null)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case BoundStep step: yield return import is null ? step.Step : step.Step with { Line = import.Line, Column = import.Column }; break;
                case BoundDefCall call:
                    foreach (var inner in Steps(call.Body, import ?? (call.File == _source.Path ? null : call))) yield return inner;
                    break;
                case BoundLet let:
                    _diagnostics.Misplaced(_source, PlaceOf(import ?? (BoundNode)let), "'let' of a value that is computed", "does not stand in a thread; name it before 'parallel'");
                    break;
                case BoundSnapshot snapshot:
                    _diagnostics.Misplaced(_source, PlaceOf(import ?? (BoundNode)snapshot), "'snapshot'", "does not stand in a thread");
                    break;
            }
        }
    }

    private TextSpan PlaceOf(BoundNode node)
    {
        var offset = 0;
        for (var line = 1; line < node.Line && offset < _source.Content.Length; line++)
        {
            var next = _source.Content.AsSpan(offset).IndexOfAny('\n', '\r');
            if (next < 0) break;
            offset += next + (_source.Content.AsSpan(offset + next).StartsWith("\r\n") ? 2 : 1);
        }
        return new(offset + node.Column - 1, 3);
    }

    /// <summary>Makes a label known, whatever becomes of its step.</summary>
    private void BindLabel(NameSyntax label)
    {
        if (label.Text.Length == 0) return;
        if (_thread is null)
        {
            _diagnostics.NotForThisStep(_source, label.Span, "'as'", "a step outside 'parallel'; a label is for 'judge'");
            return;
        }
        if (Reserved.Everywhere.Contains(label.Text)) _diagnostics.ReservedName(_source, label.Span, label.Text, "label");
        else if (!_labels.Add(label.Text)) _diagnostics.Twice(_source, label.Span, "label", label.Text);
    }

    private TypedExpr BindJudgeFunction(CallSyntax syntax, string name)
    {
        if (syntax.Arguments.Length != 1)
        {
            _diagnostics.MissingArgument(_source, syntax.Span, name, name == "value" ? "label" : "property");
            return TypedExpr.Error;
        }
        var argument = syntax.Arguments[0].Value;
        if (name == "ever")
        {
            var property = BindProperty(argument);
            return property.IsError ? property : new(SpecType.Truth, new Expr.Ever(property.Expr));
        }
        if (argument is NameExpressionSyntax { Text: var label } && _labels.Contains(label)) return new(SpecType.Number, new Expr.LabelValue(label));
        if (argument is not MissingExpressionSyntax) _diagnostics.UnknownLabel(_source, argument.Span, TextOf(argument.Span), Suggest.Several(TextOf(argument.Span), _labels));
        return TypedExpr.Error;
    }
}
