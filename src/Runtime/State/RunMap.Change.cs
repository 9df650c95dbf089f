using System.Runtime.CompilerServices;

namespace MmSpec.State;

public sealed partial class RunMap<V>
{
    internal override bool IsVacant => _runs.Count == 0 && _undo.Count == 0;

    internal override void UndoLast()
    {
        var change = _undo.Pop();
        _version++;
        _runs.Splice(_runs.Find(change.From), PositionFrom(change.To), _undoRuns.Top(change.Runs));
        _undoRuns.Drop(change.Runs);
    }

    internal override void ForgetLast() => _undoRuns.Drop(_undo.Pop().Runs);

    internal override void Contribute(ref Fingerprint sum)
    {
        foreach (var run in Runs())
        {
            sum.Add(Lane(StateHash.LaneA, run), Lane(StateHash.LaneB, run));
        }
    }

    /// <summary>Makes [from, to) hold exactly <paramref name="by"/>: runs inside it, in order, maximal among themselves. Keeps the whole map maximal.</summary>
    private void Replace(ulong from, ulong to, ReadOnlySpan<Run<V>> by)
    {
        var low = _runs.Find(from);
        if (by.Length == 1 && by[0].From == from && by[0].To == to && Holds(low, by[0]))
        {
            return;
        }
        var edges = default(Edges);
        var n = 0;

        // On the left: what remains of the run that [from, to) cuts into, or the neighbour that the first new run continues.
        if (_runs.Valid(low) && _runs[low].From < from)
        {
            edges[n++] = _runs[low] with { To = from };
        }
        else if (by.Length > 0 && by[0].From == from && _runs.TryPrevious(low, out var left) && Continues(_runs[left], by[0]))
        {
            edges[n++] = _runs[left];
            low = left;
        }
        if (by.Length > 0)
        {
            Join(ref edges, ref n, by[0]);
        }
        var middle = by.Length > 2 ? by[1..^1] : default;
        var before = n;
        if (by.Length > 1)
        {
            edges[n++] = by[^1];        // cannot join: the new runs are maximal among themselves
        }

        // On the right likewise.
        var high = PositionFrom(to);
        if (_runs.TryPrevious(high, out var cut) && _runs[cut].To > to)
        {
            Join(ref edges, ref n, _runs[cut].Clip(to, ulong.MaxValue));
        }
        else if (n > 0 && _runs.Valid(high) && Continues(edges[n - 1], _runs[high]))
        {
            Join(ref edges, ref n, _runs[high]);
            high = _runs.Next(high);
        }

        ReadOnlySpan<Run<V>> ends = edges;
        if (middle.IsEmpty)
        {
            Exchange(low, high, ends[..n]);
            return;
        }
        if (n == 2 && edges[0].Equals(by[0]) && edges[1].Equals(by[^1]))
        {
            Exchange(low, high, by);
            return;
        }
        var all = new Run<V>[n + middle.Length];
        ends[..before].CopyTo(all);
        middle.CopyTo(all.AsSpan(before));
        ends[before..n].CopyTo(all.AsSpan(before + middle.Length));
        Exchange(low, high, all);
    }

    /// <summary>The first run that starts at <paramref name="at"/> or later.</summary>
    private RunList<V>.Position PositionFrom(ulong at)
    {
        var p = _runs.Find(at);
        return _runs.Valid(p) && _runs[p].From < at ? _runs.Next(p) : p;
    }

    private bool Holds(RunList<V>.Position p, in Run<V> run)
    {
        if (!_runs.Valid(p))
        {
            return false;
        }
        ref readonly var old = ref _runs[p];
        return old.From <= run.From && old.To >= run.To && old.Value.At(run.From - old.From).Equals(run.Value);
    }

    private static bool Continues(in Run<V> first, in Run<V> second) =>
        first.To == second.From && first.Value.At(first.Length).Equals(second.Value);

    private static void Join(ref Edges edges, ref int n, in Run<V> run)
    {
        if (n > 0 && Continues(edges[n - 1], run))
        {
            edges[n - 1] = edges[n - 1] with { To = run.To };
        }
        else
        {
            edges[n++] = run;
        }
    }

    /// <summary>The only place where the runs change, but for undoing.</summary>
    private void Exchange(RunList<V>.Position low, RunList<V>.Position high, ReadOnlySpan<Run<V>> by)
    {
        if (by.IsEmpty && low.Equals(high))
        {
            return;
        }
        Register();
        _version++;
        if (Store.Journaling)
        {
            Journal(low, high, by);
        }
        _runs.Splice(low, high, by);
    }

    private void Journal(RunList<V>.Position low, RunList<V>.Position high, ReadOnlySpan<Run<V>> by)
    {
        Store.Log(this);
        var (from, to) = by.IsEmpty ? (ulong.MaxValue, 0UL) : (by[0].From, by[^1].To);
        var removed = 0;
        for (var p = low; !p.Equals(high); p = _runs.Next(p))
        {
            ref readonly var run = ref _runs[p];
            Store.Sum.Subtract(Lane(StateHash.LaneA, run), Lane(StateHash.LaneB, run));
            _undoRuns.Push(run);
            (from, to) = (Math.Min(from, run.From), Math.Max(to, run.To));
            removed++;
        }
        foreach (ref readonly var run in by)
        {
            Store.Sum.Add(Lane(StateHash.LaneA, run), Lane(StateHash.LaneB, run));
        }
        _undo.Push(new Change(from, to, removed));
    }

    private ulong Lane(ulong seed, in Run<V> run) =>
        run.Value.HashInto(StateHash.Mix(StateHash.Mix(StateHash.Mix(seed, Key), run.From), run.To));

    private readonly record struct Change(ulong From, ulong To, int Runs);

    /// <summary>At most: a remainder on the left, the first and the last new run, a remainder on the right.</summary>
    [InlineArray(4)]
    private struct Edges
    {
        private Run<V> _first;
    }
}
