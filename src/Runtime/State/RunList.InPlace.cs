namespace MmSpec.State;

/// <summary>Changes that touch one run and its neighbours: what nearly every fault does. There is no journal; what is not that simple is left to <see cref="Splice"/>.</summary>
internal partial struct RunList<V>
{
    /// <summary>Gives [from, to) a value where it lies in a gap or within one run.</summary>
    /// <returns>False if it does not; then nothing has changed.</returns>
    public bool TrySet(ulong from, ulong to, in V value)
    {
        var at = Find(from);
        if (Valid(at))
        {
            ref readonly var run = ref this[at];
            if (run.From < to)
            {
                if (run.From > from || to > run.To) return false;
                SetWithin(at, from, to, value);
                return true;
            }
        }
        Fill(at, from, to, value);
        return true;
    }

    /// <summary>Takes [from, to) away where it lies in a gap or within one run.</summary>
    /// <returns>False if it does not; then nothing has changed.</returns>
    public bool TryRemove(ulong from, ulong to)
    {
        var at = Find(from);
        if (!Valid(at)) return true;
        ref var run = ref At(at);
        if (run.From >= to) return true;
        if (run.From > from || run.To < to) return false;
        if (run.From == from && run.To == to)
        {
            Splice(at, Next(at), default);
        }
        else if (run.From == from)
        {
            Cut(at, to);
            Covered -= to - from;
        }
        else if (run.To == to)
        {
            run = run with { To = from };
            Covered -= to - from;
        }
        else
        {
            Pair pair = default;
            (pair[0], pair[1]) = (run with { To = from }, run.Clip(to, ulong.MaxValue));
            Splice(at, Next(at), pair);
        }
        return true;
    }

    /// <summary>Changes [from, to) where it lies within one run.</summary>
    /// <returns>False if it does not; then nothing has changed.</returns>
    public bool TryUpdate<TArgument>(ulong from, ulong to, TArgument argument, Func<TArgument, V, V> change)
    {
        var at = Find(from);
        if (!Valid(at)) return false;
        ref readonly var run = ref this[at];
        if (run.From > from || to > run.To) return false;
        var old = run.From == from ? run.Value : run.Value.At(from - run.From);
        SetWithin(at, from, to, change(argument, old));
        return true;
    }

    /// <summary>Changes the values of all runs of [from, to) where the range cuts none and none becomes one with a neighbour.</summary>
    /// <returns>False if that is not so; then nothing has changed.</returns>
    public bool TryUpdateEach<TArgument>(ulong from, ulong to, TArgument argument, Func<TArgument, V, V> change)
    {
        var at = Find(from);
        if (!Valid(at) || this[at].From < from) return false;
        var last = TryPrevious(at, out var before) ? this[before] : default;
        var p = at;
        for (; Valid(p) && this[p].From < to; p = Next(p))
        {
            ref readonly var run = ref this[p];
            if (run.To > to) return false;
            var changed = run with { Value = change(argument, run.Value) };
            if (last.To == run.From && Continues(last, run.From, changed.Value)) return false;
            last = changed;
        }
        if (Valid(p) && last.To == this[p].From && Continues(last, last.To, this[p].Value)) return false;
        for (var q = at; !q.Equals(p); q = Next(q))
        {
            ref var run = ref At(q);
            run = run with { Value = change(argument, run.Value) };
        }
        return true;
    }

    /// <summary>Fills a part of the gap before a position.</summary>
    private void Fill(Position at, ulong from, ulong to, in V value)
    {
        var left = TryPrevious(at, out var before) && Continues(this[before], from, value);
        var right = Valid(at) && this[at].From == to && value.At(to - from).Equals(this[at].Value);
        if (left)
        {
            ref var run = ref At(before);
            Covered += to - from;
            if (!right)
            {
                run = run with { To = to };
                return;
            }
            var end = this[at].To;
            Covered += end - to;                            // the splice takes them off
            run = run with { To = end };
            Splice(at, Next(at), default);
        }
        else if (right)
        {
            Covered += to - from;
            Start(at, new(from, this[at].To, value));
        }
        else
        {
            var run = new Run<V>(from, to, value);
            Splice(at, at, new ReadOnlySpan<Run<V>>(in run));
        }
    }

    /// <summary>Gives a part of a run another value.</summary>
    private void SetWithin(Position at, ulong from, ulong to, in V value)
    {
        ref var run = ref At(at);
        var (start, end) = (run.From, run.To);
        var old = start == from ? run.Value : run.Value.At(from - start);
        if (old.Equals(value)) return;
        var left = default(Position);
        var joinsLeft = start == from && TryPrevious(at, out left) && Continues(this[left], from, value);
        var next = default(Position);
        var joinsRight = false;
        if (end == to)
        {
            next = Next(at);
            joinsRight = Valid(next) && this[next].From == to && value.At(to - from).Equals(this[next].Value);
        }
        if (joinsLeft && joinsRight)
        {
            var further = this[next].To;
            At(left) = this[left] with { To = further };
            Covered += further - from;                      // the splice takes them off
            Splice(at, Next(next), default);
        }
        else if (joinsLeft)
        {
            At(left) = this[left] with { To = to };
            if (end == to)
            {
                Covered += to - from;
                Splice(at, next, default);
            }
            else
            {
                Cut(at, to);
            }
        }
        else if (joinsRight)
        {
            Start(next, new(from, this[next].To, value));
            if (start == from)
            {
                Covered += to - from;
                Splice(at, next, default);
            }
            else
            {
                run = run with { To = from };
            }
        }
        else if (start == from && end == to)
        {
            run = new(from, to, value);
        }
        else
        {
            Triple pieces = default;
            var n = 0;
            if (start < from) pieces[n++] = run with { To = from };
            pieces[n++] = new(from, to, value);
            if (to < end) pieces[n++] = run.Clip(to, ulong.MaxValue);
            Splice(at, Next(at), ((ReadOnlySpan<Run<V>>)pieces)[..n]);
        }
    }

    private static bool Continues(in Run<V> run, ulong from, in V value) => run.To == from && run.Value.At(from - run.From).Equals(value);

    /// <summary>Lets a run start later.</summary>
    private void Cut(Position at, ulong from) => Start(at, this[at].Clip(from, ulong.MaxValue));

    /// <summary>Replaces a run by one that starts elsewhere and touches no other.</summary>
    private void Start(Position at, in Run<V> run)
    {
        At(at) = run;
        if (at.Index == 0) _first[at.Chunk] = run.From;
    }

    private readonly ref Run<V> At(Position position) => ref _chunks[position.Chunk].Runs[position.Index];

    [System.Runtime.CompilerServices.InlineArray(2)]
    private struct Pair
    {
        private Run<V> _first;
    }

    [System.Runtime.CompilerServices.InlineArray(3)]
    private struct Triple
    {
        private Run<V> _first;
    }
}
