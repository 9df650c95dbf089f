using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using MmSpec.Catalog;

namespace MmSpec.Kernels;

/// <summary>All rules, by id.</summary>
public static class RuleRegistry
{
    private static readonly Type[] Groups =
    [
        typeof(HugetlbPoolRules), typeof(HugetlbReserveRules), typeof(HugetlbFaultRules), typeof(HugetlbMapRules), typeof(HugetlbViewRules),
        typeof(ReserveRfcRules), typeof(MmRules),
    ];

    /// <summary>Every rule, ordered by id.</summary>
    public static ImmutableArray<Rule> All { get; } = Collect();

    private static readonly FrozenDictionary<string, Rule> ById = All.ToFrozenDictionary(r => r.Id, StringComparer.Ordinal);

    /// <summary>Looks a rule up.</summary>
    public static bool TryGet(string id, [NotNullWhen(true)] out Rule? rule) => ById.TryGetValue(id, out rule);

    /// <summary>The rule whose id resembles a misspelt one most, or null.</summary>
    public static string? Suggest(string id) => Catalog.Suggest.Nearest(id, ById.Keys);

    private static ImmutableArray<Rule> Collect()
    {
        var rules = new List<Rule>();
        foreach (var group in Groups)
        {
            foreach (var field in group.GetFields(BindingFlags.Public | BindingFlags.Static))
                if (field.GetValue(null) is Rule rule) rules.Add(rule);
        }
        rules.AddRange(AvailabilityRules.All().Except(rules));
        rules.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        for (var i = 0; i < rules.Count; i++) rules[i].Index = i;
        return [.. rules];
    }
}
