using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <content>Which locks are taken. They show only where processes run at the same time.</content>
public static partial class HugetlbFaultRules
{
    /// <summary>A table of mutexes instead of one.</summary>
    public static readonly Rule FaultMutexHashed = new("hugetlb.lock.fault-mutex-hashed", "Faults on one page of one file wait for each other; before, all hugetlb faults of the system do.")
    { OnlyOrders = true, Since = V("3.15"), Source = "mm/hugetlb.c:hugetlb_fault_mutex_hash" };

    /// <summary>The mapping's lock over a whole fault.</summary>
    public static readonly Rule FaultHoldsMappingLock = new("hugetlb.lock.fault-holds-mapping-lock", "A fault holds the file's i_mmap_rwsem for reading from beginning to end.")
    { OnlyOrders = true, Since = V("5.7"), Until = V("6.0"), Source = "mm/hugetlb.c:hugetlb_fault; commits c0d0381ade79, 87bf91d39bb5" };

    /// <summary>Sharing under the reader lock.</summary>
    public static readonly Rule ShareUnderReaderLock = new("hugetlb.lock.share-under-reader-lock", "Sharing a page table takes the file's i_mmap_rwsem for reading; before, for writing.")
    { OnlyOrders = true, Since = V("5.5"), Use = RuleUse.NotModelled, Source = "mm/hugetlb.c:huge_pmd_share; commit 930668c34408" };

    /// <summary>Unmapping through the reverse map under the writer lock.</summary>
    public static readonly Rule RmapUnderWriterLock = new("hugetlb.lock.rmap-under-writer-lock", "Unmapping a shared page through the reverse map takes the file's i_mmap_rwsem for writing; before, for reading.")
    { OnlyOrders = true, Since = V("5.7"), Use = RuleUse.NotModelled, Source = "mm/rmap.c:try_to_unmap_one; commit c0d0381ade79" };

    /// <summary>A lock of the VMA.</summary>
    public static readonly Rule VmaLock = new("hugetlb.lock.vma-lock", "Each shared hugetlb mapping has a lock that faults take for reading, and truncation and unsharing for writing.")
    { OnlyOrders = true, Since = V("6.1"), Source = "mm/hugetlb.c:hugetlb_vma_lock_read; commits 8d9bfb260814, 40549ba8f8e0" };

    /// <summary>The same for owners.</summary>
    public static readonly Rule VmaLockForOwners = new("hugetlb.lock.private-vma-lock", "A private mapping with reservations has such a lock too, in its reserve map; MADV_DONTNEED takes it for writing.")
    { OnlyOrders = true, Since = V("6.6"), Source = "mm/hugetlb.c:hugetlb_vma_lock_read, __hugetlb_zap_begin" };

    /// <summary>No second look at the file's size.</summary>
    public static readonly Rule SizeCheckedOnce = new("hugetlb.fault.size-checked-once",
        "A fault that brings in a page does not look at the file's size again before it maps the page. It counts on truncation to wait for the mapping's lock, but that passes over a mapping whose lock is taken: the page stays behind the end of the file, and its reservation is returned twice.")
    { OnlyOrders = true, Since = V("6.1"), IsBug = true, Source = "mm/hugetlb.c:hugetlb_no_page, fs/hugetlbfs/inode.c:hugetlb_vmdelete_list; commits fa27759af4a6, 40549ba8f8e0" };
}
