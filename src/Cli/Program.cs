using MmSpec.Cli.Output;

namespace MmSpec.Cli;

/// <summary>The entry point.</summary>
public static class Program
{
    /// <summary>Runs a command line.</summary>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public static int Main(string[] args)
    {
        // Long chains of operators make deep trees; the system's stack of 8 MB would end the process without a word. Pages count when touched.
        var code = ExitCodes.Internal;
        var main = new Thread(() => code = RunGuarded(args), StackSize);
        main.Start();
        main.Join();
        return code;
    }

    private const int StackSize = 256 << 20;

    private static int RunGuarded(string[] args)
    {
        var terminal = Terminal.OfProcess();
        try
        {
            var code = CommandLine.Run(args, terminal);
            // A verdict that nobody could read must not look like one. (A pipe whose reader went away is no error: the console's stream says nothing of it.)
            terminal.Out.Flush();
            return code;
        }
        catch (Exception x) when (x is IOException or UnauthorizedAccessException)
        {
            terminal.Complain($"cannot write the results: {(x.InnerException ?? x).Message}");
            return ExitCodes.Internal;
        }
        catch (Exception x)
        {
            terminal.Complain($"internal error: {x.Message}");
            terminal.Error.WriteLine(x);
            return ExitCodes.Internal;
        }
        finally
        {
            terminal.Flush();
        }
    }
}
