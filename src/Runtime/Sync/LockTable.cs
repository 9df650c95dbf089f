using System.Numerics;
using MmSpec.State;

namespace MmSpec.Sync;

/// <summary>
/// The locks that are held or waited for. The rules are those of the kernel's rw_semaphore: readers share; while readers hold the lock and a writer waits, no further reader
/// gets in (which is why a recursive read can deadlock); a free lock goes to whoever comes first, since waiters can be overtaken (kernel/locking/rwsem.c, lock stealing).
/// Mutexes and spinlocks are locks that are only written.
/// </summary>
internal sealed class LockTable(Store store) : StateObject(store, StateHash.Text("locks"))
{
    private LockState[] _locks = new LockState[16];     // those that are held or waited for, in no order
    private int _count;
    private UndoStack<LockState> _undo;                 // the state before; Id says which

    internal override bool IsVacant => false;

    public ReadOnlySpan<LockState> Locks => _locks.AsSpan(0, _count);

    /// <summary>The lock, or an idle one of that name.</summary>
    public LockState Get(ulong id)
    {
        var at = IndexOf(id);
        return at >= 0 ? _locks[at] : new LockState { Id = id };
    }

    /// <summary>Where the lock is in <see cref="Locks"/>, or -1 when it is idle.</summary>
    public int IndexOf(ulong id)
    {
        var locks = _locks;
        var i = _count - 1;
        while ((uint)i < (uint)locks.Length && locks[i].Id != id)
        {
            i--;        // what was taken last is asked for first
        }
        return i;
    }

    /// <summary>Takes an idle lock while there is no journal: the straight way.</summary>
    public void Take(ulong id, uint readers, uint writer)
    {
        Register();
        if (_count == _locks.Length)
        {
            Array.Resize(ref _locks, _count * 2);
        }
        ref var state = ref _locks[_count++];
        (state.Id, state.Readers, state.Writer, state.WaitingWriters) = (id, readers, writer, 0);
    }

    /// <summary>Drops a lock that nobody else has or wants while there is no journal: the straight way.</summary>
    public void Drop(int at)
    {
        if (at != --_count)
        {
            _locks[at] = _locks[_count];
        }
    }

    /// <summary>Changes the lock that <see cref="IndexOf"/> found.</summary>
    public void Set(int at, ulong id, uint readers, uint writer, uint waitingWriters)
    {
        Register();
        var state = new LockState { Id = id, Readers = readers, Writer = writer, WaitingWriters = waitingWriters };
        if (Store.Journaling)
        {
            Store.Log(this);
            var old = at >= 0 ? _locks[at] : new LockState { Id = id };
            _undo.Push(old);
            Store.Sum.Subtract(old.HashA, old.HashB);
            if (!state.IsIdle)
            {
                (state.HashA, state.HashB) = (state.Hash(StateHash.LaneA), state.Hash(StateHash.LaneB));
                Store.Sum.Add(state.HashA, state.HashB);
            }
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
        for (var i = 0; i < _count; i++)
        {
            ref var state = ref _locks[i];
            (state.HashA, state.HashB) = (state.Hash(StateHash.LaneA), state.Hash(StateHash.LaneB));    // a journal that begins now takes them away again
            sum.Add(state.HashA, state.HashB);
        }
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
}

/// <summary>One lock: masks of actors.</summary>
internal struct LockState
{
    public ulong Id;
    public uint Readers, Writer, WaitingWriters;
    public ulong HashA, HashB;          // what it contributes; kept up while journaling

    public readonly bool IsIdle => (Readers | Writer | WaitingWriters) == 0;

    public readonly uint Holders => Readers | Writer;

    /// <summary>Whether somebody who waits or comes can have it.</summary>
    public readonly bool Free(bool write) => Writer == 0 && (Readers == 0 || (!write && WaitingWriters == 0));

    /// <summary>Whether an attempt succeeds; one never overtakes who waits (rwsem.c, __down_read_trylock and __down_write_trylock).</summary>
    public readonly bool FreeForAttempt(bool write) => Free(write) && WaitingWriters == 0;

    public readonly ulong Hash(ulong seed) => StateHash.Mix(StateHash.Mix(StateHash.Mix(~seed, Id), ((ulong)Readers << 32) | Writer), WaitingWriters);

    /// <summary>Who holds it, as numbers of threads (-1: the code outside a search).</summary>
    public readonly IEnumerable<int> HolderThreads()
    {
        for (var mask = Holders; mask != 0; mask &= mask - 1)
        {
            yield return BitOperations.TrailingZeroCount(mask) - 1;
        }
    }
}
