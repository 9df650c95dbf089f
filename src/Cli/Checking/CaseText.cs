using MmSpec.Kernels;
using MmSpec.NUnit;
using MmSpec.Testing;

namespace MmSpec.Cli.Checking;

/// <summary>Small questions about results that counting and printing share.</summary>
internal static class CaseText
{
    /// <summary>The verdict; null where the tool itself failed. A case that had to be given up is undecided.</summary>
    public static CaseVerdict? VerdictOf(CaseResult result) => result.Result?.Verdict ?? (result.Error is TimeoutException || RanOut(result.Error) ? CaseVerdict.Undecided : null);

    /// <summary>Why there is no verdict, or an undecided or inapplicable one.</summary>
    public static string? ReasonOf(CaseResult result) => RanOut(result.Error) ? "memory ran out" : result.Error is { } x ? x.Message : result.Result?.Reason;

    private static bool RanOut(Exception? error) => error is OutOfMemoryException || (error?.InnerException is { } inner && RanOut(inner));

    /// <summary>The kernel of a case.</summary>
    public static Kernel KernelOf(CaseResult result) => result.Result?.Kernel ?? (Kernel.TryParse(result.Case.Kernel, out var kernel) ? kernel : new Kernel(KernelReleases.Newest));

    /// <summary>Title and row, as printed.</summary>
    public static string TitleOf(SpecCase c) => Output.PlainText.Escape(c.Scenario.Title + (c.RowName.Length == 0 ? "" : $"[{c.RowName}]"));
}
