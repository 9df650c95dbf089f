using System.Collections.Immutable;
using MmSpec.Kernels;

namespace MmSpec.Testing;

/// <summary>Something that the search of a concurrent block found wrong.</summary>
internal sealed record Finding(int Line, int Column, string Text, string Message, ImmutableArray<string> Schedule);

/// <summary>
/// Looks at every final state of a concurrent block, keeps the first state that shows a property and the first that refutes it, and says at the end
/// what that means for the verdicts. <c>never</c> and <c>always</c> need a complete search.
/// </summary>
internal sealed class Judge : IConcurrentObserver
{
    private sealed class Tally
    {
        public bool Held;
        public bool Refuted;
        public ImmutableArray<string> Witness = [];
        public ImmutableArray<string> Counterexample = [];
        public string? What;
    }

    private readonly ParallelBlock _block;
    private readonly ITarget _target;
    private readonly EvaluationScope _outer;
    private readonly Func<bool> _late;
    private readonly Tally[] _tallies;
    private readonly List<Expr.Ever> _evers = [];
    private readonly HashSet<string> _events = [];
    private readonly Dictionary<(int Thread, int Step), Finding> _unexpected = [];
    private readonly bool[] _ran;
    private string? _everError;

    /// <param name="block">The block.</param>
    /// <param name="target">The target.</param>
    /// <param name="outer">The scope of the statements before the block: snapshots.</param>
    /// <param name="late">Whether the time is up.</param>
    public Judge(ParallelBlock block, ITarget target, EvaluationScope outer, Func<bool> late)
    {
        (_block, _target, _outer, _late) = (block, target, outer, late);
        _tallies = [.. block.Judgements.Select(_ => new Tally())];
        _ran = [.. block.Threads.Select(t => t.Steps.IsEmpty)];
        foreach (var judgement in block.Judgements) if (judgement.Property is not null) ExprWalker.Visit(judgement.Property, Note);
        if (_evers.Count > 64) _everError = "more than 64 ever(…) in one judge block";

        void Note(Expr e)
        {
            if (e is Expr.Ever ever) _evers.Add(ever);
            if (e is Expr.Happened happened) _events.Add(happened.Event);
        }
    }

    /// <summary>How many final states were handed over.</summary>
    public long Finals { get; private set; }

    /// <inheritdoc />
    public bool WantsEveryState => _evers.Count > 0;

    /// <inheritdoc />
    public bool Asks(string name) => _events.Contains(name);

    /// <inheritdoc />
    public bool Stop => _late();

    /// <inheritdoc />
    public ulong State(IFinalState state)
    {
        var scope = new StateScope(this, state);
        ulong seen = 0;
        for (var i = 0; i < Math.Min(_evers.Count, 64); i++)
        {
            try
            {
                if (Evaluator.EvaluateTruth(_evers[i].Property, scope, out _) == true) seen |= 1ul << i;
            }
            catch (EvaluationException x)
            {
                _everError ??= $"{ExprText.Format(_evers[i], scope)}: {x.Message}";
            }
        }
        return seen;
    }

    /// <inheritdoc />
    public void Final(IFinalState state)
    {
        Finals++;
        var scope = new StateScope(this, state);
        for (var i = 0; i < _tallies.Length; i++) Look(_block.Judgements[i], _tallies[i], state, scope);
        for (var t = 0; t < _block.Threads.Length; t++)
        {
            var steps = _block.Threads[t].Steps;
            for (var s = 0; s < steps.Length; s++) Look(t, s, steps[s], state, scope);
        }
    }

    private void Look(Judgement judgement, Tally tally, IFinalState state, StateScope scope)
    {
        // Once both sides are seen there is nothing more to learn.
        if (tally.Held && tally.Refuted) return;
        bool holds;
        string? what = null;
        try
        {
            if (judgement.Property is not null)
            {
                // A label that has no value in this run shows nothing, so the property does not hold in it.
                holds = Evaluator.EvaluateTruth(judgement.Property, scope, out _) ?? false;
                if (!holds && !tally.Refuted) what = (Describe(judgement, scope) ?? "it does not hold") + Labels(judgement.Property, state);
            }
            else
            {
                (holds, what) = Outcomes(judgement, state, scope);
            }
        }
        catch (EvaluationException x)
        {
            (holds, what) = (false, x.Message);
        }
        if (holds && !tally.Held) (tally.Held, tally.Witness) = (true, [.. state.Schedule()]);
        if (!holds && !tally.Refuted) (tally.Refuted, tally.Counterexample, tally.What) = (true, [.. state.Schedule()], what);
    }

    private static string? Describe(Judgement judgement, StateScope scope)
    {
        var checker = new ExpectationChecker(scope);
        checker.Check(new Expectation(judgement.Line, judgement.Column, judgement.Text) { Condition = judgement.Property });
        return checker.Mismatches.Count > 0 ? checker.Mismatches[0].Message : null;
    }

    /// <summary>What the labels that a property speaks of came to.</summary>
    private static string Labels(Expr property, IFinalState state)
    {
        var labels = new List<string>();
        ExprWalker.Visit(property, e =>
        {
            if (e is Expr.LabelOutcome { Label: var label } && !labels.Contains(label)) labels.Add(label);
        });
        return labels.Count == 0 ? "" : $" ({string.Join(", ", labels.Select(l => $"{l} is {Show(state.OutcomeOf(l))}"))})";
    }

    private (bool Holds, string? What) Outcomes(Judgement judgement, IFinalState state, StateScope scope)
    {
        var allowed = Evaluator.Choose(judgement.Allowed, scope);
        if (allowed.IsDefault) throw new EvaluationException("no arm of the outcomes is for this kernel");
        foreach (var tuple in allowed)
        {
            var all = tuple.Length == judgement.Labels.Length;
            for (var i = 0; all && i < tuple.Length; i++)
                all = OutcomeMatcher.Matches(tuple[i], state.OutcomeOf(judgement.Labels[i]), state.ValueOf(judgement.Labels[i]), null, scope);
            if (all) return (true, null);
        }
        return (false, $"({string.Join(", ", judgement.Labels)}) came out as ({string.Join(", ", judgement.Labels.Select(l => Show(state.OutcomeOf(l))))})");
    }

    /// <summary>A signal's address says nothing in a tuple of labels.</summary>
    private static string Show(Outcome o) => o.Kind == OutcomeKind.Signal ? o.Name! : o.Kind == OutcomeKind.Mismatch ? "mismatch" : o.ToString();

    /// <summary>A step without label and outcome must succeed in every interleaving; one with an outcome must come out so.</summary>
    private void Look(int thread, int index, Step step, IFinalState state, StateScope scope)
    {
        var outcome = state.OutcomeAt(thread, index);
        if (outcome.Kind == OutcomeKind.Skipped) return;
        _ran[thread] = true;
        if (step.Label is not null && step.Expected.IsDefaultOrEmpty) return;
        if (_unexpected.ContainsKey((thread, index)) || IsJudged(outcome.Kind)) return;
        string message;
        try
        {
            var allowed = OutcomeMatcher.Allowed(step, scope);
            var operands = outcome.Kind == OutcomeKind.Signal ? step.Operands.Select(o => Evaluator.Evaluate(o.Value, scope)).ToArray() : [];
            var region = OutcomeMatcher.Region(step, operands, scope);
            var returned = step.Result >= 0 ? state.Slot(step.Result) : Value.Absent;
            if (OutcomeMatcher.Matches(allowed, outcome, returned, region, scope)) return;
            message = $"expected {OutcomeText.Format(allowed, scope)} in every interleaving, got {OutcomeText.Format(outcome, returned, region, false)} in one";
        }
        catch (EvaluationException x)
        {
            message = x.Message;
        }
        _unexpected[(thread, index)] = new(step.Line, step.Column, step.Text, message, [.. state.Schedule()]);
    }

    /// <summary>Whether a judgement speaks of the event that made the step come out so; then that judgement decides.</summary>
    private bool IsJudged(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Blocked => _events.Contains("deadlock"),
        OutcomeKind.Bug => _events.Contains("BUG"),
        OutcomeKind.Undefined => _events.Contains("undefined"),
        _ => false,
    };

    /// <summary>Why some verdict is not decided, or null.</summary>
    public string? Undecided(ConcurrentReport report)
    {
        if (report.Complete) return null;
        for (var i = 0; i < _tallies.Length; i++)
            if (IsOpen(VerdictOf(_block.Judgements[i]), _tallies[i])) return $"line {_block.Judgements[i].Line} is undecided: {report.Incomplete ?? "the search is incomplete"}";
        // Without any judgement the implicit one ("must succeed in every interleaving") is open.
        return _tallies.Length == 0 ? report.Incomplete ?? "the search is incomplete" : null;
    }

    private static bool IsOpen(Verdict? verdict, Tally tally) => verdict switch
    {
        Verdict.Sometimes => !tally.Held,
        Verdict.Never => !tally.Held,
        Verdict.Always => !tally.Refuted,
        _ => false,
    };

    /// <summary>What the search found wrong.</summary>
    public IEnumerable<Finding> Conclude(ConcurrentReport report)
    {
        var first = _block.Judgements.IsEmpty ? (_block.Line, _block.Column, "parallel") : (_block.Judgements[0].Line, _block.Judgements[0].Column, _block.Judgements[0].Text);
        if (Finals == 0 && report.Complete)
        {
            yield return new(first.Line, first.Column, first.Item3, "the search ended without any final state: nothing can be said", []);
            yield break;
        }
        if (report.Complete)
            for (var t = 0; t < _ran.Length; t++)
                if (!_ran[t])
                    yield return new(_block.Line, _block.Column, "parallel", $"thread {_block.Threads[t].Process}.{_block.Threads[t].Name} never ran: nothing can be said", []);
        if (_everError is not null) yield return new(first.Line, first.Column, first.Item3, _everError, []);
        foreach (var finding in _unexpected.OrderBy(u => u.Key).Select(u => u.Value)) yield return finding;
        for (var i = 0; i < _tallies.Length; i++)
            if (Conclude(_block.Judgements[i], _tallies[i], report) is { } finding) yield return finding;
    }

    private Finding? Conclude(Judgement j, Tally tally, ConcurrentReport report)
    {
        var property = j.Property is null ? "" : ExprText.Format(j.Property, _outer);
        switch (VerdictOf(j))
        {
            case null: return new(j.Line, j.Column, j.Text, "no arm of the verdict is for this kernel", []);
            case Verdict.Always when tally.Refuted:
                return new(j.Line, j.Column, j.Text, (j.Property is null ? "" : $"expected always {property}; in one interleaving ") + Shorten(tally.What, property), tally.Counterexample);
            case Verdict.Never when tally.Held:
                return new(j.Line, j.Column, j.Text, $"expected never {property}, it happens in one interleaving", tally.Witness);
            case Verdict.Sometimes when !tally.Held && report.Complete:
                return new(j.Line, j.Column, j.Text, $"expected sometimes {property}, it holds in no final state (searched: executions {report.Executions}, states {report.States}, final states {Finals})" + (tally.What is null ? "" : $"; in one: {tally.What}"), tally.Counterexample);
            default: return null;
        }
    }

    /// <summary>What came, without the property that the message has named already.</summary>
    private static string Shorten(string? what, string property) => what is null ? "it does not hold"
        : what.StartsWith($"expected {property}, ", StringComparison.Ordinal) ? what[$"expected {property}, ".Length..] : what;

    /// <summary><c>outcomes … in</c> is an <c>always</c>.</summary>
    private Verdict? VerdictOf(Judgement j)
    {
        if (j.Property is null) return Verdict.Always;
        foreach (var arm in j.Verdicts) if (_outer.Holds(arm.When)) return arm.Then;
        return null;
    }

    private sealed class StateScope(Judge judge, IFinalState state) : EvaluationScope
    {
        public override Value Slot(int index) => state.Slot(index);
        public override bool Holds(Condition condition) => judge._target.Holds(condition);
        public override Observation Observe(ViewRequest request) => state.Observe(request);
        public override Observation Before(int slot, ViewRequest request) => judge._outer.Before(slot, request);
        public override IFinalState State => state;
        public override bool Ever(Expr.Ever ever)
        {
            for (var i = 0; i < judge._evers.Count; i++) if (ReferenceEquals(judge._evers[i], ever)) return (state.Seen >> i & 1) != 0;
            return false;
        }
    }
}
