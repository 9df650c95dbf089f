namespace MmSpec.Sync;

/// <summary>Bounds of a search. What they cut off makes the search incomplete.</summary>
public sealed record ExplorerLimits
{
    /// <summary>Steps of a thread from one scheduling point to the next.</summary>
    public long MaxTransitions { get; init; } = 50_000_000;

    /// <summary>Distinct states; each takes 32 to 64 bytes.</summary>
    public int MaxStates { get; init; } = 4_000_000;

    /// <summary>Time.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Asked every thousand transitions: whether to stop now.</summary>
    public Func<bool>? Stop { get; init; }

    /// <summary>Steps of one run; a loop that never ends runs into it.</summary>
    public int MaxDepth { get; init; } = 100_000;

    /// <summary>Whether a state that was seen is not searched again. Without it every interleaving is executed.</summary>
    public bool Caching { get; init; } = true;

    /// <summary>After every step that is taken back, compute from scratch whether memory and frames are as they were. Slow.</summary>
    public bool Paranoid { get; init; }
}

/// <summary>One step of a schedule.</summary>
/// <param name="Thread">Which thread ran, from 0.</param>
/// <param name="What">What it did first: a lock that it took, or the name of the point that it passed.</param>
public readonly record struct ScheduleStep(int Thread, string What);

/// <summary>How a search went.</summary>
/// <param name="Complete">Every interleaving is covered.</param>
/// <param name="Incomplete">Why not, or null.</param>
/// <param name="Executions">Runs that came to an end; with caching, only those that nothing seen before cut short.</param>
/// <param name="Transitions">Steps of a thread from one scheduling point to the next.</param>
/// <param name="States">Distinct states at scheduling points.</param>
/// <param name="LockCycle">Lock classes that were taken in a cycle, the first repeated at the end; null if there is none.</param>
/// <param name="LockEdges">Which class was taken while which was held.</param>
public sealed record ExplorationReport(bool Complete, string? Incomplete, long Executions, long Transitions, long States,
    IReadOnlyList<LockClass>? LockCycle, IReadOnlyList<(LockClass Held, LockClass Taken)> LockEdges);

/// <summary>A thread body threw, which is an error of the model. The world was put back before this was thrown.</summary>
public sealed class ExplorationException : Exception
{
    /// <summary>Makes one.</summary>
    public ExplorationException(int thread, IReadOnlyList<ScheduleStep> schedule, Exception inner)
        : base($"thread {thread} failed after {schedule.Count} steps: {inner.Message}", inner) => (Thread, Schedule) = (thread, schedule);

    /// <summary>Which thread.</summary>
    public int Thread { get; }

    /// <summary>The steps up to there; <see cref="Explorer.Replay"/> comes to the same place.</summary>
    public IReadOnlyList<ScheduleStep> Schedule { get; }
}
