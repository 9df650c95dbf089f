using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MmSpec.Testing;

namespace MmSpec.Catalog;

/// <summary>A key of a machine item.</summary>
/// <param name="Name">As a specification spells it; dotted for nested blocks.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Default">What holds when it is left out; <see cref="Value.Absent"/>: nothing.</param>
public sealed record SettingKey(string Name, ParameterType Type, Value Default)
{
    /// <summary>Words that it takes; empty: any value of its type.</summary>
    public ImmutableArray<string> Words { get; init; } = [];
    /// <summary>Kernels that have it.</summary>
    public Availability AvailableIn { get; init; } = Availability.Always;
    /// <summary>Whether the model gives it meaning today.</summary>
    public bool Supported { get; init; }
}

/// <summary>A kind of item in a machine.</summary>
/// <param name="Kind">First word.</param>
/// <param name="Key">What identifies it among its kind (for <c>memory: 4G</c>, its value); null: there is one, without key or value.</param>
/// <param name="Settings">Keys in its braces.</param>
public sealed record MachineItemKind(string Kind, ParameterType? Key, ImmutableArray<SettingKey> Settings)
{
    /// <summary>It is written <c>kind: value</c> and there is one of it.</summary>
    public bool IsScalar { get; init; }
    /// <summary>Its keys are file names or options that this table does not list all of (<c>sysctl</c>, <c>config</c>, <c>cgroup</c>).</summary>
    public bool OpenSettings { get; init; }
    /// <summary>It may stand inside a <c>node</c> block.</summary>
    public bool InNode { get; init; }
    /// <summary>What holds when a scalar is left out.</summary>
    public Value Default { get; init; }
    /// <summary>Whether the model gives it meaning today.</summary>
    public bool Supported { get; init; }

    /// <summary>The listed setting of that name, or null.</summary>
    public SettingKey? Find(string name)
    {
        foreach (var setting in Settings) if (setting.Name == name) return setting;
        return null;
    }
}

/// <summary>What a machine can declare (LANGUAGE §4).</summary>
public static class MachineItems
{
    /// <summary>All kinds.</summary>
    public static ImmutableArray<MachineItemKind> All { get; } =
    [
        new("hugepages", ParameterType.Size, [Key("nr", ParameterType.Count, Number(0)), Key("overcommit", ParameterType.Count, Number(0))]) { InNode = true, Supported = true },
        new("memory", ParameterType.Size, []) { IsScalar = true, InNode = true, Default = Value.OfSize((Int128)4 << 30), Supported = true },
        new("swap", ParameterType.Size, []) { IsScalar = true, Default = Value.OfSize(0) },
        new("cpus", ParameterType.Count, []) { IsScalar = true, InNode = true, Default = Number(2), Supported = true },
        new("sockets", ParameterType.Count, []) { IsScalar = true, Default = Number(1), Supported = true },
        new("node", ParameterType.Count, []) { Supported = true },
        new("thp", ParameterType.Size, ThpSettings()),
        new("mount", ParameterType.Path,
        [
            Key("type", ParameterType.Text, Value.Absent, "hugetlbfs", "tmpfs", "ext4"),
            Later("size", ParameterType.Size), Later("min_size", ParameterType.Size, "4.1"), Later("nr_inodes", ParameterType.Count), Key("pagesize", ParameterType.Size, Value.Absent),
            Later("huge", ParameterType.Text), Later("mode", ParameterType.Number), Later("uid", ParameterType.Number), Later("gid", ParameterType.Number), Later("blocksize", ParameterType.Size),
        ]) { Supported = true },
        new("cgroup", ParameterType.Text, []) { OpenSettings = true },
        new("sysctl", null,
        [
            Key("vm.nr_hugepages", ParameterType.Count, Number(0)), Key("vm.nr_overcommit_hugepages", ParameterType.Count, Number(0)),
            Later("vm.overcommit_memory", ParameterType.Number), Later("vm.overcommit_ratio", ParameterType.Number), Later("vm.hugetlb_shm_group", ParameterType.Number),
            Later("vm.max_map_count", ParameterType.Count), Later("vm.swappiness", ParameterType.Number), Later("vm.mmap_min_addr", ParameterType.Size),
            Later("vm.nr_hugepages_mempolicy", ParameterType.Count, "2.6.32"), Later("vm.overcommit_kbytes", ParameterType.Count, "3.14"),
            Later("vm.unprivileged_userfaultfd", ParameterType.Number, "5.2"), Later("vm.memfd_noexec", ParameterType.Number, "6.3"),
        ]) { OpenSettings = true, Supported = true },
        new("config", null, []) { OpenSettings = true, Supported = true },
        new("device", ParameterType.Path, [Later("kind", ParameterType.Text)]),
        new("cost", null, []) { OpenSettings = true },
    ];

    private static readonly Dictionary<string, MachineItemKind> ByKind = All.ToDictionary(i => i.Kind, StringComparer.Ordinal);

    /// <summary>Looks a kind up.</summary>
    public static bool TryGet(string kind, [NotNullWhen(true)] out MachineItemKind? item) => ByKind.TryGetValue(kind, out item);

    /// <summary>The kind whose name resembles a misspelt one most, or null.</summary>
    public static string? Suggest(string kind) => Catalog.Suggest.Nearest(kind, ByKind.Keys);

    private static Value Number(int n) => Value.OfNumber(n);

    private static SettingKey Key(string name, ParameterType type, Value or, params ReadOnlySpan<string> words) =>
        new(name, type, or) { Words = [.. words], Supported = true };

    private static SettingKey Later(string name, ParameterType type, string? since = null) =>
        new(name, type, Value.Absent) { AvailableIn = Availability.Of(name, since, kind: "setting") };

    private static ImmutableArray<SettingKey> ThpSettings() =>
    [
        Later("enabled", ParameterType.Text), Later("defrag", ParameterType.Text), Later("shmem_enabled", ParameterType.Text), Later("use_zero_page", ParameterType.Text),
        Later("khugepaged.defrag", ParameterType.Number), Later("khugepaged.pages_to_scan", ParameterType.Count), Later("khugepaged.max_ptes_none", ParameterType.Count),
        Later("khugepaged.max_ptes_swap", ParameterType.Count), Later("khugepaged.max_ptes_shared", ParameterType.Count),
    ];
}
