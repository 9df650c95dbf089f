using MmSpec.Mm;
using MmSpec.Testing;

namespace MmSpec.Views;

/// <summary><c>smaps(R)</c>: the sum over the mappings that lie in R (fs/proc/task_mmu.c: show_smap, smaps_hugetlb_range).</summary>
internal static class SmapsView
{
    private static readonly (VmFlags Flag, string Word)[] Words =
    [
        (VmFlags.Read, "rd"), (VmFlags.Write, "wr"), (VmFlags.Exec, "ex"), (VmFlags.Shared, "sh"), (VmFlags.MayRead, "mr"), (VmFlags.MayWrite, "mw"), (VmFlags.MayExec, "me"),
        (VmFlags.MayShare, "ms"), (VmFlags.GrowsDown, "gd"), (VmFlags.SeqRead, "sr"), (VmFlags.RandRead, "rr"), (VmFlags.DontCopy, "dc"), (VmFlags.DontExpand, "de"),
        (VmFlags.NoReserve, "nr"), (VmFlags.HugeTlb, "ht"), (VmFlags.DontDump, "dd"), (VmFlags.HugePage, "hg"), (VmFlags.NoHugePage, "nh"), (VmFlags.Mergeable, "mg"),
    ];

    private static readonly string[] Sums =
    [
        "Size", "Rss", "Pss", "Pss_Dirty", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty", "Referenced", "Anonymous", "KSM", "LazyFree", "AnonHugePages", "ShmemPmdMapped",
        "FilePmdMapped", "Shared_Hugetlb", "Private_Hugetlb", "Swap", "SwapPss", "Locked",
    ];

    /// <summary>Shows it.</summary>
    /// <param name="world">The world.</param>
    /// <param name="mm">Address space.</param>
    /// <param name="range">R.</param>
    /// <param name="present">Leaves out what the kernel lacks.</param>
    public static Observation Show(World world, int mm, Value range, Func<Dictionary<string, Value>, Observation> present)
    {
        var (start, end) = MappingViews.Extent(world, mm, range);
        var sums = Sums.ToDictionary(s => s, _ => 0UL);
        var (unit, count) = (4096UL, 0);
        Value? flags = null;
        foreach (var run in world.Spaces.Tree(mm).Runs(start >> 12, (end + 4095) >> 12))
        {
            var vma = world.Spaces.Vmas[run.Value.Handle];
            if (vma.Start < start || vma.End > end) return ViewReader.Missing($"the region cuts the mapping 0x{vma.Start:x} .. 0x{vma.End:x}");
            sums["Size"] += vma.Length;
            unit = vma.Hstate == 0 ? 4096 : world.Hstate(vma.Hstate).Size;
            count++;
            flags ??= Value.OfTuple([.. Words.Where(w => (vma.Flags & w.Flag) != 0).Select(w => Value.OfText(w.Word))]);
            Count(world, vma, sums);
        }
        if (count == 0) return ViewReader.Missing("nothing is mapped in the region");
        var fields = sums.ToDictionary(s => s.Key, s => Value.OfSize(s.Value));
        fields["KernelPageSize"] = fields["MMUPageSize"] = Value.OfSize(unit);
        fields["THPeligible"] = fields["ProtectionKey"] = Value.OfNumber(0);
        fields["VmFlags"] = flags!.Value;
        return present(fields);
    }

    private static void Count(World world, in Vma vma, Dictionary<string, ulong> sums)
    {
        foreach (var run in world.Spaces.Table(vma.Mm).Runs(vma.Start >> 12, vma.End >> 12))
        {
            if ((run.Value.Bits & PteBits.Zero) != 0) continue;
            foreach (var page in world.Memory.Pages.Runs(run.Value.Pfn, run.Value.Pfn + run.Length))
            {
                var bytes = page.Length << 12;
                if (vma.Hstate != 0)
                {
                    sums[page.Value.Maps > 1 ? "Shared_Hugetlb" : "Private_Hugetlb"] += bytes;
                    continue;
                }
                sums["Rss"] += bytes;
                sums["Referenced"] += bytes;
                sums["Pss"] += bytes / (ulong)page.Value.Maps;
                sums["Pss_Dirty"] += bytes / (ulong)page.Value.Maps;
                sums[page.Value.Maps > 1 ? "Shared_Dirty" : "Private_Dirty"] += bytes;
                if (page.Value.Kind == PageKind.Anon) sums["Anonymous"] += bytes;
            }
        }
    }
}
