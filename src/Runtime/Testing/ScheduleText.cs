using System.Text;
using MmSpec.Mm;
using MmSpec.Sync;

namespace MmSpec.Testing;

/// <summary>
/// A schedule for people: one line for each stretch in which one thread ran, with the statements that it began and the locks that it took, by the kernel's names.
/// </summary>
/// <param name="threads">The threads.</param>
/// <param name="world">For the names of processes.</param>
internal sealed class ScheduleText(IReadOnlyList<ThreadProgram> threads, World world)
{
    /// <summary>The point between two statements of a thread.</summary>
    public const string NextStep = "next step";

    private const string Step = "line ", Walks = "walks the page table";

    private readonly Dictionary<ulong, int> _numbers = [];
    private readonly HashSet<LockClass> _several = [];

    /// <summary>The schedule that led to the explorer's present state, and who waits for what where nobody can go on.</summary>
    public IReadOnlyList<string> Lines(Explorer explorer)
    {
        var path = explorer.Path();
        Number(path.Select(p => p.First.Wish));
        var lines = new List<string>();
        var steps = new int[threads.Count];
        for (var i = 0; i < path.Count;)
        {
            var thread = path[i].Thread;
            var did = new List<string>();
            for (; i < path.Count && path[i].Thread == thread; i++) did.Add(Describe(path[i].First, path[i].Queued, thread, steps));
            lines.Add($"{NameOf(thread)}: {Join(did)}");
        }
        if (explorer.IsDeadlock)
            foreach (var (thread, asked, holders) in explorer.Blocked())
                lines.Add($"{NameOf(thread)} waits for {LockName(asked.Wish)}" + (holders.Count == 0 ? "" : $", which {string.Join(" and ", holders.Select(NameOf))} {(holders.Count == 1 ? "holds" : "hold")}"));
        return lines;
    }

    /// <summary>What is said twice in a row is said once: the verb of several locks, and a walk that starts again.</summary>
    private static string Join(List<string> did)
    {
        const string Takes = "takes ";
        var text = new StringBuilder();
        for (var i = 0; i < did.Count; i++)
        {
            if (did[i].Length == 0 || (i > 0 && did[i] == Walks && did[i - 1] == Walks)) continue;
            var again = i > 0 && did[i].StartsWith(Takes, StringComparison.Ordinal) && did[i - 1].StartsWith(Takes, StringComparison.Ordinal);
            if (text.Length > 0) text.Append(did[i].StartsWith(Step, StringComparison.Ordinal) ? "; " : did[i - 1].StartsWith(Step, StringComparison.Ordinal) ? ": " : ", ");
            text.Append(again ? did[i][Takes.Length..] : did[i]);
        }
        return text.ToString();
    }

    private string Describe(Pending pending, bool queued, int thread, int[] steps)
    {
        if (pending.Wish.Mode != LockMode.None) return (queued ? "waits for " : pending.Wish.IsAttempt ? "tries " : "takes ") + LockName(pending.Wish);
        if (pending.What is "store" or "load" or "populate") return Walks;
        if (pending.What is not (null or NextStep)) return $"passes {pending.What}";
        // Threads are straight lines, so that the steps begin in order.
        var step = steps[thread]++;
        return step < threads[thread].Steps.Length ? $"{Step}{threads[thread].Steps[step].Line} {threads[thread].Steps[step].Text}" : "";
    }

    private string NameOf(int thread) => thread < 0 ? "the code before" : $"{threads[thread].Process}.{threads[thread].Name}";

    /// <summary>Locks that have no name of their own get numbers where there are several of a class.</summary>
    private void Number(IEnumerable<LockWish> wishes)
    {
        foreach (var wish in wishes)
        {
            if (wish.Mode == LockMode.None || _numbers.ContainsKey(wish.Id)) continue;
            var before = _numbers.Keys.Count(id => new LockWish(id).Class == wish.Class);
            if (before > 0) _several.Add(wish.Class);
            _numbers[wish.Id] = before + 1;
        }
    }

    private string LockName(LockWish wish)
    {
        var name = wish.Class switch
        {
            LockClass.MmapLock => "mmap_lock" + OfProcess(wish),
            LockClass.PageTableLock => "page table lock" + OfProcess(wish),
            LockClass.VmaLock => "VMA lock",
            LockClass.InodeRwsem => "i_rwsem",
            LockClass.InvalidateLock => "invalidate_lock",
            LockClass.HugetlbFaultMutex => "hugetlb fault mutex",
            LockClass.HugetlbVmaLock => "hugetlb VMA lock",
            LockClass.IMmapRwsem => "i_mmap_rwsem",
            LockClass.AnonVmaRwsem => "anon_vma rwsem",
            LockClass.FolioLock => "folio lock",
            LockClass.SplitPageTableLock => "split page table lock",
            LockClass.HugetlbLock => "hugetlb_lock",
            LockClass.ResizeLock => "resize_lock",
            LockClass.ResvMapLock => "resv_map lock",
            LockClass.SubpoolLock => "subpool lock",
            LockClass.IPagesLock => "i_pages lock",
            LockClass.TasklistLock => "tasklist_lock",
            LockClass.UserfaultfdLock => "userfaultfd lock",
            _ => wish.Class.ToString(),
        };
        if (_several.Contains(wish.Class) && !IsOfProcess(wish.Class)) name += $" #{_numbers.GetValueOrDefault(wish.Id)}";
        return IsShared(wish.Class) ? $"{name} ({(wish.IsWrite ? "write" : "read")})" : name;
    }

    private static bool IsOfProcess(LockClass c) => c is LockClass.MmapLock or LockClass.PageTableLock;

    /// <summary>Whether the lock knows readers; the others are mutexes and spinlocks.</summary>
    private static bool IsShared(LockClass c) => c is LockClass.MmapLock or LockClass.VmaLock or LockClass.InodeRwsem or LockClass.InvalidateLock or LockClass.HugetlbVmaLock
        or LockClass.IMmapRwsem or LockClass.AnonVmaRwsem or LockClass.TasklistLock;

    private string OfProcess(LockWish wish)
    {
        var mm = (int)(uint)wish.Id;
        foreach (var handle in world.Processes.All)
            if (world.Processes.All[handle].Mm == mm) return " of " + Names.Of(world.Processes.All[handle].Name);
        // Its process has ended meanwhile.
        return $" of address space {mm}";
    }
}
