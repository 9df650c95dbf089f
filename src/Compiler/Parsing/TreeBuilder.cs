using System.Collections.Immutable;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using MmSpec.Diagnostics;
using MmSpec.Syntax;
using MmSpec.Text;
using static MmSpec.Parsing.Generated.MmSpecParser;

namespace MmSpec.Parsing;

/// <summary>
/// Turns ANTLR's trees into <see cref="SyntaxNode"/>s: members and machines here, the rest in the partial files beside it. It sees
/// only trees without errors; what a grammar cannot say well (precedence, escapes, numbers, reserved words) is checked on the way.
/// </summary>
internal sealed partial class TreeBuilder(SourceText source, CommonTokenStream tokens, DiagnosticBag diagnostics)
{
    /// <summary>Builds one member.</summary>
    public MemberSyntax Member(MemberContext context) => context switch
    {
        ImportMemberContext c => new ImportSyntax(Span(c), String(c.STRING())),
        KernelMemberContext c => new FileKernelSyntax(Span(c), KernelSet(c.kernelSet())),
        MachineMemberContext c => new MachineSyntax(Span(c), Documentation(c), Name(c.name), c.@base is null ? null : Name(c.@base), MachineItems(c.machineBody())),
        DefMemberContext c => new DefSyntax(Span(c), Documentation(c), Name(c.callee()), Names(c.anyName()), Block(c.block())),
        PatchMemberContext c => new PatchSyntax(Span(c), Name(c.name), KernelSet(c.kernelSet()),
            All(c.patchRule(), r => new PatchRuleSyntax(Span(r), r.WITH() is not null, DottedName(r.dottedName())))),
        ScenarioMemberContext c => Scenario(c),
        _ => throw Unreachable(context),
    };

    private ScenarioSyntax Scenario(ScenarioMemberContext context)
    {
        KernelLineSyntax? kernels = null;
        ScenarioMachineSyntax? machine = null;
        var body = ImmutableArray.CreateBuilder<StatementSyntax>();
        foreach (var item in context.scenarioItem())
        {
            switch (item)
            {
                case KernelItemLineContext c:
                    if (kernels is not null) diagnostics.SecondScenarioLine(source, Span(c), "kernel");
                    kernels ??= new KernelLineSyntax(Span(c), KernelSet(c.kernelSet()));
                    break;
                case StatementItemContext c:
                    body.Add(Statement(c.statement()));
                    break;
                default:
                    if (machine is not null) diagnostics.SecondScenarioLine(source, Span(item), "machine");
                    machine ??= ScenarioMachine(item);
                    break;
            }
        }

        return new ScenarioSyntax(Span(context), Span(context.SCENARIO()), Documentation(context), All(context.TAG(), Tag), String(context.STRING()),
            All(context.forClause(), f => new ForClauseSyntax(Span(f), Name(f.variable()), Expression(f.expression()))), kernels, machine, body.ToImmutable());
    }

    private ScenarioMachineSyntax ScenarioMachine(ScenarioItemContext item) => item switch
    {
        MachineByNameContext c => new(Span(c), Name(c.name), default),
        MachineInlineContext c => new(Span(c), c.@base is null ? null : Name(c.@base), MachineItems(c.machineBody())),
        _ => throw Unreachable(item),
    };

    private NameSyntax Tag(ITerminalNode tag) => new(Span(tag), tag.GetText()[1..]);

    private ImmutableArray<MachineItemSyntax> MachineItems(MachineBodyContext context) => All(context.machineItem(), MachineItem);

    private MachineItemSyntax MachineItem(MachineItemContext context)
    {
        var kind = context.key() is { } name ? Name(name) : Quoted(context.STRING());
        return context.expression() is { } value
            ? new(Span(context), kind, [], Expression(value), default)
            : new(Span(context), kind, All(context.machineArgument(), MachineArgument), null, MachineItems(context.machineBody()));
    }

    private ExpressionSyntax MachineArgument(MachineArgumentContext context)
    {
        if (context.NUMBER() is { } number) return Number(number.Symbol);
        if (context.STRING() is { } text) return String(text);
        var names = context.anyName();
        if (context.DOT().Length == 0) return new NameExpressionSyntax(Span(context), context.GetText());
        ExpressionSyntax result = new NameExpressionSyntax(Span(names[0]), names[0].GetText());
        foreach (var member in names.AsSpan(1)) result = new MemberAccessSyntax(TextSpan.Cover(result.Span, Span(member)), result, Name(member));
        return result;
    }

    // ------------------------------------------------------------------------------------------------------------- kernel sets

    private KernelSetSyntax KernelSet(KernelSetContext context) => new(Span(context), All(context.kernelItem(), KernelItem));

    private KernelItemSyntax KernelItem(KernelItemContext context)
    {
        var form = context.from?.Type switch
        {
            VERSION_FROM => KernelItemForm.From,
            VERSION_LINE => KernelItemForm.StableLine,
            _ => context.to is null ? KernelItemForm.Exact : KernelItemForm.Range,
        };
        var suffix = context.patchSuffix();
        return new(Span(context), form, context.from is null ? null : Version(context.from), context.to is null ? null : Version(context.to),
            Names(suffix.variable()), suffix.ONLY() is not null);
    }

    private static NameSyntax Version(IToken token) => new(Span(token), token.Text.TrimEnd('+', '~'));

    private ConditionSyntax Condition(ConditionContext context) => context switch
    {
        KernelConditionContext c => new KernelConditionSyntax(Span(c), KernelSet(c.kernelSet())),
        RuleConditionContext c => new RuleConditionSyntax(Span(c), DottedName(c.dottedName())),
        ConfigConditionContext c => new ConfigConditionSyntax(Span(c), Name(c.anyName())),
        OtherwiseConditionContext c => new OtherwiseSyntax(Span(c)),
        _ => throw Unreachable(context),
    };

    /// <summary>Arms of one choice. Each is checked against all before it; there are fewer releases than this.</summary>
    internal const int MaxArms = 256;

    private ImmutableArray<ArmSyntax> Arms<T>(T[] arms, Func<T, (ConditionContext When, SyntaxNode Then)> parts) where T : ParserRuleContext
    {
        if (arms.Length > MaxArms)
        {
            diagnostics.TooManyArms(source, Span(arms[MaxArms]), MaxArms);
            arms = arms[..MaxArms];
        }

        return All(arms, a =>
        {
            var (when, then) = parts(a);
            return new ArmSyntax(Span(a), Condition(when), then);
        });
    }

    // ------------------------------------------------------------------------------------------------------------------- names

    private static NameSyntax Name(ParserRuleContext context) => new(Span(context), context.Start.Text);

    private NameSyntax Name(ITerminalNode node) => new(Span(node), node.GetText());

    private NameSyntax Quoted(ITerminalNode node) => new(Span(node), Unescape(node.Symbol), Quoted: true);

    private static NameSyntax DottedName(ParserRuleContext context) => new(Span(context), context.GetText());

    private static ImmutableArray<NameSyntax> Names(ParserRuleContext[] names) => All(names, Name);

    /// <summary>The <c>///</c> lines right before a member, without the slashes; null where there are none.</summary>
    private string? Documentation(ParserRuleContext member)
    {
        List<string>? lines = null;
        for (var i = member.Start.TokenIndex - 1; i >= 0 && tokens.Get(i) is { Channel: not Lexer.DefaultTokenChannel } token; i--)
        {
            if (token.Channel != Generated.MmSpecLexer.DOCUMENTATION) continue;
            var text = token.Text[3..].TrimEnd();
            (lines ??= []).Insert(0, text.StartsWith(' ') ? text[1..] : text);
        }

        return lines is null ? null : string.Join('\n', lines);
    }

    // ------------------------------------------------------------------------------------------------------------------- tools

    private static ImmutableArray<TTo> All<TFrom, TTo>(TFrom[] items, Func<TFrom, TTo> build)
    {
        if (items.Length == 0) return [];
        var result = ImmutableArray.CreateBuilder<TTo>(items.Length);
        foreach (var item in items) result.Add(build(item));
        return result.MoveToImmutable();
    }

    private static TextSpan Span(IToken token) => new(token.StartIndex, token.StopIndex + 1 - token.StartIndex);

    private static TextSpan Span(ITerminalNode node) => Span(node.Symbol);

    private static TextSpan Span(ParserRuleContext context)
    {
        var start = context.Start.StartIndex;
        return new(start, Math.Max(0, (context.Stop ?? context.Start).StopIndex + 1 - start));
    }

    private static InvalidOperationException Unreachable(ParserRuleContext context) => new($"no tree for {context.GetType().Name}");
}
