using MmSpec.Files;
using MmSpec.State;
using MmSpec.Testing;

namespace MmSpec.Mm;

/// <summary>A machine as the model starts it.</summary>
[SharedImmutable]
internal sealed class MachineSettings
{
    private const ulong DefaultMemory = 4UL << 30;
    private const int MostNodes = 64;

    private readonly Machine _machine;

    /// <summary>Reads a machine.</summary>
    /// <exception cref="NotSupportedException">It asks for something that the model cannot give.</exception>
    public MachineSettings(Machine machine)
    {
        _machine = machine;
        var nodes = 1;
        foreach (var item in machine.Items)
        {
            nodes = Math.Max(nodes, item.Node + 1);
            if (item.Kind == "node" && item.Key.IsNumeric) nodes = Math.Max(nodes, (int)Int128.Min(item.Key.Number, MostNodes) + 1);
            if (item.Kind is "swap" or "cgroup" or "thp" or "device" or "cost" && (item.Kind != "swap" || item.Key.Number != 0))
                throw new NotSupportedException($"the emulator has no {item.Kind} yet");
        }
        if (nodes > MostNodes) throw new NotSupportedException($"the emulator has at most {MostNodes} nodes");
        NodeMemory = new ulong[nodes];
        var declared = new bool[nodes];
        var total = DefaultMemory;
        var isTotalDeclared = false;
        foreach (var item in machine.Items)
        {
            if (item.Kind != "memory" || !item.Key.IsNumeric) continue;
            var bytes = (ulong)Int128.Clamp(item.Key.Number, 0, (Int128)1 << 47);
            if (item.Node >= 0) (NodeMemory[item.Node], declared[item.Node]) = (bytes, true);
            else (total, isTotalDeclared) = (bytes, true);
        }
        for (var n = 0; n < nodes; n++)
            if (!declared[n]) NodeMemory[n] = total / (ulong)nodes;
        // Memory that nobody declared is at least what the declared pools need.
        if (isTotalDeclared) return;
        var needed = (ulong)Int128.Min(PoolBytes(), (Int128)1 << 47);
        for (var n = 0; n < nodes; n++)
            if (!declared[n] && needed > NodeMemory[n] / 2) NodeMemory[n] += needed + needed / 8 + (2UL << 30);
    }

    /// <summary>Bytes of each node.</summary>
    [field: NotState("filled in by the constructor")]
    public ulong[] NodeMemory { get; }

    /// <summary>Gives a fresh world its pools and mounts.</summary>
    public void Apply(World world)
    {
        foreach (var item in _machine.Items)
        {
            switch (item.Kind)
            {
                case "hugepages":
                    var h = world.HstateOf(item.Key.Number) ?? throw new NotSupportedException($"this kernel has no huge pages of {item.Key}");
                    foreach (var setting in item.Settings) SetPool(world, h, setting.Name == "nr" ? "nr_hugepages" : "nr_overcommit_hugepages", setting.Value, item.Node);
                    break;
                case "sysctl":
                    foreach (var setting in item.Settings)
                    {
                        if (setting.Name is "vm.nr_hugepages" or "vm.nr_overcommit_hugepages") SetPool(world, world.Hstates[0], setting.Name[3..], setting.Value, -1);
                        else if (setting.Name is not "vm.overcommit_memory" and not "vm.overcommit_ratio") throw new NotSupportedException($"the emulator has no sysctl {setting.Name} yet");
                    }
                    break;
                case "mount":
                    AddMount(world, item);
                    break;
            }
        }
    }

    private Int128 PoolBytes()
    {
        Int128 bytes = 0;
        foreach (var item in _machine.Items)
        {
            if (item.Kind != "hugepages" || !item.Key.IsNumeric) continue;
            foreach (var setting in item.Settings) if (setting.Value.IsNumeric) bytes += Int128.Clamp(setting.Value.Number, 0, 1L << 40) * item.Key.Number;
        }
        return bytes;
    }

    private static void SetPool(World world, Hugetlb.Hstate h, string file, Value value, int node)
    {
        if (!value.IsNumeric || value.Number < 0) throw new NotSupportedException($"{file} takes a count");
        var count = (ulong)Int128.Min(value.Number, ulong.MaxValue);
        // A pool that is declared is there: pages larger than the buddy allocator's are then taken at boot.
        var result = file == "nr_hugepages"
            ? world.Sync.Run(world.Pool.SetMax(h, count, node, atBoot: true))
            : world.Sync.Run(world.Pool.SetOvercommit(h, count));
        var got = file != "nr_hugepages" ? count : node < 0 ? h.Persistent : h.Nodes[node].Value.Total;
        if (got < count) throw new NotSupportedException($"the machine's memory holds {got} of the {count} huge pages of {h.Size >> 20} MiB that it declares");
        if (result < 0) throw new NotSupportedException($"this kernel refuses {file} = {count} for {h.Size >> 20} MiB pages ({Errno.Name(-result)})");
    }

    private static void AddMount(World world, MachineItem item)
    {
        byte hstate = 1;
        var (most, least, inodes) = (MountTable.None, MountTable.None, MountTable.None);
        var type = "hugetlbfs";
        foreach (var setting in item.Settings)
            if (setting.Name == "pagesize") hstate = world.HstateOf(setting.Value.Number)?.Number ?? throw new NotSupportedException($"no huge page size {setting.Value}");
        foreach (var setting in item.Settings)
        {
            var pages = setting.Value.IsNumeric ? (ulong)Int128.Clamp(setting.Value.Number >> world.Hstate(hstate).Shift, 0, ulong.MaxValue) : 0;
            switch (setting.Name)
            {
                case "type": type = setting.Value.Text; break;
                case "size": most = pages; break;
                case "min_size": least = pages; break;
                case "nr_inodes": inodes = (ulong)Int128.Max(0, setting.Value.Number - 1); break;
            }
        }
        if (type != "hugetlbfs") (hstate, most, least) = (0, MountTable.None, MountTable.None);
        if (least != MountTable.None && (most != MountTable.None && least > most || world.Sync.Run(world.Reservations.Account(world.Hstate(hstate), (long)least, null)) < 0))
            throw new NotSupportedException($"the mount {item.Key} cannot be made: min_size is not there");
        world.Mounts.Add(new Mount(Names.Key(item.Key.Text), hstate, most, least) { SetAside = least == MountTable.None ? 0 : least, FreeInodes = inodes });
    }
}
