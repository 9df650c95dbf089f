using MmSpec.Kernels;
using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Tests.Testing;

/// <summary>Schedules are told in the kernel's words.</summary>
public class ScheduleTextTests
{
    private static Step Statement(int line, string process, string text) => new(line, 1, text, process, "load", []);

    [Test]
    public void A_deadlock_is_told_by_statement_lock_and_holder()
    {
        var traits = Traits.Resolve(new(KernelReleases.Newest));
        using var target = new EmulatorTarget(traits, Machine.Default, tracing: false);
        var world = target.World;
        var p = world.Processes.Start("p");
        var mm = world.Processes.All[p].Mm;
        static async KernelTask<int> Both(KernelSync sync, int mm, bool fileFirst)
        {
            if (!fileFirst) await sync.Read(LockClass.MmapLock, mm);
            await sync.Write(LockClass.IMmapRwsem, 7);
            if (fileFirst)
            {
                await sync.Write(LockClass.HugetlbFaultMutex, 1);
                await sync.Write(LockClass.HugetlbFaultMutex, 2);
                await sync.Write(LockClass.MmapLock, mm);
                sync.ReleaseWrite(LockClass.HugetlbFaultMutex, 2);
                sync.ReleaseWrite(LockClass.HugetlbFaultMutex, 1);
            }
            sync.ReleaseWrite(LockClass.IMmapRwsem, 7);
            if (fileFirst) sync.ReleaseWrite(LockClass.MmapLock, mm);
            else sync.ReleaseRead(LockClass.MmapLock, mm);
            return 0;
        }
        IReadOnlyList<ThreadProgram> threads = [new("p", "one", [Statement(10, "p", "load a[0]")]), new("p", "two", [Statement(11, "p", "load b[0]")])];
        IReadOnlyList<string>? lines = null;
        new Explorer(world.Sync).Run([() => Both(world.Sync, mm, false), () => Both(world.Sync, mm, true)], e =>
        {
            if (e.IsDeadlock) lines ??= new ScheduleText(threads, world).Lines(e);
        });
        Assert.That(lines, Is.Not.Null, "the two orders make a deadlock");
        Assert.That(lines!.Take(lines!.Count - 2), Has.All.Match(@"^p\.(one|two): "));
        Assert.That(string.Join("; ", lines!), Does.Contain("line 10 load a[0]").And.Contain("line 11 load b[0]: takes i_mmap_rwsem (write), hugetlb fault mutex #1, hugetlb fault mutex #2")
            .And.Contain("waits for mmap_lock of p (write)"));
        Assert.That(lines!.TakeLast(2), Is.EqualTo(new[]
        {
            "p.one waits for i_mmap_rwsem (write), which p.two holds",
            "p.two waits for mmap_lock of p (write), which p.one holds",
        }));
    }
}
