using System.Collections.Immutable;
using System.Numerics;
using MmSpec.Catalog;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>What a descriptor refers to, as far as the text tells.</summary>
internal enum FileKind
{
    /// <summary>Not known.</summary>
    Unknown,
    /// <summary>A file of a hugetlbfs mount, or a memfd with MFD_HUGETLB.</summary>
    Hugetlb,
    /// <summary>A file of page-cache pages (memfd, tmpfs, ext4).</summary>
    PageCache,
    /// <summary>A file of /proc or /sys.</summary>
    Proc,
}

/// <summary>Something that a kernel must have, and where the text asks for it.</summary>
internal sealed record Need(Availability Availability, string Name, SourceText Source, TextSpan Span);

/// <summary>A view with its arguments bound.</summary>
internal sealed record ViewUse(View View, ViewCall Call);

/// <summary>A bound expression: its type, the data that lowering prints, and what is known of it before it runs.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Expr">The data; meaningless where the type is an error, a list, a row or a view.</param>
internal sealed record TypedExpr(SpecType Type, Expr Expr)
{
    private static readonly Expr Nothing = new Expr.Const(Value.Absent);

    /// <summary>What was diagnosed already.</summary>
    public static readonly TypedExpr Error = new(SpecType.Error, Nothing);

    /// <summary>The exact value of a constant number.</summary>
    public BigInteger? Exact { get; init; }
    /// <summary>The word of a constant text.</summary>
    public string? Word { get; init; }
    /// <summary>The truth of a constant condition.</summary>
    public bool? Truth { get; init; }
    /// <summary>Members of a list, tuple or set.</summary>
    public ImmutableArray<TypedExpr> Items { get; init; } = [];
    /// <summary>Fields of a row.</summary>
    public ImmutableDictionary<string, TypedExpr>? Fields { get; init; }
    /// <summary>The process that the name, region or descriptor belongs to.</summary>
    public string? Owner { get; init; }
    /// <summary>The named region that places count from.</summary>
    public Expr? Base { get; init; }
    /// <summary>Length of the region in bytes where it is constant.</summary>
    public BigInteger? Length { get; init; }
    /// <summary>Where the region ends, counted from its start, once the kernel has rounded its length up; null: at its length.</summary>
    public BigInteger? Reach { get; init; }
    /// <summary>Line of the step that was to give the value and fails on every covered kernel; 0: there is a value.</summary>
    public int FailsAt { get; init; }
    /// <summary>What a descriptor refers to, or a mapping maps.</summary>
    public FileKind File { get; init; }
    /// <summary>Words that a loop gives the name in its rounds, to find misspelt comparisons; empty: not known.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];
    /// <summary>What a kernel must have for the value to mean something.</summary>
    public ImmutableArray<Need> Needs { get; init; } = [];
    /// <summary>The values of a choice by kernel.</summary>
    public ImmutableArray<TypedExpr> Arms { get; init; } = [];
    /// <summary>An outcome that a judgement compares with.</summary>
    public OutcomePattern? Pattern { get; init; }
    /// <summary>The view, where the expression is a whole view.</summary>
    public ViewUse? View { get; init; }

    /// <summary>Whether it was diagnosed already.</summary>
    public bool IsError => Type.IsError;
    /// <summary>Whether its value is known before the scenario runs, on every kernel.</summary>
    public bool IsConstant => Exact is not null || Word is not null || Truth is not null || Type.Kind is TypeKind.List or TypeKind.Row || Expr is Expr.Const;

    /// <summary>A constant number of some numeric type.</summary>
    public static TypedExpr Number(SpecType type, BigInteger value) => new(type, new Expr.Const(Constant(type, value))) { Exact = value };
    /// <summary>A constant word.</summary>
    public static TypedExpr Text(string word) => new(SpecType.Text, new Expr.Const(Value.OfText(word))) { Word = word };
    /// <summary>A constant truth value.</summary>
    public static TypedExpr OfTruth(bool value) => new(SpecType.Truth, new Expr.Const(Value.OfTruth(value))) { Truth = value };
    /// <summary>A list for loops.</summary>
    public static TypedExpr List(ImmutableArray<TypedExpr> items) => new(SpecType.List, Nothing) { Items = items };
    /// <summary>A row of a list.</summary>
    public static TypedExpr Row(ImmutableDictionary<string, TypedExpr> fields) => new(SpecType.Row, Nothing) { Fields = fields };
    /// <summary>A whole view that is no value by itself.</summary>
    public static TypedExpr WholeView(ViewUse use) => new(SpecType.View, Nothing) { View = use };

    private static Value Constant(SpecType type, BigInteger value)
    {
        // Beyond 128 bits the value is diagnosed where it arises; what stands here is never run.
        var n = value >= (BigInteger)Int128.MinValue && value <= (BigInteger)Int128.MaxValue ? (Int128)value : Int128.Zero;
        return type.Kind switch { TypeKind.Size => Value.OfSize(n), TypeKind.Time => Value.OfTime(n), _ => Value.OfNumber(n) };
    }
}
