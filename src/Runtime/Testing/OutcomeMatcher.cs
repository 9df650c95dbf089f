using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>Compares what came of a step with what a specification allows.</summary>
public static class OutcomeMatcher
{
    private static readonly ImmutableArray<OutcomePattern> MustSucceed = [new(OutcomeKind.Ok)];
    // exit and wait that are not asked how they came out succeed with any code.
    private static readonly ImmutableArray<OutcomePattern> AnyEnd = [new(OutcomeKind.Ok), new(OutcomeKind.Exit), new(OutcomeKind.Killed)];

    /// <summary>What the step may come to on this kernel; a step without an outcome must succeed.</summary>
    /// <exception cref="EvaluationException">The step has arms, and none is for this kernel.</exception>
    public static ImmutableArray<OutcomePattern> Allowed(Step step, EvaluationScope scope)
    {
        if (step.Expected.IsDefaultOrEmpty) return step.Operation is "exit" or "wait" ? AnyEnd : MustSucceed;
        return Evaluator.Choose(step.Expected, scope)?.AnyOf ?? throw new EvaluationException("no arm of the outcome is for this kernel");
    }

    /// <summary>
    /// Whether a signal in this step is caught rather than fatal: it is one of the allowed outcomes, or the step has a label (a judgement may ask for it)
    /// and states no outcome of its own.
    /// </summary>
    public static bool SignalExpected(Step step, EvaluationScope scope)
    {
        if (step.Expected.IsDefaultOrEmpty) return step.Label is not null;
        foreach (var pattern in Allowed(step, scope)) if (pattern.Kind == OutcomeKind.Signal) return true;
        return false;
    }

    /// <summary>Whether one of the patterns allows the outcome.</summary>
    public static bool Matches(ImmutableArray<OutcomePattern> anyOf, Outcome outcome, Value returned, Value? region, EvaluationScope scope)
    {
        foreach (var pattern in anyOf) if (Matches(pattern, outcome, returned, region, scope)) return true;
        return false;
    }

    /// <summary>Whether the pattern allows the outcome.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="outcome">What came.</param>
    /// <param name="returned">What was returned with it.</param>
    /// <param name="region">The region that <c>at</c> counts from; null: from address 0.</param>
    /// <param name="scope">For the pattern's expressions.</param>
    public static bool Matches(OutcomePattern pattern, Outcome outcome, Value returned, Value? region, EvaluationScope scope)
    {
        switch (pattern.Kind)
        {
            case OutcomeKind.Any: return outcome.Kind != OutcomeKind.Skipped;
            case OutcomeKind.Returns: return outcome.Kind == OutcomeKind.Ok && Equal(pattern.Value!, returned, scope);
            case OutcomeKind.OomKill: return outcome.Kind == OutcomeKind.OomKill && (pattern.Processes.IsDefaultOrEmpty || pattern.Processes.Contains(outcome.Name!));
            case OutcomeKind.Exit: return outcome.Kind == OutcomeKind.Exit && (pattern.Value is null || Equal(pattern.Value, Value.OfNumber(outcome.At), scope));
            case OutcomeKind.Bug or OutcomeKind.Warn or OutcomeKind.Undefined or OutcomeKind.Oops: return outcome.Kind == pattern.Kind;
            case OutcomeKind.Signal:
                return outcome.Kind == OutcomeKind.Signal && Named(pattern, outcome) && (pattern.Code is null || pattern.Code == outcome.Code) && Placed(pattern, outcome, region, scope);
            default: return outcome.Kind == pattern.Kind && Named(pattern, outcome);
        }
    }

    /// <summary>The region that a step's places count from: its base, or else its first operand that is a range.</summary>
    public static Value? Region(Step step, ReadOnlySpan<Value> operands, EvaluationScope scope)
    {
        if (step.Base is not null) return Evaluator.Evaluate(step.Base, scope) is { Kind: ValueKind.Range } named ? named : null;
        foreach (var operand in operands) if (operand.Kind == ValueKind.Range) return operand;
        return null;
    }

    private static bool Named(OutcomePattern pattern, Outcome outcome) => pattern.Name is null || pattern.Name == outcome.Name;

    private static bool Equal(Expr expected, Value got, EvaluationScope scope) =>
        Arithmetic.Apply(BinaryOperator.Equal, got, Evaluator.Evaluate(expected, scope)).Number != 0;

    private static bool Placed(OutcomePattern pattern, Outcome outcome, Value? region, EvaluationScope scope)
    {
        if (pattern.At is null) return true;
        var at = Evaluator.Evaluate(pattern.At, scope);
        // `at buf[2M]` names the place itself, `at 2M` counts from the region.
        if (at.Kind == ValueKind.Range) return at.Start == outcome.At;
        return at.IsNumeric && unchecked((ulong)(at.Number + (region?.Start ?? 0))) == outcome.At;
    }
}
