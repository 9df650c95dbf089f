using System.Collections.Immutable;
using static MmSpec.Catalog.Constants;

namespace MmSpec.Catalog;

/// <summary>Constants of the NUMA policy calls.</summary>
internal static class PolicyConstants
{
    internal static readonly ImmutableArray<Constant> All =
    [
        C("MPOL", "MPOL_DEFAULT", 0), C("MPOL", "MPOL_PREFERRED", 1), C("MPOL", "MPOL_BIND", 2), C("MPOL", "MPOL_INTERLEAVE", 3), C("MPOL", "MPOL_LOCAL", 4, "3.8"),
        C("MPOL", "MPOL_PREFERRED_MANY", 5, "5.15"), C("MPOL", "MPOL_WEIGHTED_INTERLEAVE", 6, "6.9"),
        C("MPOL", "MPOL_F_STATIC_NODES", 1 << 15, "2.6.26"), C("MPOL", "MPOL_F_RELATIVE_NODES", 1 << 14, "2.6.26"), C("MPOL", "MPOL_F_NUMA_BALANCING", 1 << 13, "5.12"),
        C("MPOL_MF", "MPOL_MF_STRICT", 1), C("MPOL_MF", "MPOL_MF_MOVE", 2), C("MPOL_MF", "MPOL_MF_MOVE_ALL", 4),
        C("MPOL_F", "MPOL_F_NODE", 1), C("MPOL_F", "MPOL_F_ADDR", 2), C("MPOL_F", "MPOL_F_MEMS_ALLOWED", 4),
    ];
}
