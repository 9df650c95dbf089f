using FsCheck;
using FsCheck.Fluent;
using MmSpec.Kernels;
using static MmSpec.Tests.Kernels.KernelTexts;

namespace MmSpec.Tests.Kernels;

public sealed class KernelReleasesTests
{
    [Test]
    public void MainlineIsCompleteAndAscending()
    {
        var all = KernelReleases.Mainline;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(all, Is.Ordered.And.Unique);
            Assert.That(all, Has.Length.EqualTo(15 + 20 + 21 + 20 + 20 + 4));
            Assert.That(all[0], Is.EqualTo(V("2.6.25")));
            Assert.That(KernelReleases.Newest, Is.EqualTo(V("7.3")));
        }
    }

    [TestCase("2.6.25", true)]
    [TestCase("2.6.40", false)]
    [TestCase("2.6.24", false)]
    [TestCase("3.20", false)]
    [TestCase("4.20", true)]
    [TestCase("6.12.117", true)]
    [TestCase("7.4", false)]
    [TestCase("8.0", false)]
    public void Known(string version, bool known) => Assert.That(KernelReleases.IsKnown(V(version)), Is.EqualTo(known));

    [TestCase("2.6.24", "older than 2.6.25")]
    [TestCase("9.1", "newer than 7.3")]
    [TestCase("3.20", "3.19, and 4.0 follows")]
    public void UnknownIsExplained(string version, string part) => Assert.That(KernelReleases.Explain(V(version)), Does.Contain(part));

    private static readonly Gen<KernelVersion> AnyVersion =
        from series in Gen.Elements(KernelReleases.Mainline.AsEnumerable())
        from point in Gen.OneOf(Gen.Constant(0), Gen.Choose(1, 300))
        select series with { Point = point };

    [Test]
    public void VersionsRoundTrip() =>
        Prop.ForAll(AnyVersion.ToArbitrary(), v => KernelVersion.TryParse(v.ToString(), out var again) && again == v).QuickCheckThrowOnFailure();

    [Test]
    public void ASetAndWhatIsBelowItCoverEverythingOnce() =>
        Prop.ForAll(AnyVersion.ToArbitrary(), AnyVersion.ToArbitrary(), (edge, v) =>
        {
            // 'edge+' and '.. the release before edge' part the mainline releases; a point release of the edge's series may be in neither.
            var from = Set(edge.Series + "+");
            var at = KernelReleases.Mainline.IndexOf(edge.Series);
            var below = at > 0 && Set(".. " + KernelReleases.Mainline[at - 1]).Contains(new Kernel(v));
            return from.Contains(new Kernel(v)) != below;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void AStableLineIsTheUpperPartOfItsSeries() =>
        Prop.ForAll(AnyVersion.ToArbitrary(), AnyVersion.ToArbitrary(), (from, v) =>
            Set(from + "~").Contains(new Kernel(v)) == (v.Series == from.Series && v.Point >= from.Point)).QuickCheckThrowOnFailure();

    [Test]
    public void CoveredByListsMainlineReleases() =>
        Assert.That(KernelReleases.CoveredBy(Set("2.6.38 .. 3.1, 6.12, 6.12.48~, 7.2+ + x")), Is.EqualTo(new[] { V("2.6.38"), V("2.6.39"), V("3.0"), V("3.1"), V("6.12"), V("7.2"), V("7.3") }));
}
