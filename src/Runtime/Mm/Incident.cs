using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Mm;

/// <summary>How a syscall or access ended when a number cannot say it: what <see cref="Result"/> values below refer to.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Name">Signal, process or place, see <see cref="Names"/>.</param>
/// <param name="Code">Signal code.</param>
/// <param name="At">Address.</param>
/// <param name="Got">Byte that was there instead.</param>
internal readonly record struct Incident(OutcomeKind Kind, ulong Name, ulong Code, ulong At, byte Got)
{
    /// <summary>As an outcome.</summary>
    public Outcome ToOutcome() => new(Kind, Names.Of(Name), Names.Of(Code), At, Got);
}

/// <summary>Results of syscalls: 0 or more is success, down to -4095 a negated errno, below what follows.</summary>
internal static class Result
{
    /// <summary>See <see cref="World.Incident"/>.</summary>
    public const long Incident = -10_000;
}

/// <summary>How a page fault failed (vm_fault_t).</summary>
internal enum FaultError : long
{
    /// <summary>It did not.</summary>
    None = 0,
    /// <summary>VM_FAULT_OOM.</summary>
    Oom = -1,
    /// <summary>VM_FAULT_SIGBUS.</summary>
    Sigbus = -2,
    /// <summary>No mapping there.</summary>
    MapError = -3,
    /// <summary>The mapping does not allow it.</summary>
    AccessError = -4,
    /// <summary>The world has ended in a BUG.</summary>
    Crash = -5,
}

/// <summary>Shorthands for the locks that syscalls take.</summary>
internal static class Locking
{
    /// <summary>hugetlb_lock.</summary>
    public static LockRequest HugetlbLock(this KernelSync sync) => sync.Write(LockClass.HugetlbLock);

    /// <summary>Drops hugetlb_lock.</summary>
    public static void DropHugetlbLock(this KernelSync sync) => sync.ReleaseWrite(LockClass.HugetlbLock);
}
