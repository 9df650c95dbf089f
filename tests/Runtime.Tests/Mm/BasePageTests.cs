using MmSpec.Testing;
using static MmSpec.Tests.Mm.Emulator;

namespace MmSpec.Tests.Mm;

/// <summary>Anonymous memory of base pages, beside huge pages.</summary>
internal sealed class BasePageTests
{
    private const ulong Anon = Private | Anonymous;

    [Test]
    public void ReadsMapTheZeroPageAndWritesCopy()
    {
        using var e = new Emulator();
        var a = e.Map("p", 16 * K, Anon);
        Assert.That(e.Load("p", a, Value.OfNumber(0)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Field("smaps", "p", "Rss", a), Is.EqualTo(Value.OfSize(0)));
        Assert.That(e.Show("pages", "p", a).Entries!.Single().Attributes, Is.EqualTo(new[] { "present", "zero-page" }));
        e.Store("p", Slice(a, 4 * K, 8 * K), Value.OfNumber(9));
        Assert.That(e.Field("smaps", "p", "Private_Dirty", a), Is.EqualTo(Value.OfSize(4 * (Int128)K)));
        Assert.That(e.Show("pages", "p", a).Entries, Has.Count.EqualTo(3));
    }

    [Test]
    public void ForkSharesUntilSomebodyWrites()
    {
        using var e = new Emulator();
        var a = e.Map("p", 8 * K, Anon);
        e.Store("p", a, Value.OfNumber(1));
        e.Fork("p", "c");
        Assert.That(e.Show("page", "p", a).Whole, Is.EqualTo(e.Show("page", "c", a).Whole));
        e.Store("c", Slice(a, 0, 1), Value.OfNumber(2));
        Assert.That(e.Load("p", a, Value.OfNumber(1)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Load("c", Slice(a, 0, 1), Value.OfNumber(2)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Field("smaps", "p", "Shared_Dirty", a), Is.EqualTo(Value.OfSize(4 * (Int128)K)));
    }

    [Test]
    public void SharedMemoryStaysShared()
    {
        using var e = new Emulator();
        var a = e.Map("p", 8 * K, Shared | Anonymous);
        e.Fork("p", "c");
        e.Store("c", a, Value.OfNumber(7));
        Assert.That(e.Load("p", a, Value.OfNumber(7)), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Advise("p", a, 4), Is.EqualTo(Outcome.Ok));
        Assert.That(e.Load("p", a, Value.OfNumber(7)), Is.EqualTo(Outcome.Ok));
    }

    [Test]
    public void MappingsSplitAndMerge()
    {
        using var e = new Emulator();
        var a = e.Map("p", 16 * K, Anon);
        e.Protect("p", Slice(a, 4 * K, 8 * K), Read);
        Assert.That(e.Show("vmas", "p", a).Entries, Has.Count.EqualTo(3));
        Assert.That(e.Store("p", Slice(a, 4 * K, 8 * K)).ToString(), Is.EqualTo($"SIGSEGV SEGV_ACCERR at 0x{a.Start + 4 * K:x}"));
        e.Protect("p", Slice(a, 4 * K, 8 * K), ReadWrite);
        Assert.That(e.Show("vmas", "p", a).Entries, Has.Count.EqualTo(1));
        e.Unmap("p", Slice(a, 8 * K, 12 * K));
        Assert.That(e.Show("vmas", "p", a).Entries!.Select(x => x.Attributes.Single()), Is.EqualTo(new[] { "rw-p", "none", "rw-p" }));
    }

    [Test]
    public void MemoryRunsOut()
    {
        using var e = new Emulator("6.12", 0, more: new MachineItem("memory", Value.OfSize(256 * (Int128)M), -1, []));
        var a = e.Map("p", G, Anon);
        Assert.That(e.Store("p", a).Kind, Is.EqualTo(OutcomeKind.OomKill));
        Assert.That(e.Field("meminfo", null, "MemFree"), Is.EqualTo(Value.OfSize(240 * (Int128)M)));
    }

    [Test]
    public void AMachineWhosePoolDoesNotFitIsRefused() =>
        Assert.That(() => new Emulator(nr: 1000, more: new MachineItem("memory", Value.OfSize((Int128)G), -1, [])), Throws.TypeOf<NotSupportedException>().With.Message.Contains("480 of the 1000"));

    [Test]
    public void ExplanationsNameStepAndRule()
    {
        using var e = new Emulator(tracing: true);
        var a = e.Map("p", 4 * M, Private | Anonymous | Huge);
        e.Store("p", Slice(a, 0, 1));
        Assert.That(e.Target.Explain(new("pool", null, []), "Rsvd"), Is.EqualTo(new[]
        {
            "line 1 mmap reserved 2 [hugetlb.private.owner-reserves]", "line 2 store consumed 1 [hugetlb.private.owner-reserves]",
        }));
        using var silent = new Emulator();
        Assert.That(silent.Target.Explain(new("pool", null, []), "Rsvd"), Is.Empty);
    }
}
