using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>Making, changing and dropping hugetlb mappings.</summary>
public static class HugetlbMapRules
{
    /// <summary>MAP_HUGETLB.</summary>
    public static readonly Rule MapHugetlb = new("hugetlb.mmap.anonymous", "MAP_HUGETLB gives anonymous huge pages; before, mmap ignores the bit.")
    { Since = V("2.6.32"), Source = "mm/mmap.c:mmap_pgoff", Confirmed = Everywhere };

    /// <summary>Size codes.</summary>
    public static readonly Rule SizeCode = new("hugetlb.mmap.size-code", "Six bits of mmap's flags choose the huge page size.")
    { Since = V("3.8"), Source = "mm/mmap.c:mmap_pgoff", Confirmed = Everywhere };

    /// <summary>The length of a file mapping is rounded.</summary>
    public static readonly Rule FileLengthRounded = new("hugetlb.mmap.file-length-rounded", "mmap of a hugetlbfs file rounds the length up to the huge page size; before, another length is EINVAL.")
    { Since = V("3.10"), Source = "mm/mmap.c:mmap_pgoff", Confirmed = Vs("6.18.44") };

    /// <summary>The length of an anonymous mapping must fit.</summary>
    public static readonly Rule AnonymousLengthExact = new("hugetlb.mmap.anonymous-length-exact",
        "mmap with MAP_HUGETLB fails with EINVAL unless the length is a multiple of the huge page size; before and after, it is rounded up.")
    {
        // Which point releases of the stable lines took the repair over is not known.
        Since = V("3.4"),
        Until = V("3.9"),
        IsBug = true,
        Source = "mm/mmap.c:mmap_pgoff; commits 40716e29243d, af73e4d9506d",
    };

    /// <summary>Hints.</summary>
    public static readonly Rule HintRoundsUp = new("hugetlb.mmap.hint-rounds-up", "An address hint that is not aligned is rounded up to the huge page size; before, down.")
    {
        // Since hugetlb goes through the common search; the x86 code that masked the hint went with it.
        Since = V("6.13"),
        Source = "arch/x86/mm/hugetlbpage.c:hugetlb_get_unmapped_area, mm/mmap.c:mm_get_unmapped_area_vmflags",
        Confirmed = Everywhere,
    };

    /// <summary>A small MAP_FIXED inside a huge mapping.</summary>
    public static readonly Rule FixedInsideEinval = new("hugetlb.mmap.fixed-inside-einval", "MAP_FIXED of a part of a huge page fails with EINVAL; before, with ENOMEM.")
    { Since = V("6.12"), Source = "mm/vma.c:vms_gather_munmap_vmas", Confirmed = Everywhere };

    /// <summary>Private hugetlb is outside overcommit accounting.</summary>
    public static readonly Rule OutsideCommit = new("hugetlb.mmap.outside-commit", "Hugetlb mappings do not count in Committed_AS.")
    { Since = V("2.6.29"), Use = RuleUse.NotModelled, Source = "mm/mmap.c:accountable_mapping", Confirmed = Vs("6.18.44") };

    /// <summary>MADV_DONTNEED.</summary>
    public static readonly Rule Dontneed = new("hugetlb.madvise.dontneed", "MADV_DONTNEED works on hugetlb mappings; before, it is EINVAL.")
    { Since = V("5.18"), Source = "mm/madvise.c:madvise_dontneed_free_valid_vma", Confirmed = Everywhere };

    /// <summary>MADV_DONTNEED's end.</summary>
    public static readonly Rule DontneedRoundsDown = new("hugetlb.madvise.dontneed-rounds-down", "MADV_DONTNEED rounds its end down to the huge page size; before, up.")
    { Since = V("6.1"), Source = "mm/madvise.c:madvise_dontneed_free_valid_vma", Confirmed = Everywhere };

    /// <summary>MADV_REMOVE.</summary>
    public static readonly Rule Remove = new("hugetlb.madvise.remove", "MADV_REMOVE punches a hole into the file of a shared hugetlb mapping; before, it is EINVAL.")
    { Since = V("4.3"), Source = "mm/madvise.c:madvise_remove", Confirmed = Everywhere };

    /// <summary>The ends of a hole.</summary>
    public static readonly Rule HoleZeroesParts = new("hugetlb.hole.zeroes-parts", "Punching a hole zeroes the parts of huge pages at its ends; before, they stay as they are.")
    { Since = V("5.19"), Source = "fs/hugetlbfs/inode.c:hugetlbfs_zero_partial_page; commit 68d32527d340", Confirmed = Vs("5.10.262", "6.1.192", "6.18.44") };

    /// <summary>A hole is not always one.</summary>
    public static readonly Rule HoleKeepsMapped = new("hugetlb.hole.keeps-mapped-page",
        "A page that a fault maps again while a hole is being punched stays in the file; later, it is unmapped again and removed.")
    { Since = V("4.3"), Until = V("4.4"), IsBug = true, Source = "fs/hugetlbfs/inode.c:remove_inode_hugepages; commit 4aae8d1c051e" };

    /// <summary>MADV_HUGEPAGE.</summary>
    public static readonly Rule HugepageAdviceAccepted = new("hugetlb.madvise.hugepage-accepted", "MADV_HUGEPAGE and MADV_NOHUGEPAGE succeed on hugetlb mappings and only set the flag; before, they are EINVAL.")
    { Since = V("4.5"), Source = "mm/huge_memory.c:hugepage_madvise", Confirmed = Everywhere };

    /// <summary>MADV_DOFORK.</summary>
    public static readonly Rule DoforkEinval = new("hugetlb.madvise.dofork-einval", "MADV_DOFORK fails with EINVAL on hugetlb mappings.")
    { Since = V("7.0"), Source = "mm/madvise.c:madvise_vma_behavior", Confirmed = Vs("5.10.262", "6.1.192", "6.12.117", "6.16.12", "6.17.13", "6.18.15", "6.19.14", "7.0.13", "7.2.13") };

    /// <summary>Moving huge mappings.</summary>
    public static readonly Rule Mremap = new("hugetlb.mremap.move", "mremap moves hugetlb mappings; before, it is EINVAL.")
    { Since = V("5.16"), Use = RuleUse.NotModelled, Source = "mm/mremap.c", Confirmed = Everywhere };

    /// <summary>Partial moves leak.</summary>
    public static readonly Rule PartialMoveLeaks = new("hugetlb.mremap.partial-move-leaks",
        "Moving a part of a private mapping takes the reservation map off the whole mapping; what the rest was owed is never returned.")
    { Since = V("5.16"), IsBug = true, Use = RuleUse.NotModelled, Source = "mm/hugetlb.c:clear_vma_resv_huge_pages", Confirmed = Everywhere };

    /// <summary>Hole punching and fallocate.</summary>
    public static readonly Rule Fallocate = new("hugetlb.file.fallocate", "fallocate allocates huge pages of a file and punches holes.")
    { Since = V("4.3"), Use = RuleUse.NotModelled, Source = "fs/hugetlbfs/inode.c:hugetlbfs_fallocate", Confirmed = Everywhere };
}
