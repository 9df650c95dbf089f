using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Tests.Sync;

/// <summary>A small world for searches: a few cells, and threads that read, wait and write back.</summary>
internal sealed class Toy
{
    public Toy(int cells)
    {
        Store = new();
        Sync = new(Store);
        Cells = [.. Enumerable.Range(0, cells).Select(i => new Cell<int>(Store, StateHash.Key(1, (ulong)i)))];
    }

    public Store Store { get; }

    public KernelSync Sync { get; }

    public System.Collections.Immutable.ImmutableArray<Cell<int>> Cells { get; }

    public string Values => string.Join(",", Cells.Select(c => c.Value));

    /// <summary>Reads a cell, lets others run, writes back: the classic lost update.</summary>
    public async KernelTask<int> Add(int cell, int by)
    {
        var seen = Cells[cell].Value;
        await Sync.Point("read");
        Cells[cell].Value = seen + by;
        return seen;
    }

    /// <summary>Some updates in a row; the last of what was seen goes to a cell of the thread's own.</summary>
    public async KernelTask<int> Adds(int id, int adds)
    {
        var sum = 0;
        await Sync.Point();
        for (var i = 0; i < adds; i++)
        {
            sum += await Add(0, id + 1);
        }
        Cells[1 + id].Value = sum;
        return sum;
    }

    /// <summary>The same under a lock.</summary>
    public async KernelTask<int> LockedAdd(int by)
    {
        await Sync.Write(LockClass.HugetlbLock);
        var seen = await Add(0, by);
        Sync.ReleaseWrite(LockClass.HugetlbLock);
        return seen;
    }

    /// <summary>Takes two locks, one after the other.</summary>
    public async KernelTask<int> Both(LockClass first, LockClass second)
    {
        await Sync.Write(first, 1);
        await Sync.Write(second, 1);
        Sync.ReleaseWrite(second, 1);
        Sync.ReleaseWrite(first, 1);
        return 0;
    }

    public (ExplorationReport Report, List<string> Outcomes) Explore(bool caching, params Func<KernelTask<int>>[] bodies)
    {
        var outcomes = new List<string>();
        var report = new Explorer(Sync, new() { Caching = caching }).Run(bodies, e => outcomes.Add(e.IsDeadlock ? "deadlock" : Values));
        return (report, outcomes);
    }
}
