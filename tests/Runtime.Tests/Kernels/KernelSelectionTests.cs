using FsCheck;
using FsCheck.Fluent;
using MmSpec.Kernels;
using static MmSpec.Tests.Kernels.KernelTexts;

namespace MmSpec.Tests.Kernels;

public sealed class KernelSelectionTests
{
    private static string[] Default(string covered, params Condition[] named) =>
        [.. KernelSelection.Representatives(Set(covered), named, PatchTable.Box).Select(k => k.ToString())];

    [Test]
    public void NewestWhereNothingIsNamed() => Assert.That(Default("2.6.27+"), Is.EqualTo(new[] { "7.3" }));

    [Test]
    public void OneForEveryArm() =>
        Assert.That(Default("2.6.27+", In("2.6.35+"), In("2.6.29 .. 2.6.34"), new Condition.Otherwise()), Is.EqualTo(new[] { "7.3", "2.6.34", "2.6.28" }));

    [Test]
    public void OneForEveryPatchOfTheKernelLine() =>
        Assert.That(Default("2.6.25 + private-reserve-rfc-guarded, 2.6.27+"), Is.EqualTo(new[] { "7.3", "2.6.25 + private-reserve-rfc-guarded" }));

    [Test]
    public void OneForEveryPatchOfAnArm() =>
        Assert.That(Default("5.4, 5.4 + pmd-share-read-lock, 5.7+", In("5.4 + pmd-share-read-lock"), new Condition.Otherwise()),
            Is.EqualTo(new[] { "7.3", "5.4", "5.4 + pmd-share-read-lock" }).Or.EqualTo(new[] { "7.3", "5.4 + pmd-share-read-lock" }));

    [Test]
    public void APointReleaseThatAnArmNames() =>
        Assert.That(Default("6.12", In("6.12.48~"), new Condition.Otherwise()), Is.EqualTo(new[] { "6.12.48", "6.12" }));

    [Test]
    public void ARuleThatAnArmNames() =>
        Assert.That(Default("6.6+", new Condition.HasRule("hugetlb.zap.restores-reserve")), Is.EqualTo(new[] { "7.3", "6.8" }));

    [Test]
    public void OnlyExcludesPatches() => Assert.That(Default("5.4 only", In("5.4 + pmd-share-read-lock")), Is.EqualTo(new[] { "5.4" }));

    [Test]
    public void AllRunsEveryReleaseEveryBoundaryAndEveryPatch()
    {
        var all = KernelSelection.All(Set("5.4, 5.4 + pmd-share-read-lock, 6.11+"), [], PatchTable.Box).Select(k => k.ToString()).ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(all, Has.Length.GreaterThan(14).And.Unique);
            Assert.That(all, Is.SupersetOf(new[] { "5.4", "5.4 + pmd-share-read-lock", "6.11", "6.19", "7.0", "7.3" }));
            Assert.That(all, Does.Contain("6.12.117"), "a rule changes there");
        }
    }

    [Test]
    public void WhatIsNotCoveredIsLeftOut()
    {
        Assert.That(KernelRequest.TryParse("5.10,6.1", null, out var request, out _));
        Assert.That(KernelSelection.Select(request, Set("6.0+"), [], PatchTable.Box), Is.EqualTo(new[] { K("6.1") }));
    }

    [Test]
    public void PatchesOfAFile()
    {
        var patches = new PatchTable([new Patch("no-restore", Set("6.9+"), [HugetlbReserveRules.ZapRestores.Id], [])]);
        var kernels = KernelSelection.Representatives(Set("6.1+, 6.1+ + no-restore"), [], patches);
        Assert.That(kernels.Select(k => k.ToString()), Is.EqualTo(new[] { "7.3", "7.3 + no-restore" }));
        Assert.That(Traits.Resolve(kernels[1], patches)[HugetlbReserveRules.ZapRestores], Is.False);
        Assert.That(patches.Problem(K("6.8 + no-restore")), Does.Contain("does not apply"));
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
    public void EveryDistinguishableKernelHasARepresentative() =>
        Prop.ForAll(AnyItem.NonEmptyListOf().ToArbitrary(), AnyItem.ListOf().ToArbitrary(), (covered, arms) =>
        {
            var set = Set(string.Join(", ", covered));
            var named = arms.Select(In).ToArray();
            var chosen = KernelSelection.Representatives(set, named, PatchTable.Box);
            var candidates = KernelSelection.Candidates(set, named, PatchTable.Box);
            string Signature(Kernel k) => string.Concat(named.Select(c => ((Condition.InSet)c).Set.Contains(k) ? '1' : '0'));
            return candidates.All(k => chosen.Any(c => Signature(c) == Signature(k) && c.Version >= k.Version))
                && chosen.All(set.Contains) && (candidates.IsEmpty || chosen[0] == candidates[0]);
        }).QuickCheckThrowOnFailure();
}
