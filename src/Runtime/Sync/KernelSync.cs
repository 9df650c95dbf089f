using MmSpec.State;

namespace MmSpec.Sync;

/// <summary>The model's locks were used in a way that the kernel's lockdep would refuse: an error of the model, not of a scenario.</summary>
public sealed class LockException(string message) : InvalidOperationException(message);

/// <summary>
/// Locks and scheduling points of one world. Outside a search awaits complete at once and allocate nothing, and a lock that is not free is an error, since nobody else could release it.
/// Inside one (<see cref="Explorer"/>) every <see cref="Point"/> and every lock that is taken is a place where another thread may run. Dropping a lock is none: what follows up to the
/// next point must not touch shared state without a lock, and then nobody can tell the difference.
/// </summary>
public sealed class KernelSync
{
    private readonly LockTable _locks;
    private readonly List<Frame> _created = [], _touched = [];
    private Mode _mode;
    private bool _forceYield;

    /// <summary>Makes the locks of a world.</summary>
    /// <param name="store">The world's store; who holds which lock is state like any other.</param>
    public KernelSync(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Store = store;
        _locks = new LockTable(store);
    }

    private enum Mode { Immediate, Yield, Explore }

    /// <summary>The world's store.</summary>
    public Store Store { get; }

    /// <summary>Really suspend at every point and every lock, copy the frames away and back, and go on: the outcome must be the same. For tests; <see cref="Run{T}"/> drives it.</summary>
    public bool ForceYield
    {
        get => _forceYield;
        set
        {
            _forceYield = value;
            if (_mode != Mode.Explore)
            {
                _mode = value ? Mode.Yield : Mode.Immediate;
            }
        }
    }

    internal bool IsImmediate => _mode == Mode.Immediate;

    /// <summary>What the thread that parked last waits with, and for.</summary>
    internal Frame? ParkedFrame { get; set; }

    internal Pending ParkedFor;

    /// <summary>The answer to the lock request that is being resumed.</summary>
    internal bool LastTaken { get; set; }

    internal LockTable Locks => _locks;

    /// <summary>Edges of the lock order that were seen in searches.</summary>
    internal LockOrder Order { get; } = new();

    /// <summary>A scheduling point.</summary>
    /// <param name="what">What comes next, for witnesses; a constant.</param>
    public Point Point(string? what = null) => new(this, what);

    /// <summary>Takes a lock for reading.</summary>
    /// <param name="c">The lock's class.</param>
    /// <param name="instance">Whose lock.</param>
    /// <param name="subclass">1 where a second lock of the class is taken on purpose.</param>
    /// <exception cref="LockException">The caller has it already, or (outside a search) it is not free.</exception>
    public LockRequest Read(LockClass c, int instance = 0, int subclass = 0) => Ask(PendingKind.Read, new(c, instance, subclass));

    /// <summary>Takes a lock for writing, or a mutex or spinlock.</summary>
    /// <inheritdoc cref="Read"/>
    public LockRequest Write(LockClass c, int instance = 0, int subclass = 0) => Ask(PendingKind.Write, new(c, instance, subclass));

    /// <summary>Takes a lock for reading if it is free: <c>if (await sync.TryRead(…))</c>.</summary>
    /// <inheritdoc cref="Read"/>
    public LockRequest TryRead(LockClass c, int instance = 0, int subclass = 0) => Ask(PendingKind.TryRead, new(c, instance, subclass));

    /// <summary>Takes a lock for writing if it is free: <c>if (await sync.TryWrite(…))</c>.</summary>
    /// <inheritdoc cref="Read"/>
    public LockRequest TryWrite(LockClass c, int instance = 0, int subclass = 0) => Ask(PendingKind.TryWrite, new(c, instance, subclass));

    /// <summary>Drops a lock that is held for reading.</summary>
    /// <exception cref="LockException">It is not.</exception>
    public void ReleaseRead(LockClass c, int instance = 0) => Release(c, instance, write: false);

    /// <summary>Drops a lock that is held for writing.</summary>
    /// <exception cref="LockException">It is not.</exception>
    public void ReleaseWrite(LockClass c, int instance = 0) => Release(c, instance, write: true);

    /// <summary>Turns a write lock into a read lock (downgrade_write).</summary>
    /// <exception cref="LockException">It is not held for writing.</exception>
    public void Downgrade(LockClass c, int instance = 0)
    {
        RequireHeld(c, instance, write: true);
        var state = _locks.Get(new LockName(c, instance, 0).Id);
        (state.Readers, state.Writer) = (Me, 0);
        _locks.Set(state);
    }

    /// <summary>Whether the running thread holds the lock.</summary>
    public bool IsHeld(LockClass c, int instance = 0, bool write = false)
    {
        var state = _locks.Get(new LockName(c, instance, 0).Id);
        return ((write ? state.Writer : state.Holders) & Me) != 0;
    }

    /// <summary>The kernel's lockdep_assert_held.</summary>
    /// <exception cref="LockException">The running thread does not hold the lock (for writing, if so asked).</exception>
    public void RequireHeld(LockClass c, int instance = 0, bool write = false)
    {
        if (!IsHeld(c, instance, write))
        {
            throw new LockException($"{new LockName(c, instance, 0)} must be held{(write ? " for writing" : "")} here");
        }
    }

    /// <summary>Runs a syscall to its end outside a search.</summary>
    /// <returns>Its result; what it throws is thrown.</returns>
    public T Run<T>(KernelTask<T> task)
    {
        if (task.Frame is null)
        {
            return task.GetAwaiter().GetResult();
        }
        try
        {
            while (!task.IsCompleted)
            {
                Yield();
            }
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            Release(_created, 0);
        }
    }

    /// <summary>Runs a syscall without a result to its end outside a search.</summary>
    public void Run(KernelTask task) => Run(task.Task);

    private uint Me => 1u << Store.Actor;

    private LockRequest Ask(PendingKind kind, LockName name)
    {
        var pending = new Pending { Kind = kind, Lock = name };
        return _mode == Mode.Immediate ? new(Take(pending)) : new(this, pending);
    }

    internal void EnterExploration() => _mode = Mode.Explore;

    internal void LeaveExploration()
    {
        _mode = _forceYield ? Mode.Yield : Mode.Immediate;
        (ParkedFrame, ParkedFor) = (null, default);
    }

    internal void Park(Frame frame, in Pending pending) => (ParkedFrame, ParkedFor) = (frame, pending);

    /// <summary>Frames made and touched so far, to come back to.</summary>
    internal (int Created, int Touched) FrameMark() => (_created.Count, _touched.Count);

    /// <summary>Brings all frames back to how they were at the mark.</summary>
    internal void RestoreFrames((int Created, int Touched) mark)
    {
        for (var i = _touched.Count - 1; i >= mark.Touched; i--)
        {
            _touched[i].Restore();
        }
        _touched.RemoveRange(mark.Touched, _touched.Count - mark.Touched);
        Release(_created, mark.Created);
    }

    internal void Created(Frame frame) => _created.Add(frame);

    /// <summary>The frame is about to run.</summary>
    internal void Touch(Frame frame)
    {
        if (_mode == Mode.Explore)
        {
            frame.Save();
            _touched.Add(frame);
        }
    }

    private static void Release(List<Frame> frames, int from)
    {
        for (var i = frames.Count - 1; i >= from; i--)
        {
            frames[i].Release();
        }
        frames.RemoveRange(from, frames.Count - from);
    }

    /// <summary>Whether the thread that waits like this can go on.</summary>
    internal bool Enabled(int actor, in Pending pending)
    {
        switch (pending.Kind)
        {
            case PendingKind.Read:
                return _locks.Get(pending.Lock.Id).Free(write: false);
            case PendingKind.Write:
                var state = _locks.Get(pending.Lock.Id);
                // Between readers a writer can at least queue up, which keeps further readers out.
                return state.Free(write: true) || (state.Writer == 0 && (state.WaitingWriters & (1u << actor)) == 0);
            default:
                return true;
        }
    }

    /// <summary>Does what the running thread waited to do.</summary>
    /// <returns>False when it has only queued up and still waits.</returns>
    internal bool Proceed(in Pending pending)
    {
        if (pending.Kind == PendingKind.Write && _locks.Get(pending.Lock.Id) is var state && !state.Free(write: true))
        {
            RefuseRecursion(state);
            state.WaitingWriters |= Me;
            _locks.Set(state);
            Order.Note(_locks, Me, pending.Lock);
            return false;
        }
        if (pending.Kind >= PendingKind.Read)
        {
            LastTaken = Take(pending);
        }
        return true;
    }

    private bool Take(in Pending pending)
    {
        var write = pending.Kind is PendingKind.Write or PendingKind.TryWrite;
        var attempt = pending.Kind >= PendingKind.TryRead;
        var state = _locks.Get(pending.Lock.Id);
        if (!attempt)
        {
            RefuseRecursion(state);
        }
        if (!state.Free(write))
        {
            return attempt ? false : throw new LockException($"{pending.Lock} is held and nobody can release it");
        }
        if (_mode == Mode.Explore && !attempt)
        {
            Order.Note(_locks, Me, pending.Lock);
        }
        if (write)
        {
            state.Writer = Me;
            state.WaitingWriters &= ~Me;
        }
        else
        {
            state.Readers |= Me;
        }
        _locks.Set(state);
        return true;
    }

    private void RefuseRecursion(in LockState state)
    {
        if ((state.Holders & Me) != 0)
        {
            throw new LockException($"{LockName.Name(state.Id)} is taken again by the thread that holds it");
        }
    }

    private void Release(LockClass c, int instance, bool write)
    {
        var name = new LockName(c, instance, 0);
        var state = _locks.Get(name.Id);
        if (((write ? state.Writer : state.Readers) & Me) == 0)
        {
            throw new LockException($"{name} is dropped but not held for {(write ? "writing" : "reading")}");
        }
        if (write)
        {
            state.Writer = 0;
        }
        else
        {
            state.Readers &= ~Me;
        }
        _locks.Set(state);
    }

    /// <summary>Lets the parked frame go on, after its copy went away and came back.</summary>
    private void Yield()
    {
        var frame = ParkedFrame ?? throw new InvalidOperationException("a kernel task is suspended but nothing is parked");
        var pending = ParkedFor;
        ParkedFrame = null;
        ulong a = 0, b = 0;
        for (var f = frame; f is not null; f = f.Waiter)
        {
            f.Mix(ref a, ref b);        // checks that every local can be hashed
            f.Save();
            f.Restore();
        }
        Proceed(pending);
        frame.Resume();
    }
}
