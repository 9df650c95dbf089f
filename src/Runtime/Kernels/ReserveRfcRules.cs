namespace MmSpec.Kernels;

/// <summary>The reservations for private mappings as first posted (April 2008), with what its review found.</summary>
public static class ReserveRfcRules
{
    private const string Thread = "[RFC] Reserve huge pages for reliable MAP_PRIVATE hugetlbfs mappings, April 2008";

    /// <summary>The scalar counter.</summary>
    public static readonly Rule ScalarCounter = new("hugetlb.rfc.scalar-counter",
        "A private mapping reserves at mmap, and a number in the VMA counts the pages that it is still owed.")
    { OnlyByPatch = true, Source = Thread };

    /// <summary>b1 and b2.</summary>
    public static readonly Rule SplitKeepsCounterWhole = new("hugetlb.rfc.split-strands-counter",
        "A split leaves the whole counter with the VMA that is not new; the new ones are owed nothing, and whoever has the counter releases all of it.")
    { OnlyByPatch = true, IsBug = true, Source = Thread };

    /// <summary>b3, b4, b5, b8 and b13.</summary>
    public static readonly Rule ReadOnlyUsesInodeMap = new("hugetlb.rfc.read-only-uses-inode-map",
        "A mapping that is neither shared nor ever writable is counted against the reserve map of the file.")
    { OnlyByPatch = true, IsBug = true, Source = Thread };

    /// <summary>b6 and b7.</summary>
    public static readonly Rule AddsWithoutCharge = new("hugetlb.rfc.region-add-unconditional",
        "A private mapping's range is added to the reserve map of the file although it was never charged there; on an empty map that corrupts memory.")
    { OnlyByPatch = true, IsBug = true, Source = Thread };

    /// <summary>b9.</summary>
    public static readonly Rule CowConsumesCounter = new("hugetlb.rfc.cow-consumes-counter", "An owner's copy on write takes a page from the same counter as a first touch.")
    { OnlyByPatch = true, IsBug = true, Source = Thread };

    /// <summary>b11.</summary>
    public static readonly Rule CounterLimit = new("hugetlb.rfc.large-counter-bugs", "A fault in a mapping that is owed more than 100 pages is a BUG.")
    { OnlyByPatch = true, IsBug = true, Source = Thread };

    /// <summary>b12.</summary>
    public static readonly Rule ShmgetOops = new("hugetlb.rfc.shmget-oops", "shmget with SHM_HUGETLB dereferences a VMA that is not there.")
    { Use = RuleUse.NotModelled, OnlyByPatch = true, IsBug = true, Source = Thread };

    /// <summary>b14.</summary>
    public static readonly Rule QuotaLeak = new("hugetlb.rfc.quota-not-taken",
        "A private fault without reservation takes no quota, but its page returns quota when it is freed.")
    { OnlyByPatch = true, IsBug = true, Source = Thread };
}
