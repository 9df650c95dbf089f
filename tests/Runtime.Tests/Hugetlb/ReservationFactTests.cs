using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>Facts about reservations, copies and steals, with what real kernels answered.</summary>
internal sealed class ReservationFactTests
{
    private const ulong Anon = Private | Anonymous | Huge;

    [Test]
    public void WhatIsLeftCanBeReserved()
    {
        using var e = new Emulator();
        e.Map("p", 6 * M, Anon);
        Assert.That(e.TryMap("p", 4 * M, Anon).Outcome, Is.EqualTo(Outcome.Errno("ENOMEM")));
        e.Map("p", 2 * M, Anon);
        Assert.That(e.Pool, Is.EqualTo("4/4/4/0"));
    }

    [Test]
    public void SharedReservationsBelongToTheFile([Values("2.6.25", "3.0", "5.10", "6.12")] string kernel)
    {
        using var e = new Emulator(kernel, nr: 10);
        var f = e.Open("p");
        e.Map("p", 4 * M, Shared, f);
        Assert.That(e.Pool, Is.EqualTo("10/10/2/0"));
        e.Map("p", 4 * M, Shared, f, offset: 8 * M);
        Assert.That(e.Pool, Is.EqualTo("10/10/4/0"));
        e.Map("p", 8 * M, Shared, f, offset: 2 * M);
        Assert.That(e.Pool, Is.EqualTo("10/10/6/0"));
        e.Map("p", 16 * M, Shared, f);
        Assert.That(e.Pool, Is.EqualTo("10/10/8/0"));
        Assert.That(e.Show("resv_map", "p", f).Whole!.Value.ToString(), Is.EqualTo("((0, 8))"));
        Assert.That(e.Do("p", "ftruncate", true, ("fd", f), ("length", Value.OfSize(6 * (Int128)M))).Outcome, Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("10/10/3/0"));
        e.Do("p", "ftruncate", true, ("fd", f), ("length", Value.OfSize(0)));
        Assert.That(e.Pool, Is.EqualTo("10/10/0/0"));
    }

    [Test]
    public void MemfdReservesAtMmapAndUntilTheLastClose()
    {
        using var e = new Emulator();
        var f = e.Do("p", "memfd_create", true, ("name", Value.OfText("m")), ("flags", Value.OfNumber(4))).Returned;
        e.Do("p", "ftruncate", true, ("fd", f), ("length", Value.OfSize(4 * (Int128)M)));
        Assert.That(e.Pool, Is.EqualTo("4/4/0/0"));
        var a = e.Map("p", 4 * M, Shared, f);
        var b = e.Map("p", 4 * M, Shared, f);
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
        e.Unmap("p", a);
        e.Unmap("p", b);
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
        e.Do("p", "close", true, ("fd", f));
        Assert.That(e.Pool, Is.EqualTo("4/4/0/0"));
    }

    [Test]
    public void OneFileAllKinds()
    {
        using var e = new Emulator(nr: 8);
        var f = e.Open("p");
        var shared = e.Map("p", 4 * M, Shared, f);
        Assert.That(e.Pool, Is.EqualTo("8/8/2/0"));
        e.Map("p", 4 * M, Private, f);
        Assert.That(e.Pool, Is.EqualTo("8/8/4/0"));
        e.Map("p", 4 * M, Private, f, Read);
        Assert.That(e.Pool, Is.EqualTo("8/8/6/0"));
        var none = e.Map("p", 2 * M, Private, f, None);
        Assert.That(e.Pool, Is.EqualTo("8/8/7/0"));
        Assert.That(e.Load("p", none).ToString(), Does.StartWith("SIGSEGV SEGV_ACCERR"));
        Assert.That(e.Store("p", shared), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("8/6/5/0"));
    }

    [Test]
    public void PrivateReadOfACachedPageTakesNothing()
    {
        using var e = new Emulator();
        var f = e.Open("p");
        var s = e.Map("p", 2 * M, Shared, f);
        e.Store("p", s, Value.OfNumber(0x11));
        var a = e.Map("p", 2 * M, Private, f);
        Assert.That(e.Pool, Is.EqualTo("4/3/1/0"));
        Assert.That(e.Load("p", a, Value.OfNumber(0x11)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("4/3/1/0"));
        e.Store("p", s, Value.OfNumber(0x12));
        Assert.That(e.Load("p", a, Value.OfNumber(0x12)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Store("p", a, Value.OfNumber(0x22)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("4/2/0/0"));
        Assert.That(e.Load("p", s, Value.OfNumber(0x12)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Load("p", a, Value.OfNumber(0x13)).ToString(), Is.EqualTo($"0x22 at 0x{a.Start:x}"));
    }

    [Test]
    public void SomeKernelsWriteThroughAPrivateMapping()
    {
        using var e = new Emulator("3.0");
        var f = e.Open("p");
        var s = e.Map("p", 2 * M, Shared, f);
        e.Store("p", s, Value.OfNumber(0x11));
        e.Unmap("p", s);
        e.Store("p", e.Map("p", 2 * M, Private, f), Value.OfNumber(0x22));
        Assert.That(e.Load("p", e.Map("p", 2 * M, Shared, f), Value.OfNumber(0x22)), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void BeyondTheEndOfTheFile()
    {
        using var e = new Emulator();
        var f = e.Open("p");
        var a = e.Map("p", 4 * M, Shared, f, Read);
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
        Assert.That(e.Load("p", a).ToString(), Is.EqualTo($"SIGBUS BUS_ADRERR at 0x{a.Start:x}"));
        e.Map("p", 4 * M, Private, f);
        Assert.That(e.Field("stat", "p", "st_size", f), Is.EqualTo(Value.OfSize(4 * (Int128)M)));
    }

    [Test]
    public void PartialUnmapReturnsWhatIsOwed()
    {
        using var e = new Emulator();
        var a = e.Map("p", 8 * M, Anon);
        e.Store("p", Slice(a, 2 * M, 4 * M));
        Assert.That(e.Pool, Is.EqualTo("4/3/3/0"));
        e.Unmap("p", Slice(a, 0, 4 * M));
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
    }

    [TestCase("5.17", "EINVAL", "2/1/1/0")]
    [TestCase("5.18", "ok", "2/2/1/0")]
    [TestCase("6.8", "ok", "2/2/1/0")]
    [TestCase("6.9", "ok", "2/2/2/0")]
    [TestCase("7.2", "ok", "2/2/2/0")]
    public void DontneedOfTheOwner(string kernel, string outcome, string pool)
    {
        using var e = new Emulator(kernel, nr: 2);
        var a = e.Map("p", 4 * M, Anon);
        e.Store("p", Slice(a, 0, 2 * M));
        Assert.That(e.Advise("p", Slice(a, 0, 2 * M), 4).ToString(), Is.EqualTo(outcome));
        Assert.That(e.Pool, Is.EqualTo(pool));
    }

    [TestCase("6.12.117", "0")]
    [TestCase("6.18", "18446744073709551615")]
    [TestCase("7.2", "0")]
    public void OwnerUnmapsWhileTheChildStillMaps(string kernel, string reserved)
    {
        using var e = new Emulator(kernel);
        var a = e.Map("p", 2 * M, Anon);
        e.Store("p", a);
        e.Fork("p", "c");
        e.Unmap("p", a);
        Assert.That(e.Field("meminfo", null, "HugePages_Rsvd").ToString(), Is.EqualTo(reserved));
        if (reserved != "0") Assert.That(e.TryMap("p", 4 * M, Anon).Outcome.ToString(), Is.EqualTo("ok").Or.EqualTo("ENOMEM"));
        e.Exit("c");
        Assert.That(e.Field("meminfo", null, "HugePages_Free").ToString(), Is.EqualTo("4"));
    }

    [Test]
    public void OwnerStealsAndItsChildrenDie()
    {
        using var e = new Emulator(nr: 2);
        var a = e.Map("p", 4 * M, Anon);
        e.Store("p", a, Value.OfNumber(0x10));
        e.Fork("p", "c");
        e.Fork("p", "d");
        Assert.That(e.Store("c", Slice(a, 0, 1)).ToString(), Does.StartWith("SIGBUS BUS_ADRERR"));
        Assert.That(e.Load("c", a, Value.OfNumber(0x10)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Store("p", Slice(a, 0, 2 * M), Value.OfNumber(0x20)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("2/0/0/0"));
        Assert.That(e.Load("c", Slice(a, 0, 1)).ToString(), Does.StartWith("SIGBUS"));
        Assert.That(e.Load("d", Slice(a, 0, 1)).ToString(), Does.StartWith("SIGBUS"));
        Assert.That(e.Load("c", Slice(a, 2 * M, 4 * M), Value.OfNumber(0x10)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Load("p", Slice(a, 0, 2 * M), Value.OfNumber(0x20)), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void VictimStaysAVictimWhenThePoolGrows()
    {
        using var e = new Emulator(nr: 2);
        var a = e.Map("p", 4 * M, Anon);
        e.Store("p", Slice(a, 0, 2 * M));
        e.Map("q", 2 * M, Anon | NoReserve);
        e.Fork("p", "c");
        e.Store("p", Slice(a, 0, 2 * M));
        Assert.That(e.Load("c", Slice(a, 2 * M, 2 * M + 1)).ToString(), Does.StartWith("SIGBUS"));
        e.Sysctl("nr_hugepages", Value.OfNumber(6));
        Assert.That(e.Load("c", Slice(a, 2 * M, 2 * M + 1)).ToString(), Does.StartWith("SIGBUS"));
    }

    [Test]
    public void WithAFreePageTheOwnerCopies()
    {
        using var e = new Emulator(nr: 2);
        var a = e.Map("p", 2 * M, Anon);
        e.Store("p", a, Value.OfNumber(1));
        e.Fork("p", "c");
        e.Store("p", a, Value.OfNumber(2));
        Assert.That(e.Pool, Is.EqualTo("2/0/0/0"));
        Assert.That(e.Load("c", a, Value.OfNumber(1)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Show("page", "p", a).Whole, Is.Not.EqualTo(e.Show("page", "c", a).Whole));
    }

    [Test]
    public void NoReserveMakesNoOwner()
    {
        using var e = new Emulator(nr: 1);
        var a = e.Map("p", 2 * M, Anon | NoReserve);
        e.Store("p", a);
        e.Fork("p", "c");
        Assert.That(e.Store("p", a).ToString(), Does.StartWith("SIGBUS"));
        e.Exit("c");
        Assert.That(e.Store("p", a), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void ChildrenChangeNoReservation()
    {
        using var e = new Emulator();
        var a = e.Map("p", 4 * M, Anon);
        e.Fork("p", "c");
        e.Fork("p", "d");
        e.Fork("p", "x");
        e.Unmap("c", a);
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
        e.Exit("c");
        e.Do("d", "exec", true);
        e.Do("p", "kill", true, ("process", Value.OfText("x")), ("signal", Value.OfText("SIGKILL")));
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
        Assert.That(e.Show("state", null, Value.OfText("x")).Whole, Is.EqualTo(Value.OfText("killed")));
        Assert.That(e.Do("p", "wait", true, ("process", Value.OfText("x"))).Outcome, Is.EqualTo(Outcome.Killed("SIGKILL")));
        e.Exit("p");
        Assert.That(e.Pool, Is.EqualTo("4/4/0/0"));
    }

    [Test]
    public void FaultsAreCountedByHugePage()
    {
        using var e = new Emulator();
        var a = e.Map("p", 8 * M, Anon);
        var step = e.Do("p", "store", true, ("range", a), ("value", Value.OfNumber(1)));
        Assert.That(step.Faults, Is.EqualTo(4));
        Assert.That(e.Do("p", "load", true, ("range", a)).Faults, Is.Zero);
    }

    [Test]
    public void PatternsAreKept()
    {
        using var e = new Emulator(nr: 8);
        var f = e.Open("p");
        var a = e.Map("p", 8 * M, Shared, f);
        e.Store("p", a, Value.OfPattern(7));
        var b = e.Map("p", 8 * M, Private, f);
        Assert.That(e.Load("p", b, Value.OfPattern(7)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Load("p", b, Value.OfPattern(8)).Kind, Is.EqualTo(OutcomeKind.Mismatch));
        Assert.That(e.Load("p", Slice(b, 2 * M, 4 * M), Value.OfPattern(7)), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void SmapsSplitsByMapCount()
    {
        using var e = new Emulator();
        var a = e.Map("p", 8 * M, Anon);
        e.Store("p", Slice(a, 0, 4 * M));
        Assert.That(e.Field("smaps", "p", "Private_Hugetlb", a), Is.EqualTo(Value.OfSize(4 * (Int128)M)));
        Assert.That(e.Field("smaps", "p", "Rss", a), Is.EqualTo(Value.OfSize(0)));
        e.Fork("p", "c");
        Assert.That(e.Field("smaps", "p", "Shared_Hugetlb", a), Is.EqualTo(Value.OfSize(4 * (Int128)M)));
        Assert.That(e.Field("smaps", "p", "VmFlags", a).Items.ToArray(), Does.Contain(Value.OfText("ht")));
        Assert.That(e.Show("smaps", "p", Slice(a, 0, 2 * M)).Error, Is.Not.Null);
        var pages = e.Show("pages", "p", a).Entries!;
        Assert.That(pages, Has.Count.EqualTo(2));
        Assert.That(pages[0].Attributes, Is.SupersetOf(new[] { "present", "hugetlb", "anon", "mapcount 2" }));
        Assert.That(pages[1].Attributes, Is.EqualTo(new[] { "none" }));
    }
}
