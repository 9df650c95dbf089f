using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>The draft of 2008: what its review found, and what follows from it.</summary>
internal sealed class ReserveDraftTests
{
    private const string Posted = "2.6.25 + private-reserve-rfc", Guarded = "2.6.25 + private-reserve-rfc-guarded";

    [Test]
    public void AFirstPrivateMappingCorruptsMemoryAsPosted()
    {
        using var e = new Emulator(Posted);
        var came = e.TryMap("p", 4 * M, Private, e.Open("p"));
        Assert.That(came.Outcome.Kind, Is.EqualTo(OutcomeKind.Undefined));
        Assert.That(came.Returned.Kind, Is.EqualTo(ValueKind.Range));
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
    }

    [Test]
    public void APrivateMappingExtendsTheFilesMap()
    {
        using var e = new Emulator(Posted);
        var f = e.Open("p");
        e.Map("p", 2 * M, Shared, f);
        e.Map("p", 4 * M, Private, f);
        Assert.That(e.Show("resv_map", "p", f).Whole!.Value.ToString(), Is.EqualTo("((0, 2))"));
        Assert.That(e.Pool, Is.EqualTo("4/4/3/0"));
        e.Map("p", 4 * M, Shared, f);                                   // index 1 looks reserved, and is not
        Assert.That(e.Pool, Is.EqualTo("4/4/3/0"));
    }

    [Test]
    public void UnmappingThePartWithTheCounterReleasesEverything()
    {
        using var e = new Emulator(Guarded);
        var a = e.Map("p", 8 * M, Private, e.Open("p"));
        e.Protect("p", Slice(a, 2 * M, 4 * M), Read);
        e.Unmap("p", Slice(a, 2 * M, 4 * M));
        Assert.That(e.Pool, Is.EqualTo("4/4/0/0"));
    }

    [Test]
    public void ACopyUsesUpTheCounter()
    {
        using var e = new Emulator(Guarded, nr: 2);
        var a = e.Map("p", 4 * M, Private, e.Open("p"));
        e.Store("p", Slice(a, 0, 2 * M));
        e.Fork("p", "c");
        Assert.That(e.Store("p", Slice(a, 0, 2 * M)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("2/0/0/0"));
        Assert.That(e.Store("p", Slice(a, 2 * M, 4 * M)), Is.EqualTo(Outcome.Killed("SIGKILL") with { At = a.Start + 2 * M }));
    }

    [Test]
    public void MoreThanAHundredPagesAreABug()
    {
        using var e = new Emulator(Guarded, nr: 101);
        var a = e.Map("p", 202 * M, Private, e.Open("p"));
        Assert.That(e.Store("p", Slice(a, 0, 1)).Kind, Is.EqualTo(OutcomeKind.Bug));
        Assert.That(e.Load("p", a), Is.EqualTo(Outcome.Skipped));
    }

    [Test]
    public void SharedMappingOfAFileOpenedReadOnlyWarns()
    {
        using var e = new Emulator(Guarded);
        e.Open("p");
        var f = e.Open("p", flags: 0);
        var came = e.TryMap("p", 4 * M, Shared, f, Read);
        Assert.That(came.Outcome.Kind, Is.EqualTo(OutcomeKind.Warn));
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
        Assert.That(e.TryMap("p", 4 * M, Shared, f, Read).Outcome, Is.EqualTo(Outcome.Ok));       // it warns once
    }

    [Test]
    public void ReadOnlyMappingsReserveTheirWholeLengthSinceTheyMayBeMadeWritable()
    {
        using var e = new Emulator(Guarded);
        var f = e.Open("p");
        e.Map("p", 2 * M, Private, f, Read);
        e.Map("p", 2 * M, Private, f, Read);
        Assert.That(e.Pool, Is.EqualTo("4/4/2/0"));
        Assert.That(e.Show("resv_map", "p", f).Whole!.Value.ToString(), Is.EqualTo("()"));
    }
}
