using System.Globalization;
using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Hugetlb;

/// <summary>What root writes to /proc/sys and /sys (mm/hugetlb.c: hugetlb_sysctl_handler; mm/hugetlb_sysfs.c).</summary>
[SharedImmutable]
internal sealed class KernelSettings(World world)
{
    /// <summary>Writes a sysctl; the default huge page size's.</summary>
    /// <param name="name">Dotted or with slashes.</param>
    /// <param name="value">What is written.</param>
    public KernelTask<long> Sysctl(string name, Value value)
    {
        const string Prefix = "vm.";
        name = name.Replace('/', '.');
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return new(-Errno.ENOENT);
        if (name is "vm.overcommit_memory" or "vm.overcommit_ratio" or "vm.drop_caches") return new(0);
        return Write(world.Hstates[0], name[Prefix.Length..], value, -1);
    }

    /// <summary>Writes a file in /sys.</summary>
    /// <param name="path">Below /sys.</param>
    /// <param name="value">What is written.</param>
    public KernelTask<long> Sysfs(string path, Value value)
    {
        if (!world.Traits[HugetlbPoolRules.SeveralSizes]) return new(-Errno.ENOENT);
        if (path.StartsWith("/sys/", StringComparison.Ordinal)) path = path[5..];
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["kernel", "mm", "hugepages", var size, var file] when SizeOf(size) is { } h => Write(h, file, value, -1),
            ["devices", "system", "node", var node, "hugepages", var size, var file] when world.Traits[HugetlbPoolRules.NodeFiles] && NodeOf(node) is >= 0 and var n && SizeOf(size) is { } h
                && file is "nr_hugepages" or "free_hugepages" or "surplus_hugepages" => Write(h, file, value, n),
            _ => new(-Errno.ENOENT),
        };
    }

    private KernelTask<long> Write(Hstate h, string file, Value value, int node)
    {
        if (file is "free_hugepages" or "resv_hugepages" or "surplus_hugepages") return new(-Errno.EACCES);
        if (!TryCount(value, out var count)) return new(-Errno.EINVAL);
        switch (file)
        {
            case "nr_hugepages" or "nr_hugepages_mempolicy":
                return world.Pool.SetMax(h, count, node);
            case "nr_overcommit_hugepages":
                return world.Pool.SetOvercommit(h, count);
            case "demote" when h.Number > 1 && world.Traits[HugetlbPoolRules.Demote]:
                return world.Pool.Demote(h, world.Hstates[h.Number - 2], count);
            default:
                return new(-Errno.ENOENT);
        }
    }

    private Hstate? SizeOf(string directory)
    {
        foreach (var h in world.Hstates) if (directory == string.Create(CultureInfo.InvariantCulture, $"hugepages-{h.Size >> 10}kB")) return h;
        return null;
    }

    private int NodeOf(string directory) =>
        directory.StartsWith("node", StringComparison.Ordinal) && int.TryParse(directory[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n < world.Memory.Nodes ? n : -1;

    private static bool TryCount(Value value, out ulong count)
    {
        count = 0;
        if (value.Kind == ValueKind.Text) return ulong.TryParse(value.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count);
        if (!value.IsNumeric || value.Number < 0 || value.Number > ulong.MaxValue) return false;
        count = (ulong)value.Number;
        return true;
    }
}
