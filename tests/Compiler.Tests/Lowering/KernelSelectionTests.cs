using FsCheck;
using FsCheck.Fluent;
using MmSpec.Binding;
using MmSpec.Kernels;
using MmSpec.Lowering;
using static MmSpec.Tests.Kernels.KernelTexts;

namespace MmSpec.Tests.Lowering;

/// <summary>Which kernels a scenario runs on: representatives, everything, or what was asked for.</summary>
public sealed class KernelSelectionTests
{
    private static BoundScenario Scenario(string covered, params Condition[] named) => new("s", null, [], 1, Set(covered), [.. named], [], []);

    private static string[] Default(string covered, params Condition[] named) => [.. KernelSelection.Default.Choose(Scenario(covered, named)).Select(k => k.ToString())];

    [Test]
    public void NewestWhereNothingIsNamed() => Assert.That(Default("2.6.27+"), Is.EqualTo(new[] { "7.3" }));

    [Test]
    public void OneForEveryArm() =>
        Assert.That(Default("2.6.27+", In("2.6.35+"), In("2.6.29 .. 2.6.34"), new Condition.Otherwise()), Is.EquivalentTo(new[] { "7.3", "2.6.34", "2.6.28" }));

    [Test]
    public void OneForEveryPatchOfTheKernelLine() =>
        Assert.That(Default("2.6.25 + private-reserve-rfc-guarded, 2.6.27+"), Is.EquivalentTo(new[] { "7.3", "2.6.25 + private-reserve-rfc-guarded" }));

    [Test]
    public void OneForEveryPatchOfAnArm() =>
        Assert.That(Default("5.4, 5.7+", In("5.4 + pmd-share-read-lock"), new Condition.Otherwise()), Is.EquivalentTo(new[] { "7.3", "5.4 + pmd-share-read-lock" }));

    [Test]
    public void APointReleaseThatAnArmNames() =>
        Assert.That(Default("6.12 .. 6.13", In("6.12.48~"), new Condition.Otherwise()), Has.Length.EqualTo(2).And.Contains("6.13"));

    [Test]
    public void ARuleThatAnArmNames() => Assert.That(Default("6.6+", new Condition.HasRule("hugetlb.zap.restores-reserve")), Is.EquivalentTo(new[] { "7.3", "6.8" }));

    [Test]
    public void OnlyExcludesPatches() => Assert.That(Default("5.4 only", In("5.4 + pmd-share-read-lock")), Is.EqualTo(new[] { "5.4" }));

    [Test]
    public void AllRunsEveryReleaseEveryBoundaryAndEveryPatch()
    {
        var all = KernelSelection.All.Choose(Scenario("5.4, 5.4 + pmd-share-read-lock, 6.11+")).Select(k => k.ToString()).ToArray();
        Assert.That(all, Is.Unique.And.SupersetOf(new[] { "5.4", "5.4 + pmd-share-read-lock", "6.11", "6.12.117", "6.19", "7.0", "7.3" }));
    }

    [Test]
    public void WhatIsNotCoveredIsLeftOut() =>
        Assert.That(KernelSelection.Parse("5.10,6.1", out _)!.Choose(Scenario("6.0+")), Is.EqualTo(new[] { K("6.1") }));

    [Test]
    public void PatchesOfAFile()
    {
        var own = new Patch("no-restore", Set("6.9+"), [HugetlbReserveRules.ZapRestores.Id], []);
        var kernels = KernelSelection.Default.Choose(Scenario("6.1+, 6.1+ + no-restore") with { LocalPatches = [own] });
        Assert.That(kernels, Is.EquivalentTo(new[] { K("7.3"), K("7.3 + no-restore") }));
    }

    private static readonly Gen<string> AnyItem =
        from a in Gen.Elements(KernelReleases.Mainline.AsEnumerable())
        from b in Gen.Elements(KernelReleases.Mainline.AsEnumerable())
        from point in Gen.Choose(1, 40)
        from form in Gen.Choose(0, 4)
        select form switch
        {
            0 => a.ToString(),
            1 => a + "+",
            2 => $"{(a < b ? a : b)} .. {(a < b ? b : a)}",
            3 => (a with { Point = point }) + "~",
            _ => ".. " + a,
        };

    [Test]
    public void EveryDistinguishableReleaseHasARepresentative() =>
        Prop.ForAll(AnyItem.NonEmptyListOf().ToArbitrary(), AnyItem.ListOf().ToArbitrary(), (covered, arms) =>
        {
            var set = Set(string.Join(", ", covered));
            var named = arms.Select(In).ToArray();
            var chosen = KernelSelection.Default.Choose(Scenario(string.Join(", ", covered), named));
            string Signature(Kernel k) => string.Concat(named.Select(c => ((Condition.InSet)c).Set.Contains(k) ? '1' : '0'));
            return chosen.All(set.Contains)
                && KernelReleases.CoveredBy(set).All(v => chosen.Any(c => Signature(c) == Signature(new(v)) && c.Version >= v));
        }).QuickCheckThrowOnFailure();
}
