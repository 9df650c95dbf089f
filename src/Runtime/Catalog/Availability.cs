using MmSpec.Kernels;

namespace MmSpec.Catalog;

/// <summary>In which kernels a call, flag, advice, file or field exists. Backed by a rule, so that patches can bring it.</summary>
public sealed class Availability
{
    private Availability(Rule? rule) => Rule = rule;

    /// <summary>There in every kernel that is modelled.</summary>
    public static Availability Always { get; } = new((Rule?)null);

    /// <summary>The rule behind it; null where it was always there.</summary>
    public Rule? Rule { get; }

    /// <summary>First mainline release that has it; null: all, or (see <see cref="OnlyByPatch"/>) none.</summary>
    public KernelVersion? Since => Rule?.Since;

    /// <summary>Last mainline release that has it.</summary>
    public KernelVersion? Until => Rule?.Until;

    /// <summary>No release has it, a patch brings it.</summary>
    public bool OnlyByPatch => Rule is { OnlyByPatch: true };

    /// <summary>Whether the kernel has it, its patches (those in the box) counted.</summary>
    public bool In(Kernel kernel) => In(kernel, PatchTable.Box);

    /// <summary>Whether the kernel has it, its patches counted; patches that the table lacks count for nothing.</summary>
    public bool In(Kernel kernel, PatchTable patches)
    {
        if (Rule is null) return true;
        var there = Rule.HoldsIn(kernel.Version);
        foreach (var name in kernel.Patches)
        {
            if (!patches.TryGet(name, out var patch)) continue;
            if (patch.Without.Contains(Rule.Id)) there = false;
            if (patch.With.Contains(Rule.Id)) there = true;
        }
        return there;
    }

    /// <summary>For a diagnostic, after the name: <c>is there since 3.17</c>.</summary>
    public override string ToString() => (Rule, Since, Until) switch
    {
        (null, _, _) => "was always there",
        ({ OnlyByPatch: true }, _, _) => "is in no released kernel",
        (_, { } s, null) => $"is there since {s}",
        (_, null, { } u) => $"is there until {u}",
        (_, var s, var u) => $"is there from {s} to {u}",
    };

    /// <summary>Declares availability.</summary>
    /// <param name="name">The thing, as a specification spells it.</param>
    /// <param name="since">First release, or null.</param>
    /// <param name="until">Last release, or null.</param>
    /// <param name="source">Where that is known from.</param>
    /// <param name="kind">Distinguishes things of one name: a call, a field of a view.</param>
    internal static Availability Of(string name, string? since = null, string? until = null, string source = "the manual pages", string kind = "available") =>
        since is null && until is null ? Always : new(new Rule($"{kind}.{name}", $"{name} is there.")
        {
            Since = since is null ? null : Seen.V(since),
            Until = until is null ? null : Seen.V(until),
            Source = source,
        });

    /// <summary>Declares something that is there exactly where a rule of behaviour holds.</summary>
    public static Availability By(Rule rule) => new(rule);

    /// <summary>Declares something that only patches bring.</summary>
    internal static Availability ByPatch(string name, string source) => new(new Rule($"available.{name}", $"{name} is there.") { OnlyByPatch = true, Source = source });
}
