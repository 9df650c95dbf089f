namespace MmSpec.Cli;

/// <summary>What the process ends with. Where several apply the worst wins, see <see cref="Worst"/>.</summary>
public static class ExitCodes
{
    /// <summary>Everything holds.</summary>
    public const int Ok = 0;
    /// <summary>An expectation does not hold.</summary>
    public const int Failed = 1;
    /// <summary>Some input does not compile; the other files still ran.</summary>
    public const int DoesNotCompile = 2;
    /// <summary>A bound was reached before a verdict.</summary>
    public const int Undecided = 3;
    /// <summary>Nothing ran on any target.</summary>
    public const int NothingRan = 4;
    /// <summary>The command line is wrong, or names what does not exist.</summary>
    public const int Usage = 64;
    /// <summary>The target cannot be used.</summary>
    public const int TargetUnavailable = 69;
    /// <summary>A defect of the tool, or its results could not be written.</summary>
    public const int Internal = 70;
    /// <summary>Ended by SIGINT.</summary>
    public const int Interrupted = 130;
    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>What each means, for people.</summary>
    public static IReadOnlyList<(string Number, string Meaning)> Meanings { get; } =
    [
        ("0", "everything holds"),
        ("1", "something failed: an expectation, or a known gap that holds on every kernel"),
        ("2", "some input does not compile; the other files still ran"),
        ("3", "undecided: a bound of time, steps or states was reached"),
        ("4", "nothing ran (0 with --allow-empty)"),
        ("64", "the command line is wrong, or names what does not exist"),
        ("69", "the target cannot be used"),
        ("70", "internal error"),
        ("130,143", "ended by SIGINT, SIGTERM"),
    ];

    private static readonly int[] BySeverity = [Internal, TargetUnavailable, Usage, DoesNotCompile, Failed, Undecided, NothingRan, Ok];

    /// <summary>The worse of two codes; the end by a signal is worse than everything.</summary>
    public static int Worst(int a, int b)
    {
        if (a is Interrupted or Terminated) return a;
        if (b is Interrupted or Terminated) return b;
        return Array.IndexOf(BySeverity, a) <= Array.IndexOf(BySeverity, b) ? a : b;
    }
}
