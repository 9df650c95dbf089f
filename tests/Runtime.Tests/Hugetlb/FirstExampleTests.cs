using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>The first page of the language, by hand.</summary>
internal sealed class FirstExampleTests
{
    [Test]
    public void PrivateMappingReservesAtMmap([Values("2.6.27", "2.6.30", "2.6.35", "3.0", "5.10", "6.1", "6.12", "7.2")] string kernel, [Values] bool forceYield)
    {
        using var e = new Emulator(kernel, forceYield: forceYield);
        var f = e.Open("parent");
        var buf = e.Map("parent", 8 * M, Private, f);
        Assert.That(e.Pool, Is.EqualTo("4/4/4/0"));
        Assert.That(e.Store("parent", Slice(buf, 0, 2 * M)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("4/3/3/0"));
        e.Fork("parent", "child");
        var came = e.Store("child", Slice(buf, 2 * M, 2 * M + 1));
        Assert.That(came.ToString(), Is.EqualTo(kernel switch
        {
            "2.6.27" => "killed SIGKILL",
            "2.6.30" => "oom-kill(child)",
            _ => $"SIGBUS BUS_ADRERR at 0x{buf.Start + 2 * M:x}",
        }));
        Assert.That(e.Store("parent", Slice(buf, 2 * M, 8 * M)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("4/0/0/0"));
    }

    [TestCase("2.6.25", "4/4/0/0")]
    [TestCase("2.6.26", "4/4/0/0")]
    [TestCase("2.6.27", "4/4/4/0")]
    [TestCase("2.6.25 + private-reserve-rfc-guarded", "4/4/4/0")]
    public void BeforeThePatchNothingIsReserved(string kernel, string pool)
    {
        using var e = new Emulator(kernel);
        e.Map("p", 8 * M, Private, e.Open("p"));
        Assert.That(e.Pool, Is.EqualTo(pool));
    }

    [TestCase("2.6.25 + private-reserve-rfc-guarded", "killed SIGKILL")]
    [TestCase("2.6.27", "ok")]
    [TestCase("6.12", "ok")]
    public void ProtectionChangeInTheMiddle(string kernel, string outcome)
    {
        using var e = new Emulator(kernel);
        var buf = e.Map("p", 8 * M, Private, e.Open("p"));
        Assert.That(e.Protect("p", Slice(buf, 2 * M, 4 * M), Read), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("4/4/4/0"));
        Assert.That(e.Protect("p", Slice(buf, 2 * M, 4 * M), ReadWrite), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Show("maps", "p", Value.OfText("p")).Entries, Has.Count.EqualTo(3));
        Assert.That(e.Store("p", buf).ToString(), Is.EqualTo(outcome));
    }
}
