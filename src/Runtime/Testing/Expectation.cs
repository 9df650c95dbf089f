using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary><c>field: >= 16K</c> in the braces of an expectation.</summary>
public sealed record FieldCheck(int Line, int Column, string Field, BinaryOperator Operator, Expr Value);

/// <summary>An attribute of a page or mincore entry: <c>order 4</c>, <c>not resident</c>.</summary>
public sealed record PageAttribute(string Name, Expr? Argument, bool Negated);

/// <summary><c>0 .. 4K: present zero-page</c>, <c>0 .. 4K: "rw-p"</c>; offsets in bytes relative to the view's region.</summary>
public sealed record EntryCheck(int Line, int Column, Expr From, Expr To, ImmutableArray<Arm<ImmutableArray<PageAttribute>>> Attributes);

/// <summary>An <c>expect</c> as data; exactly one of Condition, Fields and Entries is set.</summary>
public sealed record Expectation(int Line, int Column, string Text)
{
    /// <summary>A truth value.</summary>
    public Expr? Condition { get; init; }
    /// <summary>The view that Fields and Entries look at.</summary>
    public ViewCall? View { get; init; }
    /// <summary>Checks of single fields.</summary>
    public ImmutableArray<FieldCheck> Fields { get; init; }
    /// <summary>Checks of stretches of a region.</summary>
    public ImmutableArray<EntryCheck> Entries { get; init; }
}

/// <summary>A verdict over all final states.</summary>
public enum Verdict
{
    /// <summary>In every final state.</summary>
    Always,
    /// <summary>In at least one.</summary>
    Sometimes,
    /// <summary>In none.</summary>
    Never
}

/// <summary>One line of <c>judge</c>.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based.</param>
/// <param name="Text">As written.</param>
/// <param name="Property">A truth value of a final state; null for <c>outcomes</c>.</param>
/// <param name="Verdicts">By kernel, for a property.</param>
/// <param name="Labels">For <c>outcomes (w1, m)</c>.</param>
/// <param name="Allowed">For <c>outcomes</c>, by kernel: the tuples of patterns of which the seen ones must be a subset.</param>
public sealed record Judgement(int Line, int Column, string Text, Expr? Property, ImmutableArray<Arm<Verdict>> Verdicts,
    ImmutableArray<string> Labels, ImmutableArray<Arm<ImmutableArray<ImmutableArray<OutcomePattern>>>> Allowed);

/// <summary><c>parallel</c> with its <c>judge</c>.</summary>
public sealed record ParallelBlock(int Line, int Column, ImmutableArray<ThreadProgram> Threads, ImmutableArray<Judgement> Judgements);
