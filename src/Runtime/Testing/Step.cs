using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>A named operand of a step, in the order of the catalogue, defaults filled in.</summary>
public sealed record Operand(string Name, Expr Value);

/// <summary>
/// One step as data: the same record drives the emulator, a real kernel, traces and reports. Its text and place are for people.
/// </summary>
/// <param name="Line">1-based line of its first token.</param>
/// <param name="Column">1-based UTF-16 column.</param>
/// <param name="Text">As written, white space collapsed.</param>
/// <param name="Process">Who does it; <c>root</c> for the administrator, <c>kernel</c> for the kernel's own actors.</param>
/// <param name="Operation">Name in the operation catalogue: a syscall, <c>load</c>, <c>store</c>, <c>fork</c>, <c>exit</c>, <c>sysctl</c> …</param>
/// <param name="Operands">Operands.</param>
public sealed record Step(int Line, int Column, string Text, string Process, string Operation, ImmutableArray<Operand> Operands)
{
    /// <summary>The thread inside the process, null for its main flow.</summary>
    public string? Thread { get; init; }
    /// <summary>Where the returned value goes, or -1.</summary>
    public int Result { get; init; } = -1;
    /// <summary>The expected outcome by kernel; default: must be <c>ok</c>.</summary>
    public ImmutableArray<Arm<OutcomeSet>> Expected { get; init; }
    /// <summary><c>== BYTE</c> or <c>== pattern(n)</c> of load, read and pread.</summary>
    public Expr? Content { get; init; }
    /// <summary><c>faults N</c>.</summary>
    public Expr? Faults { get; init; }
    /// <summary><c>as w</c>.</summary>
    public string? Label { get; init; }
    /// <summary>The named region that <c>at</c> counts from; null: the region of the first operand.</summary>
    public Expr? Base { get; init; }
}

/// <summary>The straight line that one thread of a <c>parallel</c> block runs.</summary>
public sealed record ThreadProgram(string Process, string Name, ImmutableArray<Step> Steps);

/// <summary>What a target answers to one step.</summary>
/// <param name="Outcome">How it came out.</param>
/// <param name="Returned">What it returned: a range for mmap and mremap, an fd, a count, the byte of a one-byte load; Absent where nothing is returned.</param>
/// <param name="Faults">Page faults it took (minflt + majflt).</param>
public sealed record StepResult(Outcome Outcome, Value Returned, long Faults);
