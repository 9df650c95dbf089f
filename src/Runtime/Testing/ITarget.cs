using MmSpec.Kernels;

namespace MmSpec.Testing;

/// <summary>A view with its arguments evaluated.</summary>
public sealed record ViewRequest(string Name, string? Process, Value[] Arguments);

/// <summary>One stretch of a region in an entry view (<c>pages</c>, <c>vmas</c>, <c>mincore</c>).</summary>
/// <param name="From">First byte, relative to the region.</param>
/// <param name="To">First byte after it.</param>
/// <param name="Attributes">Words and <c>word number</c> pairs (<c>order 4</c>); for <c>vmas</c> one word, the permissions.</param>
public sealed record ObservedEntry(ulong From, ulong To, IReadOnlyList<string> Attributes);

/// <summary>What a view shows at one moment.</summary>
public sealed record Observation
{
    /// <summary>Field views: name to value. A field that this kernel lacks is missing.</summary>
    public IReadOnlyDictionary<string, Value>? Fields { get; init; }
    /// <summary>Entry views: stretches in order of address, covering the region.</summary>
    public IReadOnlyList<ObservedEntry>? Entries { get; init; }
    /// <summary>Views that are one value: <c>pool</c>, <c>state</c>, <c>byte</c>, <c>page</c>.</summary>
    public Value? Whole { get; init; }
    /// <summary>Why the view cannot be answered (R cuts a VMA, the process is gone), or null.</summary>
    public string? Error { get; init; }
}

/// <summary>Something that shows views.</summary>
public interface IObservable
{
    /// <summary>What the view shows now; never throws for bad ranges, see <see cref="Observation.Error"/>.</summary>
    Observation Observe(ViewRequest request);
}

/// <summary>A final state (or, for <c>ever</c>, a state at a scheduling point) of a concurrent block. Valid only during the call that hands it over.</summary>
public interface IFinalState : IObservable
{
    /// <summary>The outcome of a labelled step.</summary>
    Outcome OutcomeOf(string label);
    /// <summary>What a labelled step loaded or returned.</summary>
    Value ValueOf(string label);
    /// <summary>Whether a built-in event (<c>deadlock</c>, <c>BUG</c> …) happened in this run.</summary>
    bool Happened(string name);
    /// <summary>The outcome of any step of the block, labelled or not: a step that was not reached is <see cref="OutcomeKind.Skipped"/>.</summary>
    /// <param name="thread">Index into the threads handed to <see cref="ITarget.Concurrent"/>.</param>
    /// <param name="step">Index into that thread's steps.</param>
    Outcome OutcomeAt(int thread, int step);
    /// <summary>What the calls of <see cref="IConcurrentObserver.State"/> along this run answered, or-ed together.</summary>
    ulong Seen { get; }
    /// <summary>The values of slots as this run left them.</summary>
    Value Slot(int index);
    /// <summary>The schedule that led here, one line a transition; costly, call it for a witness only.</summary>
    IReadOnlyList<string> Schedule();
}

/// <summary>Receives the states of a concurrent block.</summary>
public interface IConcurrentObserver
{
    /// <summary>Whether <see cref="State"/> is to be called at every scheduling point (some judgement says <c>ever</c>).</summary>
    bool WantsEveryState { get; }
    /// <summary>Whether some judgement asks for a built-in event (see <see cref="IFinalState.Happened"/>); one that costs is looked for only then.</summary>
    bool Asks(string name) => true;
    /// <summary>A distinct final state; runs that end alike may be handed over once.</summary>
    void Final(IFinalState state);
    /// <summary>A state at a scheduling point, the last one of a run included.</summary>
    /// <returns>
    /// One bit for each <c>ever(P)</c> whose P holds here. The search or-s them into what the run has seen (<see cref="IFinalState.Seen"/>); that is
    /// part of the state's fingerprint, since two runs that meet in one state may differ in what they saw before.
    /// </returns>
    ulong State(IFinalState state);
    /// <summary>The search is to end now (time-out); it is then reported as incomplete. Ask every few thousand transitions.</summary>
    bool Stop { get; }
}

/// <summary>How far a concurrent block was searched.</summary>
/// <param name="Complete">Every interleaving is covered.</param>
/// <param name="Incomplete">Why not (bound, time-out), or null.</param>
/// <param name="Executions">Complete runs.</param>
/// <param name="Transitions">Steps of a thread from one scheduling point to the next.</param>
/// <param name="States">Distinct states at scheduling points.</param>
public sealed record ConcurrentReport(bool Complete, string? Incomplete, long Executions, long Transitions, long States);

/// <summary>Where a scenario runs: the emulator, or a real kernel. One instance is one fresh world.</summary>
public interface ITarget : IObservable, IDisposable
{
    /// <summary>The kernel that it is or models.</summary>
    Kernel Kernel { get; }
    /// <summary>Whether an arm's condition holds here.</summary>
    bool Holds(Condition condition);
    /// <summary>Runs one step. Operands are evaluated, in the order of <see cref="Step.Operands"/>.</summary>
    /// <param name="step">The step.</param>
    /// <param name="operands">Values of its operands.</param>
    /// <param name="content">Expected content, or null.</param>
    /// <param name="signalExpected">A signal is caught instead of killing the process.</param>
    StepResult Run(Step step, Value[] operands, Value? content, bool signalExpected);
    /// <summary>Runs a concurrent block in every interleaving (or as a stress run) and leaves the world as it was before it.</summary>
    /// <param name="threads">The threads.</param>
    /// <param name="slots">Values of the slots before the block.</param>
    /// <param name="observer">Receives the states.</param>
    ConcurrentReport Concurrent(IReadOnlyList<ThreadProgram> threads, Value[] slots, IConcurrentObserver observer);
    /// <summary>
    /// Lines that tell how a view's field came about; empty unless the target was made with tracing. A request named <c>outcome</c>, without
    /// arguments, asks about the latest step: why it came out so.
    /// </summary>
    IReadOnlyList<string> Explain(ViewRequest request, string? field);
}

/// <summary>A target that can recompute what it caches (slow twins); asked after every step under <c>--paranoid</c>.</summary>
public interface ISelfChecking
{
    /// <summary>What does not agree with what it is computed from, one line each; empty when all is well.</summary>
    IReadOnlyList<string> FindInconsistencies();
}

/// <summary>A target that can tell which rules of the model its answers hang on: an emulator.</summary>
public interface IRuleNotes
{
    /// <summary>Defects of the kernel that decided something, in the order in which they were first met; it only grows.</summary>
    IReadOnlyList<Rule> Bugs { get; }
    /// <summary>Rules that were asked for although no real kernel vouches for their answer, in order of id.</summary>
    IReadOnlyList<Rule> Unconfirmed { get; }
}

/// <summary>Makes targets; a run asks for a fresh one for every case, and for one with tracing to explain a failure.</summary>
public interface ITargetFactory
{
    /// <summary>A fresh world on the given machine.</summary>
    /// <exception cref="NotSupportedException">The machine asks for something the target cannot give; the message says what.</exception>
    ITarget Create(Kernel kernel, Machine machine, bool tracing);
}
