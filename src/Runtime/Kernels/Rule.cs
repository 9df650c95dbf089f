using System.Collections.Immutable;

namespace MmSpec.Kernels;

/// <summary>What the model makes of a rule.</summary>
public enum RuleUse
{
    /// <summary>It asks for the rule where it decides: to switch the rule changes what happens.</summary>
    Asked,
    /// <summary>It behaves so wherever other rules let it, and does not ask: the rule names a reason, and cannot be switched.</summary>
    Implied,
    /// <summary>It does not show the behaviour yet.</summary>
    NotModelled,
}

/// <summary>
/// One behaviour that the model decides, and the kernels that show it. A rule is data: the model asks <see cref="Traits"/> for it
/// and never compares versions. Identity is the object.
/// </summary>
[State.SharedImmutable]
public sealed class Rule
{
    /// <summary>Declares a rule.</summary>
    /// <param name="id">Dotted names, general to special: <c>hugetlb.private.owner-reserves</c>.</param>
    /// <param name="sentence">What holds where the rule is on.</param>
    public Rule(string id, string sentence)
    {
        Id = id;
        Sentence = sentence;
    }

    /// <summary>Dotted names, general to special.</summary>
    public string Id { get; }
    /// <summary>What holds where the rule is on, as one sentence.</summary>
    public string Sentence { get; }
    /// <summary>First mainline release that shows it; null: older than everything that is modelled.</summary>
    public KernelVersion? Since { get; init; }
    /// <summary>Last mainline release that shows it; null: it still holds.</summary>
    public KernelVersion? Until { get; init; }
    /// <summary>Stable lines outside Since .. Until that show it, each from that point release on.</summary>
    public ImmutableArray<KernelVersion> Backports { get; init; } = [];
    /// <summary>Stable lines inside Since .. Until that no longer show it, each from that point release on.</summary>
    public ImmutableArray<KernelVersion> EndedIn { get; init; } = [];
    /// <summary>No released kernel shows it: a patch brings it.</summary>
    public bool OnlyByPatch { get; init; }
    /// <summary>Where it was learnt: file:function, a commit, or a thread.</summary>
    public required string Source { get; init; }
    /// <summary>Real kernels on which the rule was seen to hold or, outside its versions, seen not to hold. Empty: unconfirmed.</summary>
    public ImmutableArray<KernelVersion> Confirmed { get; init; } = [];
    /// <summary>A defect of the kernel (or of a patch), which the model follows.</summary>
    public bool IsBug { get; init; }
    /// <summary>It decides only which locks are taken, so that what runs alone does not depend on it.</summary>
    public bool OnlyOrders { get; init; }

    /// <summary>What the model makes of it.</summary>
    public RuleUse Use { get; init; }

    /// <summary>Position in <see cref="RuleRegistry.Behaviour"/>, given by the registry; -1 for a rule of availability.</summary>
    internal int Index { get; set; } = -1;

    /// <summary>Whether the release shows it by itself, without patches.</summary>
    public bool HoldsIn(KernelVersion version)
    {
        if (OnlyByPatch) return false;
        var series = version.Series;
        if ((Since is null || series >= Since) && (Until is null || series <= Until)) return !FromOneOf(EndedIn, version);
        return FromOneOf(Backports, version);
    }

    /// <summary>
    /// Whether real kernels vouch for the answer of <see cref="HoldsIn"/>: the nearest ones on which the rule was tried, below and above,
    /// gave that same answer.
    /// </summary>
    public bool IsConfirmedFor(KernelVersion version)
    {
        // Asked in every run; queries over a struct are compiled only then, loops are not.
        KernelVersion? below = null, above = null;
        foreach (var tried in Confirmed)
        {
            if (tried <= version && (below is not { } b || tried > b)) below = tried;
            if (tried >= version && (above is not { } a || tried < a)) above = tried;
        }
        if (below is not { } nearest) return false;
        var answer = HoldsIn(version);
        return HoldsIn(nearest) == answer && HoldsIn(above ?? nearest) == answer;
    }

    /// <summary>Where the rule's answer changes, as something to run: the first release with it and the first without, point releases too; ascending.</summary>
    public IEnumerable<KernelVersion> Boundaries()
    {
        if (OnlyByPatch) return [];
        var edges = new List<KernelVersion>([.. Backports, .. EndedIn]);
        if (Since is { } since && since > KernelReleases.Oldest) edges.Add(since);
        if (Until is { } until && KernelReleases.After(until) is { } after) edges.Add(after);
        edges.Sort();
        return edges;
    }

    /// <summary>Since when, in words: <c>since 6.17; stable 6.12.95</c>.</summary>
    public string Versions()
    {
        if (OnlyByPatch) return "by patch only";
        var span = (Since, Until) switch
        {
            (null, null) => "always",
            ({ } s, null) => $"since {s}",
            (null, { } u) => $"until {u}",
            var (s, u) => $"{s} .. {u}",
        };
        if (!Backports.IsEmpty) span += "; stable " + string.Join(", ", Backports);
        if (!EndedIn.IsEmpty) span += "; ended in " + string.Join(", ", EndedIn);
        return span;
    }

    /// <inheritdoc />
    public override string ToString() => Id;

    private static bool FromOneOf(ImmutableArray<KernelVersion> lines, KernelVersion version)
    {
        for (var i = 0; i < lines.Length; i++) if (lines[i].Series == version.Series && version >= lines[i]) return true;
        return false;
    }
}
