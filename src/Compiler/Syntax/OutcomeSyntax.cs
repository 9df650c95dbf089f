using System.Collections.Immutable;
using MmSpec.Text;

namespace MmSpec.Syntax;

/// <summary>What follows <c>-></c>.</summary>
public abstract record OutcomeSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary><c>{ SET: OUTCOME, … }</c>; each arm's Then is an <see cref="OutcomeSyntax"/>.</summary>
public sealed record OutcomeArmsSyntax(TextSpan Span, ImmutableArray<ArmSyntax> Arms) : OutcomeSyntax(Span);

/// <summary><c>A or B</c>; one member is the usual case.</summary>
public sealed record OutcomeSetSyntax(TextSpan Span, ImmutableArray<OutcomeAtomSyntax> Members) : OutcomeSyntax(Span);

/// <summary>
/// A member. Word is the first word (<c>ok</c>, <c>EINVAL</c>, <c>SIGBUS</c>, <c>killed</c>, <c>oom-kill</c>, <c>exit</c>, <c>pagefault</c> …) or null for a plain value.
/// Code is the word after a signal; Signal the word after <c>killed</c>; At the place; Value a returned value, or the number after <c>exit</c>;
/// Names the processes of <c>oom-kill(…)</c>; Fields the braces of a userfaultfd event.
/// </summary>
public sealed record OutcomeAtomSyntax(TextSpan Span, NameSyntax? Word, NameSyntax? Code, NameSyntax? Signal, ExpressionSyntax? At, ExpressionSyntax? Value,
    ImmutableArray<NameSyntax> Names, ImmutableArray<RowFieldSyntax> Fields) : SyntaxNode(Span);
