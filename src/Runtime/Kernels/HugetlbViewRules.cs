using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>What procfs and sysfs print about huge pages.</summary>
public static class HugetlbViewRules
{
    /// <summary>smaps fields.</summary>
    public static readonly Rule SmapsFields = new("hugetlb.smaps.fields", "smaps has Shared_Hugetlb and Private_Hugetlb.")
    { Since = V("4.4"), Source = "fs/proc/task_mmu.c:smaps_hugetlb_range", Confirmed = Everywhere };

    /// <summary>A page whose table is shared.</summary>
    public static readonly Rule SharedTableLooksPrivate = new("hugetlb.smaps.shared-table-is-private",
        "A page that two processes map through one shared page table is shown as Private_Hugetlb.")
    {
        // The 6.18 line has the mending by .15; the exact point release is not known.
        Since = V("6.13"),
        Until = V("6.18"),
        EndedIn = Vs("6.18.15"),
        IsBug = true,
        Use = RuleUse.NotModelled,
        Source = "include/linux/hugetlb.h:hugetlb_pmd_shared, fs/proc/task_mmu.c:smaps_hugetlb_range",
        Confirmed = Everywhere,
    };
}
