using System.Collections.Immutable;
using MmSpec.Kernels;
using static MmSpec.Catalog.Constants;

namespace MmSpec.Catalog;

/// <summary>Constants of the mapping calls.</summary>
internal static class MappingConstants
{
    /// <summary>Shift of the page-size code in the flags of mmap, memfd_create and shmget.</summary>
    private const int HugeShift = 26;

    private static readonly (string Name, int Shift)[] HugePageSizes =
    [
        ("16KB", 14), ("64KB", 16), ("512KB", 19), ("1MB", 20), ("2MB", 21), ("8MB", 23), ("16MB", 24), ("32MB", 25), ("256MB", 28), ("512MB", 29), ("1GB", 30), ("2GB", 31), ("16GB", 34),
    ];

    internal static readonly ImmutableArray<Constant> All =
    [
        C("PROT", "PROT_NONE", 0), C("PROT", "PROT_READ", 1), C("PROT", "PROT_WRITE", 2), C("PROT", "PROT_EXEC", 4),
        C("PROT", "PROT_GROWSDOWN", 0x01000000), C("PROT", "PROT_GROWSUP", 0x02000000),

        C("MAP", "MAP_SHARED", 0x01), C("MAP", "MAP_PRIVATE", 0x02), C("MAP", "MAP_SHARED_VALIDATE", 0x03, "4.15"), C("MAP", "MAP_DROPPABLE", 0x08, "6.11"),
        C("MAP", "MAP_FIXED", 0x10), C("MAP", "MAP_ANONYMOUS", 0x20), C("MAP", "MAP_ANON", 0x20), C("MAP", "MAP_32BIT", 0x40), C("MAP", "MAP_GROWSDOWN", 0x0100),
        C("MAP", "MAP_DENYWRITE", 0x0800), C("MAP", "MAP_EXECUTABLE", 0x1000), C("MAP", "MAP_LOCKED", 0x2000), C("MAP", "MAP_NORESERVE", 0x4000),
        C("MAP", "MAP_POPULATE", 0x8000), C("MAP", "MAP_NONBLOCK", 0x10000), C("MAP", "MAP_STACK", 0x20000, "2.6.27"), new("MAP_HUGETLB", 0x40000, "MAP", Availability.By(HugetlbMapRules.MapHugetlb)),
        C("MAP", "MAP_SYNC", 0x80000, "4.15"), C("MAP", "MAP_FIXED_NOREPLACE", 0x100000, "4.17"), C("MAP", "MAP_UNINITIALIZED", 0x4000000, "2.6.33"),
        .. HugeSizes("MAP", "3.8"),

        C("MREMAP", "MREMAP_MAYMOVE", 1), C("MREMAP", "MREMAP_FIXED", 2), C("MREMAP", "MREMAP_DONTUNMAP", 4, "5.7"),
        C("MLOCK", "MLOCK_ONFAULT", 1, "4.4"),
        C("MCL", "MCL_CURRENT", 1), C("MCL", "MCL_FUTURE", 2), C("MCL", "MCL_ONFAULT", 4, "4.4"),
        C("MS", "MS_ASYNC", 1), C("MS", "MS_INVALIDATE", 2), C("MS", "MS_SYNC", 4),

        C("IPC", "IPC_CREAT", 0x200), C("IPC", "IPC_EXCL", 0x400), C("IPC", "IPC_PRIVATE", 0), C("IPC", "IPC_RMID", 0), C("IPC", "IPC_SET", 1), C("IPC", "IPC_STAT", 2),
        C("IPC", "SHM_LOCK", 11), C("IPC", "SHM_UNLOCK", 12),
        C("SHM", "SHM_HUGETLB", 0x800), C("SHM", "SHM_NORESERVE", 0x1000), C("SHM", "SHM_RDONLY", 0x1000), C("SHM", "SHM_RND", 0x2000), C("SHM", "SHM_REMAP", 0x4000),
        C("SHM", "SHM_EXEC", 0x8000),
        .. HugeSizes("SHM", "3.8"),
        .. HugeSizes("MFD", "4.14"),
    ];

    private static IEnumerable<Constant> HugeSizes(string prefix, string since) =>
        HugePageSizes.Select(size => C(prefix, $"{prefix}_HUGE_{size.Name}", (ulong)size.Shift << HugeShift, since));
}
