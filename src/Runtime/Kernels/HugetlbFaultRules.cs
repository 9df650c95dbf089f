using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>Faults on huge pages: copy on write, stealing, and what happens when there is no page.</summary>
public static partial class HugetlbFaultRules
{
    /// <summary>The owner never runs short on copy on write.</summary>
    public static readonly Rule OwnerSteals = new("hugetlb.private.owner-steals",
        "Where an owner's copy on write finds no free unreserved page, the page is unmapped from all mappings that are no owners, and the owner reuses it.")
    { Since = V("2.6.27"), Source = "mm/hugetlb.c:unmap_ref_private", Confirmed = Everywhere };

    /// <summary>What is left to the others.</summary>
    public static readonly Rule VictimSigbus = new("hugetlb.private.victim-sigbus",
        "A mapping that lost a page to its owner gets SIGBUS at every later fault on a page that it does not map, wherever it lies.")
    { Since = V("2.6.27"), Use = RuleUse.Implied, Source = "mm/hugetlb.c:hugetlb_no_page", Confirmed = Everywhere };

    /// <summary>Shortage kills the toucher.</summary>
    public static readonly Rule ShortageSigkill = new("hugetlb.fault.shortage-sigkill", "A fault that finds no huge page kills the process that faults with SIGKILL.")
    { Until = V("2.6.28"), Source = "arch/x86/mm/fault.c:do_page_fault" };

    /// <summary>Shortage calls the OOM killer.</summary>
    public static readonly Rule ShortageOomKill = new("hugetlb.fault.shortage-oom-kill", "A fault that finds no huge page calls the OOM killer, and is then tried again.")
    { Since = V("2.6.29"), Until = V("2.6.34"), Source = "commit 1c0fe6e3bda0; arch/x86/mm/fault.c" };

    /// <summary>Shortage is SIGBUS.</summary>
    public static readonly Rule ShortageSigbus = new("hugetlb.fault.shortage-sigbus", "A fault that finds no huge page raises SIGBUS.")
    { Since = V("2.6.35"), Source = "mm/hugetlb.c:alloc_huge_page", Confirmed = Everywhere };

    /// <summary>Reuse by reference count.</summary>
    public static readonly Rule CowReuseByReferences = new("hugetlb.cow.reuse-by-references", "A write reuses a private page in place if nothing else holds a reference to it.")
    { Until = V("2.6.35"), Use = RuleUse.Implied, Source = "mm/hugetlb.c:hugetlb_cow" };

    /// <summary>Reuse of a page of the file.</summary>
    public static readonly Rule CowReusesFilePage = new("hugetlb.cow.reuses-file-page", "A private write to a page of the file that is mapped once modifies the file instead of copying.")
    { Since = V("2.6.36"), Until = V("3.11"), IsBug = true, Source = "mm/hugetlb.c:hugetlb_cow", Confirmed = Everywhere };

    /// <summary>What an owner's copy is made from.</summary>
    public static readonly Rule OwnerCowNeedsAnon = new("hugetlb.cow.owner-needs-anon",
        "An owner's copy on write counts as outside the reserve if the old page is anonymous; before, if it is not the page in the page cache.")
    { Since = V("6.17"), Source = "mm/hugetlb.c:hugetlb_wp" };

    /// <summary>What fork copies.</summary>
    public static readonly Rule LazyFork = new("hugetlb.fork.copies-lazily",
        "Fork copies the page tables of a hugetlb mapping only if it is private and has had anonymous pages; before, it copies all of them.")
    { Since = V("6.0"), Source = "mm/memory.c:vma_needs_copy; commit bcd51a3c679d", Confirmed = Vs("5.10.262", "6.1.192", "6.18.15") };
}
