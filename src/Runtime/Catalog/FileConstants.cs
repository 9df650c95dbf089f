using System.Collections.Immutable;
using static MmSpec.Catalog.Constants;

namespace MmSpec.Catalog;

/// <summary>Constants of the file calls.</summary>
internal static class FileConstants
{
    internal static readonly ImmutableArray<Constant> All =
    [
        C("O", "O_RDONLY", 0), C("O", "O_WRONLY", 1), C("O", "O_RDWR", 2), C("O", "O_CREAT", 0x40), C("O", "O_EXCL", 0x80), C("O", "O_TRUNC", 0x200), C("O", "O_APPEND", 0x400),
        C("O", "O_NONBLOCK", 0x800), C("O", "O_DSYNC", 0x1000), C("O", "O_DIRECT", 0x4000), C("O", "O_LARGEFILE", 0x8000), C("O", "O_DIRECTORY", 0x10000), C("O", "O_NOFOLLOW", 0x20000),
        C("O", "O_NOATIME", 0x40000), C("O", "O_CLOEXEC", 0x80000), C("O", "O_SYNC", 0x101000), C("O", "O_PATH", 0x200000, "2.6.39"), C("O", "O_TMPFILE", 0x410000, "3.11"),

        C("MFD", "MFD_CLOEXEC", 1, "3.17"), C("MFD", "MFD_ALLOW_SEALING", 2, "3.17"), C("MFD", "MFD_HUGETLB", 4, "4.14"), C("MFD", "MFD_NOEXEC_SEAL", 8, "6.3"), C("MFD", "MFD_EXEC", 0x10, "6.3"),

        C("F", "F_DUPFD", 0), C("F", "F_GETFD", 1), C("F", "F_SETFD", 2), C("F", "F_GETFL", 3), C("F", "F_SETFL", 4), C("F", "F_ADD_SEALS", 1033, "3.17"), C("F", "F_GET_SEALS", 1034, "3.17"),
        C("F_SEAL", "F_SEAL_SEAL", 1, "3.17"), C("F_SEAL", "F_SEAL_SHRINK", 2, "3.17"), C("F_SEAL", "F_SEAL_GROW", 4, "3.17"), C("F_SEAL", "F_SEAL_WRITE", 8, "3.17"),
        C("F_SEAL", "F_SEAL_FUTURE_WRITE", 0x10, "5.1"), C("F_SEAL", "F_SEAL_EXEC", 0x20, "6.3"),

        C("FALLOC", "FALLOC_FL_KEEP_SIZE", 1), C("FALLOC", "FALLOC_FL_PUNCH_HOLE", 2, "2.6.38"), C("FALLOC", "FALLOC_FL_COLLAPSE_RANGE", 8, "3.15"),
        C("FALLOC", "FALLOC_FL_ZERO_RANGE", 0x10, "3.15"), C("FALLOC", "FALLOC_FL_INSERT_RANGE", 0x20, "4.1"), C("FALLOC", "FALLOC_FL_UNSHARE_RANGE", 0x40, "4.9"),
        C("FALLOC", "FALLOC_FL_WRITE_ZEROES", 0x80, "6.17"),

        C("SEEK", "SEEK_SET", 0), C("SEEK", "SEEK_CUR", 1), C("SEEK", "SEEK_END", 2), C("SEEK", "SEEK_DATA", 3, "3.1"), C("SEEK", "SEEK_HOLE", 4, "3.1"),
        C("SYNC_FILE_RANGE", "SYNC_FILE_RANGE_WAIT_BEFORE", 1), C("SYNC_FILE_RANGE", "SYNC_FILE_RANGE_WRITE", 2), C("SYNC_FILE_RANGE", "SYNC_FILE_RANGE_WAIT_AFTER", 4),
    ];
}
