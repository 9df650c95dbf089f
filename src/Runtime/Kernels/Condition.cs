namespace MmSpec.Kernels;

/// <summary>What stands before the colon of an arm, or after <c>when kernel</c>: constant for a resolved kernel.</summary>
public abstract record Condition
{
    private Condition() { }

    /// <summary>A kernel set.</summary>
    public sealed record InSet(KernelSet Set) : Condition;

    /// <summary><c>has hugetlb.private.owner-reserves</c>: the rule is on.</summary>
    public sealed record HasRule(string RuleId) : Condition;

    /// <summary><c>config CONFIG_MEMORY_FAILURE</c>: the option is set.</summary>
    public sealed record HasConfig(string Option) : Condition;

    /// <summary><c>otherwise</c>.</summary>
    public sealed record Otherwise : Condition;

    /// <summary><c>not X</c>, and what <c>else</c> stands for.</summary>
    public sealed record Not(Condition Inner) : Condition;
}
