using MmSpec.Catalog;
using MmSpec.Testing;
using static MmSpec.Tests.Kernels.KernelTexts;

namespace MmSpec.Tests.Catalog;

public sealed class CatalogTests
{
    [Test]
    public void NamesAreUnique()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Operations.All.Select(o => o.Name), Is.Unique);
            Assert.That(Constants.All.Select(c => c.Name), Is.Unique);
            Assert.That(ViewCatalog.All.Select(v => v.Name), Is.Unique);
            Assert.That(MachineItems.All.Select(i => i.Kind), Is.Unique);
            foreach (var operation in Operations.All) Assert.That(operation.Parameters.Select(p => p.Name), Is.Unique, operation.Name);
            foreach (var view in ViewCatalog.All) Assert.That(view.Fields.Select(f => f.Name), Is.Unique, view.Name);
        }
    }

    [Test]
    public void WhatMayBeLeftOutStandsBehindWhatMayNot()
    {
        foreach (var operation in Operations.All.Where(o => o.Name is not ("mmap" or "pwrite")))
        {
            var optional = operation.Parameters.Where(p => !p.NamedOnly).Select(p => p.Default is not null).ToArray();
            Assert.That(optional, Is.EqualTo(optional.OrderBy(o => o)), operation.Name);
        }
    }

    [Test]
    public void EveryGroupOfAParameterHasConstants()
    {
        foreach (var (operation, parameter) in Operations.All.SelectMany(o => o.Parameters.Select(p => (o, p))).Where(x => x.p.Type is ParameterType.Flags or ParameterType.Constant))
        {
            Assert.That(parameter.Group, Is.Not.Null, $"{operation.Name} {parameter.Name}");
            Assert.That(Constants.All.Any(c => Constants.IsIn(c, parameter.Group!)), $"{operation.Name} {parameter.Name}: no constant in {parameter.Group}");
        }
    }

    [Test]
    public void MmapHasTheDefaultsOfTheLanguage()
    {
        Assert.That(Operations.TryGet("mmap", out var mmap));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(mmap!.Find("addr")!.Default, Is.EqualTo(Value.Absent));
            Assert.That(mmap.Find("length")!.Default, Is.Null);
            Assert.That(mmap.Find("prot")!.Default, Is.EqualTo(Value.OfNumber(3)));
            Assert.That(mmap.Find("flags")!.Default, Is.Null);
            Assert.That(mmap.Find("fd")!.Default, Is.EqualTo(Value.OfNumber(-1)));
            Assert.That(mmap.Find("offset")!.Default, Is.EqualTo(Value.OfNumber(0)));
            Assert.That(mmap.Result, Is.EqualTo(ResultType.Range));
        }
    }

    [TestCase("memfd_create", "3.16", false)]
    [TestCase("memfd_create", "3.17", true)]
    [TestCase("mseal", "6.9", false)]
    [TestCase("mseal", "6.10", true)]
    [TestCase("mmap", "2.6.25", true)]
    public void CallsAreAvailable(string name, string kernel, bool there)
    {
        Assert.That(Operations.TryGet(name, out var operation));
        Assert.That(operation!.AvailableIn.In(K(kernel)), Is.EqualTo(there));
    }

    [TestCase("MADV_POPULATE_READ", "5.12", false)]
    [TestCase("MADV_POPULATE_READ", "5.12 + madv-populate-v1", true)]
    [TestCase("MADV_POPULATE_READ", "5.14", true)]
    [TestCase("MADV_SPLIT", "7.3", false)]
    [TestCase("MADV_SPLIT", "6.1 + hgm-v1", true)]
    [TestCase("MAP_HUGETLB", "2.6.31", false)]
    public void PatchesBringConstants(string name, string kernel, bool there)
    {
        Assert.That(Constants.TryGet(name, out var constant));
        Assert.That(constant!.AvailableIn.In(K(kernel)), Is.EqualTo(there));
    }

    [TestCase("MAP_HUGE_2MB", 21UL << 26)]
    [TestCase("MFD_HUGE_1GB", 30UL << 26)]
    [TestCase("MAP_FIXED_NOREPLACE", 0x100000UL)]
    [TestCase("O_CREAT", 64UL)]
    public void Values(string name, ulong value)
    {
        Assert.That(Constants.TryGet(name, out var constant));
        Assert.That(constant!.Value, Is.EqualTo(value));
    }

    [Test]
    public void ShortNamesOfUserfaultfd()
    {
        Assert.That(Constants.TryGet("WP", "UFFDIO_REGISTER", out var register));
        Assert.That(Constants.TryGet("WP", "UFFDIO_MODE", out var mode));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((register!.Name, mode!.Name), Is.EqualTo(("UFFDIO_REGISTER_MODE_WP", "UFFDIO_WRITEPROTECT_MODE_WP")));
            Assert.That(Constants.TryGet("WP", "PROT", out _), Is.False);
        }
    }

    [TestCase("mmap munmap mprotect madvise mremap mbind open close ftruncate memfd_create unlink read write pread pwrite posix_fadvise fallocate shmget shmat shmctl shmdt mlock mlock2 "
        + "munlock mlockall mincore msync mseal fork exit kill wait exec load store sysctl sysfs khugepaged drop_caches poison migrate mount umount pin unpin gup_fast userfaultfd uffd_register "
        + "uffd_unregister uffd_copy uffd_zeropage uffd_continue uffd_writeprotect uffd_move uffd_poison uffd_wake uffd_read process_madvise fcntl vmsplice")]
    public void OperationsOfTheLanguage(string names)
    {
        foreach (var name in names.Split(' ')) Assert.That(Operations.TryGet(name, out _), name);
    }

    [TestCase("pool meminfo vmstat node hugepages thp smaps maps vmas pages page mincore rusage status numa_maps stat statfs seals cgroup state ptes resv_map vma pmd_shared pmd_refs locks byte")]
    public void ViewsOfTheLanguage(string names)
    {
        foreach (var name in names.Split(' ')) Assert.That(ViewCatalog.TryGet(name, out _), name);
    }

    [TestCase("hugepages memory swap cpus sockets node thp mount cgroup sysctl config device cost")]
    public void MachineItemsOfTheLanguage(string names)
    {
        foreach (var name in names.Split(' ')) Assert.That(MachineItems.TryGet(name, out _), name);
    }

    [Test]
    public void BareFieldsAreThoseOfThePool()
    {
        Assert.That(ViewCatalog.TryGetBare("HugePages_Rsvd", out var view, out var field));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((view!.Name, field!.Name, field.Type), Is.EqualTo(("meminfo", "HugePages_Rsvd", FieldType.Count)));
            Assert.That(ViewCatalog.TryGetBare("MemTotal", out _, out _), Is.False);
            Assert.That(ViewCatalog.TryGetBare("HugePages_Rsrv", out _, out _), Is.False);
        }
    }

    [Test]
    public void CodesBelongToSignals()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Signals.IsCodeOf("BUS_ADRERR", "SIGBUS"));
            Assert.That(Signals.IsCodeOf("BUS_ADRERR", "SIGSEGV"), Is.False);
            Assert.That(Signals.Codes.Values.Select(c => c.Signal).Distinct(), Is.SubsetOf(Signals.Numbers.Keys));
            Assert.That(Errnos.TryGetCanonical("EWOULDBLOCK", out var name) && name == "EAGAIN");
        }
    }
}
