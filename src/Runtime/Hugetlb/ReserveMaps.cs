using MmSpec.Mm;
using MmSpec.State;

namespace MmSpec.Hugetlb;

/// <summary>A reservation map (resv_map; before 2.6.27 the list at the inode's mapping).</summary>
/// <param name="References">VMAs of a private map; 1 for an inode's.</param>
internal readonly record struct ReserveMap(int References) : IStateful<ReserveMap>
{
    /// <summary>
    /// Indexes in huge pages. In an inode's map an entry means "reserved or allocated", in a private owner's "the reservation is consumed".
    /// </summary>
    public RunMap<Mark> Entries { get; init; } = null!;

    /// <inheritdoc />
    public ulong HashInto(ulong seed) => StateHash.Mix(seed, (ulong)(uint)References);
}

/// <summary>The operations on reservation maps (mm/hugetlb.c: region_chg, region_add, region_del, region_count). Indexes are in huge pages, half open.</summary>
[SharedImmutable]
internal sealed class ReserveMaps(Store store)
{
    private readonly Slab<ReserveMap> _maps = new(store, StateHash.Key(StateKind.ReserveMaps));

    /// <summary>Makes an empty map with one reference.</summary>
    public int Make()
    {
        var handle = _maps.Add(default);
        _maps.Set(handle, new ReserveMap(1) { Entries = new(store, StateHash.Key(StateKind.ReserveEntries, (ulong)(uint)handle)) });
        return handle;
    }

    /// <summary>One more VMA shares the map.</summary>
    public void Get(int map) => _maps.Set(map, _maps[map] with { References = _maps[map].References + 1 });

    /// <summary>One less; the last one frees it.</summary>
    public void Put(int map)
    {
        var left = _maps[map].References - 1;
        if (left > 0)
        {
            _maps.Set(map, _maps[map] with { References = left });
            return;
        }
        _maps[map].Entries.Clear();
        _maps.Remove(map);
    }

    /// <summary>VMAs (or the inode) that refer to it.</summary>
    public int References(int map) => _maps[map].References;

    /// <summary>The entries.</summary>
    public RunMap<Mark> Entries(int map) => _maps[map].Entries;

    /// <summary>The maps, for checks.</summary>
    public IEnumerable<int> All()
    {
        var result = new List<int>();
        foreach (var map in _maps) result.Add(map);
        return result;
    }

    /// <summary>region_chg: how many indexes of the range have no entry.</summary>
    public ulong Change(int map, ulong from, ulong to) => to - from - Entries(map).CountIn(from, to);

    /// <summary>region_add: gives every index of the range an entry.</summary>
    /// <returns>How many had none.</returns>
    public ulong Add(int map, ulong from, ulong to)
    {
        var added = Change(map, from, to);
        Entries(map).Set(from, to, default);
        return added;
    }

    /// <summary>region_del, and region_truncate of older kernels: takes the entries of the range away.</summary>
    /// <returns>How many there were.</returns>
    public ulong Delete(int map, ulong from, ulong to)
    {
        var count = Entries(map).CountIn(from, to);
        Entries(map).Remove(from, to);
        return count;
    }

    /// <summary>region_count.</summary>
    public ulong Count(int map, ulong from, ulong to) => Entries(map).CountIn(from, to);

    /// <summary>
    /// region_add of 2.6.17 to 4.2 without the region_chg that must precede it. It extends the first region that ends at or behind the range, whatever lies between, and swallows what
    /// that then overlaps; where there is no such region it writes through the list's head.
    /// </summary>
    /// <returns>False: memory was corrupted, and the map is as it was.</returns>
    public bool AddWithoutChange(int map, ulong from, ulong to)
    {
        var entries = Entries(map);
        foreach (var run in entries.Runs())
        {
            if (run.To < from) continue;
            var start = Math.Min(from, run.From);
            if (run.From > to)
            {
                entries.Remove(run.From, run.To);       // a region behind the range is overwritten, not extended
                entries.Set(from, to, default);
                return true;
            }
            entries.Set(start, Math.Max(to, run.To), default);
            return true;
        }
        return false;
    }
}
