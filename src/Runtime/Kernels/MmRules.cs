using static MmSpec.Kernels.Seen;

namespace MmSpec.Kernels;

/// <summary>Address spaces in general.</summary>
public static class MmRules
{
    /// <summary>Unknown advice.</summary>
    public static readonly Rule AdviceCheckedFirst = new("mm.madvise.advice-checked-first", "Unknown advice is EINVAL whatever the range holds; before, a hole or an empty range is noticed first.")
    { Since = V("2.6.32"), Source = "mm/madvise.c:madvise_behavior_valid", Confirmed = Everywhere };

    /// <summary>POPULATE advice.</summary>
    public static readonly Rule Populate = new("mm.madvise.populate", "MADV_POPULATE_READ and MADV_POPULATE_WRITE exist; before, they are unknown advice.")
    { Since = V("5.14"), Source = "mm/madvise.c:madvise_populate", Confirmed = Everywhere };

    /// <summary>POPULATE at a hole.</summary>
    public static readonly Rule PopulateStopsAtHole = new("mm.madvise.populate-stops-at-hole", "MADV_POPULATE_READ and MADV_POPULATE_WRITE stop at a hole; before, pages behind it are populated too.")
    { Since = V("6.9"), Source = "mm/madvise.c:madvise_populate", Confirmed = Vs("6.1.192", "6.12.117", "6.16.12", "6.17.13", "6.18.15", "6.19.14", "7.0.13", "7.2.13") };

    /// <summary>A failed MAP_FIXED.</summary>
    public static readonly Rule FailedFixedKeepsOld = new("mm.mmap.failed-fixed-keeps-old", "A MAP_FIXED that fails for want of memory leaves the old mappings in place.")
    { Since = V("6.12"), Use = RuleUse.NotModelled, Source = "mm/mmap.c:mmap_region", Confirmed = Five };
}
