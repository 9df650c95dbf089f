using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>
/// The storage of a <see cref="RunMap{V}"/>: sorted disjoint runs, in chunks of bounded size with a directory of their first places. One chunk while small;
/// insertion then costs a search and a move within one chunk, so that a hundred thousand runs stay cheap to build in any order.
/// </summary>
internal partial struct RunList<V> where V : struct, IRunValue<V>
{
    private const int MaxChunk = 128;

    private ulong[] _first = [0];           // per chunk the From of its first run
    private Chunk[] _chunks = [new() { Runs = [] }];
    private int _chunkCount = 1;
    private Position _last;                 // where the latest search ended; a guess that is checked

    public RunList()
    {
    }

    public int Count { get; private set; }

    public ulong Covered { get; private set; }

    /// <summary>A place in the list: before the run that it names, or at the end. One word, so that it travels in a register.</summary>
    public readonly struct Position
    {
        private const int IndexBits = 8;
        private readonly int _bits;

        public Position(int chunk, int index) => _bits = (chunk << IndexBits) | index;

        public int Chunk => _bits >> IndexBits;

        public int Index => _bits & ((1 << IndexBits) - 1);

        public bool Equals(Position other) => _bits == other._bits;
    }

    /// <summary>The first run that ends after <paramref name="at"/>.</summary>
    public Position Find(ulong at)
    {
        if (Count == 0)
        {
            return default;
        }
        // Who asks again mostly asks for the same run or the next one.
        var (chunk, index) = (_last.Chunk, _last.Index);
        if ((uint)chunk < (uint)_chunkCount)
        {
            var runs = _chunks[chunk].Runs;
            var count = _chunks[chunk].Count;
            if ((uint)index < (uint)count && (uint)index < (uint)runs.Length)
            {
                if (at < runs[index].To)
                {
                    if (index > 0 ? runs[index - 1].To <= at : chunk == 0 || _first[chunk] <= at)
                    {
                        return _last;
                    }
                }
                else if (index + 1 < count)
                {
                    if (at < runs[index + 1].To)
                    {
                        return _last = new(chunk, index + 1);
                    }
                }
                else if (chunk + 1 == _chunkCount)
                {
                    return new(chunk, count);
                }
            }
        }
        return Search(at);
    }

    private Position Search(ulong at)
    {
        var chunk = 0;
        if (_chunkCount > 1)
        {
            int low = 0, high = _chunkCount - 1;
            while (low < high)
            {
                var middle = (low + high + 1) >> 1;
                if (_first[middle] <= at)
                {
                    low = middle;
                }
                else
                {
                    high = middle - 1;
                }
            }
            chunk = low;
        }
        var runs = _chunks[chunk].Runs;
        int from = 0, to = _chunks[chunk].Count;
        while (from < to)
        {
            var middle = (from + to) >> 1;
            if (runs[middle].To <= at)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }
        return _last = Settle(chunk, from);
    }

    /// <summary>Whether there is a run at the position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Valid(Position position) => position.Index < _chunks[position.Chunk].Count;

    public readonly ref readonly Run<V> this[Position position] => ref _chunks[position.Chunk].Runs[position.Index];

    public readonly Position Next(Position position) => Settle(position.Chunk, position.Index + 1);

    /// <summary>The position before; only where there is one.</summary>
    public readonly bool TryPrevious(Position position, out Position previous)
    {
        if (position.Index > 0)
        {
            previous = new(position.Chunk, position.Index - 1);
            return true;
        }
        if (position.Chunk > 0)
        {
            previous = new(position.Chunk - 1, _chunks[position.Chunk - 1].Count - 1);
            return true;
        }
        previous = position;
        return false;
    }

    /// <summary>Replaces the runs of [from, to) by <paramref name="by"/>.</summary>
    public void Splice(Position from, Position to, ReadOnlySpan<Run<V>> by)
    {
        for (var p = from; !p.Equals(to); p = Next(p))
        {
            Covered -= this[p].Length;
            Count--;
        }
        foreach (ref readonly var run in by)
        {
            Covered += run.Length;
        }
        Count += by.Length;

        ref var chunk = ref _chunks[from.Chunk];
        var end = to.Chunk == from.Chunk ? to.Index : to.Chunk == from.Chunk + 1 && to.Index == 0 ? chunk.Count : -1;
        var size = chunk.Count - (end - from.Index) + by.Length;
        _last = new(from.Chunk, Math.Min(MaxChunk, from.Index + Math.Max(0, by.Length - 1)));
        if (size > MaxChunk && by.Length <= MaxChunk && from.Index > 0 && end == chunk.Count && from.Chunk + 1 == _chunkCount)
        {
            chunk.Count = from.Index;           // it grows at its end: what there is stays where it is
            var runs = new Run<V>[MaxChunk];
            by.CopyTo(runs);
            Exchange(_chunkCount, _chunkCount, [new() { Runs = runs, Count = by.Length }], [by[0].From]);
            return;
        }
        if (end < 0 || size > MaxChunk || (size == 0 && _chunkCount > 1))
        {
            Rebuild(from, to, by);
            return;
        }
        if (size > chunk.Runs.Length)
        {
            Array.Resize(ref chunk.Runs, Math.Min(MaxChunk, Math.Max(4, Math.Max(size, chunk.Runs.Length * 2))));
        }
        if (size != chunk.Count && end < chunk.Count)
        {
            Array.Copy(chunk.Runs, end, chunk.Runs, from.Index + by.Length, chunk.Count - end);
        }
        by.CopyTo(chunk.Runs.AsSpan(from.Index));
        if (RuntimeHelpers.IsReferenceOrContainsReferences<V>() && size < chunk.Count)
        {
            Array.Clear(chunk.Runs, size, chunk.Count - size);
        }
        chunk.Count = size;
        if (from.Index == 0 && size > 0)
        {
            _first[from.Chunk] = chunk.Runs[0].From;
        }
    }

    private readonly Position Settle(int chunk, int index) =>
        index == _chunks[chunk].Count && chunk + 1 < _chunkCount ? new(chunk + 1, 0) : new(chunk, index);

    /// <summary>Builds the chunks that the splice touches anew.</summary>
    private void Rebuild(Position from, Position to, ReadOnlySpan<Run<V>> by)
    {
        ReadOnlySpan<Run<V>> head = _chunks[from.Chunk].Runs.AsSpan(0, from.Index);
        ReadOnlySpan<Run<V>> tail = _chunks[to.Chunk].Runs.AsSpan(to.Index, _chunks[to.Chunk].Count - to.Index);
        var total = head.Length + by.Length + tail.Length;
        // A list that grows at its end is left full; elsewhere there must be room for more.
        var fill = tail.Length == 0 && to.Chunk == _chunkCount - 1 ? MaxChunk : MaxChunk / 2;
        var pieces = Math.Max(1, (total + fill - 1) / fill);
        var built = new Chunk[pieces];
        var first = new ulong[pieces];
        var done = 0;
        for (var i = 0; i < pieces; i++)
        {
            var size = fill == MaxChunk ? Math.Min(fill, total - done) : (total - done) / (pieces - i);
            var runs = new Run<V>[MaxChunk];
            for (var filled = 0; filled < size;)
            {
                var at = done + filled;
                var source = at < head.Length ? head[at..]
                    : at < head.Length + by.Length ? by[(at - head.Length)..]
                    : tail[(at - head.Length - by.Length)..];
                var n = Math.Min(source.Length, size - filled);
                source[..n].CopyTo(runs.AsSpan(filled));
                filled += n;
            }
            done += size;
            built[i] = new Chunk { Runs = runs, Count = size };
            first[i] = size > 0 ? runs[0].From : 0;
        }
        Exchange(from.Chunk, to.Chunk + 1, total == 0 && to.Chunk + 1 - from.Chunk < _chunkCount ? [] : built, first);
    }

    private void Exchange(int from, int to, Chunk[] by, ulong[] first)
    {
        var count = _chunkCount - (to - from) + by.Length;
        if (count > _chunks.Length)
        {
            var capacity = Math.Max(count, _chunks.Length * 2);
            Array.Resize(ref _chunks, capacity);
            Array.Resize(ref _first, capacity);
        }
        Array.Copy(_chunks, to, _chunks, from + by.Length, _chunkCount - to);
        Array.Copy(_first, to, _first, from + by.Length, _chunkCount - to);
        by.CopyTo(_chunks, from);
        Array.Copy(first, 0, _first, from, by.Length);
        if (count < _chunkCount)
        {
            Array.Clear(_chunks, count, _chunkCount - count);
        }
        _chunkCount = count;
    }

    private struct Chunk
    {
        public Run<V>[] Runs;
        public int Count;
    }
}
