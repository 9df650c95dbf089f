using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using MmSpec.Catalog;

namespace MmSpec.Kernels;

/// <summary>
/// All rules, by id. Those of behaviour are numbered, for <see cref="Traits"/>; those of availability stand behind the catalogue's tables, which
/// a run that only executes never needs, and are collected when they are first asked for.
/// </summary>
public static class RuleRegistry
{
    private static readonly Type[] Groups =
    [
        typeof(HugetlbPoolRules), typeof(HugetlbReserveRules), typeof(HugetlbFaultRules), typeof(HugetlbMapRules), typeof(HugetlbViewRules),
        typeof(ReserveRfcRules), typeof(MmRules),
    ];

    /// <summary>Rules of behaviour, ordered by id; a rule's index is its place here.</summary>
    internal static ImmutableArray<Rule> Behaviour { get; } = CollectBehaviour();

    private static readonly Dictionary<string, Rule> BehaviourById = Behaviour.ToDictionary(r => r.Id, StringComparer.Ordinal);

    /// <summary>Every rule, ordered by id.</summary>
    public static ImmutableArray<Rule> All => Everything.Rules;

    /// <summary>The oldest series whose behaviour was compared with a real kernel.</summary>
    public static KernelVersion OldestTried { get; } = CollectOldestTried();

    /// <summary>Looks a rule up.</summary>
    public static bool TryGet(string id, [NotNullWhen(true)] out Rule? rule) => BehaviourById.TryGetValue(id, out rule) || Everything.ById.TryGetValue(id, out rule);

    /// <summary>The rule whose id resembles a misspelt one most, or null.</summary>
    public static string? Suggest(string id) => Catalog.Suggest.Nearest(id, Everything.ById.Keys);

    private static ImmutableArray<Rule> CollectBehaviour()
    {
        var rules = new List<Rule>();
        foreach (var group in Groups)
        {
            foreach (var field in group.GetFields(BindingFlags.Public | BindingFlags.Static))
                if (field.GetValue(null) is Rule rule) rules.Add(rule);
        }
        rules.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        for (var i = 0; i < rules.Count; i++) rules[i].Index = i;
        return [.. rules];
    }

    private static KernelVersion CollectOldestTried()
    {
        var oldest = KernelReleases.Newest;
        foreach (var rule in Behaviour)
        {
            foreach (var tried in rule.Confirmed)
                if (tried < oldest) oldest = tried;
        }
        return oldest.Series;
    }

    private static class Everything
    {
        internal static readonly ImmutableArray<Rule> Rules =
            [.. Behaviour.Concat(AvailabilityRules.All().Where(r => r.Index < 0)).OrderBy(r => r.Id, StringComparer.Ordinal)];

        internal static readonly Dictionary<string, Rule> ById = Rules.ToDictionary(r => r.Id, StringComparer.Ordinal);
    }
}
