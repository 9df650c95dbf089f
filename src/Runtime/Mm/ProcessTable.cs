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
        if (error == 0 && IsGone(process, mm)) error = Result.Incident;
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

    /// <summary>Whether the process has ended while a thread of it was in a call, or has another address space now; the incident says by what.</summary>
    /// <param name="process">Who.</param>
    /// <param name="mm">The address space that the thread started with; 0: it does not matter.</param>
    public bool IsGone(int process, int mm = 0)
    {
        ref readonly var p = ref All[process];
        if (p.State == ProcessState.Running && (mm == 0 || p.Mm == mm)) return false;
        // exec of another thread ends this one with SIGKILL too (de_thread).
        world.Incident = new(OutcomeKind.Killed, p.State == ProcessState.Killed ? p.Signal : Names.Key("SIGKILL"), 0, 0, 0);
        return true;
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

    /// <summary>dup_mmap for one mapping. It joins the list of its file's mappings before entries are copied, and behind its parent's, so that whoever walks the list misses none.</summary>
    private async KernelTask<long> CopyMapping(int handle, int childMm)
    {
        var vma = world.Spaces.Vmas[handle];
        if (vma.Has(VmFlags.DontCopy)) return 0;
        var copy = world.Spaces.Vmas.Add(vma with { Mm = childMm, Unlinked = true });
        world.Spaces.Insert(copy);
        if (vma.File != 0) world.Files.Get(vma.File);
        var error = vma.Hstate == 0 ? 0 : world.Reservations.Inherit(copy);
        if (vma.Inode != 0) await world.Sync.Write(LockClass.IMmapRwsem, vma.Inode);
        world.Spaces.Vmas.Set(copy, world.Spaces.Vmas[copy] with { Unlinked = false });
        if (vma.Inode != 0) world.Sync.ReleaseWrite(LockClass.IMmapRwsem, vma.Inode);
        if (error < 0) return error;
        if (!vma.HasAnon && (world.Traits[HugetlbFaultRules.LazyFork] || vma.Hstate == 0)) return 0;
        return await CopyEntries(handle, childMm);
    }

    /// <summary>copy_hugetlb_page_range or copy_page_range. Faults of shared mappings are kept out as far as the kernel does, and the page-table lock is dropped between entries.</summary>
    private async KernelTask<long> CopyEntries(int handle, int childMm)
    {
        var vma = world.Spaces.Vmas[handle];
        var shared = vma.Has(VmFlags.MayShare);
        var holdsMappings = shared && vma.Hstate != 0 && world.Traits[HugetlbFaultRules.FaultHoldsMappingLock];
        var vmaLock = shared && vma.Hstate != 0 ? world.HugetlbFaults.VmaLock(handle) : 0;
        if (holdsMappings) await world.Sync.Read(LockClass.IMmapRwsem, vma.Inode);
        if (vmaLock != 0) await world.Sync.Read(LockClass.HugetlbVmaLock, vmaLock);
        var unit = world.UnitLimit > 1 ? ulong.MaxValue : vma.Hstate == 0 ? 1 : world.Hstate(vma.Hstate).Frames;
        var end = vma.End >> 12;
        for (var at = vma.Start >> 12; (at = world.Spaces.Table(vma.Mm).NextRun(at)) < end;)
        {
            var to = end - at > unit ? at + unit : end;
            await world.Sync.Write(LockClass.PageTableLock, vma.Mm);
            CopyRange(vma.Mm, childMm, at, to, readOnly: !shared);
            world.Sync.ReleaseWrite(LockClass.PageTableLock, vma.Mm);
            at = to;
        }
        if (vmaLock != 0) world.Sync.ReleaseRead(LockClass.HugetlbVmaLock, vmaLock);
        if (holdsMappings) world.Sync.ReleaseRead(LockClass.IMmapRwsem, vma.Inode);
        return 0;
    }

    private void CopyRange(int mm, int childMm, ulong from, ulong to, bool readOnly)
    {
        var table = world.Spaces.Table(mm);
        if (readOnly) table.Update(from, to, static p => p with { Bits = p.Bits & ~PteBits.Write });
        table.CopyTo(world.Spaces.Table(childMm), from, to);
        CountMaps(table, from, to);
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
