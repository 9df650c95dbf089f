using System.Runtime.CompilerServices;
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
    private UndoStack<Frame> _created, _touched;
    private Mode _mode;
    private bool _forceYield;
    private int _running;

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
    public LockRequest Read(LockClass c, int instance = 0, int subclass = 0) => Ask(new(LockMode.Read, c, instance, subclass));

    /// <summary>Takes a lock for writing, or a mutex or spinlock.</summary>
    /// <inheritdoc cref="Read"/>
    public LockRequest Write(LockClass c, int instance = 0, int subclass = 0) => Ask(new(LockMode.Write, c, instance, subclass));

    /// <summary>Takes a lock for reading if it is free: <c>if (await sync.TryRead(…))</c>.</summary>
    /// <inheritdoc cref="Read"/>
    public LockRequest TryRead(LockClass c, int instance = 0, int subclass = 0) => Ask(new(LockMode.TryRead, c, instance, subclass));

    /// <summary>Takes a lock for writing if it is free: <c>if (await sync.TryWrite(…))</c>.</summary>
    /// <inheritdoc cref="Read"/>
    public LockRequest TryWrite(LockClass c, int instance = 0, int subclass = 0) => Ask(new(LockMode.TryWrite, c, instance, subclass));

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
        var id = LockWish.IdOf(c, instance);
        var at = _locks.IndexOf(id);
        _locks.Set(at, id, Me, 0, _locks.Locks[at].WaitingWriters);
    }

    /// <summary>Whether the running thread holds the lock.</summary>
    public bool IsHeld(LockClass c, int instance = 0, bool write = false)
    {
        var state = _locks.Get(LockWish.IdOf(c, instance));
        return ((write ? state.Writer : state.Holders) & Me) != 0;
    }

    /// <summary>The kernel's lockdep_assert_held.</summary>
    /// <exception cref="LockException">The running thread does not hold the lock (for writing, if so asked).</exception>
    public void RequireHeld(LockClass c, int instance = 0, bool write = false)
    {
        if (!IsHeld(c, instance, write))
        {
            throw new LockException($"{LockWish.Name(LockWish.IdOf(c, instance))} must be held{(write ? " for writing" : "")} here");
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
        if (_mode == Mode.Explore)
        {
            throw new InvalidOperationException("inside a search a syscall is awaited, not run");
        }
        _running++;
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
            if (--_running == 0)
            {
                ReleaseFrames(0);
            }
        }
    }

    /// <summary>Runs a syscall without a result to its end outside a search.</summary>
    public void Run(KernelTask task) => Run(task.Task);

    private uint Me
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1u << Store.Actor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LockRequest Ask(LockWish wish) => _mode == Mode.Immediate ? new(Take(wish)) : new(this, wish);

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
        while (_touched.Count > mark.Touched)
        {
            _touched.Pop().Restore();
        }
        ReleaseFrames(mark.Created);
    }

    internal void Created(Frame frame) => _created.Push(frame);

    /// <summary>The frame is about to run.</summary>
    internal void Touch(Frame frame)
    {
        if (_mode == Mode.Explore)
        {
            frame.Save();
            _touched.Push(frame);
        }
    }

    private void ReleaseFrames(int from)
    {
        while (_created.Count > from)
        {
            _created.Pop().Release();
        }
    }

    /// <summary>Whether the thread that waits like this can go on.</summary>
    internal bool Enabled(int actor, in Pending pending)
    {
        var wish = pending.Wish;
        if (wish.Mode is not (LockMode.Read or LockMode.Write) || _locks.IndexOf(wish.Id) is var at && at < 0)
        {
            return true;
        }
        ref readonly var state = ref _locks.Locks[at];
        // Behind readers a writer can at least queue up, which keeps further readers out.
        return state.Free(wish.IsWrite) || (wish.IsWrite && state.Writer == 0 && (state.WaitingWriters & (1u << actor)) == 0);
    }

    /// <summary>Does what the running thread waited to do.</summary>
    /// <returns>False when it has only queued up and still waits.</returns>
    internal bool Proceed(in Pending pending)
    {
        var wish = pending.Wish;
        if (wish.Mode == LockMode.None)
        {
            return true;
        }
        if (wish.Mode == LockMode.Write && _locks.IndexOf(wish.Id) is var at && at >= 0)
        {
            var state = _locks.Locks[at];
            if (!state.Free(write: true))
            {
                RefuseRecursion(state);
                Order.Note(_locks, Me, wish);
                _locks.Set(at, wish.Id, state.Readers, state.Writer, state.WaitingWriters | Me);
                return false;
            }
        }
        LastTaken = Take(wish);
        return true;
    }

    private bool Take(LockWish wish)
    {
        var (id, me, write) = (wish.Id, Me, wish.IsWrite);
        var at = _locks.IndexOf(id);
        var (readers, waiting) = (0u, 0u);
        if (at < 0 && !Store.Journaling)
        {
            _locks.Take(id, write ? 0 : me, write ? me : 0);
            return true;
        }
        if (at >= 0)
        {
            ref readonly var state = ref _locks.Locks[at];
            if (!wish.IsAttempt)
            {
                RefuseRecursion(state);
            }
            if (wish.IsAttempt ? !state.FreeForAttempt(write) : !state.Free(write))
            {
                return wish.IsAttempt ? false : throw new LockException($"{wish} is asked for, but the lock is held and nobody can release it");
            }
            (readers, waiting) = (state.Readers, state.WaitingWriters);
        }
        if (_mode == Mode.Explore && !wish.IsAttempt)
        {
            Order.Note(_locks, me, wish);
        }
        _locks.Set(at, id, write ? 0 : readers | me, write ? me : 0, write ? waiting & ~me : waiting);
        return true;
    }

    private void RefuseRecursion(in LockState state)
    {
        if ((state.Holders & Me) != 0)
        {
            throw new LockException($"{LockWish.Name(state.Id)} is taken again by the thread that holds it");
        }
    }

    private void Release(LockClass c, int instance, bool write)
    {
        var id = LockWish.IdOf(c, instance);
        var at = _locks.IndexOf(id);
        var me = Me;
        if (at < 0 || ((write ? _locks.Locks[at].Writer : _locks.Locks[at].Readers) & me) == 0)
        {
            throw new LockException($"{LockWish.Name(id)} is dropped but not held for {(write ? "writing" : "reading")}");
        }
        ref readonly var state = ref _locks.Locks[at];
        if (!Store.Journaling && state.Holders == me && state.WaitingWriters == 0)
        {
            _locks.Drop(at);
            return;
        }
        _locks.Set(at, id, write ? 0 : state.Readers & ~me, 0, state.WaitingWriters);
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
