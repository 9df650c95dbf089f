using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>Outcomes and patterns as a specification writes them.</summary>
internal static class OutcomeText
{
    /// <summary>One member of an expected outcome.</summary>
    public static string Format(OutcomePattern p, EvaluationScope scope) => p.Kind switch
    {
        OutcomeKind.Ok => "ok",
        OutcomeKind.Any => "any",
        OutcomeKind.Blocked => "blocked",
        OutcomeKind.Mismatch => "mismatch",
        OutcomeKind.Skipped => "not run",
        OutcomeKind.Errno => p.Name ?? "an errno",
        OutcomeKind.Signal => (p.Name ?? "a signal") + (p.Code is null ? "" : " " + p.Code) + (p.At is null ? "" : " at " + ExprText.Format(p.At, scope)),
        OutcomeKind.Killed => "killed " + p.Name,
        OutcomeKind.OomKill => $"oom-kill({(p.Processes.IsDefault ? "" : string.Join(", ", p.Processes))})",
        OutcomeKind.Exit => "exit " + (p.Value is null ? "" : ExprText.Format(p.Value, scope)),
        OutcomeKind.Returns => p.Value is null ? "a value" : ExprText.Format(p.Value, scope),
        OutcomeKind.Bug => "BUG",
        OutcomeKind.Warn => "WARN",
        OutcomeKind.Undefined => "undefined",
        _ => "oops",
    };

    /// <summary><c>A or B</c>.</summary>
    public static string Format(ImmutableArray<OutcomePattern> anyOf, EvaluationScope scope) => string.Join(" or ", anyOf.Select(p => Format(p, scope)));

    /// <summary>What came: with its place relative to the region that the step is about, and with the value where one came back.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="returned">What the step returned.</param>
    /// <param name="region">The region that places count from, or null.</param>
    /// <param name="showValue">A success shows its value.</param>
    public static string Format(Outcome outcome, Value returned, Value? region, bool showValue)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Ok when showValue && returned.Kind is not (ValueKind.Absent or ValueKind.Poisoned): return returned.ToString();
            case OutcomeKind.Signal: return $"{outcome.Name} {outcome.Code} at {Place(outcome.At, region)}";
            case OutcomeKind.Killed when outcome.Code is not null: return $"killed {outcome.Name} ({outcome.Code} at {Place(outcome.At, region)})";
            case OutcomeKind.Mismatch: return $"0x{outcome.Got:x2} at {Place(outcome.At, region)}";
            default: return outcome.ToString();
        }
    }

    private static string Place(ulong address, Value? region)
    {
        if (region is not { Kind: ValueKind.Range } r) return $"0x{address:x}";
        var offset = (Int128)address - r.Start;
        if (offset == 0) return "0";
        // Far outside of the region an offset says less than the address.
        return offset >= -(Int128)r.Length - 4096 && offset <= 2 * (Int128)r.Length + 4096 ? Value.OfSize(offset).ToString() : $"0x{address:x}";
    }
}
