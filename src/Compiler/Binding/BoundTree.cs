using System.Collections.Immutable;
using MmSpec.Kernels;
using MmSpec.Testing;

namespace MmSpec.Binding;

/// <summary>A file without errors, ready to be lowered.</summary>
/// <param name="Path">As shown in <c>#line</c> and test names.</param>
/// <param name="Scenarios">In source order.</param>
public sealed record BoundFile(string Path, ImmutableArray<BoundScenario> Scenarios);

/// <summary>A scenario. Its body was bound once for every row of its header.</summary>
/// <param name="Title">Unique in the file.</param>
/// <param name="Documentation">Or null.</param>
/// <param name="Tags">Categories.</param>
/// <param name="Line">1-based line of the header.</param>
/// <param name="Covered">The kernels it speaks for.</param>
/// <param name="Named">Every condition that an arm or <c>when kernel</c> of it names, for the choice of representatives.</param>
/// <param name="Rows">At least one.</param>
/// <param name="LocalPatches">Patches that the file (or an import) defines.</param>
public sealed record BoundScenario(string Title, string? Documentation, ImmutableArray<string> Tags, int Line, KernelSet Covered, ImmutableArray<Condition> Named,
    ImmutableArray<BoundRow> Rows, ImmutableArray<Patch> LocalPatches);

/// <summary>One row of the header's cross product.</summary>
/// <param name="Name">For <c>title[name]</c>; empty where the header has no <c>for</c>.</param>
/// <param name="Machine">With bases merged and rows substituted.</param>
/// <param name="Slots">How many slots its steps use.</param>
/// <param name="Body">Statements in order.</param>
public sealed record BoundRow(string Name, Machine Machine, int Slots, ImmutableArray<BoundNode> Body);

/// <summary>A statement. Line and column are those of its first token; File is null unless it stands in another file (a def).</summary>
public abstract record BoundNode(int Line, int Column);

/// <summary>A step.</summary>
public sealed record BoundStep(Step Step) : BoundNode(Step.Line, Step.Column);
/// <summary>An expectation.</summary>
public sealed record BoundExpect(Expectation Expectation) : BoundNode(Expectation.Line, Expectation.Column);
/// <summary><c>let x = EXPR</c>.</summary>
public sealed record BoundLet(int Line, int Column, string Text, int Slot, Expr Value) : BoundNode(Line, Column);
/// <summary><c>let t = snapshot</c>: the views that some <c>since t</c> looks at, resolved, so that a target need not keep a whole world.</summary>
public sealed record BoundSnapshot(int Line, int Column, string Text, int Slot, ImmutableArray<ViewCall> Views) : BoundNode(Line, Column);
/// <summary><c>when kernel</c>; the <c>when</c> of a row is resolved by the binder.</summary>
public sealed record BoundWhen(int Line, int Column, Condition Condition, ImmutableArray<BoundNode> Then, ImmutableArray<BoundNode> Else) : BoundNode(Line, Column);
/// <summary><c>repeat n</c>; a <c>for</c> in a body is unrolled by the binder.</summary>
public sealed record BoundRepeat(int Line, int Column, long Count, ImmutableArray<BoundNode> Body) : BoundNode(Line, Column);
/// <summary>A call of a def: its body with the arguments substituted, a method of its own. File is where the def stands, DefLine its header.</summary>
public sealed record BoundDefCall(int Line, int Column, string Text, string Name, string File, int DefLine, ImmutableArray<BoundNode> Body) : BoundNode(Line, Column);
/// <summary><c>parallel</c> and <c>judge</c>.</summary>
public sealed record BoundParallel(ParallelBlock Block) : BoundNode(Block.Line, Block.Column);
/// <summary><c>known-gap</c>.</summary>
public sealed record BoundKnownGap(int Line, int Column, string Reason, ImmutableArray<BoundNode> Body) : BoundNode(Line, Column);
