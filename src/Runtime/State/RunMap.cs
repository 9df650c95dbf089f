using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>
/// A map from places (addresses, page frame numbers, file indices) to values, held as maximal runs: neighbours whose values continue each other are always one run.
/// Cost follows the number of runs, not of places.
/// </summary>
/// <typeparam name="V">The value; it advances along its run.</typeparam>
/// <param name="store">The world's store.</param>
/// <param name="key">The map's name in the fingerprint.</param>
public sealed partial class RunMap<V>(Store store, ulong key) : StateObject(store, key) where V : struct, IRunValue<V>
{
    private RunList<V> _runs = new();
    private int _version;
    private Run<V>[]? _scratch;
    private UndoStack<Run<V>> _undoRuns;
    private UndoStack<Change> _undo;

    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => _runs.Count == 0;

    /// <summary>How many runs there are.</summary>
    public int RunCount => _runs.Count;

    /// <summary>How many places have a value.</summary>
    public ulong Covered => _runs.Covered;

    /// <summary>The value at a place.</summary>
    public bool TryGet(ulong at, out V value)
    {
        var p = _runs.Find(at);
        if (_runs.Valid(p))
        {
            ref readonly var run = ref _runs[p];
            if (run.From <= at)
            {
                value = run.Value.At(at - run.From);
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>The whole run that a place lies in, and the value at its start.</summary>
    public bool TryGetRun(ulong at, out ulong from, out ulong to, out V valueAtFrom)
    {
        var p = _runs.Find(at);
        if (_runs.Valid(p) && _runs[p].From <= at)
        {
            (from, to, valueAtFrom) = _runs[p];
            return true;
        }
        (from, to, valueAtFrom) = (0, 0, default);
        return false;
    }

    /// <summary>Whether a place has a value.</summary>
    public bool Contains(ulong at)
    {
        var p = _runs.Find(at);
        return _runs.Valid(p) && _runs[p].From <= at;
    }

    /// <summary>The first place from <paramref name="at"/> on that has a value; <see cref="ulong.MaxValue"/> if there is none.</summary>
    public ulong NextRun(ulong at)
    {
        var p = _runs.Find(at);
        return _runs.Valid(p) ? Math.Max(at, _runs[p].From) : ulong.MaxValue;
    }

    /// <summary>The first place from <paramref name="at"/> on that has no value.</summary>
    public ulong NextGap(ulong at)
    {
        for (var p = _runs.Find(at); _runs.Valid(p) && _runs[p].From <= at; p = _runs.Next(p))
        {
            at = _runs[p].To;
        }
        return at;
    }

    /// <summary>How many places of [from, to) have a value.</summary>
    public ulong CountIn(ulong from, ulong to)
    {
        var p = _runs.Find(from);
        if (!_runs.Valid(p) || _runs[p].From >= to)
        {
            return 0;
        }
        var sum = 0UL;
        foreach (var run in Runs(from, to))
        {
            sum += run.Length;
        }
        return sum;
    }

    /// <summary>The runs of [from, to), in order, clipped to it. The map may be changed meanwhile: the walk goes on behind the run that it gave last.</summary>
    public RunEnumerable Runs(ulong from, ulong to) => new(this, from, to);

    /// <summary>All runs, in order.</summary>
    public RunEnumerable Runs() => new(this, 0, ulong.MaxValue);

    /// <summary>The stretches of [from, to) without a value, in order. The map may be changed meanwhile.</summary>
    public GapEnumerable Gaps(ulong from, ulong to) => new(this, from, to);

    /// <summary>Gives every place of [from, to) a value, whatever was there.</summary>
    /// <param name="from">First place.</param>
    /// <param name="to">First place after it; nothing happens if it equals <paramref name="from"/>.</param>
    /// <param name="valueAtFrom">The value at <paramref name="from"/>; further on it advances.</param>
    public void Set(ulong from, ulong to, V valueAtFrom)
    {
        if (Check(from, to))
        {
            if (!Store.Journaling)
            {
                Register();
                _version++;
                if (_runs.TrySet(from, to, valueAtFrom))
                {
                    return;
                }
            }
            var run = new Run<V>(from, to, valueAtFrom);
            Replace(from, to, new ReadOnlySpan<Run<V>>(in run));
        }
    }

    /// <summary>Takes the values of [from, to) away.</summary>
    public void Remove(ulong from, ulong to)
    {
        if (Check(from, to))
        {
            if (!Store.Journaling)
            {
                _version++;
                if (_runs.TryRemove(from, to))
                {
                    return;
                }
            }
            Replace(from, to, default);
        }
    }

    /// <summary>Takes everything away.</summary>
    public void Clear() => Remove(0, ulong.MaxValue);

    /// <summary>Changes the values of [from, to); places without one stay so.</summary>
    /// <param name="from">First place.</param>
    /// <param name="to">First place after it.</param>
    /// <param name="change">Called once a run with the value at its start; it must commute with <see cref="IRunValue{V}.At"/> and must not touch this map.</param>
    public void Update(ulong from, ulong to, Func<V, V> change) => Update(from, to, change, static (f, v) => f(v));

    /// <summary>Changes the values of [from, to) without a closure.</summary>
    /// <param name="from">First place.</param>
    /// <param name="to">First place after it.</param>
    /// <param name="argument">Passed to <paramref name="change"/>.</param>
    /// <param name="change">See <see cref="Update(ulong, ulong, Func{V, V})"/>.</param>
    public void Update<TArgument>(ulong from, ulong to, TArgument argument, Func<TArgument, V, V> change)
    {
        if (!Check(from, to))
        {
            return;
        }
        if (!Store.Journaling)
        {
            _version++;
            if (_runs.TryUpdate(from, to, argument, change) || _runs.TryUpdateEach(from, to, argument, change))
            {
                return;
            }
        }
        var n = 0;
        foreach (var run in Runs(from, to))
        {
            Append(ref n, run with { Value = change(argument, run.Value) });
        }
        if (n > 0)
        {
            Replace(_scratch![0].From, _scratch[n - 1].To, _scratch.AsSpan(0, n));
            Trim();
        }
    }

    /// <summary>Makes [destination, destination + to - from) of another map equal to [from, to) of this one: values are copied, not advanced, and gaps become gaps.</summary>
    /// <param name="target">The other map.</param>
    /// <param name="from">First place here.</param>
    /// <param name="to">First place after it.</param>
    /// <param name="change">What becomes of a value on the way, or null; see <see cref="Update(ulong, ulong, Func{V, V})"/>.</param>
    /// <param name="destination">Where the copy starts; the same place if left out.</param>
    public void CopyTo(RunMap<V> target, ulong from, ulong to, Func<V, V>? change = null, ulong? destination = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!Check(from, to))
        {
            return;
        }
        var shift = (destination ?? from) - from;
        var n = 0;
        foreach (var run in Runs(from, to))
        {
            Append(ref n, new(run.From + shift, run.To + shift, change is null ? run.Value : change(run.Value)));
        }
        target.Replace(from + shift, to + shift, _scratch.AsSpan(0, n));
        Trim();
    }

    private void Append(ref int n, Run<V> run)
    {
        if (n > 0)
        {
            ref var last = ref _scratch![n - 1];
            if (last.To == run.From && last.Value.At(last.Length).Equals(run.Value))
            {
                last = last with { To = run.To };
                return;
            }
        }
        if (_scratch is null || n == _scratch.Length)
        {
            Array.Resize(ref _scratch, n < 1024 ? Math.Max(8, n * 2) : Math.Max(n * 2, _runs.Count));
        }
        _scratch[n++] = run;
    }

    private void Trim()
    {
        if (_scratch is { Length: > 1024 } || RuntimeHelpers.IsReferenceOrContainsReferences<V>())
        {
            _scratch = null;
        }
    }

    private static bool Check(ulong from, ulong to)
    {
        if (from > to)
        {
            throw new ArgumentOutOfRangeException(nameof(to), to, $"the range starts at {from}");
        }
        return from < to;
    }
}
