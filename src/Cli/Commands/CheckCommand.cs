using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MmSpec.Cli.Checking;
using MmSpec.Cli.Output;
using MmSpec.Lowering;

namespace MmSpec.Cli.Commands;

/// <summary><c>mmspec check [PATH…]</c>: the options, and nothing else.</summary>
internal static class CheckCommand
{
    private const double DefaultTimeout = 60;
    private const int MostJobs = 1024;

    public static Command Create(Terminal terminal, Check check)
    {
        var paths = new Argument<string[]>("PATH") { Arity = ArgumentArity.ZeroOrMore, Description = "Files, and directories to search for *.mmspec; the current directory if none is given." };
        paths.Validators.Add(result =>
        {
            // What looks like an option is a misspelt or a future one, not a file; "./-x" names such a file.
            foreach (var token in result.Tokens)
                if (token.Value.StartsWith('-')) result.AddError($"unknown option '{token.Value}'");
        });
        var kernel = new Option<KernelSelection>("--kernel")
        {
            HelpName = "KERNELS",
            Description = "What to run on: newest, all, or releases such as 5.10,6.1.90 or \"5.4 + PATCH\". Otherwise the newest that a scenario covers and one for each of its arms and patches.",
            CustomParser = result =>
            {
                var selection = KernelSelection.Parse(result.Tokens[^1].Value, out var problem);
                if (problem is not null) result.AddError($"--kernel: {problem}");
                return selection;
            },
        };
        var filter = new Option<string[]>("--filter") { HelpName = "GLOB", Description = "Only cases whose name (see --list) matches; * stands for any text. The kernel, the row and the file may be left off." };
        var tag = new Option<string[]>("--tag") { HelpName = "TAG", Description = "Only scenarios with the tag." };
        var list = new Option<bool>("--list") { Description = "Print the names of the cases instead of running them." };
        var jobs = new Option<int>("--jobs", "-j") { HelpName = "N", Description = "Cases to run at a time (default: the number of processors).", DefaultValueFactory = _ => Environment.ProcessorCount };
        jobs.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0) return;
            if (!int.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n is < 1 or > MostJobs)
                result.AddError($"--jobs: write a number from 1 to {MostJobs}");
        });
        var timeout = new Option<TimeSpan?>("--timeout")
        {
            HelpName = "TIME",
            Description = $"Bound of one case: 30, 30s, 500ms (default: {DefaultTimeout}s).",
            CustomParser = ParseTime,
        };
        var paranoid = new Option<bool>("--paranoid") { Description = "After every step compare each number that the model caches with what it is computed from." };
        var allowEmpty = new Option<bool>("--allow-empty") { Description = "Exit with 0, not 4, when nothing ran." };
        var verbosity = new Option<Verbosity?>("--verbosity", "-v") { HelpName = "LEVEL", Description = "How much is printed: quiet (failures only), normal, or detailed.", CustomParser = result => ParseVerbosity(result) };

        var command = new Command("check", "Compile and run the scenarios of files and directories.")
        {
            paths, kernel, filter, tag, list, jobs, timeout, paranoid, allowEmpty, verbosity,
        };
        command.SetAction(parsed => check.Run(new CheckOptions
        {
            Paths = parsed.GetValue(paths) ?? [],
            Kernels = parsed.GetValue(kernel) ?? KernelSelection.Default,
            Filters = parsed.GetValue(filter) ?? [],
            Tags = parsed.GetValue(tag) ?? [],
            List = parsed.GetValue(list),
            Jobs = parsed.GetValue(jobs),
            Timeout = parsed.GetValue(timeout) ?? TimeSpan.FromSeconds(DefaultTimeout),
            Paranoid = parsed.GetValue(paranoid),
            AllowEmpty = parsed.GetValue(allowEmpty),
            Verbosity = parsed.GetValue(verbosity) ?? Verbosity.Normal,
        }, terminal));
        return command;
    }

    private static Verbosity ParseVerbosity(ArgumentResult result)
    {
        switch (result.Tokens[^1].Value)
        {
            case "quiet": return Verbosity.Quiet;
            case "normal": return Verbosity.Normal;
            case "detailed": return Verbosity.Detailed;
            default:
                result.AddError($"--verbosity: '{result.Tokens[^1].Value}' is none of quiet, normal, detailed");
                return default;
        }
    }

    private static TimeSpan? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        var (number, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 0.001)
            : text.EndsWith('s') ? (text[..^1], 1.0)
            : text.EndsWith('m') ? (text[..^1], 60.0)
            : (text, 1.0);
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * unit is > 0 and <= 86400)
            return TimeSpan.FromSeconds(value * unit);
        result.AddError($"--timeout: '{text}' is no time; write 30s, 500ms or 2m");
        return default;
    }
}
