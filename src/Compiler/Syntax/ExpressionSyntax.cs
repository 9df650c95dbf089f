using System.Collections.Immutable;
using MmSpec.Text;

namespace MmSpec.Syntax;

/// <summary>An expression.</summary>
public abstract record ExpressionSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary>A variable, constant, symbol or process name.</summary>
public sealed record NameExpressionSyntax(TextSpan Span, string Text) : ExpressionSyntax(Span);
/// <summary>A NUMBER token as written: <c>0x5a</c>, <c>4K</c>, <c>10ms</c>, <c>6.12</c>. The binder says what it is.</summary>
public sealed record NumberLiteralSyntax(TextSpan Span, string Text) : ExpressionSyntax(Span);
/// <summary>A string with its escapes resolved.</summary>
public sealed record StringLiteralSyntax(TextSpan Span, string Value) : ExpressionSyntax(Span);
/// <summary><c>[a, b]</c></summary>
public sealed record ListSyntax(TextSpan Span, ImmutableArray<ExpressionSyntax> Items) : ExpressionSyntax(Span);
/// <summary><c>{ name: "ro", prot: PROT_READ }</c></summary>
public sealed record RowSyntax(TextSpan Span, ImmutableArray<RowFieldSyntax> Fields) : ExpressionSyntax(Span);
/// <summary>A field of a row.</summary>
public sealed record RowFieldSyntax(TextSpan Span, NameSyntax Name, ExpressionSyntax Value) : SyntaxNode(Span);
/// <summary><c>{ 1, 2 }</c> after <c>in</c>.</summary>
public sealed record SetSyntax(TextSpan Span, ImmutableArray<ExpressionSyntax> Items) : ExpressionSyntax(Span);
/// <summary><c>(4, 4, 4, 0)</c>; a single parenthesised expression is no tuple.</summary>
public sealed record TupleSyntax(TextSpan Span, ImmutableArray<ExpressionSyntax> Items) : ExpressionSyntax(Span);
/// <summary>Arms where a value stands.</summary>
public sealed record ArmsExpressionSyntax(TextSpan Span, ImmutableArray<ArmSyntax> Arms) : ExpressionSyntax(Span);
/// <summary><c>f(a, name: b)</c>: a call, a view, a def; the callee is a name or <c>p.name</c>.</summary>
public sealed record CallSyntax(TextSpan Span, ExpressionSyntax Callee, ImmutableArray<ArgumentSyntax> Arguments) : ExpressionSyntax(Span);
/// <summary>An argument, named or not. <c>placed(offset: 4K into 2M)</c> has Into.</summary>
public sealed record ArgumentSyntax(TextSpan Span, NameSyntax? Name, ExpressionSyntax Value, ExpressionSyntax? Into = null) : SyntaxNode(Span);
/// <summary><c>x[off]</c> (To null), <c>x[a .. b]</c></summary>
public sealed record IndexSyntax(TextSpan Span, ExpressionSyntax Target, ExpressionSyntax From, ExpressionSyntax? To) : ExpressionSyntax(Span);
/// <summary><c>x.start</c>, <c>p.buf</c>, <c>smaps(a).Rss</c>, <c>cgroup(db)."hugetlb.2MB.current"</c></summary>
public sealed record MemberAccessSyntax(TextSpan Span, ExpressionSyntax Target, NameSyntax Member) : ExpressionSyntax(Span);
/// <summary><c>-x</c>, <c>not x</c></summary>
public sealed record UnarySyntax(TextSpan Span, string Operator, ExpressionSyntax Operand) : ExpressionSyntax(Span);
/// <summary><c>+ - * / % | == != &lt; &lt;= &gt; &gt;= in has and or</c></summary>
public sealed record BinarySyntax(TextSpan Span, string Operator, ExpressionSyntax Left, ExpressionSyntax Right) : ExpressionSyntax(Span);
/// <summary><c>VIEW since t</c>, <c>VIEW since p.t</c></summary>
public sealed record SinceSyntax(TextSpan Span, ExpressionSyntax View, NameSyntax Snapshot, NameSyntax? Process = null) : ExpressionSyntax(Span);
/// <summary><c>snapshot</c> after <c>let t =</c>.</summary>
public sealed record SnapshotSyntax(TextSpan Span) : ExpressionSyntax(Span);
/// <summary><c>load R</c> or <c>store R = V</c> as the value of a <c>let</c>, or a step; Store tells which; Value is the byte or pattern. In timed blocks <c>every 1G shuffled(seed: 1)</c> gives Every and Shuffle (default where it is not said).</summary>
public sealed record AccessSyntax(TextSpan Span, bool Store, ExpressionSyntax Region, ExpressionSyntax? Value, ExpressionSyntax? Every = null,
    ImmutableArray<ArgumentSyntax> Shuffle = default) : ExpressionSyntax(Span);
/// <summary>In a judgement: <c>killed SIGKILL</c>, <c>exit 3</c>, <c>oom-kill(q)</c> where a value is compared with an outcome.</summary>
public sealed record OutcomeExpressionSyntax(TextSpan Span, OutcomeAtomSyntax Outcome) : ExpressionSyntax(Span);
/// <summary>What the parser could not read; already diagnosed, the binder is silent about it.</summary>
public sealed record MissingExpressionSyntax(TextSpan Span) : ExpressionSyntax(Span);
