namespace MmSpec.Sync;

/// <summary>The kernel's lock classes, in the sense of lockdep. An instance is named by class and owner.</summary>
public enum LockClass
{
    /// <summary>None.</summary>
    None,
    /// <summary>mm_struct.mmap_lock (mmap_sem before 5.8); instance: the address space.</summary>
    MmapLock,
    /// <summary>A VMA's own lock (6.4 and later); instance: the VMA.</summary>
    VmaLock,
    /// <summary>inode.i_rwsem (i_mutex before 4.7); instance: the inode.</summary>
    InodeRwsem,
    /// <summary>address_space.invalidate_lock (5.15 and later); instance: the inode.</summary>
    InvalidateLock,
    /// <summary>hugetlb_fault_mutex_table, hugetlb_instantiation_mutex before 3.15; instance: the table's slot.</summary>
    HugetlbFaultMutex,
    /// <summary>hugetlb_vma_lock (6.1 and later), or the reserve map's lock of a private owner (6.6 and later); instance: the lock object.</summary>
    HugetlbVmaLock,
    /// <summary>address_space.i_mmap_rwsem (i_mmap_mutex before 3.19, i_mmap_lock before 3.0); instance: the inode.</summary>
    IMmapRwsem,
    /// <summary>anon_vma.root.rwsem; instance: the root.</summary>
    AnonVmaRwsem,
    /// <summary>The lock of a folio; instance: its head's page frame number.</summary>
    FolioLock,
    /// <summary>mm_struct.page_table_lock; instance: the address space.</summary>
    PageTableLock,
    /// <summary>The split lock of one page table; instance: the table.</summary>
    SplitPageTableLock,
    /// <summary>hugetlb_lock; one for all hstates.</summary>
    HugetlbLock,
    /// <summary>hstate.resize_lock (5.13 and later); instance: the hstate.</summary>
    ResizeLock,
    /// <summary>resv_map.lock (3.15 and later); instance: the map.</summary>
    ResvMapLock,
    /// <summary>hugepage_subpool.lock; instance: the subpool.</summary>
    SubpoolLock,
    /// <summary>address_space.i_pages (tree_lock before 4.17); instance: the inode.</summary>
    IPagesLock,
    /// <summary>The process list, tasklist_lock; one.</summary>
    TasklistLock,
    /// <summary>userfaultfd's queues; instance: the context.</summary>
    UserfaultfdLock,
    /// <summary>How many classes there are.</summary>
    Count,
}
