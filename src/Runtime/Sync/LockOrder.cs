using System.Numerics;

namespace MmSpec.Sync;

/// <summary>Which class of lock was taken while which was held, over all runs of a search; a cycle means that some order of events can deadlock even if none did.</summary>
internal sealed class LockOrder
{
    private const int Classes = (int)LockClass.Count;

    private readonly uint[] _taken = new uint[Classes];     // per class held: the classes taken under it
    private uint _nestedWrongly;                            // classes whose locks were taken under each other without a subclass

    /// <summary>Notes that the actor blocks for, or takes, a lock.</summary>
    public void Note(LockTable locks, uint actor, LockWish taken)
    {
        foreach (ref readonly var held in locks.Locks)
        {
            if ((held.Holders & actor) == 0)
            {
                continue;
            }
            var c = (int)(held.Id >> 32);
            if (c != (int)taken.Class)
            {
                _taken[c] |= 1u << (int)taken.Class;
            }
            else if (taken.Subclass == 0 && held.Id != taken.Id)
            {
                _nestedWrongly |= 1u << c;
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_taken);
        _nestedWrongly = 0;
    }

    /// <summary>A cycle of classes, the first repeated at the end, or null.</summary>
    public IReadOnlyList<LockClass>? Cycle()
    {
        if (_nestedWrongly != 0)
        {
            var c = (LockClass)BitOperations.TrailingZeroCount(_nestedWrongly);
            return [c, c];
        }
        for (var start = 1; start < Classes; start++)
        {
            if (Path(start, start, 0, []) is { } path)
            {
                return path;
            }
        }
        return null;
    }

    /// <summary>Every edge seen: under the first, the second was taken.</summary>
    public IEnumerable<(LockClass Held, LockClass Taken)> Edges()
    {
        for (var held = 1; held < Classes; held++)
        {
            for (var mask = _taken[held]; mask != 0; mask &= mask - 1)
            {
                yield return ((LockClass)held, (LockClass)BitOperations.TrailingZeroCount(mask));
            }
        }
    }

    private List<LockClass>? Path(int from, int goal, uint seen, List<LockClass> walked)
    {
        walked.Add((LockClass)from);
        for (var mask = _taken[from]; mask != 0; mask &= mask - 1)
        {
            var next = BitOperations.TrailingZeroCount(mask);
            if (next == goal)
            {
                return [.. walked, (LockClass)goal];
            }
            if (next > goal && (seen & (1u << next)) == 0 && Path(next, goal, seen |= 1u << next, walked) is { } path)
            {
                return path;
            }
        }
        walked.RemoveAt(walked.Count - 1);
        return null;
    }
}
