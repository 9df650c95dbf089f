using System.Collections.Immutable;
using MmSpec.Kernels;

namespace MmSpec.Binding;

/// <summary>
/// The kernels that a place in a scenario speaks for, as a finite selection over which arms and availability are checked: every mainline
/// release covered, the point releases and patches that the kernel line names, and (asked for by arm) those that an arm names.
/// </summary>
internal sealed class CoveredKernels
{
    private readonly KernelSet covered;
    private readonly PatchTable patches;
    private readonly IReadOnlyDictionary<string, bool> config;
    private readonly Dictionary<string, Traits> resolved;
    private readonly ImmutableArray<Condition> path;

    private CoveredKernels(KernelSet covered, PatchTable patches, IReadOnlyDictionary<string, bool> config, Dictionary<string, Traits> resolved,
        ImmutableArray<Condition> path, ImmutableArray<Traits> points)
    {
        (this.covered, this.patches, this.config, this.resolved, this.path, Points) = (covered, patches, config, resolved, path, points);
    }

    /// <summary>The selection; empty where nothing is covered.</summary>
    public ImmutableArray<Traits> Points { get; }

    /// <summary>Makes the selection for a scenario; resolved keeps what each kernel is, for this configuration.</summary>
    public static CoveredKernels Of(KernelSet covered, PatchTable patches, IReadOnlyDictionary<string, bool> config, Dictionary<string, Traits> resolved)
    {
        var empty = new CoveredKernels(covered, patches, config, resolved, [], []);
        return new(covered, patches, config, resolved, [], empty.Select(KernelReleases.CoveredBy(covered).Select(v => new Kernel(v)).Concat(Named(covered, patches))));
    }

    /// <summary>Those on which the condition holds.</summary>
    public CoveredKernels Where(Condition condition) => new(covered, patches, config, resolved, path.Add(condition), [.. With([condition]).Where(t => t.Holds(condition))]);

    /// <summary>The selection, enlarged by the point releases, patches and boundaries of rules that the conditions name.</summary>
    public ImmutableArray<Traits> With(IEnumerable<Condition> conditions)
    {
        var more = new List<Kernel>();
        foreach (var condition in conditions)
        {
            var inner = condition;
            while (inner is Condition.Not(var negated)) inner = negated;
            if (inner is Condition.InSet(var set)) more.AddRange(Named(set, patches));
            if (inner is Condition.HasRule(var id) && RuleRegistry.TryGet(id, out var rule)) more.AddRange(rule.Boundaries().Select(v => new Kernel(v)));
        }
        return more.Count == 0 ? Points : Select(Points.Select(t => t.Kernel).Concat(more));
    }

    private ImmutableArray<Traits> Select(IEnumerable<Kernel> kernels)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var result = ImmutableArray.CreateBuilder<Traits>();
        foreach (var kernel in kernels)
        {
            var name = kernel.ToString();
            if (!seen.Add(name) || !covered.Contains(kernel)) continue;
            if (!resolved.TryGetValue(name, out var traits)) resolved[name] = traits = Traits.Resolve(kernel, patches, config);
            if (path.All(traits.Holds)) result.Add(traits);
        }
        return result.ToImmutable();
    }

    /// <summary>The point releases at the edges of the set's items, and its releases with the patches that it names.</summary>
    private static IEnumerable<Kernel> Named(KernelSet set, PatchTable patches)
    {
        foreach (var item in set.Items)
        {
            var versions = new List<KernelVersion>();
            foreach (var edge in new[] { item.From, item.To })
                if (edge is { Point: > 0 } v) versions.AddRange([v with { Point = v.Point - 1 }, v, v with { Point = v.Point + 1 }]);
            if (item.Patches.IsEmpty)
            {
                foreach (var v in versions) yield return new Kernel(v);
                continue;
            }
            foreach (var v in KernelReleases.Mainline.Concat(versions))
            {
                var kernel = new Kernel(v, item.Patches);
                if (item.ContainsVersion(v) && patches.Problem(kernel) is null) yield return kernel;
            }
        }
    }
}
