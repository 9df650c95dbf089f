using System.Collections.Immutable;
using MmSpec.Text;

namespace MmSpec.Syntax;

/// <summary>A node of the syntax tree: immutable, with its place in the source. No ANTLR type appears here or above.</summary>
public abstract record SyntaxNode(TextSpan Span);

/// <summary>An identifier or a quoted word, with the text it stands for.</summary>
public sealed record NameSyntax(TextSpan Span, string Text, bool Quoted = false) : SyntaxNode(Span);

/// <summary>A whole file.</summary>
public sealed record FileSyntax(TextSpan Span, SourceText Source, ImmutableArray<MemberSyntax> Members) : SyntaxNode(Span);

/// <summary>What stands at the top level of a file.</summary>
public abstract record MemberSyntax(TextSpan Span) : SyntaxNode(Span);

/// <summary>A member that could not be read; already diagnosed. Name is what it would have defined, where that much could be told, so that nobody reports it as unknown.</summary>
public sealed record BrokenMemberSyntax(TextSpan Span, NameSyntax? Name) : MemberSyntax(Span);

/// <summary><c>import "machines.mmspec"</c></summary>
public sealed record ImportSyntax(TextSpan Span, StringLiteralSyntax Path) : MemberSyntax(Span);

/// <summary><c>kernel 2.6.25+, 5.4 + p</c> at file level.</summary>
public sealed record FileKernelSyntax(TextSpan Span, KernelSetSyntax Set) : MemberSyntax(Span);

/// <summary><c>machine NAME : BASE { … }</c></summary>
public sealed record MachineSyntax(TextSpan Span, string? Documentation, NameSyntax Name, NameSyntax? Base, ImmutableArray<MachineItemSyntax> Items) : MemberSyntax(Span);

/// <summary><c>def map(kind, length) { … }</c></summary>
public sealed record DefSyntax(TextSpan Span, string? Documentation, NameSyntax Name, ImmutableArray<NameSyntax> Parameters, ImmutableArray<StatementSyntax> Body) : MemberSyntax(Span);

/// <summary><c>patch no-restore on 6.9+ { without RULE  with RULE }</c></summary>
public sealed record PatchSyntax(TextSpan Span, NameSyntax Name, KernelSetSyntax On, ImmutableArray<PatchRuleSyntax> Rules) : MemberSyntax(Span);

/// <summary><c>without hugetlb.zap.restores-reserve</c>; the name is dotted.</summary>
public sealed record PatchRuleSyntax(TextSpan Span, bool With, NameSyntax Rule) : SyntaxNode(Span);

/// <summary><c>scenario "title" for x in LIST … { … }</c></summary>
/// <param name="Span">From the first tag or the keyword to the closing brace.</param>
/// <param name="Keyword">Place of <c>scenario</c>: the header line.</param>
/// <param name="Documentation">Text of the <c>///</c> lines, or null.</param>
/// <param name="Tags">Without the @.</param>
/// <param name="Title">Title.</param>
/// <param name="Loops"><c>for</c> clauses.</param>
/// <param name="Kernels">Its kernel line, or null.</param>
/// <param name="Machine">Its machine, or null.</param>
/// <param name="Body">Everything else, in order.</param>
public sealed record ScenarioSyntax(TextSpan Span, TextSpan Keyword, string? Documentation, ImmutableArray<NameSyntax> Tags, StringLiteralSyntax Title,
    ImmutableArray<ForClauseSyntax> Loops, KernelLineSyntax? Kernels, ScenarioMachineSyntax? Machine, ImmutableArray<StatementSyntax> Body) : MemberSyntax(Span);

/// <summary><c>for kind in [file, anon]</c> of a header.</summary>
public sealed record ForClauseSyntax(TextSpan Span, NameSyntax Variable, ExpressionSyntax List) : SyntaxNode(Span);

/// <summary>A scenario's <c>kernel …</c> line.</summary>
public sealed record KernelLineSyntax(TextSpan Span, KernelSetSyntax Set) : SyntaxNode(Span);

/// <summary><c>machine NAME</c>, <c>machine { … }</c>, <c>machine : NAME { … }</c> in a scenario. Items is default where there are no braces.</summary>
public sealed record ScenarioMachineSyntax(TextSpan Span, NameSyntax? Name, ImmutableArray<MachineItemSyntax> Items) : SyntaxNode(Span);

/// <summary>
/// An item of a machine: <c>memory: 4G</c> (Kind memory, Value), <c>hugepages 2M { nr: 4 }</c> (Arguments 2M, Settings),
/// <c>mount hugetlbfs "/huge" { }</c> (Arguments hugetlbfs and "/huge"), <c>node 0 { memory: 1G hugepages 2M { … } }</c> (nested Items),
/// <c>"vm.overcommit_memory": 1</c> (a quoted Kind with Value). Separators are optional.
/// </summary>
public sealed record MachineItemSyntax(TextSpan Span, NameSyntax Kind, ImmutableArray<ExpressionSyntax> Arguments, ExpressionSyntax? Value, ImmutableArray<MachineItemSyntax> Items) : SyntaxNode(Span);
