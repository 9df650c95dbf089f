using System.Collections.Immutable;

namespace MmSpec.Kernels;

/// <summary>
/// Which kernels a scenario is run on, and which ones a compiler must look at to know that every kernel is dealt with (LANGUAGE §3).
/// All lists are newest first; of one version, the unpatched kernel comes first.
/// </summary>
public static class KernelSelection
{
    /// <summary>
    /// Every kernel that the scenario can tell from its neighbours: each mainline release covered, each point release that a set names or at
    /// which a named rule changes, each with the patches that are named for it.
    /// </summary>
    /// <param name="covered">The kernel line.</param>
    /// <param name="named">Conditions of its arms and of <c>when kernel</c>.</param>
    /// <param name="patches">Patches that can be named.</param>
    public static ImmutableArray<Kernel> Candidates(KernelSet covered, IEnumerable<Condition> named, PatchTable patches)
    {
        var conditions = named.SelectMany(Leaves).ToArray();
        var sets = conditions.OfType<Condition.InSet>().Select(c => c.Set).Prepend(covered).ToArray();

        var versions = new SortedSet<KernelVersion>(KernelReleases.Mainline);
        foreach (var item in sets.SelectMany(s => s.Items))
        {
            if (item.From is { Point: > 0 } from) versions.Add(from);
            if (item.To is { Point: > 0 } to) versions.UnionWith([to, to with { Point = to.Point + 1 }]);
        }
        foreach (var condition in conditions.OfType<Condition.HasRule>())
            if (RuleRegistry.TryGet(condition.RuleId, out var rule)) versions.UnionWith(rule.Boundaries());
        versions.RemoveWhere(v => !KernelReleases.IsKnown(v));

        var kernels = new List<Kernel>();
        foreach (var version in versions.Reverse())
        {
            var series = new List<ImmutableArray<string>> { ImmutableArray<string>.Empty };
            foreach (var item in sets.SelectMany(s => s.Items))
                if (!item.Patches.IsEmpty && item.ContainsVersion(version) && !series.Exists(s => s.SequenceEqual(item.Patches))) series.Add(item.Patches);
            foreach (var names in series)
            {
                var kernel = new Kernel(version, names);
                if (covered.Contains(kernel) && patches.Problem(kernel) is null) kernels.Add(kernel);
            }
        }
        return [.. kernels];
    }

    /// <summary>
    /// The default: of the kernels that no named condition can tell apart, the newest one. That is the newest kernel covered, and one for every
    /// arm (also <c>otherwise</c>) and every patch that is named.
    /// </summary>
    /// <param name="covered">The kernel line.</param>
    /// <param name="named">Conditions of its arms and of <c>when kernel</c>.</param>
    /// <param name="patches">Patches that can be named.</param>
    /// <param name="config">The machine's configuration where it differs from the default.</param>
    public static ImmutableArray<Kernel> Representatives(KernelSet covered, IEnumerable<Condition> named, PatchTable patches, IReadOnlyDictionary<string, bool>? config = null)
    {
        var conditions = named.ToArray();
        var leaves = conditions.SelectMany(Leaves).Distinct().ToArray();
        var needTraits = leaves.Any(c => c is Condition.HasRule or Condition.HasConfig);
        var chosen = ImmutableArray.CreateBuilder<Kernel>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var signature = new System.Text.StringBuilder();
        foreach (var kernel in Candidates(covered, conditions, patches))
        {
            var traits = needTraits ? Traits.Resolve(kernel, patches, config) : null;
            signature.Clear().AppendJoin('+', kernel.Patches).Append(':');
            foreach (var leaf in leaves)
                signature.Append((leaf is Condition.InSet(var set) ? set.Contains(kernel) : traits!.Holds(leaf)) ? '1' : '0');
            if (known.Add(signature.ToString())) chosen.Add(kernel);
        }
        return chosen.ToImmutable();
    }

    /// <summary><c>--kernel all</c>: every mainline release covered, each point release at which some rule changes, each patch that is named.</summary>
    /// <param name="covered">The kernel line.</param>
    /// <param name="named">Conditions of its arms and of <c>when kernel</c>.</param>
    /// <param name="patches">Patches that can be named.</param>
    public static ImmutableArray<Kernel> All(KernelSet covered, IEnumerable<Condition> named, PatchTable patches)
    {
        var kernels = new HashSet<Kernel>(Candidates(covered, named, patches));
        foreach (var boundary in RuleRegistry.All.SelectMany(r => r.Backports.Concat(r.EndedIn)))
            if (new Kernel(boundary) is var kernel && covered.Contains(kernel)) kernels.Add(kernel);
        return [.. kernels.OrderByDescending(k => k.Version).ThenBy(k => k.Patches.Length).ThenBy(k => string.Join('+', k.Patches), StringComparer.Ordinal)];
    }

    /// <summary>The kernels to run a scenario on; empty where none that was asked for is covered.</summary>
    /// <param name="request">What <c>--kernel</c> asks for; null: the default.</param>
    /// <param name="covered">The kernel line.</param>
    /// <param name="named">Conditions of its arms and of <c>when kernel</c>.</param>
    /// <param name="patches">Patches that can be named.</param>
    /// <param name="config">The machine's configuration where it differs from the default.</param>
    public static ImmutableArray<Kernel> Select(KernelRequest? request, KernelSet covered, IEnumerable<Condition> named, PatchTable patches,
        IReadOnlyDictionary<string, bool>? config = null)
    {
        var conditions = named.ToArray();
        if (request is null) return Representatives(covered, conditions, patches, config);
        var kernels = new List<Kernel>();
        if (request.All) kernels.AddRange(All(covered, conditions, patches));
        if (request.Newest && Candidates(covered, conditions, patches) is [var newest, ..]) kernels.Add(newest);
        kernels.AddRange(request.Kernels.Where(k => covered.Contains(k) && patches.Problem(k) is null));
        return [.. kernels.Distinct()];
    }

    private static IEnumerable<Condition> Leaves(Condition condition) => condition switch
    {
        Condition.Not(var inner) => Leaves(inner),
        Condition.Otherwise => [],
        _ => [condition],
    };
}
