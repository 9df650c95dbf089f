using System.Text.RegularExpressions;
using MmSpec.Kernels;

namespace MmSpec.Tests.Kernels;

public sealed partial class RuleRegistryTests
{
    [GeneratedRegex(@"^[A-Za-z_]\w*(-[A-Za-z]\w*)*(\.[A-Za-z_]\w*(-[A-Za-z]\w*)*)+$")]
    private static partial Regex IdPattern { get; }

    [Test]
    public void EveryRuleIsComplete()
    {
        Assert.That(RuleRegistry.All, Is.Not.Empty);
        using (Assert.EnterMultipleScope())
        {
            foreach (var rule in RuleRegistry.All)
            {
                Assert.That(rule.Id, Does.Match(IdPattern), "an id must be writable after 'has'");
                Assert.That(rule.Sentence, Does.EndWith("."), rule.Id);
                Assert.That(rule.Source, Is.Not.Empty, rule.Id);
                Assert.That(rule.Since is null || rule.Until is null || rule.Since <= rule.Until, rule.Id);
                foreach (var version in (KernelVersion?[])[rule.Since, rule.Until])
                    if (version is { } v) Assert.That(KernelReleases.IsKnown(v) && v.Point == 0, $"{rule.Id}: {v}");
                Assert.That(rule.Backports, Has.All.Matches<KernelVersion>(v => v.Point > 0), rule.Id);
                Assert.That(rule.OnlyByPatch && (rule.Since ?? rule.Until) is not null, Is.False, rule.Id);
                Assert.That(rule.OnlyByPatch && !rule.Confirmed.IsEmpty, Is.False, $"{rule.Id}: no real kernel can have confirmed it");
            }
        }
    }

    [Test]
    public void IdsAreUnique() => Assert.That(RuleRegistry.All.Select(r => r.Id), Is.Unique);

    [Test]
    public void EveryPatchAppliesToItsBase()
    {
        foreach (var patch in PatchTable.Box.All)
        {
            var kernel = new Kernel(patch.Base!.Value, [.. patch.Requires, patch.Name]);
            Assert.That(PatchTable.Box.Problem(kernel), Is.Null, patch.Name);
            var traits = Traits.Resolve(kernel);
            Assert.That(patch.With, Has.All.Matches<string>(id => RuleRegistry.TryGet(id!, out var rule) && traits[rule]), patch.Name);
        }
    }

    [Test]
    public void BoundariesAreWhereTheAnswerChanges()
    {
        foreach (var rule in RuleRegistry.All)
        {
            var edges = rule.Boundaries().ToArray();
            Assert.That(edges, Is.Ordered.And.Unique, rule.Id);
            foreach (var edge in edges)
            {
                var before = edge.Point > 0 ? edge with { Point = edge.Point - 1 } : KernelReleases.Mainline[KernelReleases.Mainline.IndexOf(edge) - 1];
                Assert.That(rule.HoldsIn(edge), Is.Not.EqualTo(rule.HoldsIn(before)), $"{rule.Id} at {edge}");
            }
            foreach (var (before, at) in KernelReleases.Mainline.Zip(KernelReleases.Mainline.Skip(1)))
                if (rule.HoldsIn(before) != rule.HoldsIn(at)) Assert.That(edges, Does.Contain(at), rule.Id);
        }
    }
}
