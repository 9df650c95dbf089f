using System.Runtime.CompilerServices;
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
            return CommandLine.Run(args, terminal);
        }
        catch (IOException x) when (IsClosedPipe(x))
        {
            // The reader of our results went away; there is nobody left to tell.
            return ExitCodes.Ok;
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsClosedPipe(IOException x) => x.HResult == 32;
}
