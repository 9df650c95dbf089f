using System.Collections.Immutable;
using MmSpec.Hugetlb;
using MmSpec.Mm;
using MmSpec.Testing;

namespace MmSpec.Views;

/// <summary>Views of the huge page pools (mm/hugetlb.c: hugetlb_report_meminfo, hugetlb_report_node_meminfo; mm/hugetlb_sysfs.c).</summary>
internal static class PoolViews
{
    /// <summary><c>pool</c>: (Total, Free, Rsvd, Surp).</summary>
    public static Observation Pool(Hstate h)
    {
        ImmutableArray<Value> all = [Value.OfNumber(h.Total), Value.OfNumber(h.Free), Value.OfNumber(h.Reserved.Value), Value.OfNumber(h.Surplus)];
        return new()
        {
            Whole = Value.OfTuple(all),
            Fields = new Dictionary<string, Value> { ["Total"] = all[0], ["Free"] = all[1], ["Rsvd"] = all[2], ["Surp"] = all[3] },
        };
    }

    /// <summary>/proc/meminfo. The counts are those of the default size; Hugetlb is the sum over all.</summary>
    public static Dictionary<string, Value> Meminfo(World world)
    {
        var h = world.Hstates[0];
        var (huge, total, free) = (0UL, 0UL, 0UL);
        foreach (var size in world.Hstates) huge += size.Total << size.Shift;
        for (var n = 0; n < world.Memory.Nodes; n++)
        {
            total += world.Memory.SizeOf(n);
            free += world.Memory.FreeBytes(n);
        }
        return new()
        {
            ["HugePages_Total"] = Value.OfNumber(h.Total),
            ["HugePages_Free"] = Value.OfNumber(h.Free),
            ["HugePages_Rsvd"] = Value.OfNumber(h.Reserved.Value),
            ["HugePages_Surp"] = Value.OfNumber(h.Surplus),
            ["Hugepagesize"] = Value.OfSize(h.Size),
            ["Hugetlb"] = Value.OfSize(huge),
            ["MemTotal"] = Value.OfSize(total),
            ["MemFree"] = Value.OfSize(free),
            ["SwapTotal"] = Value.OfSize(0),
            ["SwapFree"] = Value.OfSize(0),
        };
    }

    /// <summary>/sys/kernel/mm/hugepages/hugepages-NkB.</summary>
    public static Dictionary<string, Value> Directory(Hstate h) => new()
    {
        ["nr_hugepages"] = Value.OfNumber(h.Total),
        ["free_hugepages"] = Value.OfNumber(h.Free),
        ["resv_hugepages"] = Value.OfNumber(h.Reserved.Value),
        ["surplus_hugepages"] = Value.OfNumber(h.Surplus),
        ["nr_overcommit_hugepages"] = Value.OfNumber(h.Overcommit.Value),
        ["nr_hugepages_mempolicy"] = Value.OfNumber(h.Total),
    };

    /// <summary>/sys/devices/system/node/nodeN/meminfo, the default size.</summary>
    public static Dictionary<string, Value> Node(World world, int node)
    {
        var counts = world.Hstates[0].Nodes[node].Value;
        return new()
        {
            ["HugePages_Total"] = Value.OfNumber(counts.Total),
            ["HugePages_Free"] = Value.OfNumber(counts.Free),
            ["HugePages_Surp"] = Value.OfNumber(counts.Surplus),
            ["MemTotal"] = Value.OfSize(world.Memory.SizeOf(node)),
            ["MemFree"] = Value.OfSize(world.Memory.FreeBytes(node)),
            ["MemUsed"] = Value.OfSize(world.Memory.SizeOf(node) - world.Memory.FreeBytes(node)),
        };
    }
}
