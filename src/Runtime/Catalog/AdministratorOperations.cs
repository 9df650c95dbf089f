using System.Collections.Immutable;
using static MmSpec.Catalog.Operations;

namespace MmSpec.Catalog;

/// <summary>What the administrator and the kernel's own actors do from outside a process.</summary>
internal static class AdministratorOperations
{
    internal static readonly ImmutableArray<Operation> All =
    [
        Op("sysctl", ResultType.None, new Parameter("name", ParameterType.Text), Setting("value")).By(Performer.Root).Supported().OwnForm(),
        Op("sysfs", ResultType.None, new Parameter("path", ParameterType.Text), Setting("value")).By(Performer.Root).Supported().OwnForm(),
        Op("drop_caches", ResultType.None, Number("what")).By(Performer.Root).OwnForm(),
        Op("mount", ResultType.None, new Parameter("type", ParameterType.Text), Path(), new Parameter("options", ParameterType.Any).Optional()).By(Performer.Root).OwnForm(),
        Op("umount", ResultType.None, Path()).By(Performer.Root).OwnForm(),
        Op("poison", ResultType.None, Range()).By(Performer.RootOrKernel).Since("2.6.32").OwnForm(),
        Op("migrate", ResultType.None, Range(), Number("node").Optional()).By(Performer.RootOrKernel).OwnForm(),
        Op("khugepaged", ResultType.None, new Parameter("process", ParameterType.Process)).By(Performer.RootOrKernel).Since("2.6.38").OwnForm(),
        Op("reclaim", ResultType.None, Range()).By(Performer.RootOrKernel).OwnForm(),
        Op("memory_failure", ResultType.None, Range()).By(Performer.Kernel).Since("2.6.32").OwnForm(),
        Op("pin", ResultType.None, Range()).By(Performer.Kernel).OwnForm(),
        Op("unpin", ResultType.None, Range()).By(Performer.Kernel).OwnForm(),
        Op("gup_fast", ResultType.None, Range()).By(Performer.Kernel).OwnForm(),
    ];

    private static Parameter Setting(string name) => new(name, ParameterType.Setting);
}
