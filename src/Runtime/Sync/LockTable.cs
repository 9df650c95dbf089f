using System.Numerics;
using MmSpec.State;

namespace MmSpec.Sync;

/// <summary>
/// The locks that are held or waited for. The rules are those of the kernel's rw_semaphore: readers share; while readers hold the lock and a writer waits, no further reader
/// gets in (so that a recursive read can deadlock); a free lock goes to whoever comes first, since waiters can be overtaken (kernel/locking/rwsem.c, lock stealing).
/// Mutexes and spinlocks are locks that are only written.
/// </summary>
internal sealed class LockTable(Store store) : StateObject(store, StateHash.Text("locks"))
{
    private LockState[] _locks = new LockState[16];
    private int _count;
    private UndoStack<LockState> _undo;         // the state before; Id says which

    internal override bool IsVacant => false;

    public ReadOnlySpan<LockState> Locks => _locks.AsSpan(0, _count);

    public LockState Get(ulong id)
    {
        var at = IndexOf(id);
        return at >= 0 ? _locks[at] : new LockState { Id = id };
    }

    public void Set(in LockState state)
    {
        Register();
        var at = IndexOf(state.Id);
        if (Store.Journaling)
        {
            Store.Log(this);
            var old = at >= 0 ? _locks[at] : new LockState { Id = state.Id };
            _undo.Push(old);
            Add(ref Store.Sum, state);
            Subtract(old);
        }
        Put(at, state);
    }

    internal override void UndoLast()
    {
        var old = _undo.Pop();
        Put(IndexOf(old.Id), old);
    }

    internal override void ForgetLast() => _undo.Pop();

    internal override void Contribute(ref Fingerprint sum)
    {
        foreach (ref readonly var state in Locks)
        {
            Add(ref sum, state);
        }
    }

    private int IndexOf(ulong id)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_locks[i].Id == id)
            {
                return i;
            }
        }
        return -1;
    }

    private void Put(int at, in LockState state)
    {
        if (state.IsIdle)
        {
            if (at >= 0)
            {
                _locks[at] = _locks[--_count];
            }
            return;
        }
        if (at < 0)
        {
            if (_count == _locks.Length)
            {
                Array.Resize(ref _locks, _count * 2);
            }
            at = _count++;
        }
        _locks[at] = state;
    }

    private void Add(ref Fingerprint sum, in LockState state)
    {
        if (!state.IsIdle)
        {
            sum.Add(state.HashInto(StateHash.Mix(StateHash.LaneA, Key)), state.HashInto(StateHash.Mix(StateHash.LaneB, Key)));
        }
    }

    private void Subtract(in LockState state)
    {
        if (!state.IsIdle)
        {
            Store.Sum.Subtract(state.HashInto(StateHash.Mix(StateHash.LaneA, Key)), state.HashInto(StateHash.Mix(StateHash.LaneB, Key)));
        }
    }
}

/// <summary>One lock: masks of actors.</summary>
internal struct LockState
{
    public ulong Id;
    public uint Readers, Writer, WaitingWriters;

    public readonly bool IsIdle => (Readers | Writer | WaitingWriters) == 0;

    public readonly uint Holders => Readers | Writer;

    public readonly bool Free(bool write) => Writer == 0 && (Readers == 0 || (!write && WaitingWriters == 0));

    public readonly ulong HashInto(ulong seed) =>
        StateHash.Mix(StateHash.Mix(StateHash.Mix(seed, Id), ((ulong)Readers << 32) | Writer), WaitingWriters);

    /// <summary>Who holds it, as numbers of threads (-1: the code outside a search).</summary>
    public readonly IEnumerable<int> HolderThreads()
    {
        for (var mask = Holders; mask != 0; mask &= mask - 1)
        {
            yield return BitOperations.TrailingZeroCount(mask) - 1;
        }
    }
}
