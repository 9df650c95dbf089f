using System.Collections.Immutable;
using static MmSpec.Catalog.Operations;

namespace MmSpec.Catalog;

/// <summary>Operations on address spaces.</summary>
internal static class MappingOperations
{
    private const int ReadWrite = 3;

    internal static readonly ImmutableArray<Operation> All =
    [
        Op("mmap", ResultType.Range, Address("addr").Optional(), Size("length"), Flags("PROT", "prot").Or(ReadWrite), Flags("MAP").Required(),
            Fd().Or(-1), Size("offset").Or(0)).Supported(),
        Op("munmap", ResultType.None, Range()).Supported(),
        Op("mprotect", ResultType.None, Range(), Flags("PROT", "prot").Required()).Supported(),
        Op("pkey_mprotect", ResultType.None, Range(), Flags("PROT", "prot").Required(), Number("pkey")).Since("4.9"),
        Op("madvise", ResultType.None, Range(), Constant("MADV", "advice")).Supported(),
        Op("process_madvise", ResultType.Size, new Parameter("process", ParameterType.Process), new Parameter("ranges", ParameterType.List),
            Constant("MADV", "advice"), Number("flags").Or(0)).Since("5.10"),
        Op("mremap", ResultType.Range, Range(), Size("old_size"), Size("new_size"), Flags("MREMAP"), Address("new_addr").Optional()),
        Op("brk", ResultType.Number, Address("addr")),
        Op("mlock", ResultType.None, Range()),
        Op("mlock2", ResultType.None, Range(), Flags("MLOCK")).Since("4.4"),
        Op("munlock", ResultType.None, Range()),
        Op("mlockall", ResultType.None, Flags("MCL").Required()),
        Op("munlockall", ResultType.None),
        Op("mincore", ResultType.None, Range()),
        Op("msync", ResultType.None, Range(), Flags("MS")),
        Op("mseal", ResultType.None, Range(), Number("flags").Or(0)).Since("6.10"),
        Op("remap_file_pages", ResultType.None, Range(), Number("prot"), Number("pgoff"), Flags("MAP")),
        Op("mbind", ResultType.None, Range(), Constant("MPOL", "mode"), new Parameter("nodes", ParameterType.Nodes).Optional(), Flags("MPOL_MF")),
        Op("set_mempolicy", ResultType.None, Constant("MPOL", "mode"), new Parameter("nodes", ParameterType.Nodes).Optional()),
        Op("set_mempolicy_home_node", ResultType.None, Range(), Number("node"), Number("flags").Or(0)).Since("5.17"),
        Op("get_mempolicy", ResultType.Number, Address("addr").Optional(), Flags("MPOL_F")),
        Op("migrate_pages", ResultType.Number, new Parameter("process", ParameterType.Process), new Parameter("from", ParameterType.Nodes),
            new Parameter("to", ParameterType.Nodes)),
        Op("move_pages", ResultType.Number, Range(), new Parameter("nodes", ParameterType.Nodes).Optional(), Flags("MPOL_MF")),
        Op("process_vm_readv", ResultType.Size, new Parameter("process", ParameterType.Process), Range()).Since("3.2") with { ReadsContent = true },
        Op("process_vm_writev", ResultType.Size, new Parameter("process", ParameterType.Process), Range(), new Parameter("byte", ParameterType.Content).Or(1)).Since("3.2"),
        Op("process_mrelease", ResultType.None, Fd("pidfd"), Number("flags").Or(0)).Since("5.15"),
        Op("shmget", ResultType.Number, Constant("IPC", "key"), Size("size"), Flags("SHM|IPC").Required()),
        Op("shmat", ResultType.Range, Number("shmid"), Address("addr").Optional(), Flags("SHM")),
        Op("shmdt", ResultType.None, Range()),
        Op("shmctl", ResultType.Number, Number("shmid"), Constant("IPC", "cmd"), new Parameter("argument", ParameterType.Any).Optional()),
        Op("load", ResultType.Byte, Range()).Supported().OwnForm() with { ReadsContent = true },
        Op("store", ResultType.None, Range(), new Parameter("value", ParameterType.Content).Or(1)).Supported().OwnForm(),
    ];

    private static Parameter Address(string name) => new(name, ParameterType.Address);
}
