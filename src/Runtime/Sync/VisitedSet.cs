namespace MmSpec.Sync;

/// <summary>The fingerprints that a search has seen: open addressing, 16 bytes a state at half load.</summary>
internal sealed class VisitedSet
{
    private UInt128[] _slots = new UInt128[1024];
    private bool _zero;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one; false if it was there.</summary>
    public bool Add(UInt128 fingerprint)
    {
        if (fingerprint == 0)
        {
            var added = !_zero;
            _zero = true;
            Count += added ? 1 : 0;
            return added;
        }
        if ((Count + 1) * 2 > _slots.Length)
        {
            Grow();
        }
        if (!Put(_slots, fingerprint))
        {
            return false;
        }
        Count++;
        return true;
    }

    /// <summary>Forgets all, keeps the room.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        (_zero, Count) = (false, 0);
    }

    private static bool Put(UInt128[] slots, UInt128 fingerprint)
    {
        var mask = slots.Length - 1;
        for (var i = (int)(ulong)fingerprint & mask; ; i = (i + 1) & mask)
        {
            if (slots[i] == fingerprint)
            {
                return false;
            }
            if (slots[i] == 0)
            {
                slots[i] = fingerprint;
                return true;
            }
        }
    }

    private void Grow()
    {
        var larger = new UInt128[_slots.Length * 2];
        foreach (var fingerprint in _slots)
        {
            if (fingerprint != 0)
            {
                Put(larger, fingerprint);
            }
        }
        _slots = larger;
    }
}
