using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MmSpec.Cli.Commands;

/// <summary>The usual help; that of <c>check</c> lists the exit codes besides, since scripts hang on them.</summary>
/// <param name="usual">The usual help.</param>
/// <param name="output">Where to.</param>
internal sealed class HelpWithExitCodes(HelpAction usual, TextWriter output) : SynchronousCommandLineAction
{
    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command.Name != "check") return code;
        output.WriteLine("Exit codes (of several the worst: 70, 69, 64, 2, 1, 3, 4; a signal is worse than all):");
        foreach (var (number, meaning) in ExitCodes.Meanings) output.WriteLine($"  {number,-7}  {meaning}");
        output.WriteLine();
        return code;
    }
}
