using System.Collections.Immutable;
using static MmSpec.Catalog.Operations;

namespace MmSpec.Catalog;

/// <summary>userfaultfd: the call, and its ioctls under short names.</summary>
internal static class UserfaultfdOperations
{
    internal static readonly ImmutableArray<Operation> All =
    [
        Op("userfaultfd", ResultType.Fd, Flags("O|UFFD"), Flags("UFFD_FEATURE", "features").Named()).Since("4.3"),
        Op("uffd_register", ResultType.Record, Fd("u"), Range(), Flags("UFFDIO_REGISTER", "mode").Required()).Since("4.3"),
        Op("uffd_unregister", ResultType.None, Fd("u"), Range()).Since("4.3"),
        Op("uffd_copy", ResultType.Size, Fd("u"), Range(), Content("byte"), Mode()).Since("4.3"),
        Op("uffd_zeropage", ResultType.Size, Fd("u"), Range(), Mode()).Since("4.3"),
        Op("uffd_wake", ResultType.None, Fd("u"), Range()).Since("4.3"),
        Op("uffd_writeprotect", ResultType.None, Fd("u"), Range(), Mode()).Since("5.7"),
        Op("uffd_continue", ResultType.Size, Fd("u"), Range(), Mode()).Since("5.13"),
        Op("uffd_poison", ResultType.Size, Fd("u"), Range(), Mode()).Since("6.6"),
        Op("uffd_move", ResultType.Size, Fd("u"), Range("dst"), Range("src"), Mode()).Since("6.8"),
        Op("uffd_read", ResultType.Record, Fd("u")).Since("4.3"),
    ];

    private static Parameter Mode() => Flags("UFFDIO_MODE", "mode");

    private static Parameter Content(string name) => new Parameter(name, ParameterType.Content).Or(0);
}
