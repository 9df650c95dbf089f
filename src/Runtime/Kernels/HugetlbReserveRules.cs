using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>Who is owed huge pages, since when, and when a reservation comes back.</summary>
public static class HugetlbReserveRules
{
    /// <summary>The owner's map.</summary>
    public static readonly Rule OwnerReserves = new("hugetlb.private.owner-reserves",
        "A private mapping reserves its whole length at mmap, whatever its protection, and a map of its own records which pages it has consumed.")
    { Since = V("2.6.27"), Source = "mm/hugetlb.c:hugetlb_reserve_pages", Confirmed = Everywhere };

    /// <summary>Fork gives the child nothing.</summary>
    public static readonly Rule ForkDropsReserves = new("hugetlb.fork.child-owns-nothing", "A child has no part in the reservations of the private mappings that it inherits.")
    { Since = V("2.6.27"), Source = "mm/hugetlb.c:reset_vma_resv_huge_pages", Confirmed = Everywhere };

    /// <summary>Splits share the map.</summary>
    public static readonly Rule SplitSharesMap = new("hugetlb.split.shares-map", "The parts of a split private mapping share its map of consumed pages, so that a split changes nothing.")
    { Since = V("2.6.27"), Source = "mm/hugetlb.c:hugetlb_vm_op_open", Confirmed = Everywhere };

    /// <summary>Private MAP_NORESERVE.</summary>
    public static readonly Rule PrivateNoReserve = new("hugetlb.private.noreserve", "MAP_NORESERVE keeps a private mapping from reserving, and with that from being an owner.")
    { Since = V("2.6.27"), Use = RuleUse.Implied, Source = "mm/hugetlb.c:hugetlb_reserve_pages", Confirmed = Everywhere };

    /// <summary>Shared mappings reserve.</summary>
    public static readonly Rule SharedReserves = new("hugetlb.shared.file-reserves",
        "A shared mapping reserves, for the file and not for itself, those pages of its range that the file neither has nor has reserved.")
    { Source = "mm/hugetlb.c:hugetlb_reserve_pages, region_chg", Confirmed = Everywhere };

    /// <summary>Shared MAP_NORESERVE reserves nothing.</summary>
    public static readonly Rule SharedNoReserve = new("hugetlb.shared.noreserve", "MAP_NORESERVE keeps a shared mapping from reserving.")
    { Since = V("2.6.27"), Use = RuleUse.Implied, Source = "mm/hugetlb.c:hugetlb_reserve_pages", Confirmed = Everywhere };

    /// <summary>Shared MAP_NORESERVE uses reserves that others made for the same pages.</summary>
    public static readonly Rule SharedNoReserveSeesReserves = new("hugetlb.shared.noreserve-uses-map",
        "A fault through a shared MAP_NORESERVE mapping uses the reservation that another mapping of the file made for that page.")
    { Since = V("3.12"), Source = "mm/hugetlb.c:vma_has_reserves", Confirmed = Everywhere };

    /// <summary>Shared faults used to take a reservation in any case.</summary>
    public static readonly Rule SharedFaultAlwaysConsumes = new("hugetlb.shared.fault-always-consumes",
        "A fault that allocates for a shared mapping lowers the reserve count, whether or not that page was reserved.")
    { Until = V("4.2"), Source = "mm/hugetlb.c:decrement_hugepage_resv_vma, vma_has_reserves", Confirmed = Everywhere };

    /// <summary>Private refaults used to take a reservation again.</summary>
    public static readonly Rule PrivateRefaultConsumesAgain = new("hugetlb.private.refault-consumes-again",
        "A fault of an owner lowers the reserve count even where the page was consumed before and went away by truncation; the count can wrap below zero.")
    { Since = V("2.6.27"), Until = V("4.6"), IsBug = true, Source = "mm/hugetlb.c:vma_has_reserves; commit 67961f9db8c4" };

    /// <summary>Races between mappings and faults are made up for.</summary>
    public static readonly Rule RacesRecounted = new("hugetlb.shared.races-recounted",
        "Where a fault and a mapping of a file, or two mappings, count the same index at the same time, what was reserved twice goes back; before, the reserve count stays too high.")
    { OnlyOrders = true, Since = V("4.2"), Source = "mm/hugetlb.c:alloc_huge_page, hugetlb_reserve_pages; commit 33039678c8da" };

    /// <summary>Zapping restores the reservation.</summary>
    public static readonly Rule ZapRestores = new("hugetlb.zap.restores-reserve",
        "Unmapping a private page from its owner's mapping (MADV_DONTNEED, truncation) gives the reservation back, unless the pool has surplus pages.")
    { Since = V("6.9"), Source = "mm/hugetlb.c:__unmap_hugepage_range; commit df7a6d1f6405", Confirmed = Everywhere };

    /// <summary>The reserve count wraps.</summary>
    public static readonly Rule ZapRestoresWhileMapped = new("hugetlb.zap.restores-while-mapped",
        "The reservation comes back even where another process still maps the page, which is not freed; the reserve count can wrap below zero.")
    {
        // The restoring came without the test. The 6.12 line has the test by .117 (not yet at .48); the exact point release is not known.
        Since = V("6.9"),
        Until = V("7.1"),
        EndedIn = Vs("6.12.117"),
        IsBug = true,
        Source = "mm/hugetlb.c:__unmap_hugepage_range; introduced by commit df7a6d1f6405",
        Confirmed = Everywhere,
    };
}
