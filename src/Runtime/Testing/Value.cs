using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>What a <see cref="Value"/> holds.</summary>
public enum ValueKind : byte
{
    /// <summary>The kernel lacks the field (LANGUAGE §3).</summary>
    Absent,
    /// <summary>A result that never came: the step failed. What needs it is skipped.</summary>
    Poisoned,
    /// <summary>A plain number or count; also flags, a file descriptor, a byte.</summary>
    Number,
    /// <summary>Bytes.</summary>
    Size,
    /// <summary>Nanoseconds.</summary>
    Time,
    /// <summary>True (1) or false (0).</summary>
    Truth,
    /// <summary>Start (in <see cref="Value.Number"/>) and length.</summary>
    Range,
    /// <summary>A word: an errno, a symbol, a string, a state; an opaque identity (compared, never printed) starts with a NUL.</summary>
    Text,
    /// <summary>Several values: <c>pool</c>, a set, VmFlags.</summary>
    Tuple,
    /// <summary><c>pattern(seed)</c>: contents that differ from page to page; the seed is in Number.</summary>
    Pattern,
    /// <summary>An <see cref="Testing.Outcome"/>.</summary>
    Outcome,
}

/// <summary>A value of the language at run time. Immutable; numbers are exact beyond 64 bits.</summary>
public readonly record struct Value(ValueKind Kind, Int128 Number, ulong Length, object? Reference)
{
    /// <summary>The kernel lacks the field.</summary>
    public static Value Absent => default;
    /// <summary>A poisoned name; the line is the step's whose result is missing.</summary>
    public static Value Poisoned(int line) => new(ValueKind.Poisoned, line, 0, null);
    /// <summary>A plain number.</summary>
    public static Value OfNumber(Int128 n) => new(ValueKind.Number, n, 0, null);
    /// <summary>Bytes.</summary>
    public static Value OfSize(Int128 bytes) => new(ValueKind.Size, bytes, 0, null);
    /// <summary>Nanoseconds.</summary>
    public static Value OfTime(Int128 ns) => new(ValueKind.Time, ns, 0, null);
    /// <summary>A truth value.</summary>
    public static Value OfTruth(bool b) => new(ValueKind.Truth, b ? 1 : 0, 0, null);
    /// <summary>A half-open address range.</summary>
    public static Value OfRange(ulong start, ulong length) => new(ValueKind.Range, start, length, null);
    /// <summary>A word.</summary>
    public static Value OfText(string s) => new(ValueKind.Text, 0, 0, s);
    /// <summary>Several values.</summary>
    public static Value OfTuple(ImmutableArray<Value> items) => new(ValueKind.Tuple, 0, 0, items.ToArray());
    /// <summary>Contents of <c>pattern(seed)</c>.</summary>
    public static Value OfPattern(Int128 seed) => new(ValueKind.Pattern, seed, 0, null);
    /// <summary>An outcome as a value (judgements compare labels with them).</summary>
    public static Value OfOutcome(Outcome o) => new(ValueKind.Outcome, 0, 0, o);

    /// <summary>Start of a range, in bytes.</summary>
    public ulong Start => (ulong)Number;
    /// <summary>The word of a Text.</summary>
    public string Text => (string)Reference!;
    /// <summary>The members of a Tuple.</summary>
    public ReadOnlySpan<Value> Items => (Value[])Reference!;
    /// <summary>Whether it can be computed with.</summary>
    public bool IsNumeric => Kind is ValueKind.Number or ValueKind.Size or ValueKind.Time;

    /// <summary>Equality of meaning: 4096 == 4K; tuples by member; outcomes by <see cref="Outcome.Equals(Outcome)"/>.</summary>
    public bool Equals(Value other)
    {
        if (IsNumeric && other.IsNumeric) return Number == other.Number;
        if (Kind != other.Kind || Number != other.Number || Length != other.Length) return false;
        return Kind == ValueKind.Tuple ? Items.SequenceEqual(other.Items) : Equals(Reference, other.Reference);
    }

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Number, Length);

    /// <summary>As a specification would write it.</summary>
    public override string ToString() => ValueFormat.Format(this);
}
