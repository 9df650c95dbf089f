using System.CommandLine;
using MmSpec.Cli.Compiling;
using MmSpec.Cli.Output;
using MmSpec.Lowering;

namespace MmSpec.Cli.Commands;

/// <summary><c>mmspec compile -o DIR PATH…</c>: the options, and nothing else.</summary>
internal static class CompileCommand
{
    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Arity = ArgumentArity.OneOrMore, Description = "Files, and directories to search for *.mmspec." };
        var output = new Option<string>("--output", "-o") { HelpName = "DIR", Required = true, Description = "Where to write; made if it is not there." };
        var emit = new Option<string>("--emit")
        {
            HelpName = "WHAT",
            Description = "assembly (default): one test assembly, named after PATH, with all that \"dotnet test\" needs beside it; cs: one C# file for every specification.",
            DefaultValueFactory = _ => "assembly",
        };
        emit.AcceptOnlyFromAmong("assembly", "cs");
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "Name of the assembly." };
        name.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && Compilation.ProblemOf(result.Tokens[^1].Value) is { } problem) result.AddError($"--name '{result.Tokens[^1].Value}': {problem}");
        });
        var kernel = new Option<KernelSelection?>("--kernel")
        {
            HelpName = "KERNELS",
            Description = "What the cases run on, as for check.",
            CustomParser = result =>
            {
                var selection = KernelSelection.Parse(result.Tokens[^1].Value, out var problem);
                if (problem is not null) result.AddError($"--kernel: {problem}");
                return selection;
            },
        };
        var command = new Command("compile", "Compile scenarios to an NUnit test assembly or to C#.") { paths, output, emit, name, kernel };
        command.SetAction(parsed => new Compilation(terminal).Run(new CompileOptions(
            parsed.GetValue(paths) ?? [], parsed.GetRequiredValue(output), parsed.GetValue(emit) == "cs", parsed.GetValue(name), parsed.GetValue(kernel) ?? KernelSelection.Default)));
        return command;
    }
}
