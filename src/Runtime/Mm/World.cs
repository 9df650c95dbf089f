using MmSpec.Files;
using MmSpec.Hugetlb;
using MmSpec.Kernels;
using MmSpec.State;
using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Mm;

/// <summary>
/// One machine with one kernel: everything that the model knows. All that changes lives in the containers of <see cref="Store"/>, so that a search can undo it.
/// Syscalls are methods that return a <see cref="KernelTask{T}"/>; see <see cref="Testing.EmulatorTarget"/> for the way in.
/// </summary>
[SharedImmutable]
internal sealed class World
{
    /// <summary>Addresses of a process end here (TASK_SIZE with four page-table levels).</summary>
    public const ulong TaskSize = (1UL << 47) - 4096;

    private readonly Hstate[] _hstates;

    /// <summary>Starts a machine.</summary>
    /// <param name="traits">The kernel's rules.</param>
    /// <param name="settings">What the machine has.</param>
    /// <param name="tracing">Note how counters come about.</param>
    public World(Traits traits, MachineSettings settings, bool tracing)
    {
        Traits = traits;
        Store = new();
        Sync = new(Store);
        Trace = tracing ? new() : null;
        Memory = new(Store, new(Store), settings.NodeMemory);
        _hstates = traits[HugetlbPoolRules.SeveralSizes]
            ? [new(Store, 1, 21, Memory.Nodes), new(Store, 2, 30, Memory.Nodes)]
            : [new(Store, 1, 21, Memory.Nodes)];
        ReserveMaps = new(Store);
        Spaces = new(this);
        Processes = new(this);
        Files = new(this);
        Truncation = new(this);
        Mounts = new(this);
        Pool = new(this);
        Settings = new(this);
        Reservations = new(this);
        Pages = new(this);
        HugetlbFaults = new(this);
        BaseFaults = new(this);
        Zap = new(this);
        Mapping = new(this);
        Access = new(this);
        _incident = new(Store, StateHash.Key(StateKind.Incident));
        _crash = new(Store, StateHash.Key(StateKind.Crash));
        WarnedOnce = new(Store, StateHash.Key(StateKind.WarnedOnce));
        settings.Apply(this);
    }

    private readonly Cell<Incident> _incident, _crash;

    /// <summary>Rules of the kernel.</summary>
    public Traits Traits { get; }
    /// <summary>Containers of all state.</summary>
    public Store Store { get; }
    /// <summary>Locks and scheduling points.</summary>
    public KernelSync Sync { get; }
    /// <summary>Notes how counters come about; null outside explanations.</summary>
    public Tracer? Trace { get; }
    /// <summary>Frames.</summary>
    public PhysicalMemory Memory { get; }
    /// <summary>Reservation maps.</summary>
    public ReserveMaps ReserveMaps { get; }
    /// <summary>Address spaces and their mappings.</summary>
    public AddressSpaces Spaces { get; }
    /// <summary>Processes.</summary>
    public ProcessTable Processes { get; }
    /// <summary>Open files and inodes.</summary>
    public FileTable Files { get; }
    /// <summary>Taking pages out of files.</summary>
    public Truncation Truncation { get; }
    /// <summary>Mounts and their subpools.</summary>
    public MountTable Mounts { get; }
    /// <summary>Huge page pools.</summary>
    public HugePool Pool { get; }
    /// <summary>Files of /proc/sys and /sys.</summary>
    public KernelSettings Settings { get; }
    /// <summary>Hugetlb reservations.</summary>
    public Reservations Reservations { get; }
    /// <summary>Allocation of huge pages for faults.</summary>
    public HugePages Pages { get; }
    /// <summary>Faults on huge pages.</summary>
    public HugetlbFaults HugetlbFaults { get; }
    /// <summary>Faults on base pages.</summary>
    public BaseFaults BaseFaults { get; }
    /// <summary>Taking page-table entries away.</summary>
    public Zap Zap { get; }
    /// <summary>mmap, munmap, mprotect, madvise.</summary>
    public Mappings Mapping { get; }
    /// <summary>Loads and stores.</summary>
    public MemoryAccess Access { get; }
    /// <summary>Places of WARN_ONCE that have fired, as bits.</summary>
    public Cell<ulong> WarnedOnce { get; }

    /// <summary>Huge page sizes, ascending.</summary>
    public IReadOnlyList<Hstate> Hstates => _hstates;

    /// <summary>Why the latest syscall or access ended in <see cref="Result.Incident"/>.</summary>
    public Incident Incident
    {
        get => _incident.Value;
        set => _incident.Value = value;
    }

    /// <summary>The BUG or oops that ended the world; <see cref="OutcomeKind.Ok"/>: it goes on.</summary>
    public Incident Crash => _crash.Value;

    /// <summary>Whether the world has ended.</summary>
    public bool HasCrashed => _crash.Value.Kind != OutcomeKind.Ok;

    /// <summary>How many mapping units a range-valued operation may change at once: one where others may look on.</summary>
    public ulong UnitLimit => Store.Journaling || SinglePages ? 1 : ulong.MaxValue;

    /// <summary>Change one mapping unit at a time always; results must be the same. For tests.</summary>
    public bool SinglePages { get; init; }

    /// <summary>The pool of a size.</summary>
    /// <param name="number">Number of the size, from 1.</param>
    public Hstate Hstate(byte number) => _hstates[number - 1];

    /// <summary>The pool of a size in bytes; null: there is none.</summary>
    public Hstate? HstateOf(Int128 size)
    {
        foreach (var h in _hstates) if (h.Size == size) return h;
        return null;
    }

    /// <summary>Ends the world: a BUG_ON or a bad pointer.</summary>
    /// <returns><see cref="Result.Incident"/>.</returns>
    public long Die(OutcomeKind kind, string place, Rule? why)
    {
        if (why is { IsBug: true }) RanInto(why);
        Trace?.Note(Counter.Outcome, 0, 0, kind == OutcomeKind.Bug ? "hit a BUG" : "crashed", why);
        _crash.Value = Incident = new(kind, Names.Key(place), 0, 0, 0);
        return Result.Incident;
    }

    /// <summary>Notes a change of a huge page counter.</summary>
    public void Note(Counter counter, Hstate h, ulong by, string words, Rule? why)
    {
        if (by == 0) return;
        if (why is { IsBug: true }) RanInto(why);
        Trace?.Note(counter, h.Number, (long)by, words, why);
    }

    [NotState("notes for people: defects that some run met; they only grow")]
    private readonly List<Rule> _bugs = [];

    /// <summary>Defects of the kernel that decided something, in the order in which they were first met; of a search, in any of its runs.</summary>
    public IReadOnlyList<Rule> Bugs => _bugs;

    /// <summary>A rule that is a defect of the kernel decided something just now.</summary>
    public void RanInto(Rule bug)
    {
        if (!_bugs.Contains(bug)) _bugs.Add(bug);
    }
}
