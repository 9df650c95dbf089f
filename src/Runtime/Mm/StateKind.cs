namespace MmSpec.Mm;

/// <summary>Names of the world's state objects in the fingerprint, see <see cref="State.StateHash.Key"/>.</summary>
internal static class StateKind
{
#pragma warning disable CS1591
    public const ulong Contents = 1, Memmap = 2, FreeFrames = 3, FreeBaseFrames = 4, PoolNode = 5, PoolFree = 6, PoolStaged = 7, Reserved = 8, Overcommit = 9, NextToGrow = 10,
        NextToShrink = 11, Processes = 12, ProcessNames = 13, Descriptors = 14, AddressSpaces = 15, Vmas = 16, VmaTree = 17, PageTable = 18, Inodes = 19, PageCache = 20,
        OpenFiles = 21, ReserveMaps = 22, ReserveEntries = 23, Mounts = 24, Directory = 25, Incident = 26, Crash = 27, NextPid = 28, WarnedOnce = 29, Slots = 30, Outcomes = 31, Gathers = 32, Gather = 33;
#pragma warning restore CS1591
}
