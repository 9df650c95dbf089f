using System.Collections.Immutable;
using System.Diagnostics;
using MmSpec.Kernels;

namespace MmSpec.Testing;

/// <summary>
/// Runs one case: what generated code calls, one call a statement. A mismatch is recorded with its place, what came is taken over, and the run
/// goes on. When something failed, <see cref="Again"/> has the statements run once more on a target that traces, for explanations only.
/// </summary>
/// <remarks>
/// Generated code is <c>do { statements } while (run.Again());</c> and then reads <see cref="Result"/>. No method throws for what a specification
/// contains; what a target throws passes through (it is a defect of the target).
/// </remarks>
public sealed partial class ScenarioRun : IDisposable
{
    private const int MaxSkips = 1000;

    private readonly ITargetFactory _factory;
    private readonly Kernel _kernel;
    private readonly Machine _machine;
    private readonly string _file;
    private readonly RunOptions _options;
    private readonly Value[] _slots;

    private readonly List<(SpecPlace Call, string File)> _defs = [];
    private readonly List<long> _loops = [];
    private readonly Dictionary<string, string> _dead = [];
    private readonly Dictionary<string, int> _killers = [];
    private readonly Dictionary<int, Snapshot> _snapshots = [];
    private readonly List<Failure> _failures = [];
    private readonly List<Skip> _skips = [];
    private readonly List<GapResult> _gaps = [];
    private readonly List<Note> _notes = [];

    private StepHistory _history = new();
    private ITarget? _target;
    private IRuleNotes? _rules;
    private int _bugs;
    private ImmutableArray<Rule> _unconfirmed = [];
    private RunScope _scope = null!;
    private RunResult? _firstResult;
    private bool _tracing;
    private Stopwatch _clock = null!;
    private long _statements;
    private (SpecPlace Place, string Reason)? _gap;
    private bool _gapHolds;

    // Why nothing more is executed: a bound was reached, the target cannot be made, or there were too many failures.
    private string? _undecided;
    private string? _notApplicable;
    private bool _enough;
    // Why the rest is skipped: the modelled kernel crashed.
    private string? _ended;

    /// <summary>Prepares a case and makes its world.</summary>
    /// <param name="factory">Makes targets.</param>
    /// <param name="kernel">The kernel to run on.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="file">The specification, as shown.</param>
    /// <param name="slots">How many slots the statements use.</param>
    /// <param name="options">Bounds.</param>
    public ScenarioRun(ITargetFactory factory, Kernel kernel, Machine machine, string file, int slots, RunOptions options)
    {
        (_factory, _kernel, _machine, _file, _options) = (factory, kernel, machine, file, options);
        _slots = new Value[slots];
        Start(tracing: false);
    }

    private void Start(bool tracing)
    {
        _tracing = tracing;
        _target?.Dispose();
        _target = null;
        Array.Fill(_slots, Value.Poisoned(0));
        _defs.Clear();
        _loops.Clear();
        _dead.Clear();
        _killers.Clear();
        _snapshots.Clear();
        _failures.Clear();
        _skips.Clear();
        _gaps.Clear();
        _notes.Clear();
        _history = new();
        _statements = 0;
        _gap = null;
        (_undecided, _notApplicable, _ended, _enough) = (null, null, null, false);
        _clock = Stopwatch.StartNew();
        try
        {
            _target = _factory.Create(_kernel, _machine, tracing);
            (_rules, _bugs) = (_target as IRuleNotes, 0);
            _scope = new RunScope(this, _target);
        }
        catch (NotSupportedException x)
        {
            _notApplicable = x.Message;
        }
    }

    /// <summary>Whether the statements are to be run once more; true exactly once, after a run in which something failed that can be explained.</summary>
    public bool Again()
    {
        if (_tracing || _undecided is not null || !_failures.Exists(f => f.Explanation.IsEmpty))
        {
            Dispose();
            return false;
        }
        _firstResult = Collect();
        Start(tracing: true);
        if (_target is not null) return true;
        Dispose();
        return false;
    }

    /// <summary>What the case came to.</summary>
    public RunResult Result => _firstResult is null ? Collect() : Explained(_firstResult);

    /// <summary>Ends the world; <see cref="Again"/> does so as well when it answers false.</summary>
    public void Dispose()
    {
        if (_rules is not null) _unconfirmed = [.. _rules.Unconfirmed];
        _rules = null;
        _target?.Dispose();
        _target = null;
    }

    /// <summary>Whether a condition holds on this kernel (<c>when kernel</c>).</summary>
    public bool On(Condition condition) => _target?.Holds(condition) ?? false;

    /// <summary>A def is called; until <see cref="LeaveDef"/> places are those of its file.</summary>
    public void EnterDef(int line, int column, string text, string name, string file, int defLine)
    {
        _ = (name, defLine);
        _defs.Add((Place(line, column, text), file));
    }

    /// <summary>The def's last statement is behind us.</summary>
    public void LeaveDef() => _defs.RemoveAt(_defs.Count - 1);

    /// <summary>A <c>repeat</c> begins; its body runs while <see cref="Next"/> is true.</summary>
    public void BeginRepeat(long count) => _loops.Add(count);

    /// <summary>Whether the innermost <c>repeat</c> runs once more; false ends it. A run that is stopped ends its loops too.</summary>
    public bool Next()
    {
        var last = _loops.Count - 1;
        if (_loops[last]-- > 0 && _ended is null && Spend()) return true;
        _loops.RemoveAt(last);
        return false;
    }

    /// <summary>A <c>known-gap</c> begins: until <see cref="EndGap"/> mismatches are no failures.</summary>
    public void BeginGap(int line, int column, string reason)
    {
        _gap = (Place(line, column, "known-gap"), reason);
        _gapHolds = true;
    }

    /// <summary>The <c>known-gap</c> ends.</summary>
    public void EndGap()
    {
        if (_gap is { } gap && _target is not null) _gaps.Add(new(gap.Place, gap.Reason, _gapHolds && _undecided is null));
        _gap = null;
    }

    /// <summary><c>let x = EXPR</c>.</summary>
    public void Let(int line, int column, string text, int slot, Expr value)
    {
        var place = Place(line, column, text);
        if (!Enter(place))
        {
            _slots[slot] = Value.Poisoned(line);
            return;
        }
        try
        {
            _slots[slot] = Evaluator.Evaluate(value, _scope);
            if (_slots[slot].Kind == ValueKind.Poisoned) SkipNeeds(place, _slots[slot]);
        }
        catch (EvaluationException x)
        {
            _slots[slot] = Value.Poisoned(line);
            Fail(place, x.Message, []);
        }
    }

    /// <summary><c>let t = snapshot</c>: keeps what the views show that some <c>since t</c> looks at.</summary>
    public void Snapshot(int line, int column, string text, int slot, ViewCall[] views)
    {
        if (!Enter(Place(line, column, text))) return;
        var snapshot = new Snapshot(line);
        foreach (var view in views)
        {
            try
            {
                // An argument that is not known yet (or failed) makes the later comparison skip or fail, not the snapshot.
                if (Evaluator.Request(view with { Since = -1 }, _scope, out _) is { } request) snapshot.Add(request, _target!.Observe(request));
            }
            catch (EvaluationException)
            {
            }
        }
        _snapshots[slot] = snapshot;
        _slots[slot] = Value.OfNumber(line);
    }

    /// <summary><c>expect</c>.</summary>
    public void Expect(Expectation e)
    {
        var place = Place(e.Line, e.Column, e.Text);
        if (!Enter(place)) return;
        var checker = new ExpectationChecker(_scope);
        checker.Check(e);
        foreach (var m in checker.Mismatches) Fail(place with { Line = m.Line, Column = m.Column }, m.Message, m.Asked);
        if (checker.Poison is { } poison) SkipNeeds(place, poison);
    }

    /// <summary>Runs one step and compares what comes with what is allowed.</summary>
    public void Do(Step step)
    {
        var place = Place(step.Line, step.Column, step.Text);
        if (!Enter(place))
        {
            Bind(step, Value.Poisoned(step.Line));
            return;
        }
        if (_dead.TryGetValue(step.Process, out var died))
        {
            SkipStep(step, place, died);
            return;
        }
        try
        {
            Execute(step, place);
        }
        catch (EvaluationException x)
        {
            Bind(step, Value.Poisoned(step.Line));
            Fail(place, x.Message, []);
        }
    }

    private void Execute(Step step, SpecPlace place)
    {
        var operands = new Value[step.Operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = Evaluator.Evaluate(step.Operands[i].Value, _scope);
            if (operands[i].Kind == ValueKind.Poisoned)
            {
                SkipStep(step, place, Needs(operands[i]));
                return;
            }
        }
        Value? content = step.Content is null ? null : Evaluator.Evaluate(step.Content, _scope);
        if (content is { Kind: ValueKind.Poisoned } poison)
        {
            SkipStep(step, place, Needs(poison));
            return;
        }

        var allowed = OutcomeMatcher.Allowed(step, _scope);
        var result = _target!.Run(step, operands, content, OutcomeMatcher.SignalExpected(step, _scope));
        var outcome = result.Outcome;
        if (outcome.Kind == OutcomeKind.Skipped)
        {
            SkipStep(step, place, _killers.TryGetValue(step.Process, out var by) ? $"{step.Process} died at line {by}" : $"{step.Process} is not running");
            return;
        }

        var region = OutcomeMatcher.Region(step, operands, _scope);
        // What came is taken over: a call that succeeded binds its value although it should have failed.
        Bind(step, outcome.Kind is OutcomeKind.Ok or OutcomeKind.Warn or OutcomeKind.Undefined or OutcomeKind.Mismatch ? result.Returned : Value.Poisoned(step.Line));
        Remember(step, operands, outcome);
        NoteBugs(place, "");
        if (!OutcomeMatcher.Matches(allowed, outcome, result.Returned, region, _scope))
            Fail(place, Unexpected(step, allowed, content, result, region), [(new ViewRequest("outcome", step.Process, []), null)], outcome);
        if (_tracing) _history.Add(place, step, operands, result.Returned);
        if (outcome.Kind == OutcomeKind.Undefined)
            _notes.Add(new(place, "the modelled code corrupts memory here; the model goes on as if it had not"));
        if (step.Faults is not null) CheckFaults(step, place, result.Faults);
        if (_options.Paranoid && _target is ISelfChecking self && self.FindInconsistencies() is { Count: > 0 } wrong)
            throw new InconsistentTargetException($"{place.File}:{place.Line}: after \"{place.Text}\" on {_kernel}: {string.Join("; ", wrong)}");
    }

    /// <summary>Notes the defects of the kernel that were met for the first time.</summary>
    private void NoteBugs(SpecPlace place, string where)
    {
        if (_rules is null) return;
        for (; _bugs < _rules.Bugs.Count; _bugs++)
            _notes.Add(new(place, $"ran into {(_rules.Bugs[_bugs].OnlyByPatch ? "a bug of the patch" : "kernel bug")} {_rules.Bugs[_bugs].Id}{where}"));
    }

    private string Unexpected(Step step, ImmutableArray<OutcomePattern> allowed, Value? content, StepResult result, Value? region)
    {
        if (result.Outcome.Kind == OutcomeKind.Mismatch && content is { } c)
        {
            var expected = c.IsNumeric ? $"0x{(ulong)c.Number:x2}" : c.ToString();
            return $"expected {expected}, it is {OutcomeText.Format(result.Outcome, result.Returned, region, false)}";
        }
        var asksValue = allowed.Any(p => p.Kind == OutcomeKind.Returns);
        return $"expected {OutcomeText.Format(allowed, _scope)}, got {OutcomeText.Format(result.Outcome, result.Returned, region, asksValue)}"
            + (result.Outcome.Kind is OutcomeKind.Killed && step.Operation != "wait" ? $"; {step.Process} is gone" : "");
    }

    private void CheckFaults(Step step, SpecPlace place, long faults)
    {
        var expected = Evaluator.Evaluate(step.Faults!, _scope);
        if (expected.Kind == ValueKind.Poisoned) SkipNeeds(place, expected);
        else if (!expected.IsNumeric || expected.Number != faults)
            Fail(place, $"expected faults {expected}, it took {faults}", [(new ViewRequest("outcome", step.Process, []), null)], Outcome.Ok);
    }

    /// <summary>Keeps who died and whether the modelled kernel is still alive.</summary>
    private void Remember(Step step, Value[] operands, Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Bug or OutcomeKind.Oops:
                _ended = $"the world ended at line {step.Line} ({(outcome.Kind == OutcomeKind.Bug ? "BUG" : "oops")})";
                return;
            case OutcomeKind.Killed when step.Operation != "wait":
                _dead[step.Process] = $"{step.Process} died at line {step.Line}";
                return;
            case OutcomeKind.OomKill:
                _dead[outcome.Name!] = $"{outcome.Name} died at line {step.Line}";
                return;
            case OutcomeKind.Ok or OutcomeKind.Exit when step.Operation == "exit" && step.Thread is null:
                _dead[step.Process] = $"{step.Process} ended at line {step.Line}";
                return;
        }
        foreach (var operand in operands)
        {
            if (operand.Kind != ValueKind.Text) continue;
            if (step.Operation == "kill") _killers[operand.Text] = step.Line;
            else if (step.Operation == "fork" && outcome.Kind != OutcomeKind.Ok) _dead[operand.Text] = $"{operand.Text} was not forked at line {step.Line}";
            else if (step.Operation == "fork") _dead.Remove(operand.Text);
        }
    }

    private void Bind(Step step, Value value)
    {
        if (step.Result >= 0) _slots[step.Result] = value;
    }

    private void SkipStep(Step step, SpecPlace place, string reason)
    {
        Bind(step, Value.Poisoned(step.Line));
        // A child whose fork was skipped never lived.
        if (step.Operation == "fork")
            foreach (var operand in step.Operands)
                if (operand.Value is Expr.Const { Value: { Kind: ValueKind.Text } name }) _dead[name.Text] = $"{name.Text} was not forked at line {step.Line}";
        AddSkip(place, reason);
    }

    private static string Needs(Value poison) => poison.Number == 0 ? "needs what has no value yet" : $"needs line {poison.Number}";

    private void SkipNeeds(SpecPlace place, Value poison) => AddSkip(place, Needs(poison));

    private void AddSkip(SpecPlace place, string reason)
    {
        if (_gap is not null) _gapHolds = false;
        if (_skips.Count < MaxSkips) _skips.Add(new(place, reason));
    }

    private SpecPlace Place(int line, int column, string text) => new(_defs.Count == 0 ? _file : _defs[^1].File, line, column, text);

    private bool Enter(SpecPlace place)
    {
        if (!Spend()) return false;
        if (_ended is null) return true;
        AddSkip(place, _ended);
        return false;
    }

    /// <summary>Counts a statement against the bounds.</summary>
    private bool Spend()
    {
        if (_target is null || _undecided is not null || _enough) return false;
        if (++_statements > _options.StatementBudget) _undecided = $"stopped after {_options.StatementBudget} statements";
        else if (_clock.Elapsed > _options.Timeout) _undecided = TimedOut();
        return _undecided is null;
    }

    private string TimedOut() => $"stopped after {_options.Timeout.TotalSeconds:0.###} s";

    private void Fail(SpecPlace place, string message, IReadOnlyList<(ViewRequest Request, string? Field)> asked, Outcome? outcome = null) =>
        AddFailure(new(place, message) { Calls = [.. _defs.Select(d => d.Call)], Explanation = _tracing ? [.. Explain(asked, outcome).Distinct()] : [] });

    private IEnumerable<string> Explain(IReadOnlyList<(ViewRequest Request, string? Field)> asked, Outcome? outcome)
    {
        if (asked.Count == 0) return [];
        if (outcome?.Kind == OutcomeKind.Mismatch)
            return _history.Writing(outcome.At).DefaultIfEmpty("nothing was written there: a new page is filled with zeros");
        var lines = asked.SelectMany(a => _target!.Explain(a.Request, a.Field)).ToList();
        if (lines.Count == 0) lines.AddRange(_history.Touching(asked.SelectMany(a => a.Request.Arguments)));
        // What is used up is told by who used it.
        if (lines.Count == 0 && outcome?.Name is "ENOMEM" or "SIGBUS") lines.AddRange(_target!.Explain(new ViewRequest("pool", null, []), null));
        if (lines.Count == 0 && outcome is null) lines.Add("no step has changed it since the start");
        return lines;
    }

    private void AddFailure(Failure failure)
    {
        if (_gap is not null)
        {
            _gapHolds = false;
            return;
        }
        _failures.Add(failure);
        _enough = _failures.Count >= _options.MaxFailures;
    }

    private RunResult Collect()
    {
        var verdict = _failures.Count > 0 ? CaseVerdict.Failed
            : _undecided is not null ? CaseVerdict.Undecided
            : _notApplicable is not null ? CaseVerdict.NotApplicable
            : CaseVerdict.Passed;
        return new(verdict, _kernel, [.. _failures], [.. _skips], [.. _gaps], [.. _notes], _notApplicable ?? _undecided, _statements)
        {
            Unconfirmed = _rules is null ? _unconfirmed : [.. _rules.Unconfirmed],
        };
    }

    /// <summary>The first run's failures with the explanations of the traced one. A failure that did not come again (a real kernel) stays without.</summary>
    private RunResult Explained(RunResult first) => first with
    {
        Failures = [.. first.Failures.Select(f =>
            f.Explanation.IsEmpty && _failures.Find(t => t.Place == f.Place && t.Message == f.Message) is { } traced ? f with { Explanation = traced.Explanation } : f)],
    };

    /// <summary>The scope of the run's own statements.</summary>
    private sealed class RunScope(ScenarioRun run, ITarget target) : TargetScope(target, run._slots)
    {
        public override Observation Before(int slot, ViewRequest request) =>
            run._snapshots.TryGetValue(slot, out var snapshot) ? snapshot.Find(request) : base.Before(slot, request);
    }
}
