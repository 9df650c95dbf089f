namespace MmSpec.State;

public sealed partial class RunMap<V>
{
    /// <summary>The runs of a range.</summary>
    public readonly struct RunEnumerable
    {
        private readonly RunMap<V> _map;
        private readonly ulong _from, _to;

        internal RunEnumerable(RunMap<V> map, ulong from, ulong to) => (_map, _from, _to) = (map, from, to);

        /// <summary>Starts a walk.</summary>
        public RunEnumerator GetEnumerator() => new(_map, _from, _to);
    }

    /// <summary>Walks over the runs of a range.</summary>
    public struct RunEnumerator
    {
        private readonly RunMap<V> _map;
        private readonly ulong _to;
        private ulong _at;
        private RunList<V>.Position _next;
        private int _version;

        internal RunEnumerator(RunMap<V> map, ulong from, ulong to)
        {
            (_map, _at, _to, Current) = (map, from, to, default);
            (_next, _version) = (map._runs.Find(from), map._version);
        }

        /// <summary>The run, clipped to the range.</summary>
        public Run<V> Current { get; private set; }

        /// <summary>Goes to the next run.</summary>
        public bool MoveNext()
        {
            if (_version != _map._version)
            {
                (_next, _version) = (_map._runs.Find(_at), _map._version);
            }
            if (!_map._runs.Valid(_next))
            {
                return false;
            }
            ref readonly var run = ref _map._runs[_next];
            if (run.From >= _to || _at >= _to)
            {
                return false;
            }
            Current = run.From >= _at && run.To <= _to ? run : run.Clip(_at, _to);
            _at = Current.To;
            _next = _map._runs.Next(_next);
            return true;
        }
    }

    /// <summary>The gaps of a range.</summary>
    public readonly struct GapEnumerable
    {
        private readonly RunMap<V> _map;
        private readonly ulong _from, _to;

        internal GapEnumerable(RunMap<V> map, ulong from, ulong to) => (_map, _from, _to) = (map, from, to);

        /// <summary>Starts a walk.</summary>
        public GapEnumerator GetEnumerator() => new(_map, _from, _to);
    }

    /// <summary>Walks over the gaps of a range.</summary>
    public struct GapEnumerator
    {
        private readonly RunMap<V> _map;
        private readonly ulong _to;
        private ulong _at;

        internal GapEnumerator(RunMap<V> map, ulong from, ulong to) => (_map, _at, _to, Current) = (map, from, to, default);

        /// <summary>The gap, clipped to the range.</summary>
        public Extent Current { get; private set; }

        /// <summary>Goes to the next gap.</summary>
        public bool MoveNext()
        {
            var from = _map.NextGap(_at);
            if (from >= _to)
            {
                return false;
            }
            Current = new(from, Math.Min(_to, _map.NextRun(from)));
            _at = Current.To;
            return true;
        }
    }
}
