using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>Transcripts of the pool counters that real kernels from 5.10 to 7.2 gave.</summary>
[TestFixture("5.10")]
[TestFixture("6.1")]
[TestFixture("6.12")]
[TestFixture("7.2")]
internal sealed class PoolTranscriptTests(string kernel)
{
    private const ulong Anonymously = Private | Anonymous | Huge;

    [Test]
    public void SurplusComesWithAReservationAndGoesWithIt()
    {
        using var e = new Emulator(kernel, nr: 2, overcommit: 2);
        var a = e.Map("p", 8 * M, Anonymously);
        Pool(e, "4/4/4/2");
        e.Store("p", Slice(a, 0, 1));
        Pool(e, "4/3/3/2");
        e.Unmap("p", a);
        Pool(e, "2/2/0/0");
    }

    [Test]
    public void OvercommitIsALimit()
    {
        using var e = new Emulator(kernel, nr: 2, overcommit: 1);
        Assert.That(e.TryMap("p", 8 * M, Anonymously).Outcome, Is.EqualTo(Outcome.Errno("ENOMEM")));
        Pool(e, "2/2/0/0");
    }

    [Test]
    public void ShrinkingBelowReservedPagesMakesSurplus()
    {
        using var e = new Emulator(kernel, nr: 4);
        var a = e.Map("p", 6 * M, Anonymously);
        Pool(e, "4/4/3/0");
        e.Sysctl("nr_hugepages", Value.OfNumber(0));
        Pool(e, "3/3/3/3");
        Assert.That(e.Store("p", a), Is.EqualTo(Outcome.Ok));
        Pool(e, "3/0/0/3");
        e.Unmap("p", a);
        Pool(e, "0/0/0/0");
    }

    [Test]
    public void SurplusPagesBecomePersistentBeforeThePoolGrows()
    {
        using var e = new Emulator(kernel, nr: 4);
        var a = e.Map("p", 4 * M, Anonymously);
        e.Store("p", a);
        Pool(e, "4/2/0/0");
        e.Sysctl("nr_hugepages", Value.OfNumber(0));
        Pool(e, "2/0/0/2");
        e.Sysctl("nr_hugepages", Value.OfNumber(1));
        Pool(e, "2/0/0/1");
        e.Unmap("p", Slice(a, 0, 2 * M));
        Pool(e, "1/0/0/0");
        e.Unmap("p", Slice(a, 2 * M, 4 * M));
        Pool(e, "1/1/0/0");
    }

    [Test]
    public void PartialUnmapReturnsSurplus()
    {
        using var e = new Emulator(kernel, nr: 1, overcommit: 3);
        var a = e.Map("p", 8 * M, Anonymously);
        Pool(e, "4/4/4/3");
        e.Unmap("p", Slice(a, 0, 2 * M));
        Pool(e, "3/3/3/2");
        e.Unmap("p", Slice(a, 2 * M, 8 * M));
        Pool(e, "1/1/0/0");
    }

    [Test]
    public void FaultsWithoutReservationTakeSurplusUpToTheLimit()
    {
        using var e = new Emulator(kernel, nr: 0, overcommit: 2);
        var a = e.Map("p", 6 * M, Anonymously | NoReserve);
        Assert.That(e.Store("p", a).ToString(), Is.EqualTo($"SIGBUS BUS_ADRERR at 0x{a.Start + 4 * M:x}"));
        Pool(e, "2/0/0/2");
    }

    [Test]
    public void LoweringTheLimitFreesNothing()
    {
        using var e = new Emulator(kernel, nr: 0, overcommit: 2);
        var a = e.Map("p", 4 * M, Anonymously);
        e.Store("p", Slice(a, 0, 1));
        Pool(e, "2/1/1/2");
        e.Sysctl("nr_overcommit_hugepages", Value.OfNumber(0));
        Pool(e, "2/1/1/2");
        e.Unmap("p", a);
        Pool(e, "0/0/0/0");
    }

    [Test]
    public void ReservedSurplusIsMadePersistentAndBack()
    {
        using var e = new Emulator(kernel, nr: 1, overcommit: 1);
        e.Map("p", 4 * M, Anonymously);
        Pool(e, "2/2/2/1");
        e.Sysctl("nr_hugepages", Value.OfNumber(3));
        Pool(e, "3/3/2/0");
        e.Sysctl("nr_hugepages", Value.OfNumber(1));
        Pool(e, "2/2/2/1");
    }

    [Test]
    public void SurplusInUse()
    {
        using var e = new Emulator(kernel, nr: 1, overcommit: 2);
        var a = e.Map("p", 6 * M, Anonymously | NoReserve);
        e.Store("p", a);
        Pool(e, "3/0/0/2");
        e.Sysctl("nr_hugepages", Value.OfNumber(1));
        Pool(e, "3/0/0/2");
        e.Sysctl("nr_hugepages", Value.OfNumber(3));
        Pool(e, "3/0/0/0");
        e.Sysctl("nr_hugepages", Value.OfNumber(0));
        Pool(e, "3/0/0/3");
        e.Unmap("p", a);
        Pool(e, "0/0/0/0");
    }

    [Test]
    public void BadCountsAreRefused()
    {
        using var e = new Emulator(kernel);
        Assert.That(e.Sysctl("nr_hugepages", Value.OfText("abc")), Is.EqualTo(Outcome.Errno("EINVAL")));
        Assert.That(e.Sysctl("nr_hugepages", Value.OfNumber(-1)), Is.EqualTo(Outcome.Errno("EINVAL")));
        Pool(e, "4/4/0/0");
    }

    [Test]
    public void ThePoolGrowsAsFarAsMemoryGoes()
    {
        using var e = new Emulator(kernel, 0, more: new MachineItem("memory", Value.OfSize((Int128)G), -1, []));
        Assert.That(e.Sysctl("nr_hugepages", Value.OfNumber(1L << 50)), Is.EqualTo(Outcome.Ok));
        Pool(e, "480/480/0/0");
        e.Sysctl("nr_hugepages", Value.OfNumber(7));
        Pool(e, "7/7/0/0");
    }

    [Test]
    public void NodesTakeTurns()
    {
        using var e = new Emulator(kernel, 5, more: [new("node", Value.OfNumber(0), -1, []), new("node", Value.OfNumber(1), -1, [])]);
        Pool(e, "5/5/0/0");
        Assert.That(e.Field("node", null, "HugePages_Total", Value.OfNumber(0)), Is.EqualTo(Value.OfNumber(3)));
        Assert.That(e.Field("node", null, "HugePages_Total", Value.OfNumber(1)), Is.EqualTo(Value.OfNumber(2)));
        var came = e.Do("root", "sysfs", true, ("path", Value.OfText("devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages")), ("value", Value.OfNumber(6)));
        Assert.That(came.Outcome, Is.EqualTo(Outcome.Ok));
        Pool(e, "9/9/0/0");
        Assert.That(e.Field("node", null, "HugePages_Total", Value.OfNumber(1)), Is.EqualTo(Value.OfNumber(6)));
    }

    [Test]
    public void GiganticPages()
    {
        using var e = new Emulator(kernel, 0);
        const string Path = "kernel/mm/hugepages/hugepages-1048576kB/";
        Assert.That(e.Do("root", "sysfs", true, ("path", Value.OfText(Path + "nr_hugepages")), ("value", Value.OfNumber(1))).Outcome, Is.EqualTo(Outcome.Ok));
        Assert.That(e.Field("hugepages", null, "free_hugepages", Value.OfSize((Int128)G)), Is.EqualTo(Value.OfNumber(1)));
        var overcommit = e.Do("root", "sysfs", true, ("path", Value.OfText(Path + "nr_overcommit_hugepages")), ("value", Value.OfNumber(1))).Outcome;
        Assert.That(overcommit, Is.EqualTo(kernel == "7.2" ? Outcome.Ok : Outcome.Errno("EINVAL")));
        Assert.That(e.Field("meminfo", null, "Hugetlb"), Is.EqualTo(Value.OfSize((Int128)G)));
        if (kernel == "5.10") return;
        Assert.That(e.Do("root", "sysfs", true, ("path", Value.OfText(Path + "demote")), ("value", Value.OfNumber(1))).Outcome, Is.EqualTo(Outcome.Ok));
        Pool(e, "512/512/0/0");
        Assert.That(e.Field("hugepages", null, "nr_hugepages", Value.OfSize((Int128)G)), Is.EqualTo(Value.OfNumber(0)));
    }

    private static void Pool(Emulator e, string expected) => Assert.That(e.Pool, Is.EqualTo(expected));
}
