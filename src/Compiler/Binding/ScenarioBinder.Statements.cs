using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Text;

namespace MmSpec.Binding;

// Statements that hold others: process blocks, loops, conditions.
internal sealed partial class ScenarioBinder
{
    /// <summary>A <c>repeat</c> beyond this is a slip of the pen.</summary>
    private const long MaximumRepeat = 1_000_000_000;

    private ImmutableArray<BoundNode> BindScenarioBody(ImmutableArray<StatementSyntax> statements)
    {
        var into = ImmutableArray.CreateBuilder<BoundNode>();
        for (var i = 0; i < statements.Length; i++)
        {
            if (statements[i] is not ParallelSyntax parallel)
            {
                if (!BindStatement(statements[i], into)) break;
                continue;
            }
            JudgeSyntax? judge = null;
            if (i + 1 < statements.Length) judge = statements[i + 1] as JudgeSyntax;
            if (judge is null) _diagnostics.NoJudge(_source, First(parallel.Span, "parallel"));
            BindParallel(parallel, judge, into);
            var next = i + (judge is null ? 1 : 2);
            if (next < statements.Length) _diagnostics.AfterParallel(_source, statements[next].Span, judge is null ? "only 'judge' may follow 'parallel'" : "nothing may follow 'judge'");
            break;
        }
        return into.ToImmutable();
    }

    /// <summary>The keyword at the start of a statement, as the place of a message about the whole.</summary>
    private static TextSpan First(TextSpan span, string keyword) => new(span.Start, Math.Min(span.Length, keyword.Length));

    private void BindBody(ImmutableArray<StatementSyntax> statements, ImmutableArray<BoundNode>.Builder into)
    {
        if (statements.IsDefault) return;
        for (var i = 0; i < statements.Length; i++)
        {
            if (_returned is not null)
            {
                _diagnostics.NeverRuns(_source, statements[i].Span, "'return' stands before it");
                return;
            }
            if (!BindStatement(statements[i], into)) return;
            if (i + 1 < statements.Length && _who == Actor.Process && statements[i] is StepSyntax { Value: CallSyntax { Callee: NameExpressionSyntax { Text: "exit" } } } && EndsProcess(into))
            {
                _diagnostics.NeverRuns(_source, statements[i + 1].Span, $"process {_scope.Current!.Name} ended with 'exit'");
                return;
            }
        }
    }

    private static bool EndsProcess(ImmutableArray<BoundNode>.Builder into) => into.Count > 0 && into[^1] is BoundStep { Step: { Operation: "exit", Thread: null } };

    private ImmutableArray<BoundNode> Body(ImmutableArray<StatementSyntax> statements)
    {
        var into = ImmutableArray.CreateBuilder<BoundNode>();
        BindBody(statements, into);
        return into.ToImmutable();
    }

    /// <summary>Binds one statement.</summary>
    /// <returns>False where no more are to be bound: the budget is spent.</returns>
    private bool BindStatement(StatementSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        if (!_budget.Take(out var tell))
        {
            if (tell) _diagnostics.TooManySteps(_source, syntax.Span, MaximumSteps);
            return false;
        }
        var (line, column) = At(syntax.Span);
        if (syntax is StepSyntax { Label: { } ofStep }) BindLabel(ofStep);
        if (syntax is ForkSyntax { Label: { } ofFork }) BindLabel(ofFork);
        if (syntax is ActionSyntax { Label: { } ofAction }) BindLabel(ofAction);
        switch (syntax)
        {
            case StepSyntax step: BindStep(step, into); break;
            case ForkSyntax fork: BindFork(fork, into); break;
            case ActionSyntax action: BindAction(action, into); break;
            case ExpectSyntax expect: BindExpect(expect, into); break;
            case ProcessBlockSyntax block: BindProcessBlock(block, into); break;
            case ForSyntax loop: BindFor(loop, into); break;
            case RepeatSyntax repeat: BindRepeat(repeat, into); break;
            case WhenSyntax choice: BindWhen(choice, into); break;
            case ReturnSyntax result: BindReturn(result); break;
            case KnownGapSyntax gap: into.Add(new BoundKnownGap(line, column, gap.Reason.Value, Body(gap.Body))); break;
            case ParallelSyntax: _diagnostics.AfterParallel(_source, First(syntax.Span, "parallel"), "'parallel' stands at the end of a scenario, outside all blocks"); break;
            case JudgeSyntax: _diagnostics.AfterParallel(_source, First(syntax.Span, "judge"), "'judge' stands after 'parallel'"); break;
            case InjectSyntax: _diagnostics.StatementNotSupported(_source, syntax.Span, "inject"); break;
            case StartSyntax start: RefuseStart(start); break;
            case JoinSyntax { Thread.Text: var thread } when _started.Contains(thread): break;
            case JoinSyntax: _diagnostics.StatementNotSupported(_source, syntax.Span, "join"); break;
            case TimedSyntax timed: _diagnostics.StatementNotSupported(_source, First(syntax.Span, "timed"), "timed"); Quietly(() => BindQuiet(timed.Body)); break;
            case EachSyntax: _diagnostics.StatementNotSupported(_source, First(syntax.Span, "each"), "each"); break;
        }
        return !_budget.IsSpent;
    }

    private void BindProcessBlock(ProcessBlockSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        var name = syntax.Process;
        if (name.Text.Length == 0) return;
        // One line of another may stand in a block: 'root: sysctl …' in the middle of what a process does.
        if (_who is Actor.Thread or Actor.KernelThread || (_who != Actor.Nobody && syntax.Braces))
        {
            _diagnostics.Misplaced(_source, syntax.Braces ? First(syntax.Span, "process") : name.Span, "a process block", _who is Actor.Thread or Actor.KernelThread ? "does not stand in a thread" : "does not stand inside another");
            return;
        }
        if (syntax.Count is not null) _diagnostics.StatementNotSupported(_source, syntax.Span, "several processes");
        var (current, who) = (_scope.Current, _who);
        foreach (var attribute in syntax.Attributes)
            _diagnostics.StatementNotSupported(_source, attribute.Span, string.Join(' ', attribute.Words.Select(w => w.Text)) is { Length: > 0 } words ? words : "an attribute of a process");
        if (name.Text == "root" && !syntax.New)
        {
            (_scope.Current, _who) = (null, Actor.Root);
            BindBody(syntax.Body, into);
            (_scope.Current, _who) = (current, who);
            return;
        }
        if (!NewProcessName(name)) return;
        var process = _scope.Process(name.Text);
        if (process is not null && syntax.New)
        {
            _diagnostics.ProcessExists(_source, name.Span, name.Text);
            return;
        }
        if (process is null)
        {
            // The first block brings a process to life; a later one with another name is a slip, or wants 'new'.
            if (!syntax.New && _scope.ProcessNames.Any())
            {
                var near = _scope.NearestProcess(name.Text);
                _diagnostics.UnknownProcess(_source, name.Span, name.Text, near);
                // Without a name that it resembles, 'new' was forgotten.
                if (near is not null || !syntax.Braces) return;
            }
            process = _scope.AddProcess(name.Text, null, _loops > 0);
        }
        (_scope.Current, _who) = (process, Actor.Process);
        BindBody(syntax.Body, into);
        (_scope.Current, _who) = (current, who);
    }

    /// <summary>A thread that is started comes later; its name and what it names are known, so that they are not diagnosed too.</summary>
    private void RefuseStart(StartSyntax syntax)
    {
        _diagnostics.StatementNotSupported(_source, First(syntax.Span, "start"), "start");
        _started.Add(syntax.Thread.Text);
        var process = _scope.Current;
        if (syntax.Process is { Text.Length: > 0 } owner)
        {
            process = _scope.Process(owner.Text);
            if (process is null) _diagnostics.UnknownProcess(_source, owner.Span, owner.Text, _scope.NearestProcess(owner.Text));
        }
        if (process is null) return;
        var (current, who) = (_scope.Current, _who);
        (_scope.Current, _who) = (process, Actor.Process);
        Quietly(() => BindQuiet(syntax.Body));
        (_scope.Current, _who) = (current, who);
    }

    private void BindQuiet(ImmutableArray<StatementSyntax> body)
    {
        var into = ImmutableArray.CreateBuilder<BoundNode>();
        foreach (var statement in body.IsDefault ? [] : body) BindStatement(statement, into);
    }

    private readonly HashSet<string> _started = new(StringComparer.Ordinal);

    private bool NewProcessName(NameSyntax name)
    {
        if (!Reserved.Everywhere.Contains(name.Text) && !Reserved.Processes.Contains(name.Text)) return true;
        _diagnostics.ReservedName(_source, name.Span, name.Text, "process");
        return false;
    }

    private void BindFor(ForSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        var list = BindExpr(syntax.List);
        if (list.IsError && _uncalled) list = TypedExpr.List([TypedExpr.Error]);
        if (list.IsError) return;
        if (list.Type.Kind != TypeKind.List || list.Items.IsEmpty)
        {
            _diagnostics.NotAList(_source, syntax.List.Span);
            return;
        }
        if (!Loops.FreeName(syntax.Variable, _scope, _diagnostics, _source)) return;
        _loops++;
        foreach (var item in Loops.WithChoices(list.Items))
        {
            if (_budget.IsSpent) break;
            var mark = _scope.Enter();
            _scope.Add(null, new(syntax.Variable.Text, item));
            BindBody(syntax.Body, into);
            _scope.Leave(mark);
        }
        _loops--;
    }

    private void BindRepeat(RepeatSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        var count = Coerce(BindExpr(syntax.Count), ParameterType.Count, null, syntax.Count.Span, "the number of rounds");
        if (!count.IsError && count.Exact is not { IsOne: false } and not { IsOne: true })
        {
            _diagnostics.NotConstant(_source, syntax.Count.Span, "the number of rounds");
            count = TypedExpr.Error;
        }
        if (!count.IsError && (count.Exact < 1 || count.Exact > MaximumRepeat))
        {
            _diagnostics.OutOfBounds(_source, syntax.Count.Span, "the number of rounds", $"1 to {MaximumRepeat}");
            count = TypedExpr.Error;
        }
        var (line, column) = At(syntax.Span);
        var mark = _scope.Enter();
        _loops++;
        var body = Body(syntax.Body);
        _loops--;
        _scope.Leave(mark);
        if (!count.IsError) into.Add(new BoundRepeat(line, column, (long)count.Exact!.Value, body));
    }

    private void BindWhen(WhenSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        if (syntax.Kernel is not null)
        {
            BindWhenKernel(syntax, syntax.Kernel, into);
            return;
        }
        if (syntax.Test is null) return;
        var test = BindCondition(syntax.Test, words: false);
        if (test.IsError && _uncalled)
        {
            foreach (var branch in new[] { syntax.Then, syntax.Else })
            {
                var inner = _scope.Enter();
                BindBody(branch, into);
                _scope.Leave(inner);
            }
        }
        if (test.IsError) return;
        if (test.Truth is not { } truth)
        {
            _diagnostics.NotConstant(_source, syntax.Test.Span, "the condition of 'when'");
            return;
        }
        // The other branch belongs to other rows, where it is bound.
        var mark = _scope.Enter();
        BindBody(truth ? syntax.Then : syntax.Else, into);
        _scope.Leave(mark);
    }

    private void BindWhenKernel(WhenSyntax syntax, ConditionSyntax kernel, ImmutableArray<BoundNode>.Builder into)
    {
        if (_kernels.BindCondition(_source, kernel) is not { } condition) return;
        var outer = _covered;
        var (then, otherwise) = (outer.Where(condition), outer.Where(new Condition.Not(condition)));
        if (condition is not Condition.Otherwise) _named.Add(condition);
        if (!IsShared && !outer.Points.IsEmpty)
        {
            if (then.Points.IsEmpty) _diagnostics.UnreachableArm(_source, kernel.Span, TextOf(kernel.Span), Covers(outer.Points));
            else if (otherwise.Points.IsEmpty && !syntax.Else.IsDefaultOrEmpty && condition is Condition.InSet)
                _diagnostics.NeverRuns(_source, syntax.Else[0].Span, "every covered kernel takes the other branch");
        }
        var (line, column) = At(syntax.Span);
        _kernelWhens++;
        _covered = then;
        var mark = _scope.Enter();
        var first = then.Points.IsEmpty ? [] : Body(syntax.Then);
        _scope.Leave(mark);
        _covered = otherwise;
        mark = _scope.Enter();
        var second = syntax.Else.IsDefault ? [] : Body(syntax.Else);
        _scope.Leave(mark);
        _covered = outer;
        _kernelWhens--;
        into.Add(new BoundWhen(line, column, condition, first, second));
    }
}
