using System.Collections.Immutable;
using MmSpec.Kernels;
using MmSpec.Testing;
using static MmSpec.Catalog.FieldType;
using static MmSpec.Catalog.ViewCatalog;

namespace MmSpec.Catalog;

/// <summary>Views of the whole system, of files and of control groups.</summary>
internal static class SystemViews
{
    internal static readonly ImmutableArray<View> All =
    [
        new("pool", [new("size", ParameterType.Size, null, Value.Absent)]) { Whole = FieldType.Tuple, Fields = Fs(Count, "Total", "Free", "Rsvd", "Surp"), Supported = true },
        new("meminfo", [])
        {
            Fields =
            [
                .. Fs(Count, "HugePages_Total", "HugePages_Free", "HugePages_Rsvd", "HugePages_Surp"), .. Fs(Size, "Hugepagesize"), F(Size, "meminfo.Hugetlb", "4.16"),
                .. Fs(Size, "MemTotal", "MemFree", "Buffers", "Cached", "SwapCached", "Active", "Inactive", "SwapTotal", "SwapFree", "Dirty", "Writeback", "AnonPages", "Mapped",
                    "Slab", "SReclaimable", "SUnreclaim", "PageTables", "CommitLimit", "Committed_AS", "VmallocTotal", "VmallocUsed"),
                F(Size, "meminfo.MemAvailable", "3.14"), F(Size, "meminfo.Shmem", "2.6.32"), F(Size, "meminfo.KernelStack", "2.6.32"), F(Size, "meminfo.Unevictable", "2.6.28"), F(Size, "meminfo.Mlocked", "2.6.28"),
                F(Size, "meminfo.HardwareCorrupted", "2.6.32"), F(Size, "meminfo.AnonHugePages", "2.6.38"), F(Size, "meminfo.ShmemHugePages", "4.8"), F(Size, "meminfo.ShmemPmdMapped", "4.8"),
                F(Size, "meminfo.FileHugePages", "5.4"), F(Size, "meminfo.FilePmdMapped", "5.4"),
            ],
            Supported = true,
        },
        new("vmstat", []) { OpenFields = true },
        new("node", [new("node", ParameterType.Count)])
        {
            Fields =
            [
                .. Fs(Count, "HugePages_Total", "HugePages_Free", "HugePages_Surp"), .. Fs(Size, "MemTotal", "MemFree", "MemUsed", "AnonPages", "Mapped"), F(Size, "node.AnonHugePages", "2.6.38"),
            ],
            Supported = true,
        },
        new("hugepages", [new("size", ParameterType.Size)])
        {
            Fields =
            [
                .. Fs(Count, "nr_hugepages", "free_hugepages", "resv_hugepages", "surplus_hugepages", "nr_overcommit_hugepages"), F(Count, "hugepages.nr_hugepages_mempolicy", "2.6.32"),
            ],
            AvailableIn = Availability.By(HugetlbPoolRules.SeveralSizes),
            Supported = true,
        },
        new("thp", [new("size", ParameterType.Size)]) { OpenFields = true, AvailableIn = Availability.Of("thp", "6.8", kind: "view") },
        new("stat", [new("fd", ParameterType.Fd)]) { Fields = [F(Size, "stat.st_size"), F(Count, "stat.st_blocks"), F(Size, "stat.st_blksize"), F(Count, "stat.st_nlink")], OfProcess = true, Supported = true },
        new("statfs", [new("path", ParameterType.Path)]) { Fields = [.. Fs(Count, "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree"), F(Size, "statfs.f_bsize")] },
        new("seals", [new("fd", ParameterType.Fd)]) { Whole = Count, OfProcess = true, AvailableIn = Availability.Of("seals", "3.17", kind: "view") },
        new("cgroup", [new("name", ParameterType.Text)]) { OpenFields = true },
    ];
}
