using MmSpec.Kernels;
using static MmSpec.Tests.Kernels.KernelTexts;

namespace MmSpec.Tests.Kernels;

/// <summary>Which rules hold where: the eras of reservations and the changes between the kernels that were observed.</summary>
public sealed class TraitsTests
{
    [TestCase("hugetlb.private.owner-reserves", "2.6.27+")]
    [TestCase("hugetlb.private.noreserve", "2.6.27+")]
    [TestCase("hugetlb.fault.shortage-sigkill", ".. 2.6.28")]
    [TestCase("hugetlb.fault.shortage-oom-kill", "2.6.29 .. 2.6.34")]
    [TestCase("hugetlb.fault.shortage-sigbus", "2.6.35+")]
    [TestCase("hugetlb.cow.reuse-by-references", ".. 2.6.35")]
    [TestCase("hugetlb.cow.reuses-file-page", "2.6.36 .. 3.11")]
    [TestCase("hugetlb.shared.fault-always-consumes", ".. 4.2")]
    [TestCase("hugetlb.madvise.dontneed", "5.18+")]
    [TestCase("hugetlb.madvise.dontneed-rounds-down", "6.1+")]
    [TestCase("hugetlb.zap.restores-reserve", "6.9+")]
    [TestCase("hugetlb.pool.gigantic-overcommit", "6.19+")]
    [TestCase("hugetlb.mmap.fixed-inside-einval", "6.12+")]
    [TestCase("available.memfd_create", "3.17+")]
    [TestCase("available.MFD_HUGETLB", "4.14+")]
    public void HoldsExactlyIn(string id, string set)
    {
        Assert.That(RuleRegistry.TryGet(id, out var rule));
        foreach (var version in KernelReleases.Mainline)
            Assert.That(Traits.Resolve(new(version))[rule!], Is.EqualTo(Set(set).Contains(new Kernel(version))), version.ToString());
    }

    [TestCase("6.8", false)]
    [TestCase("6.9", true)]
    [TestCase("6.12", true)]
    [TestCase("6.12.48", true)]
    [TestCase("6.12.117", false)]
    [TestCase("6.13", true)]
    [TestCase("6.18.15", true)]
    [TestCase("7.1.13", true)]
    [TestCase("7.2", false)]
    public void BackportBoundary(string version, bool holds) =>
        Assert.That(Traits.Resolve(K(version))[HugetlbReserveRules.ZapRestoresWhileMapped], Is.EqualTo(holds));

    [TestCase("6.6", false)]
    [TestCase("6.6.94", false)]
    [TestCase("6.6.95", true)]
    [TestCase("6.12.34", false)]
    [TestCase("6.12.35", true)]
    [TestCase("6.15", false)]
    [TestCase("6.16", true)]
    [TestCase("7.0.3", false)]
    [TestCase("6.19.2", true)]
    public void StableLinesOutsideTheRange(string version, bool holds)
    {
        var rule = new Rule("test.backport", "Somewhere.") { Since = V("6.16"), Until = V("6.19"), Backports = [V("6.6.95"), V("6.12.35")], Source = "a test" };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rule.HoldsIn(V(version)), Is.EqualTo(holds));
            Assert.That(rule.Boundaries(), Is.EqualTo(new[] { V("6.6.95"), V("6.12.35"), V("6.16"), V("7.0") }));
            Assert.That(rule.Versions(), Is.EqualTo("6.16 .. 6.19; stable 6.6.95, 6.12.35"));
        }
    }

    [Test]
    public void OneOutcomeOfShortageEverywhere()
    {
        foreach (var version in KernelReleases.Mainline)
        {
            var traits = Traits.Resolve(new(version));
            Rule[] outcomes = [HugetlbFaultRules.ShortageSigkill, HugetlbFaultRules.ShortageOomKill, HugetlbFaultRules.ShortageSigbus];
            Assert.That(outcomes.Count(r => traits[r]), Is.EqualTo(1), version.ToString());
        }
    }

    [Test]
    public void TheGuardedDraftDiffersByOneRule()
    {
        var (posted, guarded) = (Traits.Resolve(K("2.6.25 + private-reserve-rfc")), Traits.Resolve(K("2.6.25 + private-reserve-rfc-guarded")));
        Assert.That(RuleRegistry.All.Where(r => posted[r] != guarded[r]), Is.EqualTo(new[] { ReserveRfcRules.AddsWithoutCharge }));
    }

    [Test]
    public void RulesOfDraftsAreOffWithoutThem()
    {
        foreach (var version in KernelReleases.Mainline)
            Assert.That(Traits.Resolve(new(version))[ReserveRfcRules.ScalarCounter], Is.False);
    }

    [Test]
    public void WithAndWithoutWin()
    {
        var traits = Traits.Resolve(K("6.9"), without: [HugetlbReserveRules.ZapRestores], with: [HugetlbFaultRules.ShortageSigkill]);
        Assert.That((traits[HugetlbReserveRules.ZapRestores], traits[HugetlbFaultRules.ShortageSigkill]), Is.EqualTo((false, true)));
    }

    [Test]
    public void PatchesOfAFile()
    {
        var patches = new PatchTable([new Patch("no-restore", Set("6.9+"), [HugetlbReserveRules.ZapRestores.Id], [])]);
        Assert.That(Traits.Resolve(K("7.3 + no-restore"), patches)[HugetlbReserveRules.ZapRestores], Is.False);
        Assert.That(patches.Problem(K("6.8 + no-restore")), Does.Contain("does not apply"));
    }

    [Test]
    public void AnUnknownPatchIsRefused() => Assert.That(() => Traits.Resolve(K("6.9 + nowhere")), Throws.ArgumentException);

    [Test]
    public void ConditionsHold()
    {
        var traits = Traits.Resolve(K("6.12"), config: new Dictionary<string, bool> { ["CONFIG_KSM"] = false });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(traits.Holds(In("6.9+")));
            Assert.That(traits.Holds(new Condition.Not(In("6.9+"))), Is.False);
            Assert.That(traits.Holds(new Condition.HasRule("hugetlb.zap.restores-reserve")));
            Assert.That(traits.Holds(new Condition.HasConfig("CONFIG_MEMORY_FAILURE")));
            Assert.That(traits.Holds(new Condition.HasConfig("CONFIG_KSM")), Is.False);
            Assert.That(traits.Holds(new Condition.Otherwise()));
        }
    }

    [TestCase("2.6.27", false, Description = "no real kernel that old was tried")]
    [TestCase("6.1", true, Description = "5.10.262 and 6.1.192, which lack it, lie around")]
    [TestCase("6.1.192", true)]
    [TestCase("6.8", false, Description = "between one without and one with it")]
    [TestCase("6.13", true)]
    [TestCase("7.3", true)]
    public void Confirmation(string version, bool confirmed) => Assert.That(HugetlbReserveRules.ZapRestores.IsConfirmedFor(V(version)), Is.EqualTo(confirmed));
}
