using System.Collections.Immutable;
using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>The patches that come with the project (DESIGN §2): drafts that were argued about and not merged in that form.</summary>
public static class BoxPatches
{
    private const string ReserveThread = "[RFC] Reserve huge pages for reliable MAP_PRIVATE hugetlbfs mappings, April 2008";
    private const string SharingThread = "hugetlb: take i_mmap_rwsem for reading when sharing page tables";
    private const string PopulateThread = "mm/madvise: introduce MADV_POPULATE_(READ|WRITE) to prefault page tables, v1, March 2021";
    private const string GranularityThread = "hugetlb high-granularity mapping";
    private const string FinishFaultThread = "mm: map full non-PMD-size folios of shmem in finish_fault";

    private static readonly ImmutableArray<string> Rfc =
    [
        ReserveRfcRules.ScalarCounter.Id, ReserveRfcRules.SplitKeepsCounterWhole.Id, ReserveRfcRules.ReadOnlyUsesInodeMap.Id, ReserveRfcRules.AddsWithoutCharge.Id,
        ReserveRfcRules.CowConsumesCounter.Id, ReserveRfcRules.CounterLimit.Id, ReserveRfcRules.ShmgetOops.Id, ReserveRfcRules.QuotaLeak.Id,
    ];

    /// <summary>All of them.</summary>
    public static ImmutableArray<Patch> All { get; } =
    [
        Of("private-reserve-rfc", "2.6.25", ReserveThread, "Private mappings reserve, with a counter in the VMA; as posted.", Rfc),
        Of("private-reserve-rfc-guarded", "2.6.25", ReserveThread, "The same, with the review's condition around region_add.", Rfc.Remove(ReserveRfcRules.AddsWithoutCharge.Id)),
        Later("pmd-share-read-lock", "5.4", SharingThread, "Sharing a page table takes the mapping's lock for reading."),
        Later("rmap-write-lock", "5.4", SharingThread, "Walks of the reverse map that may unshare take the lock for writing.") with { Requires = ["pmd-share-read-lock"] },
        Later("madv-populate-v1", "5.12", PopulateThread, "MADV_POPULATE_READ and MADV_POPULATE_WRITE as first posted.", MmRules.Populate.Id),
        Later("hgm-rfc-v2", "6.1", GranularityThread, "Huge pages mapped in smaller pieces; second RFC, as posted.", "available.MADV_SPLIT"),
        Later("hgm-rfc-v2-intended", "6.1", GranularityThread, "The second RFC as its text means it.", "available.MADV_SPLIT"),
        Later("hgm-v1", "6.1", GranularityThread, "Huge pages mapped in smaller pieces; version 1.", "available.MADV_SPLIT"),
        Later("hgm-v2", "6.1", GranularityThread, "Huge pages mapped in smaller pieces; version 2.", "available.MADV_SPLIT"),
        Later("finish-fault-v1", "6.10", FinishFaultThread, "A fault maps the whole large folio of a file; first version."),
        Later("finish-fault-v1-anon", "6.10", FinishFaultThread, "The same for shared anonymous memory only."),
    ];

    private static Patch Of(string name, string on, string thread, string sentence, ImmutableArray<string> with) =>
        new(name, Exactly(on), [], with) { Base = V(on), Source = thread, Sentence = sentence };

    private static Patch Later(string name, string on, string thread, string sentence, params string[] with) =>
        Of(name, on, thread, sentence, [.. with]) with { Supported = false };

    private static KernelSet Exactly(string version) => new([new KernelSetItem(KernelSetKind.Exact, V(version), null, [])]);
}
