using System.Collections.Immutable;
using MmSpec.Text;

namespace MmSpec.Syntax;

/// <summary>A statement.</summary>
public abstract record StatementSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary>
/// <c>[let x =] CALL [== CONTENT] [-> OUTCOME] [faults N] [as w]</c>, and <c>let x = EXPR</c>. What is called, loaded, stored or computed is
/// Value; the binder knows from its name whether it is a step, a view, a def or a value. Content is set wherever a call stands left of
/// a <c>==</c> that is not part of anything larger; where the call is a view, the two are a comparison.
/// </summary>
public sealed record StepSyntax(TextSpan Span, NameSyntax? Let, ExpressionSyntax Value, ExpressionSyntax? Content, OutcomeSyntax? Outcome,
    ExpressionSyntax? Faults, NameSyntax? Label) : StatementSyntax(Span);

/// <summary><c>fork q [-> OUTCOME] [faults N] [as w]</c>; Count is the N of <c>fork w[4000]</c> in timed blocks.</summary>
public sealed record ForkSyntax(TextSpan Span, NameSyntax Child, ExpressionSyntax? Count, OutcomeSyntax? Outcome, ExpressionSyntax? Faults, NameSyntax? Label) : StatementSyntax(Span);

/// <summary>
/// What the administrator or a kernel actor does in words: <c>sysctl "x" = 3</c>, <c>sysfs "x" = always</c>, <c>khugepaged scan p until settled</c>,
/// <c>drop_caches 3</c>, <c>poison p.buf[0]</c>, <c>migrate R to node 1</c>, <c>mount hugetlbfs "/b" { }</c>, <c>umount "/b"</c>, <c>pin R</c>, <c>unpin R</c>, <c>gup_fast R</c>.
/// Words are the bare words in order; Operands the expressions in order; Value follows <c>=</c>; Items are the braces.
/// </summary>
public sealed record ActionSyntax(TextSpan Span, NameSyntax Verb, ImmutableArray<NameSyntax> Words, ImmutableArray<ExpressionSyntax> Operands, ExpressionSyntax? Value,
    ImmutableArray<MachineItemSyntax> Items, OutcomeSyntax? Outcome, ExpressionSyntax? Faults, NameSyntax? Label) : StatementSyntax(Span);

/// <summary><c>inject ENOMEM at SITE (nth: 1)</c>, <c>inject ENOMEM at SITE (any)</c></summary>
public sealed record InjectSyntax(TextSpan Span, NameSyntax Errno, NameSyntax Site, ImmutableArray<ArgumentSyntax> Arguments) : StatementSyntax(Span);

/// <summary>
/// <c>process p as uid 1000 … { … }</c>, <c>new process q { … }</c>, <c>p: STATEMENT</c> has Braces false. Count is the N of <c>process w[4000]</c> in
/// timed blocks, where the body may be missing (default).
/// </summary>
public sealed record ProcessBlockSyntax(TextSpan Span, bool New, NameSyntax Process, ImmutableArray<ProcessAttributeSyntax> Attributes, ImmutableArray<StatementSyntax> Body, bool Braces,
    ExpressionSyntax? Count = null) : StatementSyntax(Span);

/// <summary><c>as uid 1000</c>, <c>caps none</c>, <c>in cgroup db</c>, <c>on cpu 0</c>, <c>rlimit MEMLOCK 64K</c>: Words with their values.</summary>
public sealed record ProcessAttributeSyntax(TextSpan Span, ImmutableArray<NameSyntax> Words, ImmutableArray<ExpressionSyntax> Values) : SyntaxNode(Span);

/// <summary><c>start t { … }</c>, <c>start q.t { … }</c></summary>
public sealed record StartSyntax(TextSpan Span, NameSyntax? Process, NameSyntax Thread, ImmutableArray<StatementSyntax> Body) : StatementSyntax(Span);

/// <summary><c>join t</c>, <c>join q.t</c></summary>
public sealed record JoinSyntax(TextSpan Span, NameSyntax? Process, NameSyntax Thread) : StatementSyntax(Span);

/// <summary><c>for x in LIST { … }</c></summary>
public sealed record ForSyntax(TextSpan Span, NameSyntax Variable, ExpressionSyntax List, ImmutableArray<StatementSyntax> Body) : StatementSyntax(Span);

/// <summary><c>repeat n { … }</c></summary>
public sealed record RepeatSyntax(TextSpan Span, ExpressionSyntax Count, ImmutableArray<StatementSyntax> Body) : StatementSyntax(Span);

/// <summary><c>when kernel SET { … } else { … }</c> (Kernel) or <c>when kind == file { … }</c> (Test). Else is default where there is none; <c>else when</c> is one nested statement.</summary>
public sealed record WhenSyntax(TextSpan Span, ConditionSyntax? Kernel, ExpressionSyntax? Test, ImmutableArray<StatementSyntax> Then, ImmutableArray<StatementSyntax> Else) : StatementSyntax(Span);

/// <summary><c>return x</c> in a def.</summary>
public sealed record ReturnSyntax(TextSpan Span, ExpressionSyntax Value) : StatementSyntax(Span);

/// <summary><c>known-gap "reason" { … }</c></summary>
public sealed record KnownGapSyntax(TextSpan Span, StringLiteralSyntax Reason, ImmutableArray<StatementSyntax> Body) : StatementSyntax(Span);

/// <summary><c>expect EXPR</c> (Entries default) or <c>expect VIEW { … }</c>.</summary>
public sealed record ExpectSyntax(TextSpan Span, ExpressionSyntax Subject, ImmutableArray<ExpectEntrySyntax> Entries) : StatementSyntax(Span);

/// <summary>An entry in the braces of an expectation.</summary>
public abstract record ExpectEntrySyntax(TextSpan Span) : SyntaxNode(Span);
/// <summary><c>Rss: 16K</c> (Operator "=="), <c>Rss: >= 16K</c>, <c>x: in { 1, 2 }</c>, <c>VmFlags: has hg</c></summary>
public sealed record FieldEntrySyntax(TextSpan Span, NameSyntax Field, string Operator, ExpressionSyntax Value) : ExpectEntrySyntax(Span);
/// <summary><c>0 .. 4K: present zero-page</c>; Value is an <see cref="AttributesSyntax"/>, or arms of them.</summary>
public sealed record RangeEntrySyntax(TextSpan Span, ExpressionSyntax From, ExpressionSyntax To, SyntaxNode Value) : ExpectEntrySyntax(Span);
/// <summary>Attributes of a stretch; a quoted word for <c>vmas</c>.</summary>
public sealed record AttributesSyntax(TextSpan Span, ImmutableArray<AttributeSyntax> Items) : SyntaxNode(Span);
/// <summary><c>order 4</c>, <c>not resident</c></summary>
public sealed record AttributeSyntax(TextSpan Span, NameSyntax Name, ExpressionSyntax? Argument, bool Negated) : SyntaxNode(Span);
/// <summary>Arms of attributes; each Then is an <see cref="AttributesSyntax"/>.</summary>
public sealed record AttributeArmsSyntax(TextSpan Span, ImmutableArray<ArmSyntax> Arms) : SyntaxNode(Span);

/// <summary><c>parallel { thread p.t { … } … }</c></summary>
public sealed record ParallelSyntax(TextSpan Span, ImmutableArray<ThreadSyntax> Threads) : StatementSyntax(Span);
/// <summary><c>thread p.fault { … }</c></summary>
public sealed record ThreadSyntax(TextSpan Span, NameSyntax Process, NameSyntax Name, ImmutableArray<StatementSyntax> Body) : SyntaxNode(Span);

/// <summary><c>judge { … }</c></summary>
public sealed record JudgeSyntax(TextSpan Span, ImmutableArray<JudgementSyntax> Judgements) : StatementSyntax(Span);
/// <summary>A line of <c>judge</c>.</summary>
public abstract record JudgementSyntax(TextSpan Span) : SyntaxNode(Span);
/// <summary><c>never deadlock, BUG</c>, <c>always P</c>: the verdict is a word, Properties one or more.</summary>
public sealed record VerdictFirstSyntax(TextSpan Span, NameSyntax Verdict, ImmutableArray<ExpressionSyntax> Properties) : JudgementSyntax(Span);
/// <summary><c>P -> sometimes</c>, <c>P -> { SET: sometimes, … }</c>: each arm's Then is a <see cref="NameSyntax"/>; a lone verdict is one arm with otherwise.</summary>
public sealed record PropertyFirstSyntax(TextSpan Span, ExpressionSyntax Property, ImmutableArray<ArmSyntax> Verdicts) : JudgementSyntax(Span);
/// <summary><c>outcomes (w1, m) in { (ok, ENOMEM), … }</c> or with arms; each arm's Then is an <see cref="OutcomeTuplesSyntax"/>.</summary>
public sealed record OutcomesJudgementSyntax(TextSpan Span, ImmutableArray<NameSyntax> Labels, ImmutableArray<ArmSyntax> Arms) : JudgementSyntax(Span);
/// <summary>The allowed tuples.</summary>
public sealed record OutcomeTuplesSyntax(TextSpan Span, ImmutableArray<ImmutableArray<OutcomeAtomSyntax>> Tuples) : SyntaxNode(Span);

/// <summary><c>timed { … }</c>: parsed whole, not supported yet.</summary>
public sealed record TimedSyntax(TextSpan Span, ImmutableArray<StatementSyntax> Body) : StatementSyntax(Span);
/// <summary><c>each w { … }</c> in a timed block.</summary>
public sealed record EachSyntax(TextSpan Span, NameSyntax Process, ImmutableArray<StatementSyntax> Body) : StatementSyntax(Span);
