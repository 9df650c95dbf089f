using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Hugetlb;

/// <summary>Errors of the mapping calls.</summary>
internal sealed class MmapErrorTests
{
    private const ulong Anon = Private | Anonymous | Huge;

    [TestCase(0UL, Anon, 0UL, "EINVAL")]
    [TestCase(1UL << 62, Anon, 0UL, "ENOMEM")]
    [TestCase(1UL << 63, Anon, 0UL, "ENOMEM")]
    [TestCase(ulong.MaxValue, Anon, 0UL, "EINVAL")]
    [TestCase(ulong.MaxValue, Private | Anonymous, 0UL, "ENOMEM")]
    [TestCase(2 * M, Anon | (16UL << 26), 0UL, "EINVAL")]
    [TestCase(2 * M, Anon, 4096UL, "EINVAL")]
    [TestCase(2 * M, Anon, 1UL, "EINVAL")]
    [TestCase(2 * M, Anonymous | Huge, 0UL, "EINVAL")]
    [TestCase(2 * M, Anon | 0x100, 0UL, "EINVAL")]
    [TestCase(2 * M, Private, 0UL, "EBADF")]
    [TestCase(10 * M, Anon, 0UL, "ENOMEM")]
    [TestCase(1UL, Anon, 0UL, "ok")]
    [TestCase(2 * M, Anon | (21UL << 26), 0UL, "ok")]
    [TestCase(G, Anon | (30UL << 26), 0UL, "ENOMEM")]
    public void Mmap(ulong length, ulong flags, ulong offset, string outcome)
    {
        using var e = new Emulator();
        Assert.That(e.TryMap("p", length, flags, offset: offset).Outcome.ToString(), Is.EqualTo(outcome));
        if (outcome != "ok") Assert.That(e.Pool, Is.EqualTo("4/4/0/0"));
    }

    [Test]
    public void MmapOfFiles()
    {
        using var e = new Emulator();
        var f = e.Open("p");
        Assert.That(e.TryMap("p", 2 * M, Shared, f, offset: 0x7fffffffffe00000).Outcome.ToString(), Is.EqualTo("EOVERFLOW"));
        Assert.That(e.TryMap("p", 2 * M, Shared, f, offset: 4096).Outcome.ToString(), Is.EqualTo("EINVAL"));
        Assert.That(e.TryMap("p", 2 * M, Shared, e.Open("p", flags: 0)).Outcome.ToString(), Is.EqualTo("EACCES"));
        Assert.That(e.TryMap("p", 4 * K, Private, f).Outcome.ToString(), Is.EqualTo("ok"));
        Assert.That(e.Pool, Is.EqualTo("4/4/1/0"));
    }

    [TestCase("6.1", "ENOMEM")]
    [TestCase("6.12", "EINVAL")]
    public void SmallFixedInsideAHugePage(string kernel, string errno)
    {
        using var e = new Emulator(kernel);
        var a = e.Map("p", 4 * M, Anon);
        Assert.That(e.TryMap("p", 4 * K, Private | Anonymous | Fixed, addr: Value.OfNumber(a.Start + 4 * K)).Outcome.ToString(), Is.EqualTo(errno));
    }

    [Test]
    public void FixedReplacementReturnsReservationsFirst()
    {
        using var e = new Emulator(nr: 2);
        var a = e.Map("p", 4 * M, Anon);
        Assert.That(e.TryMap("p", 4 * M, Anon | Fixed, addr: Value.OfNumber(a.Start)).Outcome, Is.EqualTo(Outcome.Ok));
        Assert.That(e.Pool, Is.EqualTo("2/2/2/0"));
        Assert.That(e.TryMap("p", 2 * M, Anon | 0x100000, addr: Value.OfNumber(a.Start)).Outcome.ToString(), Is.EqualTo("EEXIST"));
        Assert.That(e.TryMap("p", 2 * M, Anon | Fixed, addr: Value.OfNumber(a.Start + 4 * K)).Outcome.ToString(), Is.EqualTo("EINVAL"));
    }

    [TestCase("6.12", 0x600000000000UL)]
    [TestCase("6.16", 0x600000200000UL)]
    public void HintsAreRounded(string kernel, ulong expected)
    {
        using var e = new Emulator(kernel);
        Assert.That(e.TryMap("p", 2 * M, Anon, addr: Value.OfNumber(0x600000001000)).Returned.Start, Is.EqualTo(expected));
    }

    [Test]
    public void PartsOfHugePagesCannotBeCut()
    {
        using var e = new Emulator();
        var a = e.Map("p", 4 * M, Anon);
        Assert.That(e.Unmap("p", Slice(a, 0, 4 * K)).ToString(), Is.EqualTo("EINVAL"));
        Assert.That(e.Unmap("p", Slice(a, 4 * K, 2 * M)).ToString(), Is.EqualTo("EINVAL"));
        Assert.That(e.Unmap("p", Slice(a, 0, 2 * M + 4 * K)).ToString(), Is.EqualTo("EINVAL"));
        Assert.That(e.Protect("p", Slice(a, 0, 4 * K), Read).ToString(), Is.EqualTo("EINVAL"));
        Assert.That(e.Protect("p", Slice(a, 0, 4 * K), ReadWrite).ToString(), Is.EqualTo("ok"));
        Assert.That(e.Show("maps", "p", Value.OfText("p")).Entries, Has.Count.EqualTo(1));
    }

    [TestCase(4, 0UL, 4 * K, "ok")]
    [TestCase(4, 4 * K, 2 * M, "EINVAL")]
    [TestCase(8, 0UL, 2 * M, "EINVAL")]
    [TestCase(9, 0UL, 2 * M, "EACCES")]
    [TestCase(14, 0UL, 2 * M, "ok")]
    [TestCase(20, 0UL, 2 * M, "EINVAL")]
    [TestCase(1, 0UL, 4 * K, "EINVAL")]
    [TestCase(1, 0UL, 2 * M, "ok")]
    [TestCase(22, 0UL, 4 * K, "ok")]
    [TestCase(23, 0UL, 4 * M, "ok")]
    [TestCase(1000, 0UL, 4 * M, "EINVAL")]
    [TestCase(4, 0UL, 6 * M, "ENOMEM")]
    public void Madvise(int advice, ulong from, ulong to, string outcome)
    {
        using var e = new Emulator();
        var a = e.Map("p", 4 * M, Anon);
        Assert.That(e.Advise("p", Slice(a, from, to), advice).ToString(), Is.EqualTo(outcome));
    }

    [Test]
    public void NothingIsMapped()
    {
        using var e = new Emulator();
        Assert.That(e.Load("p", Value.OfRange(0, 1)).ToString(), Is.EqualTo("SIGSEGV SEGV_MAPERR at 0x0"));
        Assert.That(e.Store("p", Value.OfRange(ulong.MaxValue - 1, ulong.MaxValue)).ToString(), Does.StartWith("SIGSEGV SEGV_MAPERR"));
        Assert.That(e.Unmap("p", Value.OfRange(1 << 20, 1UL << 63)).ToString(), Is.EqualTo("EINVAL"));
        Assert.That(e.Protect("p", Value.OfRange(1 << 20, 4 * K), Read).ToString(), Is.EqualTo("ENOMEM"));
        Assert.That(e.Load("p", Value.OfRange(0, 1), catches: false), Is.EqualTo(Outcome.Killed("SIGSEGV") with { Code = "SEGV_MAPERR" }));
        Assert.That(e.Load("p", Value.OfRange(0, 1)), Is.EqualTo(Outcome.Skipped));
    }

    [Test]
    public void AThousandForks()
    {
        using var e = new Emulator();
        var a = e.Map("p0", 2 * M, Anon);
        e.Store("p0", a);
        for (var i = 0; i < 1000; i++) Assert.That(e.Target.Run(Step(1, $"p{i}", "fork", ("child", Value.OfText($"p{i + 1}"))), [Value.OfText($"p{i + 1}")], null, true).Outcome, Is.EqualTo(Outcome.Ok));
        Assert.That(e.Store("p0", a), Is.EqualTo(Outcome.Ok));
    }
}
