namespace MmSpec.Kernels;

/// <summary>The rules that are on in one kernel, resolved once. What they answer never changes; a question is one array load.</summary>
[State.SharedImmutable]
public sealed class Traits
{
    private readonly bool[] on;
    private readonly Dictionary<Rule, bool> switched;
    private readonly IReadOnlyDictionary<string, bool> config;
    private readonly Lazy<bool[]> unconfirmed;
    [State.NotState("notes for people: which rules one world was asked about; they only grow")]
    private readonly bool[]? asked;

    private Traits(Kernel kernel, bool[] on, Dictionary<Rule, bool> switched, IReadOnlyDictionary<string, bool> config)
    {
        Kernel = kernel;
        this.on = on;
        this.switched = switched;
        this.config = config;
        unconfirmed = new(() => [.. RuleRegistry.Behaviour.Select(r => IsOpen(r, on[r.Index], kernel.Version))]);
    }

    private Traits(Traits shared)
    {
        (Kernel, on, switched, config, unconfirmed) = (shared.Kernel, shared.on, shared.switched, shared.config, shared.unconfirmed);
        asked = new bool[on.Length];
    }

    /// <summary>The kernel that they are of.</summary>
    public Kernel Kernel { get; }

    /// <summary>Whether the rule is on. For a rule of behaviour this is one array load.</summary>
    public bool this[Rule rule]
    {
        get
        {
            var i = rule.Index;
            if ((uint)i >= (uint)on.Length) return IsAvailable(rule);
            if (asked is not null) asked[i] = true;
            return on[i];
        }
    }

    /// <summary>The same rules, for one world, noting which of them are asked for; see <see cref="Unconfirmed"/>.</summary>
    public Traits Noting() => new(this);

    /// <summary>
    /// The rules that were asked for and whose answer no real kernel vouches for. A rule that is on counts unless it is confirmed here; one that is off counts
    /// where it was tried, but not on kernels that say anything about this one.
    /// </summary>
    /// <param name="concurrent">Rules that decide only who waits for whom count too.</param>
    /// <returns>In order of id; empty where nothing was noted.</returns>
    public IReadOnlyList<Rule> Unconfirmed(bool concurrent)
    {
        if (asked is null) return [];
        List<Rule>? result = null;
        var open = unconfirmed.Value;
        for (var i = 0; i < asked.Length; i++)
            if (asked[i] && open[i] && (concurrent || !RuleRegistry.Behaviour[i].OnlyOrders)) (result ??= []).Add(RuleRegistry.Behaviour[i]);
        return result ?? (IReadOnlyList<Rule>)[];
    }

    private static bool IsOpen(Rule rule, bool on, KernelVersion version) =>
        on ? !rule.HoldsIn(version) || !rule.IsConfirmedFor(version) : !rule.Confirmed.IsEmpty && !rule.IsConfirmedFor(version);

    /// <summary>Whether the configuration option is set (<c>CONFIG_MEMORY_FAILURE</c>).</summary>
    public bool HasConfig(string option) => config.TryGetValue(option, out var set) ? set : KernelConfig.Default(option, Kernel.Version);

    /// <summary>Whether the condition of an arm holds; a rule that does not exist never does.</summary>
    public bool Holds(Condition condition) => condition switch
    {
        Condition.InSet(var set) => set.Contains(Kernel),
        Condition.HasRule(var id) => RuleRegistry.TryGet(id, out var rule) && this[rule],
        Condition.HasConfig(var option) => HasConfig(option),
        Condition.Not(var inner) => !Holds(inner),
        _ => true,
    };

    /// <summary>Resolves a kernel.</summary>
    /// <param name="kernel">Version and patches; every patch is in the table (see <see cref="PatchTable.Problem"/>).</param>
    /// <param name="patches">Patches that can be named; null: those in the box.</param>
    /// <param name="config">Options that differ from the default.</param>
    /// <param name="without">Rules to switch off besides, after the patches.</param>
    /// <param name="with">Rules to switch on besides, after Without.</param>
    /// <exception cref="ArgumentException">The kernel names an unknown patch, or a patch an unknown rule.</exception>
    public static Traits Resolve(Kernel kernel, PatchTable? patches = null, IReadOnlyDictionary<string, bool>? config = null,
        IEnumerable<Rule>? without = null, IEnumerable<Rule>? with = null)
    {
        patches ??= PatchTable.Box;
        var all = RuleRegistry.Behaviour;
        var on = new bool[all.Length];
        for (var i = 0; i < on.Length; i++) on[i] = all[i].HoldsIn(kernel.Version);
        var switched = new Dictionary<Rule, bool>();
        foreach (var name in kernel.Patches)
        {
            if (!patches.TryGet(name, out var patch)) throw new ArgumentException(patches.Problem(kernel), nameof(kernel));
            foreach (var id in patch.Without) Switch(Find(id), false);
            foreach (var id in patch.With) Switch(Find(id), true);
        }
        foreach (var rule in without ?? []) Switch(rule, false);
        foreach (var rule in with ?? []) Switch(rule, true);
        return new(kernel, on, switched, config ?? new Dictionary<string, bool>());

        void Switch(Rule rule, bool value)
        {
            if (rule.Index >= 0) on[rule.Index] = value;
            else switched[rule] = value;
        }
    }

    private bool IsAvailable(Rule rule) => switched.TryGetValue(rule, out var value) ? value : rule.HoldsIn(Kernel.Version);

    private static Rule Find(string id) => RuleRegistry.TryGet(id, out var rule) ? rule : throw new ArgumentException($"unknown rule '{id}'", nameof(id));
}
