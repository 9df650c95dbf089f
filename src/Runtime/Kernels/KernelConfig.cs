using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>The configuration that a kernel has unless a machine says otherwise: Debian's full flavour of that version.</summary>
public static class KernelConfig
{
    private static readonly Dictionary<string, KernelVersion> SetSince = new(StringComparer.Ordinal)
    {
        ["CONFIG_HUGETLBFS"] = V("2.6.25"),
        ["CONFIG_HUGETLB_PAGE"] = V("2.6.25"),
        ["CONFIG_NUMA"] = V("2.6.25"),
        ["CONFIG_SWAP"] = V("2.6.25"),
        ["CONFIG_PROC_PAGE_MONITOR"] = V("2.6.25"),
        ["CONFIG_MEMORY_FAILURE"] = V("2.6.32"),
        ["CONFIG_KSM"] = V("2.6.32"),
        ["CONFIG_TRANSPARENT_HUGEPAGE"] = V("2.6.38"),
        ["CONFIG_MEMCG"] = V("3.6"),
        ["CONFIG_CGROUP_HUGETLB"] = V("3.6"),
        ["CONFIG_USERFAULTFD"] = V("4.3"),
    };

    /// <summary>Options that the model knows.</summary>
    public static IReadOnlyCollection<string> Known => SetSince.Keys;

    /// <summary>Whether the option is set in the default configuration of that version; false for an unknown option.</summary>
    public static bool Default(string option, KernelVersion version) => SetSince.TryGetValue(option, out var since) && version >= since;
}
