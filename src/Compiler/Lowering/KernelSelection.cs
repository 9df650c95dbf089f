using System.Collections.Immutable;
using MmSpec.Binding;
using MmSpec.Kernels;

namespace MmSpec.Lowering;

/// <summary>Which of the kernels that a scenario covers it runs on (LANGUAGE §3; <c>--kernel</c>).</summary>
public sealed class KernelSelection
{
    private readonly string _text;
    private readonly Func<KernelSelection, BoundScenario, IEnumerable<Kernel>> _select;
    private readonly ImmutableArray<Kernel> _named;

    private KernelSelection(string text, Func<KernelSelection, BoundScenario, IEnumerable<Kernel>> select, ImmutableArray<Kernel> named) => (_text, _select, _named) = (text, select, named);

    /// <summary>The newest kernel covered, plus one representative of every arm and every patch that the scenario names.</summary>
    public static KernelSelection Default { get; } = new("", (_, s) => Representatives(s), []);

    /// <summary>The newest kernel covered.</summary>
    public static KernelSelection Newest { get; } = new("newest", (_, s) => NewestOf(Everything(s)) is { } k ? [k] : [], []);

    /// <summary>Every mainline release covered, each point release in which some rule changes, and each patch.</summary>
    public static KernelSelection All { get; } = new("all", (_, s) => Everything(s), []);

    /// <summary>The kernels themselves, in the order given; a scenario runs on those that it covers.</summary>
    /// <param name="kernels">What to run on.</param>
    public static KernelSelection Of(ImmutableArray<Kernel> kernels) =>
        new(string.Join(", ", kernels), (self, s) => self._named.Where(k => IsCovered(s, k)), kernels);

    /// <summary>Reads <c>newest</c>, <c>all</c>, <c>5.10,6.1.90</c> or <c>5.4 + pmd-share-read-lock</c>.</summary>
    /// <returns>Null, with the reason, where the text is none of them.</returns>
    public static KernelSelection? Parse(string text, out string? problem)
    {
        problem = null;
        if (text is "newest") return Newest;
        if (text is "all") return All;
        var kernels = ImmutableArray.CreateBuilder<Kernel>();
        foreach (var item in text.Split(','))
        {
            var parts = item.Split('+', StringSplitOptions.TrimEntries);
            if (!KernelVersion.TryParse(parts[0], out var version))
            {
                problem = $"'{item.Trim()}' is no kernel; write 'newest', 'all', or releases such as 5.10,6.1.90";
                return null;
            }
            if (!KernelReleases.IsKnown(version))
            {
                problem = KernelReleases.Explain(version);
                return null;
            }
            if (Array.Exists(parts[1..], p => p.Length == 0))
            {
                problem = $"a patch has no name in '{item.Trim()}'";
                return null;
            }
            kernels.Add(new Kernel(version, [.. parts[1..]]));
        }
        return Of(kernels.ToImmutable());
    }

    /// <summary>The kernels that a scenario runs on, oldest first; none where it covers none of those asked for.</summary>
    public ImmutableArray<Kernel> Choose(BoundScenario scenario) => [.. _select(this, scenario).Distinct()];

    /// <summary>What tells one selection from another: a part of the key of cached assemblies.</summary>
    public override string ToString() => _text;

    private static bool IsCovered(BoundScenario s, Kernel kernel) => s.Covered.Contains(kernel) && new PatchTable(s.LocalPatches).Problem(kernel) is null;

    private static Kernel? NewestOf(IEnumerable<Kernel> kernels) => kernels.OrderBy(k => k.Patches.Length == 0).ThenBy(k => k.Version).LastOrDefault();

    /// <summary>Kernels between which no arm of the scenario can tell are alike: the newest of each kind runs.</summary>
    private static IEnumerable<Kernel> Representatives(BoundScenario s)
    {
        var candidates = Everything(s);
        if (NewestOf(candidates) is not { } newest) return [];
        var table = new PatchTable(s.LocalPatches);
        var kinds = new Dictionary<string, Kernel>(StringComparer.Ordinal);
        foreach (var kernel in candidates)
        {
            var traits = Traits.Resolve(kernel, table);
            var kind = string.Concat(s.Named.Select(c => traits.Holds(c) ? '1' : '0')) + "+" + string.Join('+', kernel.Patches);
            if (!kinds.TryGetValue(kind, out var other) || other.Version < kernel.Version) kinds[kind] = kernel;
        }
        var chosen = kinds.Values.Append(newest).ToHashSet();
        return candidates.Where(chosen.Contains);
    }

    /// <summary>Mainline releases, point releases where something changes, patches: all that the scenario covers, oldest first.</summary>
    private static List<Kernel> Everything(BoundScenario s)
    {
        var table = new PatchTable(s.LocalPatches);
        var versions = new SortedSet<KernelVersion>(KernelReleases.Mainline);
        foreach (var rule in RuleRegistry.All) versions.UnionWith(rule.Boundaries());
        var stacks = new List<ImmutableArray<string>> { ImmutableArray<string>.Empty };
        foreach (var item in s.Covered.Items.Concat(s.Named.SelectMany(SetsIn)))
        {
            foreach (var edge in new[] { item.From, item.To })
            {
                if (edge is not { Point: > 0 } v) continue;
                versions.Add(v);
                // The last point release before a boundary is what the boundary differs from.
                if (v.Point > 1) versions.Add(v with { Point = v.Point - 1 });
            }
            if (!item.Patches.IsEmpty && !stacks.Exists(p => p.SequenceEqual(item.Patches))) stacks.Add(item.Patches);
        }
        var result = new List<Kernel>();
        foreach (var version in versions)
        {
            foreach (var stack in stacks)
            {
                var kernel = new Kernel(version, stack);
                if (KernelReleases.IsKnown(version) && s.Covered.Contains(kernel) && table.Problem(kernel) is null) result.Add(kernel);
            }
        }
        return result;
    }

    private static IEnumerable<KernelSetItem> SetsIn(Condition condition) => condition switch
    {
        Condition.InSet(var set) => set.Items,
        Condition.Not(var inner) => SetsIn(inner),
        _ => [],
    };
}
