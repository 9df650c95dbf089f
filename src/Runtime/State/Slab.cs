using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>
/// Objects of the model by handle. Handle 0 means none; handles start at 1. Outside a journal removed handles are used again; inside one each actor has a range of its own
/// and no handle is used twice, so that a name says nothing about the schedule.
/// </summary>
/// <typeparam name="T">The struct.</typeparam>
/// <param name="store">The world's store.</param>
/// <param name="key">The slab's name in the fingerprint.</param>
public sealed class Slab<T>(Store store, ulong key) : StateObject(store, key) where T : struct, IStateful<T>
{
    /// <summary>How many actors a journal can have, the one outside included.</summary>
    internal const int Actors = 32;

    private const int ChunkBits = 5, ChunkSize = 1 << ChunkBits, Window = 1 << 30, Present = -1;

    private Chunks _lasting, _born;         // handles from outside; handles from inside a journal, less the Window bit
    private int _next = 1, _free, _count;
    private int[]? _bornBy;                 // how many handles each actor took in this journal
    private UndoStack<Change> _undo;

    /// <summary>How many objects there are.</summary>
    public int Count => _count;

    /// <summary>The object behind a handle. The reference stays valid, and shows later changes, until the object is removed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    public ref readonly T this[int handle]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ref var slot = ref Slot(handle);
            if (Unsafe.IsNullRef(ref slot) || slot.Link != Present)
            {
                Missing(handle);
            }
            return ref slot.Value;
        }
    }

    /// <summary>Whether there is an object behind the handle.</summary>
    public bool Contains(int handle)
    {
        ref var slot = ref Slot(handle);
        return !Unsafe.IsNullRef(ref slot) && slot.Link == Present;
    }

    /// <summary>Adds an object.</summary>
    /// <returns>Its handle.</returns>
    public int Add(in T value)
    {
        Register();
        if (Store.Journaling)
        {
            return AddBorn(value);
        }
        int handle;
        if (_free != 0)
        {
            handle = _free;
            _free = Slot(handle).Link;
        }
        else
        {
            handle = _next++;
            _lasting.Reserve(handle);
        }
        ref var slot = ref Slot(handle);
        slot.Value = value;
        slot.Link = Present;
        _count++;
        return handle;
    }

    /// <summary>Replaces an object.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    public void Set(int handle, in T value)
    {
        ref var slot = ref Slot(handle);
        if (Unsafe.IsNullRef(ref slot) || slot.Link != Present)
        {
            Missing(handle);
        }
        if (Store.Journaling)
        {
            if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>() && slot.Value.Equals(value))
            {
                return;
            }
            Store.Log(this);
            _undo.Push(new Change(handle, Kind.Set, slot.Value));
            Subtract(handle, slot.Value);
            Add(ref Store.Sum, handle, value);
        }
        slot.Value = value;
    }

    /// <summary>Removes an object.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such object.</exception>
    public void Remove(int handle)
    {
        ref var slot = ref Slot(handle);
        if (Unsafe.IsNullRef(ref slot) || slot.Link != Present)
        {
            Missing(handle);
        }
        if (Store.Journaling)
        {
            Store.Log(this);
            _undo.Push(new Change(handle, Kind.Remove, slot.Value));
            Subtract(handle, slot.Value);
            slot.Link = 0;
        }
        else if (handle < Window)
        {
            slot.Link = _free;
            _free = handle;
        }
        else
        {
            slot.Link = 0;
        }
        slot.Value = default;
        _count--;
    }

    /// <summary>The handles in ascending order; those born inside a journal come last. Objects may be changed, added and removed meanwhile.</summary>
    public Enumerator GetEnumerator() => new(this);

    internal override bool IsVacant => _count == 0 && _undo.Count == 0;

    internal override void UndoLast()
    {
        var change = _undo.Pop();
        ref var slot = ref Slot(change.Handle);
        slot.Value = change.Old;
        switch (change.Kind)
        {
            case Kind.Add:
                slot.Link = 0;
                _count--;
                _bornBy![change.Handle & (Actors - 1)]--;
                break;
            case Kind.Remove:
                slot.Link = Present;
                _count++;
                break;
        }
    }

    internal override void ForgetLast()
    {
        var change = _undo.Pop();
        if (change.Kind == Kind.Remove && change.Handle < Window)
        {
            Slot(change.Handle).Link = _free;
            _free = change.Handle;
        }
    }

    internal override void Contribute(ref Fingerprint sum)
    {
        foreach (var handle in this)
        {
            Add(ref sum, handle, Slot(handle).Value);
        }
        for (var actor = 0; _bornBy is not null && actor < Actors; actor++)
        {
            if (_bornBy[actor] is > 0 and var births)
            {
                sum.Add(BirthLane(StateHash.LaneA, actor, births), BirthLane(StateHash.LaneB, actor, births));
            }
        }
    }

    private int AddBorn(in T value)
    {
        var actor = Store.Actor;
        if ((uint)actor >= Actors)
        {
            throw new InvalidOperationException($"actor {actor} is out of range; a search has at most {Actors - 1} threads");
        }
        Store.Log(this);
        var births = (_bornBy ??= new int[Actors])[actor]++;
        if (births > 0)
        {
            Store.Sum.Subtract(BirthLane(StateHash.LaneA, actor, births), BirthLane(StateHash.LaneB, actor, births));
        }
        Store.Sum.Add(BirthLane(StateHash.LaneA, actor, births + 1), BirthLane(StateHash.LaneB, actor, births + 1));
        var index = births * Actors + actor;
        _born.Reserve(index);
        var handle = Window | index;
        _undo.Push(new Change(handle, Kind.Add, default));
        ref var slot = ref Slot(handle);
        slot.Value = value;
        slot.Link = Present;
        Add(ref Store.Sum, handle, value);
        _count++;
        return handle;
    }

    private ulong BirthLane(ulong seed, int actor, int births) => StateHash.Mix(StateHash.Mix(StateHash.Mix(~seed, Key), actor), births);

    private void Add(ref Fingerprint sum, int handle, in T value) => sum.Add(Lane(StateHash.LaneA, handle, value), Lane(StateHash.LaneB, handle, value));

    private void Subtract(int handle, in T value) => Store.Sum.Subtract(Lane(StateHash.LaneA, handle, value), Lane(StateHash.LaneB, handle, value));

    private ulong Lane(ulong seed, int handle, in T value) => value.HashInto(StateHash.Mix(StateHash.Mix(seed, Key), handle));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry Slot(int handle) => ref handle < Window ? ref _lasting.At(handle) : ref _born.At(handle ^ Window);

    private void Missing(int handle) =>
        throw new ArgumentOutOfRangeException(nameof(handle), handle, $"no {typeof(T).Name} has this handle");

    /// <summary>Walks over the handles of a slab.</summary>
    public struct Enumerator
    {
        private readonly Slab<T> _slab;

        internal Enumerator(Slab<T> slab) => (_slab, Current) = (slab, 0);

        /// <summary>The handle.</summary>
        public int Current { get; private set; }

        /// <summary>Goes to the next handle that is in use.</summary>
        public bool MoveNext()
        {
            for (var handle = Current + 1; handle < Window; handle++)
            {
                if (handle >= _slab._lasting.Capacity)
                {
                    Current = Window - 1;
                    break;
                }
                if (_slab._lasting.At(handle).Link == Present)
                {
                    Current = handle;
                    return true;
                }
            }
            for (var index = (Current + 1) ^ Window; index < _slab._born.Capacity; index++)
            {
                if (_slab._born.At(index).Link == Present)
                {
                    Current = index | Window;
                    return true;
                }
            }
            return false;
        }
    }

    private enum Kind : byte { Add, Set, Remove }

    private readonly record struct Change(int Handle, Kind Kind, T Old);

    private struct Entry
    {
        public T Value;
        public int Link;                // Present, or the next free handle
    }

    /// <summary>Storage that never moves, so that references into it stay good.</summary>
    private struct Chunks
    {
        private Entry[][]? _chunks;
        private int _used;

        public readonly int Capacity => _used << ChunkBits;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly ref Entry At(int index)
        {
            var chunk = index >> ChunkBits;
            if ((uint)chunk >= (uint)_used)
            {
                return ref Unsafe.NullRef<Entry>();
            }
            return ref _chunks![chunk][index & (ChunkSize - 1)];
        }

        public void Reserve(int index)
        {
            while (index >= Capacity)
            {
                if (_chunks is null || _used == _chunks.Length)
                {
                    Array.Resize(ref _chunks, Math.Max(2, _used * 2));
                }
                _chunks[_used++] = new Entry[ChunkSize];
            }
        }
    }
}
