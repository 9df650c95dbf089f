using MmSpec.Kernels;

namespace MmSpec.Binding;

/// <summary>Conditions as text, to compare them.</summary>
internal static class ConditionText
{
    /// <summary>Equal for conditions that mean the same by their form.</summary>
    public static string Of(Condition condition) => condition switch
    {
        Condition.InSet(var set) => string.Join(", ", set.Items.Select(Of)),
        Condition.HasRule(var rule) => "has " + rule,
        Condition.HasConfig(var option) => "config " + option,
        Condition.Not(var inner) => $"not ({Of(inner)})",
        _ => "otherwise",
    };

    private static string Of(KernelSetItem item) => $"{item.Kind} {item.From} {item.To} {string.Join('+', item.Patches)} {item.Only}";
}
