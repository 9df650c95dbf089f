using System.Collections.Immutable;
using MmSpec.Kernels;

namespace MmSpec.Testing;

/// <summary>How a case (a scenario, one row of it, on one kernel) ended.</summary>
public enum CaseVerdict : byte
{
    /// <summary>Every expectation holds.</summary>
    Passed,
    /// <summary>Some expectation does not hold.</summary>
    Failed,
    /// <summary>A bound (steps, time, states) was reached before that could be said.</summary>
    Undecided,
    /// <summary>The target cannot be what the machine asks for; <see cref="RunResult.Reason"/> says why.</summary>
    NotApplicable,
}

/// <summary>A place in a specification.</summary>
/// <param name="File">As shown.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based UTF-16 column.</param>
/// <param name="Text">The statement as written.</param>
public sealed record SpecPlace(string File, int Line, int Column, string Text);

/// <summary>An expectation that does not hold.</summary>
/// <param name="Place">The statement; inside a def it stands in the def's file.</param>
/// <param name="Message">What was allowed, and what came.</param>
public sealed record Failure(SpecPlace Place, string Message)
{
    /// <summary>The calls of defs that led there, outermost first.</summary>
    public ImmutableArray<SpecPlace> Calls { get; init; } = [];
    /// <summary>How the value came about, or the schedule that shows it; may be empty.</summary>
    public ImmutableArray<string> Explanation { get; init; } = [];
    /// <summary>The line of the scenario itself: the outermost call, or the statement.</summary>
    public SpecPlace Outermost => Calls.IsEmpty ? Place : Calls[0];
}

/// <summary>A statement that was not run, and why: <c>needs line 12</c>, <c>p died at line 12</c>.</summary>
public sealed record Skip(SpecPlace Place, string Reason);

/// <summary>What became of a <c>known-gap</c> on one kernel.</summary>
/// <param name="Place">Its header.</param>
/// <param name="Reason">Why the model is known to be wrong.</param>
/// <param name="Held">Everything in it held, so that there is no gap on this kernel.</param>
public sealed record GapResult(SpecPlace Place, string Reason, bool Held);

/// <summary>A fact about the run that is no failure: modelled code that corrupts memory, the size of a search.</summary>
/// <param name="Place">The statement.</param>
/// <param name="Text">The fact.</param>
/// <param name="IsDetail">Of interest to whoever asks for details only.</param>
public sealed record Note(SpecPlace Place, string Text, bool IsDetail = false);

/// <summary>What a case came to.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Kernel">The kernel that it ran on.</param>
/// <param name="Failures">In order of execution.</param>
/// <param name="Skips">Statements that were not run.</param>
/// <param name="Gaps">Known gaps.</param>
/// <param name="Notes">Facts worth a line.</param>
/// <param name="Reason">Why it is undecided or not applicable; else null.</param>
/// <param name="Statements">Statements that were executed.</param>
public sealed record RunResult(CaseVerdict Verdict, Kernel Kernel, ImmutableArray<Failure> Failures, ImmutableArray<Skip> Skips, ImmutableArray<GapResult> Gaps,
    ImmutableArray<Note> Notes, string? Reason, long Statements)
{
    /// <summary>Rules that the result hangs on although no real kernel has confirmed them, in order of id.</summary>
    public ImmutableArray<Rule> Unconfirmed { get; init; } = [];
}

/// <summary>Bounds of a run; a specification is untrusted input.</summary>
public sealed record RunOptions
{
    /// <summary>Wall-clock bound of one case.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
    /// <summary>How many statements one case may execute, loops included.</summary>
    public long StatementBudget { get; init; } = 10_000_000;
    /// <summary>Ask a target that can check itself to do so after every step.</summary>
    public bool Paranoid { get; init; }
    /// <summary>Failures after which a case stops looking for more.</summary>
    public int MaxFailures { get; init; } = 100;
}

/// <summary>The target contradicts itself: what it caches is not what it computes. A defect of the model, never of a specification.</summary>
public sealed class InconsistentTargetException(string message) : Exception(message);
