using System.CommandLine;
using MmSpec.Cli.Output;
using MmSpec.Kernels;

namespace MmSpec.Cli.Commands;

/// <summary><c>mmspec kernels</c>: what a specification can speak of, and how far it was compared with real kernels.</summary>
internal static class KernelsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("kernels", "List the releases and patches that scenarios can name, and what real kernels confirmed.");
        command.SetAction(_ => Run(terminal));
        return command;
    }

    private static int Run(Terminal terminal)
    {
        var o = terminal.Out;
        var rules = RuleRegistry.All;
        o.WriteLine($"Releases {KernelReleases.Oldest} to {KernelReleases.Newest}, and every point release of them.");
        o.WriteLine("Rules: how many hold in the release. Confirmed: for how many of all rules real kernels vouch that they do, or do not, hold there.");
        o.WriteLine();
        o.WriteLine($"{"release",-9} {"rules",6} {"confirmed",10}   changes in point releases");
        var edges = rules.SelectMany(r => r.Boundaries()).Where(v => v.Point > 0).Distinct().Order().ToLookup(v => v.Series);
        foreach (var release in KernelReleases.Mainline)
        {
            var on = rules.Count(r => r.HoldsIn(release));
            var confirmed = rules.Count(r => r.IsConfirmedFor(release));
            o.WriteLine($"{release,-9} {on,6} {confirmed,6}/{rules.Length,-5} {string.Join(", ", edges[release])}".TrimEnd());
        }
        o.WriteLine();
        o.WriteLine($"Compared with real kernels: {string.Join(", ", rules.SelectMany(r => r.Confirmed).Distinct().Order())}.");
        o.WriteLine();
        o.WriteLine("Patches:");
        foreach (var patch in BoxPatches.All)
        {
            o.WriteLine($"  {(patch.Base is { } b ? b + " + " : "")}{patch.Name}{(patch.Supported ? "" : "   (not modelled yet)")}");
            o.WriteLine($"      {patch.Sentence}");
            if (patch.Source.Length > 0) o.WriteLine($"      {patch.Source}");
            if (!patch.Requires.IsEmpty) o.WriteLine($"      comes after {string.Join(", ", patch.Requires)}");
        }
        return ExitCodes.Ok;
    }
}
