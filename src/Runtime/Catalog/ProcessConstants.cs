using System.Collections.Immutable;
using static MmSpec.Catalog.Constants;

namespace MmSpec.Catalog;

/// <summary>Constants of the process calls.</summary>
internal static class ProcessConstants
{
    internal static readonly ImmutableArray<Constant> All =
    [
        C("PR", "PR_SET_THP_DISABLE", 41, "3.15"), C("PR", "PR_GET_THP_DISABLE", 42, "3.15"), C("PR", "PR_SET_MEMORY_MERGE", 67, "6.4"), C("PR", "PR_GET_MEMORY_MERGE", 68, "6.4"),
        C("PR", "PR_SET_VMA", 0x53564d41, "5.17"), C("PR_ARG", "PR_SET_VMA_ANON_NAME", 0, "5.17"), C("PR_ARG", "PR_THP_DISABLE_EXCEPT_ADVISED", 2, "6.18"),
        C("RLIMIT", "RLIMIT_FSIZE", 1), C("RLIMIT", "RLIMIT_DATA", 2), C("RLIMIT", "RLIMIT_STACK", 3), C("RLIMIT", "RLIMIT_MEMLOCK", 8), C("RLIMIT", "RLIMIT_AS", 9),
    ];
}
