using System.Collections.Immutable;
using MmSpec.Kernels;
using static MmSpec.Catalog.Constants;

namespace MmSpec.Catalog;

/// <summary>Advice of madvise and posix_fadvise.</summary>
internal static class AdviceConstants
{
    internal static readonly ImmutableArray<Constant> All =
    [
        C("MADV", "MADV_NORMAL", 0), C("MADV", "MADV_RANDOM", 1), C("MADV", "MADV_SEQUENTIAL", 2), C("MADV", "MADV_WILLNEED", 3), C("MADV", "MADV_DONTNEED", 4),
        C("MADV", "MADV_FREE", 8, "4.5"), C("MADV", "MADV_REMOVE", 9), C("MADV", "MADV_DONTFORK", 10), C("MADV", "MADV_DOFORK", 11),
        C("MADV", "MADV_MERGEABLE", 12, "2.6.32"), C("MADV", "MADV_UNMERGEABLE", 13, "2.6.32"), C("MADV", "MADV_HUGEPAGE", 14, "2.6.38"), C("MADV", "MADV_NOHUGEPAGE", 15, "2.6.38"),
        C("MADV", "MADV_DONTDUMP", 16, "3.4"), C("MADV", "MADV_DODUMP", 17, "3.4"), C("MADV", "MADV_WIPEONFORK", 18, "4.14"), C("MADV", "MADV_KEEPONFORK", 19, "4.14"),
        C("MADV", "MADV_COLD", 20, "5.4"), C("MADV", "MADV_PAGEOUT", 21, "5.4"),
        new("MADV_POPULATE_READ", 22, "MADV", Availability.By(MmRules.Populate)), new("MADV_POPULATE_WRITE", 23, "MADV", Availability.By(MmRules.Populate)),
        C("MADV", "MADV_DONTNEED_LOCKED", 24, "5.18"), C("MADV", "MADV_COLLAPSE", 25, "6.1"), C("MADV", "MADV_HWPOISON", 100, "2.6.32"), C("MADV", "MADV_SOFT_OFFLINE", 101, "2.6.33"),
        C("MADV", "MADV_GUARD_INSTALL", 102, "6.13"), C("MADV", "MADV_GUARD_REMOVE", 103, "6.13"),
        new("MADV_SPLIT", 26, "MADV", Availability.ByPatch("MADV_SPLIT", "the hugetlb high-granularity mapping series")),

        C("POSIX_FADV", "POSIX_FADV_NORMAL", 0), C("POSIX_FADV", "POSIX_FADV_RANDOM", 1), C("POSIX_FADV", "POSIX_FADV_SEQUENTIAL", 2),
        C("POSIX_FADV", "POSIX_FADV_WILLNEED", 3), C("POSIX_FADV", "POSIX_FADV_DONTNEED", 4), C("POSIX_FADV", "POSIX_FADV_NOREUSE", 5),
    ];
}
