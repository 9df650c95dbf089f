using MmSpec.Kernels;
using MmSpec.State;
using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Mm;

/// <summary>Processes: how they come and go (kernel/fork.c, kernel/exit.c, mm/oom_kill.c).</summary>
[SharedImmutable]
internal sealed class ProcessTable(World world)
{
    private readonly RunMap<Ref> _byName = new(world.Store, StateHash.Key(StateKind.ProcessNames));

    /// <summary>All processes, those that have ended too.</summary>
    public Slab<Process> All { get; } = new(world.Store, StateHash.Key(StateKind.Processes));

    /// <summary>The process of that name; 0: there never was one.</summary>
    public int Find(string name)
    {
        var key = Names.Key(name);
        return _byName.TryGet(key, out var r) ? r.Handle : 0;
    }

    /// <summary>A process that is nobody's child.</summary>
    public int Start(string name) => Add(Names.Key(name), 0, world.Spaces.Make(AddressSpaces.FirstSlot));

    /// <summary>fork(2).</summary>
    /// <param name="process">The parent.</param>
    /// <param name="name">Of the child, see <see cref="Names"/>.</param>
    /// <returns>The child's handle, or a negative result.</returns>
    public async KernelTask<long> Fork(int process, ulong name)
    {
        var mm = All[process].Mm;
        await world.Sync.Write(LockClass.MmapLock, mm);
        var childMm = world.Spaces.Make(world.Spaces.Mms[mm].NextSlot);
        var error = 0L;
        for (var at = 0UL; error == 0 && world.Spaces.FindFrom(mm, at) is > 0 and var handle;)
        {
            at = world.Spaces.Vmas[handle].End;
            error = await CopyMapping(handle, childMm);
        }
        world.Sync.ReleaseWrite(LockClass.MmapLock, mm);
        if (error != 0)
        {
            if (!world.HasCrashed) await world.Mapping.DropAll(childMm);
            return error;
        }
        var child = Add(name, process, childMm);
        foreach (var run in All[process].Descriptors.Runs())
        {
            for (var fd = run.From; fd < run.To; fd++) world.Files.Get(run.Value.Handle);
            All[child].Descriptors.Set(run.From, run.To, run.Value);
        }
        return child;
    }

    /// <summary>exit(2), and death by a signal.</summary>
    /// <param name="process">Who.</param>
    /// <param name="code">Exit code.</param>
    /// <param name="signal">The signal's name (see <see cref="Names"/>), or 0.</param>
    public async KernelTask<long> Exit(int process, int code, ulong signal)
    {
        if (All[process].State != ProcessState.Running) return 0;
        var mm = All[process].Mm;
        All.Set(process, All[process] with { State = signal == 0 ? ProcessState.Exited : ProcessState.Killed, Code = code, Signal = signal, Mm = 0 });
        await DropSpace(mm);
        for (var fd = 0UL; (fd = All[process].Descriptors.NextRun(fd)) != ulong.MaxValue;) await world.Files.Close(process, (long)fd);
        return 0;
    }

    /// <summary>exec: the address space is replaced by an empty one; descriptors stay.</summary>
    public async KernelTask<long> Exec(int process)
    {
        var mm = All[process].Mm;
        All.Set(process, All[process] with { Mm = world.Spaces.Make(AddressSpaces.FirstSlot) });
        await DropSpace(mm);
        return 0;
    }

    /// <summary>kill(2) with a signal that ends the process.</summary>
    public async KernelTask<long> Kill(int target, ulong signal)
    {
        if (target == 0 || All[target].Reaped) return -Errno.ESRCH;
        if (All[target].State == ProcessState.Running) await Exit(target, 0, signal);
        return 0;
    }

    /// <summary>wait(2) for one child.</summary>
    /// <returns>0, -ECHILD, or <see cref="Result.Incident"/> that says how it ended (or that it runs).</returns>
    public long Wait(int process, int child)
    {
        if (child == 0 || All[child].Parent != process || All[child].Reaped) return -Errno.ECHILD;
        var c = All[child];
        if (c.State == ProcessState.Running)
        {
            world.Incident = new(OutcomeKind.Blocked, 0, 0, 0, 0);
            return Result.Incident;
        }
        All.Set(child, c with { Reaped = true });
        world.Incident = c.State == ProcessState.Killed ? new(OutcomeKind.Killed, c.Signal, 0, 0, 0) : new(OutcomeKind.Exit, 0, 0, (ulong)(c.Code & 0xff), 0);
        return Result.Incident;
    }

    /// <summary>Whom the OOM killer takes: a child of the process with the highest badness, else that process (mm/oom_kill.c of 2.6.29).</summary>
    public int OomVictim()
    {
        var (best, score) = (0, 0UL);
        foreach (var p in All)
        {
            if (All[p].State != ProcessState.Running) continue;
            var points = PagesOf(p) + 1;
            foreach (var c in All) if (All[c].Parent == p && All[c].State == ProcessState.Running) points += PagesOf(c) / 2 + 1;
            if (points > score) (best, score) = (p, points);
        }
        foreach (var c in All) if (All[c].Parent == best && All[c].State == ProcessState.Running) return c;
        return best;
    }

    /// <summary>Counts page faults.</summary>
    public void CountFaults(int process, ulong faults) => All.Set(process, All[process] with { MinorFaults = All[process].MinorFaults + faults });

    private ulong PagesOf(int process) => world.Spaces.Tree(All[process].Mm).Covered;

    private int Add(ulong name, int parent, int mm)
    {
        var handle = All.Add(default);
        All.Set(handle, new Process(name, parent, mm) { Descriptors = new(world.Store, StateHash.Key(StateKind.Descriptors, (ulong)(uint)handle)) });
        _byName.Set(name, name + 1, new Ref(handle));
        return handle;
    }

    /// <summary>A thread uses the address space until <see cref="DropSpace"/>, even if its process is killed meanwhile.</summary>
    /// <returns>The address space; 0: the process has none.</returns>
    public int GrabSpace(int process)
    {
        var mm = process == 0 ? 0 : All[process].Mm;
        if (mm != 0) world.Spaces.Mms.Set(mm, world.Spaces.Mms[mm] with { Users = world.Spaces.Mms[mm].Users + 1 });
        return mm;
    }

    /// <summary>One user of an address space less; the last one takes it down (mmput).</summary>
    public async KernelTask<long> DropSpace(int mm)
    {
        if (world.Spaces.Mms[mm].Users > 1)
        {
            world.Spaces.Mms.Set(mm, world.Spaces.Mms[mm] with { Users = world.Spaces.Mms[mm].Users - 1 });
            return 0;
        }
        await world.Mapping.DropAll(mm);
        return 0;
    }

    /// <summary>dup_mmap for one mapping, and copy_hugetlb_page_range or copy_page_range.</summary>
    private async KernelTask<long> CopyMapping(int handle, int childMm)
    {
        if (world.Spaces.Vmas[handle].Has(VmFlags.DontCopy)) return 0;
        var copy = world.Spaces.Vmas.Add(world.Spaces.Vmas[handle] with { Mm = childMm });
        world.Spaces.Insert(copy);
        if (world.Spaces.Vmas[copy].File != 0) world.Files.Get(world.Spaces.Vmas[copy].File);
        if (world.Spaces.Vmas[copy].Hstate != 0 && world.Reservations.Inherit(copy) is < 0 and var error) return error;
        var vma = world.Spaces.Vmas[handle];
        var isPrivate = !vma.Has(VmFlags.MayShare);
        if (!vma.HasAnon && (world.Traits[HugetlbFaultRules.LazyFork] || vma.Hstate == 0)) return 0;
        await world.Sync.Write(LockClass.PageTableLock, vma.Mm);
        var (from, to) = (vma.Start >> 12, vma.End >> 12);
        var table = world.Spaces.Table(vma.Mm);
        if (isPrivate) table.Update(from, to, static p => p with { Bits = p.Bits & ~PteBits.Write });
        table.CopyTo(world.Spaces.Table(childMm), from, to);
        CountMaps(table, from, to);
        world.Sync.ReleaseWrite(LockClass.PageTableLock, vma.Mm);
        return 0;
    }

    /// <summary>One more map for every frame of a range; stretches of frames that lie side by side are counted together, however their addresses are scattered.</summary>
    private void CountMaps(RunMap<Pte> table, ulong from, ulong to)
    {
        var (pfn, frames) = (0UL, 0UL);
        foreach (var run in table.Runs(from, to))
        {
            if ((run.Value.Bits & PteBits.Zero) != 0) continue;
            if (run.Value.Pfn == pfn + frames && frames > 0)
            {
                frames += run.Length;
                continue;
            }
            if (frames > 0) world.Memory.AddMaps(pfn, frames, 1);
            (pfn, frames) = (run.Value.Pfn, run.Length);
        }
        if (frames > 0) world.Memory.AddMaps(pfn, frames, 1);
    }
}
