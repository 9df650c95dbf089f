using System.Diagnostics;
using System.Runtime.InteropServices;
using MmSpec.State;

namespace MmSpec.Sync;

/// <summary>
/// Depth-first search over all interleavings of a few threads. A thread runs from one scheduling point to the next; then its frames are put back from their copies, the journal is undone, and
/// the next thread has its turn at the same place. A state that was seen before, judged by a 128-bit fingerprint of memory, locks and all suspended frames, is not searched again.
/// During the callbacks the world is in the state that they are told about; they may look at it but not change it. Afterwards it is as it was before.
/// </summary>
public sealed class Explorer
{
    /// <summary>How many threads a search can have.</summary>
    public const int MaxThreads = Slab<NoState>.Actors - 1;

    private readonly KernelSync _sync;
    private readonly ExplorerLimits _limits;
    private readonly VisitedSet _visited = new(), _finals = new();
    private readonly Dictionary<UInt128, ulong> _answers = [];
    private Func<KernelTask<int>>[] _bodies = [];
    private ThreadState[] _threads = [];
    private Level[] _levels = new Level[64];
    private int _depth;
    private long _executions, _transitions;
    private string? _incomplete;
    private long _deadline, _nextLookAtClock;

    /// <summary>Makes a search.</summary>
    /// <param name="sync">The locks of the world to search.</param>
    /// <param name="limits">Bounds; the default ones if null.</param>
    public Explorer(KernelSync sync, ExplorerLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(sync);
        (_sync, _limits) = (sync, limits ?? new());
    }

    /// <summary>Whether all threads that live wait for locks. Valid in callbacks.</summary>
    public bool IsDeadlock { get; private set; }

    /// <summary>What the observer of states answered along the present run, or-ed together. Valid in callbacks.</summary>
    public ulong Seen { get; private set; }

    /// <summary>Whether a thread has ended. Valid in callbacks.</summary>
    public bool HasEnded(int thread) => _threads[thread].Phase == Phase.Ended;

    /// <summary>What an ended thread returned. Valid in callbacks.</summary>
    public int Result(int thread) => _threads[thread].Result;

    /// <summary>The steps that led to the present state. Valid in callbacks; costs time, so ask for witnesses only.</summary>
    public IReadOnlyList<ScheduleStep> Schedule()
    {
        var steps = new ScheduleStep[_depth];
        for (var i = 0; i < _depth; i++)
        {
            steps[i] = new(_levels[i].Thread, _levels[i].Before.Pending.ToString());
        }
        return steps;
    }

    /// <summary>The same as data: which thread ran, what it asked for or passed first, and whether it only queued up for the lock.</summary>
    internal IReadOnlyList<(int Thread, Pending First, bool Queued)> Path()
    {
        var path = new (int, Pending, bool)[_depth];
        for (var i = 0; i < _depth; i++)
        {
            ref var before = ref _levels[i].Before;
            var next = i + 1;
            while (next < _depth && _levels[next].Thread != _levels[i].Thread)
            {
                next++;
            }
            ref var after = ref next < _depth ? ref _levels[next].Before : ref _threads[_levels[i].Thread];
            path[i] = (_levels[i].Thread, before.Pending,
                before.Phase == Phase.Parked && after.Phase == Phase.Parked && before.Pending == after.Pending && ReferenceEquals(before.Leaf, after.Leaf) && before.HashA == after.HashA);
        }
        return path;
    }

    /// <summary>The threads that wait for a lock, and the threads that have it (-1: the code outside of the search).</summary>
    internal IEnumerable<(int Thread, Pending For, IReadOnlyList<int> Holders)> Blocked()
    {
        for (var t = 0; t < _threads.Length; t++)
            if (_threads[t].Phase == Phase.Parked && !_sync.Enabled(t + 1, _threads[t].Pending))
                yield return (t, _threads[t].Pending, [.. _sync.Locks.Get(_threads[t].Pending.Wish.Id).HolderThreads()]);
    }

    /// <summary>One line for each thread that waits: for what, and who has it. Valid in callbacks.</summary>
    public IReadOnlyList<string> Waiting()
    {
        var lines = new List<string>();
        for (var t = 0; t < _threads.Length; t++)
        {
            ref var thread = ref _threads[t];
            if (thread.Phase == Phase.Parked && !_sync.Enabled(t + 1, thread.Pending))
            {
                var holders = string.Join(", ", _sync.Locks.Get(thread.Pending.Wish.Id).HolderThreads().Select(h => h < 0 ? "the world" : $"thread {h}"));
                lines.Add($"thread {t} waits for {thread.Pending}, held by {(holders.Length > 0 ? holders : "nobody")}");
            }
        }
        return lines;
    }

    /// <summary>Runs every interleaving.</summary>
    /// <param name="bodies">The threads, at most <see cref="MaxThreads"/>. A body is started many times; it must depend on nothing but the world.</param>
    /// <param name="final">Called once for each distinct final state: all threads have ended, or none can go on (<see cref="IsDeadlock"/>).</param>
    /// <param name="state">Called once for each distinct state at a scheduling point, the first and the final ones included, or null. One bit of its answer for each property
    /// that holds there: the bits of a run are or-ed into <see cref="Seen"/>, and states that were reached with different bits are searched apart.</param>
    /// <exception cref="ExplorationException">A body threw.</exception>
    /// <exception cref="InvalidOperationException">The world could not be put back: something changed that is not a cell, slab or run map.</exception>
    public ExplorationReport Run(IReadOnlyList<Func<KernelTask<int>>> bodies, Action<Explorer> final, Func<Explorer, ulong>? state = null)
    {
        ArgumentNullException.ThrowIfNull(final);
        return Window(bodies, () => Search(final, state));
    }

    /// <summary>Runs one given schedule and shows where it ends.</summary>
    /// <param name="bodies">The threads.</param>
    /// <param name="schedule">Which thread runs at each step.</param>
    /// <param name="end">Called with the state after the last step.</param>
    /// <param name="state">As in <see cref="Run"/>.</param>
    /// <exception cref="ArgumentException">A step cannot be done: the thread has ended or waits.</exception>
    /// <exception cref="ExplorationException">A body threw.</exception>
    public ExplorationReport Replay(IReadOnlyList<Func<KernelTask<int>>> bodies, IReadOnlyList<int> schedule, Action<Explorer> end, Func<Explorer, ulong>? state = null)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(end);
        return Window(bodies, () =>
        {
            for (var i = 0; i < schedule.Count; i++)
            {
                Arrive(state);
                if ((uint)schedule[i] >= (uint)_threads.Length || !CanRun(schedule[i]))
                {
                    throw new ArgumentException($"the schedule does not fit: thread {schedule[i]} cannot run at step {i}", nameof(schedule));
                }
                Step(schedule[i]);
            }
            Arrive(state);
            IsDeadlock = NextEnabled(0) < 0 && !AllEnded();
            end(this);
            _executions++;
            while (_depth > 0)
            {
                Back();
            }
        });
    }

    private ExplorationReport Window(IReadOnlyList<Func<KernelTask<int>>> bodies, Action search)
    {
        ArgumentNullException.ThrowIfNull(bodies);
        if (bodies.Count > MaxThreads)
        {
            throw new ArgumentException($"a search has at most {MaxThreads} threads", nameof(bodies));
        }
        var store = _sync.Store;
        (_bodies, _threads) = ([.. bodies], new ThreadState[bodies.Count]);
        (_executions, _transitions, _incomplete, _nextLookAtClock) = (0, 0, null, 0);
        _deadline = Stopwatch.GetTimestamp() + (long)(_limits.MaxTime.TotalSeconds * Stopwatch.Frequency);
        _sync.Order.Clear();
        _visited.Clear();
        _finals.Clear();
        _answers.Clear();
        Seen = 0;
        store.BeginJournal();
        _sync.EnterExploration();
        var before = store.Fingerprint;
        UInt128 after;
        try
        {
            search();
        }
        finally
        {
            while (_depth > 0)
            {
                TakeBack();
            }
            _sync.LeaveExploration();
            store.Undo(0);
            store.EndJournal();
            after = store.Recompute();
        }
        if (after != before)
        {
            throw new InvalidOperationException("after the search the world is not what it was before: something changed that the journal does not see");
        }
        return new(_incomplete is null, _incomplete, _executions, _transitions, Math.Max(_visited.Count, 1), _sync.Order.Cycle(), [.. _sync.Order.Edges()]);
    }

    private void Search(Action<Explorer> final, Func<Explorer, ulong>? state)
    {
        _visited.Add(Arrive(state));
        var next = NextEnabled(0);
        if (next < 0)
        {
            Finish(final);
        }
        while (true)
        {
            if (next >= 0 && WithinLimits())
            {
                Step(next);
                if (_visited.Add(Arrive(state)) || !_limits.Caching)
                {
                    next = NextEnabled(0);
                    if (next >= 0)
                    {
                        continue;
                    }
                    Finish(final);
                }
            }
            if (_depth == 0)
            {
                return;
            }
            next = NextEnabled(Back() + 1);
        }
    }

    /// <summary>Looks at the state that was just reached.</summary>
    /// <returns>Its fingerprint, what the run has seen included.</returns>
    private UInt128 Arrive(Func<Explorer, ulong>? state)
    {
        if (state is not null)
        {
            ref var bits = ref CollectionsMarshal.GetValueRefOrAddDefault(_answers, MemoryAndThreads(), out var known);
            if (!known)
            {
                bits = state(this);
            }
            Seen |= bits;
        }
        return Fingerprint();
    }

    private void Finish(Action<Explorer> final)
    {
        _executions++;
        IsDeadlock = !AllEnded();
        if (_finals.Add(Fingerprint()))
        {
            final(this);
        }
        IsDeadlock = false;
    }

    private bool WithinLimits()
    {
        if (_incomplete is not null)
        {
            return false;
        }
        if (_transitions >= _limits.MaxTransitions)
        {
            _incomplete = $"the limit of {_limits.MaxTransitions} transitions was reached";
        }
        else if (_visited.Count >= _limits.MaxStates)
        {
            _incomplete = $"the limit of {_limits.MaxStates} states was reached";
        }
        else if (_depth >= _limits.MaxDepth)
        {
            _incomplete = $"a run has more than {_limits.MaxDepth} steps";
        }
        else if (_transitions >= _nextLookAtClock)
        {
            _nextLookAtClock = _transitions + 1024;
            if (Stopwatch.GetTimestamp() > _deadline)
            {
                _incomplete = $"the limit of {_limits.MaxTime.TotalSeconds:0.#} s was reached";
            }
            else if (_limits.Stop?.Invoke() == true)
            {
                _incomplete = "the search was stopped";
            }
        }
        return _incomplete is null;
    }

    /// <summary>The first thread from <paramref name="from"/> on that can run, or -1.</summary>
    private int NextEnabled(int from)
    {
        for (var t = from; t < _threads.Length; t++)
        {
            if (CanRun(t))
            {
                return t;
            }
        }
        return -1;
    }

    private bool CanRun(int t) => _threads[t].Phase != Phase.Ended && _sync.Enabled(t + 1, _threads[t].Pending);

    private bool AllEnded() => Array.TrueForAll(_threads, t => t.Phase == Phase.Ended);

    /// <summary>Lets a thread run to its next scheduling point.</summary>
    private void Step(int t)
    {
        if (_depth == _levels.Length)
        {
            Array.Resize(ref _levels, _depth * 2);
        }
        ref var thread = ref _threads[t];
        ref var level = ref _levels[_depth++];
        (level.Thread, level.Before, level.Mark, level.Frames, level.Seen) = (t, thread, _sync.Store.Mark(), _sync.FrameMark(), Seen);
        _transitions++;
        _sync.Store.Actor = t + 1;
        _sync.ParkedFrame = null;
        try
        {
            if (thread.Phase == Phase.New)
            {
                var task = _bodies[t]();
                thread.Root = task.Frame;
                if (task.IsCompleted)
                {
                    End(ref thread, task.GetAwaiter().GetResult());
                    return;
                }
            }
            else
            {
                if (!_sync.Proceed(thread.Pending))
                {
                    return;         // queued up; the lock table says so
                }
                thread.Leaf!.Resume();
                if (thread.Root!.IsCompleted)
                {
                    End(ref thread, thread.Root.GetResult());
                    return;
                }
            }
            if (_sync.ParkedFrame is null)
            {
                throw new InvalidOperationException("the thread neither ended nor waits for anything");
            }
        }
        catch (Exception e) when (e is not ExplorationException)
        {
            throw new ExplorationException(t, Schedule(), e);
        }
        (thread.Phase, thread.Leaf, thread.Pending) = (Phase.Parked, _sync.ParkedFrame, _sync.ParkedFor);
        HashFrames(t, ref thread);
    }

    private void End(ref ThreadState thread, int result)
    {
        foreach (ref readonly var held in _sync.Locks.Locks)
        {
            if ((held.Holders & (1u << _sync.Store.Actor)) != 0)
            {
                throw new LockException($"the thread ends and still holds {LockWish.Name(held.Id)}");
            }
        }
        thread = new ThreadState { Phase = Phase.Ended, Result = result };
        Seal(_sync.Store.Actor - 1, ref thread, 0, 0);
    }

    /// <summary>Takes the last step back.</summary>
    /// <returns>The thread that made it.</returns>
    private int Back()
    {
        var t = TakeBack();
        if (_limits.Paranoid)
        {
            CheckRestored(t);
        }
        return t;
    }

    private int TakeBack()
    {
        ref var level = ref _levels[--_depth];
        _sync.Store.Undo(level.Mark);
        _sync.RestoreFrames(level.Frames);
        _threads[level.Thread] = level.Before;
        Seen = level.Seen;
        return level.Thread;
    }

    private void CheckRestored(int t)
    {
        if (_sync.Store.Recompute() != _sync.Store.Fingerprint)
        {
            throw new InvalidOperationException($"after a step of thread {t} was undone, memory is not what it was before");
        }
        var now = _threads[t];
        if (now.Phase == Phase.Parked)
        {
            HashFrames(t, ref now);
            if ((now.HashA, now.HashB) != (_threads[t].HashA, _threads[t].HashB))
            {
                throw new InvalidOperationException($"after a step of thread {t} was undone, its frames are not what they were before");
            }
        }
    }

    private static void HashFrames(int t, ref ThreadState thread)
    {
        var (a, b) = (0UL, 0UL);
        for (var frame = thread.Leaf; frame is not null; frame = frame.Waiter)
        {
            frame.Mix(ref a, ref b);
        }
        Seal(t, ref thread, a, b);
    }

    private static void Seal(int t, ref ThreadState thread, ulong a, ulong b)
    {
        var what = ((ulong)t << 40) | ((ulong)thread.Phase << 32) | (uint)thread.Result;
        var about = thread.Pending.Wish.Bits;
        thread.HashA = StateHash.Mix(StateHash.Mix(StateHash.Mix(StateHash.LaneA, what), about), a);
        thread.HashB = StateHash.Mix(StateHash.Mix(StateHash.Mix(StateHash.LaneB, what), about), b);
    }

    private UInt128 Fingerprint() => Seen == 0 ? MemoryAndThreads() : MemoryAndThreads() + new UInt128(StateHash.Mix(StateHash.LaneA, Seen), StateHash.Mix(StateHash.LaneB, Seen));

    /// <summary>Memory, locks and threads.</summary>
    private UInt128 MemoryAndThreads()
    {
        var sum = _sync.Store.Sum;
        foreach (ref readonly var thread in _threads.AsSpan())
        {
            sum.Add(thread.HashA, thread.HashB);
        }
        return sum.Value;
    }

    private enum Phase : byte { New, Parked, Ended }

    private struct ThreadState
    {
        public Phase Phase;
        public int Result;
        public Pending Pending;
        public Frame? Leaf;
        public Frame<int>? Root;
        public ulong HashA, HashB;
    }

    private struct Level
    {
        public int Thread, Mark;
        public (int Created, int Touched) Frames;
        public ThreadState Before;
        public ulong Seen;
    }

    private readonly struct NoState : IStateful<NoState>
    {
        public ulong HashInto(ulong seed) => seed;

        public bool Equals(NoState other) => true;
    }
}
