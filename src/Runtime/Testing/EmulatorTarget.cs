using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.Views;

namespace MmSpec.Testing;

/// <summary>The emulator as a target: a world of its own for every case.</summary>
public sealed partial class EmulatorTarget : ITarget, ISelfChecking, IRuleNotes
{
    private readonly World _world;
    private readonly StepDispatch _dispatch;
    private readonly ViewReader _views;

    /// <summary>Starts a machine.</summary>
    /// <param name="traits">The kernel's rules.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="tracing">Note how counters come about, for <see cref="Explain"/>.</param>
    /// <param name="forceYield">Really suspend at every scheduling point and go on: results must be the same. For tests.</param>
    /// <param name="singlePages">Change one page at a time where a range could be changed: results must be the same. For tests.</param>
    /// <exception cref="NotSupportedException">The machine asks for something that the emulator cannot give.</exception>
    public EmulatorTarget(Traits traits, Machine machine, bool tracing, bool forceYield = false, bool singlePages = false)
    {
        ArgumentNullException.ThrowIfNull(traits);
        ArgumentNullException.ThrowIfNull(machine);
        _world = new(traits, new(machine), tracing) { SinglePages = singlePages };
        _world.Sync.ForceYield = forceYield;
        _dispatch = new(_world);
        _views = new(_world);
    }

    /// <inheritdoc />
    public Kernel Kernel => _world.Traits.Kernel;

    /// <summary>Bounds of the searches, and how suspicious they are.</summary>
    internal Sync.ExplorerLimits SearchLimits { get; set; } = new();

    /// <summary>The world, for tests.</summary>
    internal World World => _world;

    /// <inheritdoc />
    public bool Holds(Condition condition) => _world.Traits.Holds(condition);

    /// <inheritdoc />
    public StepResult Run(Step step, Value[] operands, Value? content, bool signalExpected)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (_world.HasCrashed) return new(Outcome.Skipped, Value.Absent, 0);
        _world.Trace?.Begin(step.Line, step.Operation);
        if (!_dispatch.TryProcess(step.Process, out var process)) return new(Outcome.Skipped, Value.Absent, 0);
        var before = process == 0 ? 0 : _world.Processes.All[process].MinorFaults;
        var result = _world.Sync.Run(_dispatch.Start(step, operands, content, signalExpected, process));
        var (outcome, returned) = _dispatch.Finish(step, operands, result);
        return new(outcome, returned, process == 0 ? 0 : (long)(_world.Processes.All[process].MinorFaults - before));
    }

    /// <inheritdoc />
    public Observation Observe(ViewRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        // A process may be looked at before it does anything. In a search nothing may change.
        if (!_world.Store.Journaling && request.Process is { } name && _world.Processes.Find(name) == 0) _dispatch.TryProcess(name, out _);
        return _views.Observe(request);
    }

    /// <inheritdoc />
    public IReadOnlyList<string> Explain(ViewRequest request, string? field) => _world.Trace is null ? [] : Explanations.Of(_world, request, field);

    /// <inheritdoc />
    public IReadOnlyList<string> FindInconsistencies() => new SlowTwins(_world).Find();

    /// <inheritdoc />
    public IReadOnlyList<Rule> Bugs => _world.Bugs;

    /// <inheritdoc />
    public IReadOnlyList<Rule> Unconfirmed => _world.Traits.Unconfirmed(_ranConcurrently);

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
