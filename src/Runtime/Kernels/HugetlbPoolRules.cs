using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>The pools of huge pages: sizes, growth, surplus.</summary>
public static class HugetlbPoolRules
{
    /// <summary>Several huge page sizes.</summary>
    public static readonly Rule SeveralSizes = new("hugetlb.pool.several-sizes", "Every huge page size of the processor has a pool of its own, and a directory in sysfs.")
    { Since = V("2.6.27"), Source = "mm/hugetlb.c:hugetlb_add_hstate", Confirmed = Everywhere };

    /// <summary>Files for single nodes.</summary>
    public static readonly Rule NodeFiles = new("hugetlb.pool.node-files", "The sysfs directory of a node has nr_hugepages, free_hugepages and surplus_hugepages for each size.")
    { Since = V("2.6.32"), Source = "mm/hugetlb.c:hugetlb_register_node", Confirmed = Vs("6.18.44") };

    /// <summary>Gigantic pages can be allocated after boot.</summary>
    public static readonly Rule GiganticAtRunTime = new("hugetlb.pool.gigantic-at-run-time", "nr_hugepages of a size above the buddy allocator's limit can be changed at run time.")
    { Since = V("3.16"), Source = "mm/hugetlb.c:alloc_fresh_gigantic_page", Confirmed = Everywhere };

    /// <summary>Overcommit of gigantic pages.</summary>
    public static readonly Rule GiganticOvercommit = new("hugetlb.pool.gigantic-overcommit", "nr_overcommit_hugepages of a gigantic size can be written; before, the write fails with EINVAL.")
    { Since = V("6.19"), Source = "mm/hugetlb_sysfs.c:nr_overcommit_hugepages_store", Confirmed = Everywhere };

    /// <summary>Reservations grow the pool.</summary>
    public static readonly Rule SurplusFillsReservations = new("hugetlb.pool.surplus-fills-reservations",
        "A reservation that free pages do not cover allocates surplus pages up to the overcommit limit, all that it needs or none.")
    { Source = "mm/hugetlb.c:gather_surplus_pages", Confirmed = Everywhere };

    /// <summary>Faults grow the pool.</summary>
    public static readonly Rule SurplusServesFaults = new("hugetlb.pool.surplus-serves-faults", "A fault that may not take a free page gets a surplus page, up to the overcommit limit.")
    { Source = "mm/hugetlb.c:alloc_buddy_huge_page", Confirmed = Everywhere };

    /// <summary>Surplus goes first.</summary>
    public static readonly Rule SurplusFreedFirst = new("hugetlb.pool.surplus-freed-first",
        "A page that is freed on a node with surplus leaves the pool, whether or not it came as a surplus page.")
    { Source = "mm/hugetlb.c:free_huge_page", Confirmed = Everywhere };

    /// <summary>Unused surplus goes with its reservation.</summary>
    public static readonly Rule SurplusReturnedWithReserve = new("hugetlb.pool.surplus-returned-with-reserve", "Reservations that are given back take free surplus pages out of the pool with them.")
    { Source = "mm/hugetlb.c:return_unused_surplus_pages", Confirmed = Everywhere };

    /// <summary>Shrinking below what is in use.</summary>
    public static readonly Rule ShrinkMakesSurplus = new("hugetlb.pool.shrink-makes-surplus",
        "A pool that is made smaller than what is in use or reserved keeps these pages as surplus, whatever the overcommit limit.")
    { Source = "mm/hugetlb.c:set_max_huge_pages, adjust_pool_surplus", Confirmed = Everywhere };

    /// <summary>Demotion.</summary>
    public static readonly Rule Demote = new("hugetlb.pool.demote", "Free unreserved gigantic pages can be split into pages of the next smaller size through the file demote.")
    { Since = V("5.16"), Source = "mm/hugetlb.c:demote_pool_huge_page", Confirmed = Everywhere };

    /// <summary>How far a pool can shrink.</summary>
    public static readonly Rule ShrinkCountsPersistent = new("hugetlb.pool.shrink-counts-persistent",
        "The lower limit of a shrinking pool is computed from persistent pages and persistent free pages; before, free surplus pages lowered it.")
    { Since = V("6.15"), Source = "mm/hugetlb.c:set_max_huge_pages; commit 'mm/hugetlb: fix set_max_huge_pages() when there are surplus pages'" };
}
