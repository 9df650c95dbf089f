using System.CommandLine;
using MmSpec.Cli.Output;
using MmSpec.Kernels;

namespace MmSpec.Cli.Commands;

/// <summary><c>mmspec rules [ID]</c>: what the model decides, since when, and where that was learnt.</summary>
internal static class RulesCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "A rule, or the beginning of several (hugetlb.private); * stands for anything." };
        var unconfirmed = new Option<bool>("--unconfirmed") { Description = "Only rules that were never tried on a real kernel." };
        var bugs = new Option<bool>("--bugs") { Description = "Only rules that are defects of the kernel or of a patch, which the model follows." };
        var command = new Command("rules", "List the rules of the model: since when each holds and where it was learnt.") { id, unconfirmed, bugs };
        command.SetAction(parsed =>
        {
            var (open, defects) = (parsed.GetValue(unconfirmed), parsed.GetValue(bugs));
            return Run(parsed.GetValue(id), terminal, open || defects ? r => (!open || r.Confirmed.IsEmpty) && (!defects || r.IsBug) : null);
        });
        return command;
    }

    private static int Run(string? id, Terminal terminal, Predicate<Rule>? wanted)
    {
        if (id is not null && wanted is null && RuleRegistry.TryGet(id, out var one))
        {
            Details(one, terminal);
            return ExitCodes.Ok;
        }
        var chosen = id is null ? RuleRegistry.All : [.. RuleRegistry.All.Where(r => Glob.Matches(id, r.Id) || r.Id.StartsWith(id + ".", StringComparison.Ordinal))];
        if (chosen.IsEmpty)
        {
            terminal.Complain($"there is no rule '{id}'" + (RuleRegistry.Suggest(id!) is { } near ? $"; did you mean '{near}'?" : ""));
            return ExitCodes.Usage;
        }
        if (wanted is not null) chosen = [.. chosen.Where(r => wanted(r))];
        if (chosen.IsEmpty)
        {
            terminal.Out.WriteLine("No rule is so.");
            return ExitCodes.Ok;
        }
        var idWidth = chosen.Max(r => r.Id.Length);
        var versionWidth = Math.Min(40, chosen.Max(r => r.Versions().Length));
        foreach (var rule in chosen)
            terminal.Out.WriteLine($"{rule.Id.PadRight(idWidth)}  {rule.Versions().PadRight(versionWidth)}  {Standing(rule),-12}  {(rule.IsBug ? "bug: " : "")}{rule.Sentence}");
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"{chosen.Length} rules, {chosen.Count(r => !r.Confirmed.IsEmpty)} of them tried on real kernels. \"mmspec rules ID\" tells where one was learnt.");
        return ExitCodes.Ok;
    }

    private static string Standing(Rule rule) => rule.Use == RuleUse.NotModelled ? "not modelled" : rule.Confirmed.IsEmpty ? "unconfirmed" : "confirmed";

    private static void Details(Rule rule, Terminal terminal)
    {
        terminal.Out.WriteLine(rule.Id + (rule.IsBug ? "  (a defect of the kernel, which the model follows)" : ""));
        terminal.Out.WriteLine("  " + rule.Sentence);
        terminal.Out.WriteLine($"  holds      {rule.Versions()}");
        if (rule.Use != RuleUse.Asked)
            terminal.Out.WriteLine($"  model      {(rule.Use == RuleUse.Implied ? "follows it always; it cannot be switched" : "does not show it yet")}");
        terminal.Out.WriteLine($"  learnt     {rule.Source}");
        terminal.Out.WriteLine($"  confirmed  {(rule.Confirmed.IsEmpty ? "not yet" : "on " + string.Join(", ", rule.Confirmed))}");
        var patches = BoxPatches.All.Where(p => p.With.Contains(rule.Id) || p.Without.Contains(rule.Id))
            .Select(p => (p.With.Contains(rule.Id) ? "on by " : "off by ") + p.Name).ToList();
        if (patches.Count > 0) terminal.Out.WriteLine($"  switched   {string.Join(", ", patches)}");
    }
}
