using System.Collections.Immutable;
using MmSpec.Text;

namespace MmSpec.Syntax;

/// <summary>A list of kernel set items.</summary>
public sealed record KernelSetSyntax(TextSpan Span, ImmutableArray<KernelItemSyntax> Items) : SyntaxNode(Span);

/// <summary>Forms of a kernel set item.</summary>
public enum KernelItemForm
{
    /// <summary>6.12</summary>
    Exact,
    /// <summary>6.12+</summary>
    From,
    /// <summary>5.18 .. 6.8, .. 6.8</summary>
    Range,
    /// <summary>6.12.48~</summary>
    StableLine
}

/// <summary>One item; version texts are as written, without <c>+</c> and <c>~</c>.</summary>
public sealed record KernelItemSyntax(TextSpan Span, KernelItemForm Form, NameSyntax? From, NameSyntax? To, ImmutableArray<NameSyntax> Patches, bool Only) : SyntaxNode(Span);

/// <summary>What stands before an arm's colon, and after <c>when kernel</c>.</summary>
public abstract record ConditionSyntax(TextSpan Span) : SyntaxNode(Span);
/// <summary><c>6.9+, 5.4 + p</c></summary>
public sealed record KernelConditionSyntax(TextSpan Span, KernelSetSyntax Set) : ConditionSyntax(Span);
/// <summary><c>has RULE</c></summary>
public sealed record RuleConditionSyntax(TextSpan Span, NameSyntax Rule) : ConditionSyntax(Span);
/// <summary><c>config CONFIG_X</c></summary>
public sealed record ConfigConditionSyntax(TextSpan Span, NameSyntax Option) : ConditionSyntax(Span);
/// <summary><c>otherwise</c></summary>
public sealed record OtherwiseSyntax(TextSpan Span) : ConditionSyntax(Span);

/// <summary>One arm: condition, then whatever stands there (an outcome, an expression, a verdict, page attributes).</summary>
public sealed record ArmSyntax(TextSpan Span, ConditionSyntax When, SyntaxNode Then) : SyntaxNode(Span);
