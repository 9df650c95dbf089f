using MmSpec.Kernels;

namespace MmSpec.Testing.Notation;

/// <summary>The words of the notation for the enumerations. Tables by hand: parsing enumerations by name costs reflection at every start.</summary>
internal static class NotationWords
{
    private static readonly string[] Operators = ["+", "-", "*", "/", "%", "|", "==", "!=", "<", "<=", ">", ">=", "in", "has", "and", "or"];
    private static readonly string[] Outcomes =
        ["ok", "errno", "signal", "killed", "oom", "blocked", "exit", "bug", "warn", "undefined", "oops", "mismatch", "any", "returns", "skipped"];
    private static readonly string[] Verdicts = ["always", "sometimes", "never"];
    private static readonly string[] Parts = ["start", "end", "length"];
    private static readonly string[] Sets = ["exact", "from", "between", "line"];

    public static string Of(BinaryOperator value) => Operators[(int)value];
    public static string Of(OutcomeKind value) => Outcomes[(int)value];
    public static string Of(Verdict value) => Verdicts[(int)value];
    public static string Of(RangePart value) => Parts[(int)value];
    public static string Of(KernelSetKind value) => Sets[(int)value];

    public static BinaryOperator Operator(ReadOnlySpan<char> word) => (BinaryOperator)Index(Operators, word);
    public static OutcomeKind Outcome(ReadOnlySpan<char> word) => (OutcomeKind)Index(Outcomes, word);
    public static Verdict Verdict(ReadOnlySpan<char> word) => (Verdict)Index(Verdicts, word);
    public static KernelSetKind Set(ReadOnlySpan<char> word) => (KernelSetKind)Index(Sets, word);

    private static int Index(string[] words, ReadOnlySpan<char> word)
    {
        for (var i = 0; i < words.Length; i++) if (word.SequenceEqual(words[i])) return i;
        throw new FormatException($"'{word}' is none of {string.Join(", ", words)}.");
    }
}
