using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Testing;

/// <summary>A step's outcome as state.</summary>
/// <param name="Done">It was run.</param>
/// <param name="Errno">Number of the error, if Kind says so.</param>
/// <param name="Incident">Kind and particulars.</param>
/// <param name="Returned">Kind of the returned value.</param>
/// <param name="Number">Its number.</param>
/// <param name="Length">Its length.</param>
internal readonly record struct StepState(bool Done, int Errno, Incident Incident, ValueKind Returned, ulong Number, ulong Length)
{
    /// <summary>As an outcome.</summary>
    public Outcome ToOutcome() => !Done ? Outcome.Skipped : Incident.Kind == OutcomeKind.Ok ? Outcome.Ok
        : Incident.Kind == OutcomeKind.Errno ? Outcome.Errno(Mm.Errno.Name(Errno)) : Incident.ToOutcome();

    /// <summary>What was returned.</summary>
    public Value ToValue() => Done ? new(Returned, Number, Length, null) : Value.Absent;
}

/// <summary>Runs a concurrent block in every interleaving. Outcomes and slots are state, so that the search undoes them.</summary>
[SharedImmutable]
internal sealed partial class ConcurrentRun
{
    private readonly EmulatorTarget _target;
    private readonly World _world;
    private readonly StepDispatch _dispatch;
    private readonly IReadOnlyList<ThreadProgram> _threads;
    private readonly Value[] _slots;
    private readonly IConcurrentObserver _observer;
    private readonly Cell<StepState>[][] _outcomes;
    private readonly Dictionary<string, (int Thread, int Step)> _labels = [];
    private readonly Dictionary<int, (int Thread, int Step)> _bound = [];

    public ConcurrentRun(EmulatorTarget target, World world, StepDispatch dispatch, IReadOnlyList<ThreadProgram> threads, Value[] slots, IConcurrentObserver observer)
    {
        (_target, _world, _dispatch, _threads, _slots, _observer) = (target, world, dispatch, threads, slots, observer);
        _outcomes = new Cell<StepState>[threads.Count][];
        for (var t = 0; t < threads.Count; t++)
        {
            var steps = threads[t].Steps;
            _outcomes[t] = new Cell<StepState>[steps.Length];
            for (var s = 0; s < steps.Length; s++)
            {
                _outcomes[t][s] = new(world.Store, StateHash.Key(StateKind.Outcomes, (ulong)t, (ulong)s));
                if (steps[s].Label is { } label) _labels[label] = (t, s);
                if (steps[s].Result >= 0) _bound[steps[s].Result] = (t, s);
            }
        }
    }

    /// <summary>Searches.</summary>
    public ConcurrentReport Search()
    {
        if (_threads.Count > Explorer.MaxThreads) return new(false, $"the emulator explores at most {Explorer.MaxThreads} threads", 0, 0, 0);
        foreach (var thread in _threads) _dispatch.TryProcess(thread.Process, out _);
        var explorer = new Explorer(_world.Sync, _target.SearchLimits with { Stop = () => _observer.Stop });
        var bodies = new Func<KernelTask<int>>[_threads.Count];
        for (var t = 0; t < bodies.Length; t++)
        {
            var thread = t;
            bodies[t] = () => Body(thread);
        }
        if (_observer.Asks(NotSerializable)) FindSerialOrders();
        int[]? first = null;
        Func<Explorer, ulong>? look = _observer.WantsEveryState ? e => _observer.State(new FinalState(this, e, inversion: false)) : null;
        var report = explorer.Run(bodies, e =>
        {
            first ??= [.. e.Schedule().Select(s => s.Thread)];
            _observer.Final(new FinalState(this, e, inversion: false));
        }, look);
        // A cycle of lock classes belongs to all runs together: one of them is shown again, with the event.
        if (report.LockCycle is not null && first is not null)
            new Explorer(_world.Sync).Replay(bodies, first, e => _observer.Final(new FinalState(this, e, inversion: true)), look);
        return new(report.Complete, report.Incomplete, report.Executions, report.Transitions, report.States);
    }

    /// <summary>The value of a slot in the present state.</summary>
    private Value Slot(int index) => _bound.TryGetValue(index, out var at) && _outcomes[at.Thread][at.Step].Value is { Done: true } done
        ? done.ToOutcome().Kind is OutcomeKind.Ok or OutcomeKind.Warn or OutcomeKind.Undefined ? done.ToValue() : Value.Poisoned(_threads[at.Thread].Steps[at.Step].Line)
        : _slots[index];

    private async KernelTask<int> Body(int thread)
    {
        var done = 0;
        while (done < _outcomes[thread].Length)
        {
            // What a step does before its first lock must not belong to the end of the step before it.
            if (done > 0) await _world.Sync.Point(ScheduleText.NextStep);
            if (!CanRun(thread, done)) break;
            await Step(thread, done++);
        }
        return done;
    }

    private async KernelTask<long> Step(int thread, int step)
    {
        // Another thread may kill the process, or replace its address space, in the middle of the step.
        var space = _world.Processes.GrabSpace(Process(thread));
        Record(thread, step, await Start(thread, step));
        return space != 0 && !_world.HasCrashed ? await _world.Processes.DropSpace(space) : 0;
    }

    private int Process(int thread) => _dispatch.TryProcess(_threads[thread].Process, out var process) ? process : 0;

    private bool CanRun(int thread, int step)
    {
        if (_world.HasCrashed) return false;
        if (!_dispatch.TryProcess(_threads[thread].Process, out _)) return false;
        try
        {
            foreach (var value in Operands(thread, step)) if (value.Kind == ValueKind.Poisoned) return false;
            return true;
        }
        catch (EvaluationException)
        {
            return false;       // an operand has no value in this run: the step is not reached
        }
    }

    private Value[] Operands(int thread, int step)
    {
        var scope = new ThreadScope(this);
        var operands = _threads[thread].Steps[step].Operands;
        var values = new Value[operands.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Evaluator.Evaluate(operands[i].Value, scope);
        return values;
    }

    private KernelTask<long> Start(int thread, int s)
    {
        var step = _threads[thread].Steps[s];
        var scope = new ThreadScope(this);
        _dispatch.TryProcess(step.Process, out var process);
        Value? content = step.Content is null ? null : Evaluator.Evaluate(step.Content, scope);
        return _dispatch.Start(step, Operands(thread, s), content, OutcomeMatcher.SignalExpected(step, scope), process);
    }

    private void Record(int thread, int s, long result)
    {
        var step = _threads[thread].Steps[s];
        var (outcome, returned) = _dispatch.Finish(step, Operands(thread, s), result);
        var incident = new Incident(outcome.Kind, outcome.Kind == OutcomeKind.Errno ? 0 : Names.Key(outcome.Name), Names.Key(outcome.Code), outcome.At, outcome.Got);
        _outcomes[thread][s].Value = new(true, outcome.Kind == OutcomeKind.Errno ? Catalog.Errnos.Numbers[outcome.Name!] : 0, incident, returned.Kind, (ulong)returned.Number, returned.Length);
        _world.Incident = default;
    }

    private sealed class ThreadScope(ConcurrentRun run) : EvaluationScope
    {
        public override Value Slot(int index) => run.Slot(index);

        public override bool Holds(Kernels.Condition condition) => run._target.Holds(condition);

        public override Observation Observe(ViewRequest request) => run._target.Observe(request);
    }

    private sealed class FinalState(ConcurrentRun run, Explorer explorer, bool inversion) : IFinalState
    {
        public Observation Observe(ViewRequest request) => run._target.Observe(request);

        public Outcome OutcomeOf(string label) => run._labels.TryGetValue(label, out var at) ? OutcomeAt(at.Thread, at.Step) : Outcome.Skipped;

        public Outcome OutcomeAt(int thread, int step) => run._outcomes[thread][step].Value.ToOutcome();

        public Value ValueOf(string label) => run._labels.TryGetValue(label, out var at) ? run._outcomes[at.Thread][at.Step].Value.ToValue() : Value.Absent;

        public ulong Seen => explorer.Seen;

        public bool Happened(string name) => name switch
        {
            "deadlock" => explorer.IsDeadlock && !run._world.HasCrashed,
            "BUG" => run._world.Crash.Kind == OutcomeKind.Bug,
            "oops" => run._world.Crash.Kind == OutcomeKind.Oops,
            "undefined" => run._outcomes.Any(t => t.Any(s => s.Value.ToOutcome().Kind == OutcomeKind.Undefined)),
            "lock-inversion" => inversion,
            NotSerializable => run.IsOutsideSerialOrders(),
            _ => false,
        };

        public Value Slot(int index) => run.Slot(index);

        public IReadOnlyList<string> Schedule() => new ScheduleText(run._threads, run._world).Lines(explorer);
    }
}
