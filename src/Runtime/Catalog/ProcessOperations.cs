using System.Collections.Immutable;
using static MmSpec.Catalog.Operations;

namespace MmSpec.Catalog;

/// <summary>Operations on processes.</summary>
internal static class ProcessOperations
{
    internal static readonly ImmutableArray<Operation> All =
    [
        Op("fork", ResultType.None, Process("child")).Supported().OwnForm(),
        Op("exit", ResultType.None, Number("code").Or(0)).Supported(),
        Op("exec", ResultType.None).Supported(),
        Op("kill", ResultType.None, Process("process"), new Parameter("signal", ParameterType.Signal)).Supported(),
        Op("wait", ResultType.None, Process("process")).Supported(),
        Op("prctl", ResultType.Number, Constant("PR", "option"), Argument("arg2"), Argument("arg3"), Argument("arg4"), Argument("arg5")),
        Op("setrlimit", ResultType.None, Constant("RLIMIT", "resource"), Size("limit")),
        Op("pidfd_open", ResultType.Fd, Process("process"), Number("flags").Or(0)).Since("5.3"),
        Op("pidfd_getfd", ResultType.Fd, Fd("pidfd"), Fd("target"), Number("flags").Or(0)).Since("5.6"),
        Op("sched_setaffinity", ResultType.None, new Parameter("cpus", ParameterType.List)),
        Op("sched_yield", ResultType.None),
        Op("membarrier", ResultType.None, Number("cmd"), Number("flags").Or(0)).Since("4.3"),
    ];

    private static Parameter Process(string name) => new(name, ParameterType.Process);

    private static Parameter Argument(string name) => new Parameter(name, ParameterType.Any).Or(0);
}
