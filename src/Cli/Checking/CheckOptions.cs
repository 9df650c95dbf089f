using MmSpec.Lowering;

namespace MmSpec.Cli.Checking;

/// <summary>How much is printed.</summary>
public enum Verbosity
{
    /// <summary>Failures and the summary.</summary>
    Quiet,
    /// <summary>A line for every scenario besides.</summary>
    Normal,
    /// <summary>Times, skipped statements and notes besides.</summary>
    Detailed,
}

/// <summary>What <c>mmspec check</c> was asked to do.</summary>
internal sealed record CheckOptions
{
    /// <summary>Files and directories; none: the current directory.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
    /// <summary>The kernels to run on.</summary>
    public KernelSelection Kernels { get; init; } = KernelSelection.Default;
    /// <summary>Patterns of names, one of which must match; none: all.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];
    /// <summary>Tags, one of which a scenario must have; none: all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    /// <summary>Print the names of the cases instead of running them.</summary>
    public bool List { get; init; }
    /// <summary>Cases that run at a time.</summary>
    public int Jobs { get; init; } = 1;
    /// <summary>Wall-clock bound of a case.</summary>
    public TimeSpan Timeout { get; init; }
    /// <summary>Compare every cached number with what it is computed from, after every step.</summary>
    public bool Paranoid { get; init; }
    /// <summary>Running nothing is no failure.</summary>
    public bool AllowEmpty { get; init; }
    /// <summary>How much is printed.</summary>
    public Verbosity Verbosity { get; init; } = Verbosity.Normal;
}
