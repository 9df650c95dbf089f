using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>One key of a machine item. Nested blocks have dotted names (<c>khugepaged.defrag</c>).</summary>
public sealed record Setting(string Name, Value Value);

/// <summary>
/// One item of a machine: <c>hugepages 2M { nr: 4 }</c> is Kind "hugepages", Key 2M; <c>memory: 4G</c> is Kind "memory" with Key 4G;
/// <c>mount hugetlbfs "/huge" { size: 4M }</c> is Kind "mount", Key the path, with a setting "type". Kinds are those of LANGUAGE §4.
/// </summary>
/// <param name="Kind">First word.</param>
/// <param name="Key">What identifies it among its kind; Absent where there is only one.</param>
/// <param name="Node">The node block it stands in, or -1.</param>
/// <param name="Settings">Its keys, in source order.</param>
public sealed record MachineItem(string Kind, Value Key, int Node, ImmutableArray<Setting> Settings);

/// <summary>A machine with its bases merged; what is not named has the default of LANGUAGE §4.</summary>
public sealed record Machine(ImmutableArray<MachineItem> Items)
{
    /// <summary>A machine of defaults.</summary>
    public static Machine Default { get; } = new([]);
}
