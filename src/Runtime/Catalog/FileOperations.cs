using System.Collections.Immutable;
using static MmSpec.Catalog.Operations;

namespace MmSpec.Catalog;

/// <summary>Operations on files and descriptors.</summary>
internal static class FileOperations
{
    private const int OwnerReadWrite = 0b110_000_000;

    internal static readonly ImmutableArray<Operation> All =
    [
        Op("open", ResultType.Fd, Path(), Flags("O").Required(), Number("mode").Or(OwnerReadWrite)).Supported(),
        Op("close", ResultType.None, Fd()).Supported(),
        Op("unlink", ResultType.None, Path()).Supported(),
        Op("rename", ResultType.None, Path("old"), Path("new")),
        Op("mkdir", ResultType.None, Path(), Number("mode").Or(0b111_000_000)),
        Op("dup", ResultType.Fd, Fd()),
        Op("ftruncate", ResultType.None, Fd(), Size("length")).Supported(),
        Op("truncate", ResultType.None, Path(), Size("length")),
        Op("fallocate", ResultType.None, Fd(), Flags("FALLOC").Required(), Size("offset"), Size("length")),
        Op("posix_fadvise", ResultType.None, Fd(), Size("offset"), Size("length"), Constant("POSIX_FADV", "advice")),
        Op("readahead", ResultType.None, Fd(), Size("offset"), Size("count")),
        Op("sync_file_range", ResultType.None, Fd(), Size("offset"), Size("length"), Flags("SYNC_FILE_RANGE")),
        Op("memfd_create", ResultType.Fd, new Parameter("name", ParameterType.Text), Flags("MFD")).Since("3.17").Supported(),
        Op("memfd_secret", ResultType.Fd, Flags("O")).Since("5.14"),
        Op("read", ResultType.Size, Fd(), Size("count")) with { ReadsContent = true },
        Op("pread", ResultType.Size, Fd(), Size("count"), Size("offset")) with { ReadsContent = true },
        Op("write", ResultType.Size, Fd(), new Parameter("text", ParameterType.Text).Optional(), new Parameter("byte", ParameterType.Content).Optional().Named(),
            Size("count").Optional().Named()),
        Op("pwrite", ResultType.Size, Fd(), new Parameter("text", ParameterType.Text).Optional(), Size("offset"),
            new Parameter("byte", ParameterType.Content).Optional().Named(), Size("count").Optional().Named()),
        Op("lseek", ResultType.Size, Fd(), Size("offset"), Constant("SEEK", "whence")),
        Op("fcntl", ResultType.Flags, Fd(), Constant("F", "cmd"), new Parameter("argument", ParameterType.Any).Optional()),
        Op("fsync", ResultType.None, Fd()),
        Op("fdatasync", ResultType.None, Fd()),
        Op("sync", ResultType.None),
        Op("splice", ResultType.Size, Fd("fd_in"), Fd("fd_out"), Size("length"), Number("flags").Or(0)),
        Op("vmsplice", ResultType.Size, Fd(), Range(), Number("flags").Or(0)),
        Op("pipe", ResultType.Record),
        Op("swapon", ResultType.None, Path(), Number("flags").Or(0)),
        Op("swapoff", ResultType.None, Path()),
    ];
}
