namespace MmSpec.Mm;

/// <summary>Flags of mmap, with the kernel's values on x86-64.</summary>
internal static class MapFlags
{
#pragma warning disable CS1591
    public const ulong Shared = 1, Private = 2, SharedValidate = 3, TypeMask = 0xf, Fixed = 0x10, Anonymous = 0x20, GrowsDown = 0x100, Locked = 0x2000, NoReserve = 0x4000,
        Populate = 0x8000, NonBlock = 0x10000, HugeTlb = 0x40000, Sync = 0x80000, FixedNoReplace = 0x100000;
    public const int HugeShift = 26, HugeMask = 0x3f;
#pragma warning restore CS1591
}

/// <summary>How an address was asked for.</summary>
internal enum PlacementKind : byte
{
    /// <summary>Not at all: a slot of its own, plus an offset.</summary>
    Slot,
    /// <summary>NULL: the kernel chooses.</summary>
    Kernel,
    /// <summary>An address: a hint, or with MAP_FIXED an order.</summary>
    Address,
}

/// <summary>Where a mapping is to go.</summary>
/// <param name="Kind">How it was asked for.</param>
/// <param name="Address">The address, or the offset from the slot's start.</param>
internal readonly record struct Placement(PlacementKind Kind, ulong Address);
