using System.Collections.Immutable;
using MmSpec.Kernels;

namespace MmSpec.Testing;

/// <summary>One arm of a choice by kernel; the first whose condition holds counts.</summary>
public sealed record Arm<T>(Condition When, T Then);

/// <summary>Operators of <see cref="Expr.Unary"/>.</summary>
public enum UnaryOperator
{
    /// <summary>-x</summary>
    Negate,
    /// <summary>not x</summary>
    Not
}

/// <summary>Operators of <see cref="Expr.Binary"/>.</summary>
public enum BinaryOperator
{
#pragma warning disable CS1591
    Add, Subtract, Multiply, Divide, Remainder, BitOr, Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual,
    /// <summary>Left is a member of the tuple on the right.</summary>
    In,
    /// <summary>The tuple on the left (VmFlags) contains the word on the right.</summary>
    Has, And, Or,
#pragma warning restore CS1591
}

/// <summary>An expression as data. Everything that is constant for a case has been folded by the binder.</summary>
public abstract record Expr
{
    private Expr() { }

    /// <summary>A literal.</summary>
    public sealed record Const(Value Value) : Expr;
    /// <summary>What an earlier <c>let</c> of this case stored.</summary>
    public sealed record Slot(int Index, string Name) : Expr;
    /// <summary>A choice by kernel.</summary>
    public sealed record Choice(ImmutableArray<Arm<Expr>> Arms) : Expr;
    /// <summary><c>x[from .. to]</c>, half open, relative to x's start; To null: one byte at From.</summary>
    public sealed record Slice(Expr Range, Expr From, Expr? To) : Expr;
    /// <summary><c>x.start</c>, <c>x.end</c> (numbers: addresses) or <c>x.length</c> (a size).</summary>
    public sealed record Part(Expr Range, RangePart Which) : Expr;
    /// <summary><c>range(addr, len)</c>.</summary>
    public sealed record MakeRange(Expr Address, Expr Length) : Expr;
    /// <summary><c>aligned(x, 2M)</c>: the largest aligned range inside x.</summary>
    public sealed record Aligned(Expr Range, Expr Size) : Expr;
    /// <summary>An operator with one operand.</summary>
    public sealed record Unary(UnaryOperator Operator, Expr Operand) : Expr;
    /// <summary>An operator with two operands.</summary>
    public sealed record Binary(BinaryOperator Operator, Expr Left, Expr Right) : Expr;
    /// <summary><c>(a, b)</c>, <c>{ a, b }</c> and <c>[ a, b ]</c>.</summary>
    public sealed record TupleOf(ImmutableArray<Expr> Items) : Expr;
    /// <summary>A field of a view, or (Field null) the whole of a view that is one value or tuple: <c>pool</c>, <c>state(p)</c>, <c>byte(R)</c>, <c>page(R)</c>.</summary>
    public sealed record View(ViewCall Call, string? Field) : Expr;
    /// <summary><c>count(vmas(R))</c>: the number of entries of a view.</summary>
    public sealed record CountEntries(ViewCall Call) : Expr;
    /// <summary><c>count(w1 == ok, m == ok)</c>: how many hold.</summary>
    public sealed record CountTrue(ImmutableArray<Expr> Items) : Expr;
    /// <summary>In a judgement: the outcome of a labelled step.</summary>
    public sealed record LabelOutcome(string Label) : Expr;
    /// <summary>In a judgement: what a labelled step loaded or returned.</summary>
    public sealed record LabelValue(string Label) : Expr;
    /// <summary>In a judgement: a built-in event of the run (<c>deadlock</c>, <c>BUG</c> …).</summary>
    public sealed record Happened(string Event) : Expr;
    /// <summary>In a judgement: P held in some state at a scheduling point of the run.</summary>
    public sealed record Ever(Expr Property) : Expr;
    /// <summary>A label's outcome matches a pattern: <c>w1 == SIGBUS</c>.</summary>
    public sealed record Matches(Expr Outcome, OutcomePattern Pattern) : Expr;
    /// <summary><c>placed(align: 2M)</c>, <c>placed(offset: 4K into 2M)</c>, <c>placed(adjacent: x)</c>, where an address stands.</summary>
    public sealed record Placed(Expr? Align, Expr? Offset, Expr? Into, Expr? Adjacent) : Expr;
}

/// <summary>Parts of a range.</summary>
public enum RangePart
{
    /// <summary>First byte.</summary>
    Start,
    /// <summary>First byte after it.</summary>
    End,
    /// <summary>Bytes.</summary>
    Length
}

/// <summary>A view with its arguments: <c>smaps(buf)</c> of process p.</summary>
/// <param name="Name">As the catalogue spells it.</param>
/// <param name="Process">Whose address space or fd table; null for system views.</param>
/// <param name="Arguments">In order of the catalogue.</param>
/// <param name="Since">Slot of the snapshot to subtract, or -1.</param>
public sealed record ViewCall(string Name, string? Process, ImmutableArray<Expr> Arguments, int Since = -1);
