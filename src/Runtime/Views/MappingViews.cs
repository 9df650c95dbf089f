using MmSpec.Mm;
using MmSpec.Testing;

namespace MmSpec.Views;

/// <summary>Views of mappings (fs/proc/task_mmu.c:show_map_vma).</summary>
internal static class MappingViews
{
    /// <summary><c>maps(p)</c>: all mappings, at absolute addresses.</summary>
    public static Observation Maps(World world, int mm)
    {
        var entries = new List<ObservedEntry>();
        foreach (var run in world.Spaces.Tree(mm).Runs())
        {
            var vma = world.Spaces.Vmas[run.Value.Handle];
            entries.Add(new(vma.Start, vma.End, [Permissions(vma)]));
        }
        return new() { Entries = entries };
    }

    /// <summary><c>vmas(R)</c>: the mappings in a region, clipped to it, and the holes between them.</summary>
    public static Observation Vmas(World world, int mm, Value range)
    {
        var (start, end) = Extent(world, mm, range);
        var entries = new List<ObservedEntry>();
        var at = start;
        foreach (var run in world.Spaces.Tree(mm).Runs(start >> 12, (end + 4095) >> 12))
        {
            var vma = world.Spaces.Vmas[run.Value.Handle];
            var (from, to) = (Math.Max(start, vma.Start), Math.Min(end, vma.End));
            if (from > at) entries.Add(new(at - start, from - start, ["none"]));
            entries.Add(new(from - start, to - start, [Permissions(vma)]));
            at = to;
        }
        if (at < end) entries.Add(new(at - start, end - start, ["none"]));
        return new() { Entries = entries };
    }

    /// <summary>
    /// A region as the kernel rounded it: where it ends inside the last page of a mapping, that page belongs to it.
    /// </summary>
    public static (ulong Start, ulong End) Extent(World world, int mm, Value range)
    {
        var start = range.Start;
        if (start >= World.TaskSize) return (start, start);
        var end = start + Math.Min(range.Length, World.TaskSize - start);
        if (range.Length == 0 || world.Spaces.Find(mm, end - 1) is not (> 0 and var last)) return (start, end);
        var vma = world.Spaces.Vmas[last];
        var unit = vma.Hstate == 0 ? 4096 : world.Hstate(vma.Hstate).Size;
        return (start, end > vma.End - unit && start <= vma.Start ? vma.End : end);
    }

    /// <summary><c>rw-p</c>.</summary>
    public static string Permissions(in Vma vma) => string.Create(4, vma.Flags, static (span, f) =>
    {
        span[0] = (f & VmFlags.Read) != 0 ? 'r' : '-';
        span[1] = (f & VmFlags.Write) != 0 ? 'w' : '-';
        span[2] = (f & VmFlags.Exec) != 0 ? 'x' : '-';
        span[3] = (f & VmFlags.MayShare) != 0 ? 's' : 'p';
    });
}
