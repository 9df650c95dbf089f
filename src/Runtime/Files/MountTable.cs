using MmSpec.Mm;
using MmSpec.State;

namespace MmSpec.Files;

/// <summary>Mounts, and the subpools of hugetlbfs ones (mm/hugetlb.c: hugepage_subpool_get_pages, hugepage_subpool_put_pages; quota before 3.4).</summary>
[SharedImmutable]
internal sealed class MountTable(World world)
{
    /// <summary>No limit.</summary>
    public const ulong None = ulong.MaxValue;

    private readonly Slab<Mount> _mounts = new(world.Store, StateHash.Key(StateKind.Mounts));

    /// <summary>The mounts.</summary>
    public Slab<Mount> All => _mounts;

    /// <summary>Mounts a file system.</summary>
    public int Add(Mount mount) => _mounts.Add(mount);

    /// <summary>The mount that a path lies in; 0: none.</summary>
    public int Find(string path)
    {
        var (best, length) = (0, 0);
        foreach (var handle in _mounts)
        {
            var root = Names.Of(_mounts[handle].Path)!.TrimEnd('/');
            if (path.Length > root.Length && path.StartsWith(root, StringComparison.Ordinal) && path[root.Length] == '/' && root.Length >= length) (best, length) = (handle, root.Length);
        }
        return best;
    }

    /// <summary>How many of some pages get the same answer from <see cref="Get"/>: all from the pages set aside, or none.</summary>
    public ulong Uniform(int mount, ulong pages)
    {
        if (mount == 0) return pages;
        ref readonly var m = ref _mounts[mount];
        if (m.Most != None && m.Used < m.Most) pages = Math.Min(pages, m.Most - m.Used);
        return m.Least != None && m.SetAside > 0 ? Math.Min(pages, m.SetAside) : pages;
    }

    /// <summary>Charges pages.</summary>
    /// <returns>How many the global pool must answer for; -1: over the limit, and nothing is charged.</returns>
    public long Get(int mount, ulong pages)
    {
        if (mount == 0) return (long)pages;
        var m = _mounts[mount];
        if (m.Most == None && m.Least == None) return (long)pages;
        if (m.Most != None && pages > m.Most - Math.Min(m.Most, m.Used)) return -1;
        var covered = m.Least == None ? 0 : Math.Min(pages, m.SetAside);
        _mounts.Set(mount, m with { Used = m.Used + pages, SetAside = m.SetAside - covered });
        return (long)(pages - covered);
    }

    /// <summary>Gives pages back.</summary>
    /// <returns>How many go back to the global pool; the others refill what is set aside.</returns>
    public ulong Put(int mount, ulong pages)
    {
        if (mount == 0 || !_mounts.Contains(mount)) return pages;
        var m = _mounts[mount];
        if (m.Most == None && m.Least == None) return pages;
        var used = m.Used - pages;
        var overflow = pages;
        var aside = m.SetAside;
        if (m.Least != None && used < m.Least)
        {
            overflow = aside + pages <= m.Least ? 0 : aside + pages - m.Least;
            aside = Math.Min(m.Least, aside + pages);
        }
        _mounts.Set(mount, m with { Used = used, SetAside = aside });
        return overflow;
    }
}
