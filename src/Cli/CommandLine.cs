using System.CommandLine;
using System.CommandLine.Help;
using MmSpec.Cli.Checking;
using MmSpec.Cli.Commands;
using MmSpec.Cli.Output;
using MmSpec.Testing;

namespace MmSpec.Cli;

/// <summary>The commands and how they are parsed.</summary>
public static class CommandLine
{
    /// <summary>Parses and runs.</summary>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args, Terminal terminal)
    {
        var root = new RootCommand("Judges memory scenarios on models of Linux kernels.")
        {
            CheckCommand.Create(terminal, new Check(SpecCompilation.Compile, patches => new EmulatorTargetFactory(patches))),
            CompileCommand.Create(terminal),
            KernelsCommand.Create(terminal),
            RulesCommand.Create(terminal),
        };
        foreach (var option in root.Options) if (option is HelpOption { Action: HelpAction action } help) help.Action = new HelpWithExitCodes(action, terminal.Out);
        // "mmspec help check" is what many try first.
        var parsed = root.Parse(args is ["help", ..] ? [.. args[1..], "--help"] : args);
        if (parsed.Errors.Count == 0) return parsed.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        foreach (var error in parsed.Errors) terminal.Complain(error.Message);
        terminal.Error.WriteLine("Try 'mmspec --help'.");
        return ExitCodes.Usage;
    }
}
