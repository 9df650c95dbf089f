namespace MmSpec.State;

/// <summary>
/// What the state objects of one world share: the undo journal, and the fingerprint of everything they hold. Outside <c>parallel</c> nothing is logged and no fingerprint is kept up,
/// so a change costs what the assignment costs; while journaling each change logs what it takes to undo it and updates the fingerprint.
/// </summary>
public sealed class Store
{
    private Entry[] _log = new Entry[64];
    private int _logged;
    private StateObject[] _objects = new StateObject[64];
    private int _objectCount;

    internal Fingerprint Sum;

    /// <summary>Whether changes are logged and the fingerprint is kept up.</summary>
    public bool Journaling { get; private set; }

    /// <summary>Which thread runs: 0 outside a search, n + 1 for thread n in it. While journaling, <see cref="Slab{T}"/> hands out handles from a range of the actor's own, so that names do not depend on the schedule.</summary>
    public int Actor { get; set; }

    /// <summary>The fingerprint of everything in the store's objects: independent of the order of changes, and of how runs were split. Kept up while journaling, computed from scratch otherwise.</summary>
    public UInt128 Fingerprint => Journaling ? Sum.Value : Recompute();

    /// <summary>The slow twin of <see cref="Fingerprint"/>: computed from what the objects hold now.</summary>
    public UInt128 Recompute()
    {
        var sum = default(Fingerprint);
        for (var i = 0; i < _objectCount; i++)
        {
            _objects[i].Contribute(ref sum);
        }
        return sum.Value;
    }

    /// <summary>Starts to log changes.</summary>
    /// <exception cref="InvalidOperationException">Already journaling.</exception>
    public void BeginJournal()
    {
        if (Journaling)
        {
            throw new InvalidOperationException("the journal is already on");
        }
        var start = Recompute();
        Sum = new Fingerprint { A = (ulong)(start >> 64), B = (ulong)start };
        Journaling = true;
    }

    /// <summary>The present place in the journal.</summary>
    public int Mark() => _logged;

    /// <summary>Takes back, in reverse order, every change since <paramref name="mark"/>.</summary>
    public void Undo(int mark)
    {
        if ((uint)mark > (uint)_logged)
        {
            throw new ArgumentOutOfRangeException(nameof(mark), mark, "not a mark of this journal");
        }
        while (_logged > mark)
        {
            ref var entry = ref _log[--_logged];
            entry.Object.UndoLast();
            Sum = entry.Before;
        }
    }

    /// <summary>Stops to log. Changes that were not undone stay.</summary>
    public void EndJournal()
    {
        while (_logged > 0)
        {
            _log[--_logged].Object.ForgetLast();
        }
        Array.Clear(_log);      // the objects may have been born and dropped in the window
        Journaling = false;
        Actor = 0;
    }

    /// <summary>Notes that <paramref name="changing"/> is about to change and has kept what it needs to undo that.</summary>
    internal void Log(StateObject changing)
    {
        if (_logged == _log.Length)
        {
            Array.Resize(ref _log, _logged * 2);
        }
        ref var entry = ref _log[_logged++];
        entry.Object = changing;
        entry.Before = Sum;
    }

    internal void Register(StateObject item)
    {
        if (_objectCount == _objects.Length)
        {
            Sweep();
        }
        _objects[_objectCount++] = item;
    }

    private void Sweep()
    {
        var kept = 0;
        for (var i = 0; i < _objectCount; i++)
        {
            var item = _objects[i];
            if (item.IsVacant)
            {
                item.Unregister();
            }
            else
            {
                _objects[kept++] = item;
            }
        }
        Array.Clear(_objects, kept, _objectCount - kept);
        _objectCount = kept;
        if (kept > _objects.Length / 2)
        {
            Array.Resize(ref _objects, _objects.Length * 2);
        }
    }

    private struct Entry
    {
        public StateObject Object;
        public Fingerprint Before;
    }
}
