using MmSpec.State;

namespace MmSpec.Mm;

/// <summary>Whether a process still runs.</summary>
internal enum ProcessState : byte
{
#pragma warning disable CS1591
    Running, Exited, Killed,
#pragma warning restore CS1591
}

/// <summary>A process.</summary>
/// <param name="Name">Its name, see <see cref="Names"/>.</param>
/// <param name="Parent">The process that forked it; 0: none.</param>
/// <param name="Mm">Address space; 0 when it has ended.</param>
internal readonly record struct Process(ulong Name, int Parent, int Mm) : IStateful<Process>
{
    /// <summary>Whether it runs.</summary>
    public ProcessState State { get; init; }
    /// <summary>Exit code.</summary>
    public int Code { get; init; }
    /// <summary>The signal that killed it, see <see cref="Names"/>.</summary>
    public ulong Signal { get; init; }
    /// <summary>Its parent has waited for it.</summary>
    public bool Reaped { get; init; }
    /// <summary>Minor faults.</summary>
    public ulong MinorFaults { get; init; }
    /// <summary>Open files by descriptor; not part of the hash, it contributes itself.</summary>
    public RunMap<Ref> Descriptors { get; init; } = null!;

    /// <inheritdoc />
    public ulong HashInto(ulong seed)
    {
        seed = StateHash.Mix(StateHash.Mix(seed, Name), ((ulong)(uint)Parent << 32) | (uint)Mm);
        seed = StateHash.Mix(StateHash.Mix(seed, ((ulong)(uint)Code << 32) | ((ulong)State << 1) | (Reaped ? 1UL : 0)), Signal);
        return StateHash.Mix(seed, MinorFaults);
    }
}

/// <summary>An address space (mm_struct).</summary>
/// <param name="Users">Processes that use it.</param>
/// <param name="NextSlot">Where the next mapping without an address goes.</param>
internal readonly record struct AddressSpace(int Users, ulong NextSlot) : IStateful<AddressSpace>
{
    /// <summary>Mappings by base page.</summary>
    public RunMap<Ref> Tree { get; init; } = null!;
    /// <summary>Present page-table entries by base page.</summary>
    public RunMap<Pte> Table { get; init; } = null!;

    /// <inheritdoc />
    public ulong HashInto(ulong seed) => StateHash.Mix(StateHash.Mix(seed, (ulong)(uint)Users), NextSlot);
}
