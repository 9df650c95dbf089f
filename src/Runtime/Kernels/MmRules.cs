using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>Address spaces in general.</summary>
public static class MmRules
{
    /// <summary>A failed MAP_FIXED.</summary>
    public static readonly Rule FailedFixedKeepsOld = new("mm.mmap.failed-fixed-keeps-old", "A MAP_FIXED that fails for want of memory leaves the old mappings in place.")
    { Since = V("6.12"), Source = "mm/mmap.c:mmap_region", Confirmed = Five };
}
