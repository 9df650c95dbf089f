using System.Collections.Concurrent;
using System.Collections.Immutable;
using MmSpec.Binding;
using MmSpec.Kernels;

namespace MmSpec.Lowering;

/// <summary>Which of the kernels that a scenario covers it runs on (LANGUAGE §3; <c>--kernel</c>).</summary>
public sealed class KernelSelection
{
    private static readonly Lazy<ImmutableArray<KernelVersion>> Boundaries = new(() => [.. RuleRegistry.All.SelectMany(r => r.Boundaries()).Distinct()]);
    private static readonly ConcurrentDictionary<string, Traits> BoxTraits = new(StringComparer.Ordinal);

    private readonly string _text;
    private readonly Func<BoundScenario, IEnumerable<Kernel>> _select;

    private KernelSelection(string text, Func<BoundScenario, IEnumerable<Kernel>> select) => (_text, _select) = (text, select);

    /// <summary>The newest kernel covered, plus one representative of every arm and every patch that the scenario names.</summary>
    public static KernelSelection Default { get; } = new("", Representatives);

    /// <summary>The newest kernel covered.</summary>
    public static KernelSelection Newest { get; } = new("newest", s => NewestOf(Candidates(s, [])) is { } k ? [k] : []);

    /// <summary>Every mainline release covered, each point release in which some rule changes, and each patch.</summary>
    public static KernelSelection All { get; } = new("all", s => Candidates(s, Boundaries.Value));

    /// <summary>Reads what <c>--kernel</c> says, see <see cref="KernelRequest"/>. A scenario runs on those of the kernels that it covers.</summary>
    /// <returns>Null, with the reason, where the text asks for nothing.</returns>
    public static KernelSelection? Parse(string text, out string? problem)
    {
        if (!KernelRequest.TryParse(text, null, out var request, out problem)) return null;
        return new(text, s => Asked(request, s));
    }

    /// <summary>The kernels that a scenario runs on, oldest first; none where it covers none of those asked for.</summary>
    public ImmutableArray<Kernel> Choose(BoundScenario scenario) => [.. _select(scenario).Distinct()];

    /// <summary>What tells one selection from another: a part of the key of cached assemblies.</summary>
    public override string ToString() => _text;

    private static IEnumerable<Kernel> Asked(KernelRequest request, BoundScenario s)
    {
        var kernels = request.Kernels.Where(k => IsCovered(s, k));
        if (request.All) return Candidates(s, Boundaries.Value).Concat(kernels);
        return request.Newest && NewestOf(Candidates(s, [])) is { } newest ? kernels.Append(newest) : kernels;
    }

    private static bool IsCovered(BoundScenario s, Kernel kernel) => s.Covered.Contains(kernel) && TableOf(s).Problem(kernel) is null;

    private static Kernel? NewestOf(IEnumerable<Kernel> kernels) => kernels.OrderBy(k => k.Patches.Length == 0).ThenBy(k => k.Version).LastOrDefault();

    /// <summary>Kernels between which no arm of the scenario can tell are alike: the newest of each kind runs.</summary>
    private static IEnumerable<Kernel> Representatives(BoundScenario s)
    {
        var candidates = Candidates(s, s.Named.SelectMany(RulesIn).SelectMany(r => r.Boundaries()));
        if (NewestOf(candidates) is not { } newest) return [];
        var table = TableOf(s);
        // Most arms name kernel sets, which need no traits.
        var conditions = s.Named.Where(c => c is not Condition.Otherwise).Distinct().ToList();
        var needsTraits = conditions.Exists(c => !IsSet(c));
        var kinds = new Dictionary<string, Kernel>(StringComparer.Ordinal);
        foreach (var kernel in candidates)
        {
            var traits = needsTraits ? Resolve(kernel, s, table) : null;
            var kind = string.Concat(conditions.Select(c => (traits?.Holds(c) ?? InSet(c, kernel)) ? '1' : '0')) + "+" + string.Join('+', kernel.Patches);
            if (!kinds.TryGetValue(kind, out var other) || other.Version < kernel.Version) kinds[kind] = kernel;
        }
        var chosen = kinds.Values.Append(newest).ToHashSet();
        return candidates.Where(chosen.Contains);
    }

    /// <summary>Mainline releases, the point releases given or named, patches: what of them the scenario covers, oldest first.</summary>
    private static List<Kernel> Candidates(BoundScenario s, IEnumerable<KernelVersion> pointReleases)
    {
        var table = TableOf(s);
        var versions = new SortedSet<KernelVersion>(KernelReleases.Mainline);
        versions.UnionWith(pointReleases);
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

    private static PatchTable TableOf(BoundScenario s) => s.LocalPatches.IsDefaultOrEmpty ? PatchTable.Box : new PatchTable(s.LocalPatches);

    private static Traits Resolve(Kernel kernel, BoundScenario s, PatchTable table) => s.LocalPatches.IsDefaultOrEmpty
        ? BoxTraits.GetOrAdd(kernel.ToString(), _ => Traits.Resolve(kernel, table))
        : Traits.Resolve(kernel, table);

    private static bool IsSet(Condition c) => c is Condition.InSet || (c is Condition.Not(var inner) && IsSet(inner));

    private static bool InSet(Condition c, Kernel kernel) => c is Condition.InSet(var set) ? set.Contains(kernel) : c is not Condition.Not(var inner) || !InSet(inner, kernel);

    private static IEnumerable<Rule> RulesIn(Condition condition) => condition switch
    {
        Condition.HasRule(var id) when RuleRegistry.TryGet(id, out var rule) => [rule],
        Condition.Not(var inner) => RulesIn(inner),
        _ => [],
    };

    private static IEnumerable<KernelSetItem> SetsIn(Condition condition) => condition switch
    {
        Condition.InSet(var set) => set.Items,
        Condition.Not(var inner) => SetsIn(inner),
        _ => [],
    };
}
