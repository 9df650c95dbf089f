using System.Collections.Immutable;
using MmSpec.Kernels;
using static MmSpec.Catalog.FieldType;
using static MmSpec.Catalog.ViewCatalog;

namespace MmSpec.Catalog;

/// <summary>Views of a process and its regions.</summary>
internal static class ProcessViews
{
    private static readonly Parameter Region = new("range", ParameterType.Range);
    private static readonly Parameter Process = new("process", ParameterType.Process);

    internal static readonly ImmutableArray<View> All =
    [
        new("smaps", [Region])
        {
            Fields =
            [
                .. Fs(Size, "Size", "Rss", "Pss", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty", "Referenced", "Swap"),
                F(Size, "smaps.KernelPageSize", "2.6.29"), F(Size, "smaps.MMUPageSize", "2.6.29"), F(Size, "smaps.Anonymous", "2.6.36"), F(Size, "smaps.Locked", "2.6.38"), F(Size, "smaps.AnonHugePages", "2.6.38"),
                F(Size, "smaps.ShmemPmdMapped", "4.8"), F(Size, "smaps.FilePmdMapped", "5.4"), F(Size, "smaps.SwapPss", "4.3"), F(Size, "smaps.LazyFree", "4.12"), F(Size, "smaps.Pss_Dirty", "6.0"), F(Size, "smaps.KSM", "6.8"),

                new("Shared_Hugetlb", Size, Availability.By(HugetlbViewRules.SmapsFields)), new("Private_Hugetlb", Size, Availability.By(HugetlbViewRules.SmapsFields)), F(Count, "smaps.THPeligible", "5.0"), F(Count, "smaps.ProtectionKey", "4.6"), F(FieldType.Set, "smaps.VmFlags", "3.8"),
            ],
            OfProcess = true, Supported = true,
        },
        new("maps", [Process]) { HasEntries = true, OfProcess = true, Supported = true },
        new("vmas", [Region]) { HasEntries = true, OfProcess = true, Supported = true },
        new("pages", [Region]) { HasEntries = true, OfProcess = true, Supported = true },
        new("page", [Region]) { Whole = Identity, OfProcess = true, Supported = true },
        new("mincore", [Region]) { HasEntries = true, OfProcess = true },
        new("rusage", [Process]) { Fields = [.. Fs(Count, "minflt", "majflt"), F(Size, "rusage.maxrss")], OfProcess = true, Supported = true },
        new("status", [Process])
        {
            Fields =
            [
                .. Fs(Size, "VmPeak", "VmSize", "VmLck", "VmHWM", "VmRSS", "VmData", "VmStk", "VmExe", "VmLib", "VmPTE"), F(Size, "status.VmSwap", "2.6.34"), F(Size, "status.VmPin", "3.2"),
                F(Size, "status.VmPMD", "4.0", "4.14"), F(Size, "status.HugetlbPages", "4.4"), F(Size, "status.RssAnon", "4.5"), F(Size, "status.RssFile", "4.5"), F(Size, "status.RssShmem", "4.5"),
            ],
            OfProcess = true,
        },
        new("numa_maps", [Region]) { OpenFields = true, OfProcess = true },
        new("state", [Process]) { Whole = Text, OfProcess = true, Supported = true },
        new("byte", [Region]) { Whole = Count, OfProcess = true, OnlyInJudge = true, Supported = true },
    ];
}
