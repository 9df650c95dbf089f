using System.Diagnostics;
using MmSpec.Testing;

namespace MmSpec.NUnit;

/// <summary>How one case ended.</summary>
/// <param name="Case">The case.</param>
/// <param name="Result">What it came to; null where it threw.</param>
/// <param name="Error">What the model threw (a defect of ours), or null.</param>
/// <param name="Duration">Wall-clock time.</param>
public sealed record CaseResult(SpecCase Case, RunResult? Result, Exception? Error, TimeSpan Duration);

/// <summary>
/// Runs cases in this process: the methods that NUnit would call, without NUnit's own machinery around them, which costs more than most cases do.
/// </summary>
/// <param name="targets">Where they run.</param>
/// <param name="options">Their bounds.</param>
public sealed class SpecRunner(TargetsFor targets, RunOptions options)
{
    /// <summary>Runs one case on this thread.</summary>
    public CaseResult Run(SpecCase specCase)
    {
        RunResult? result = null;
        Exception? error = null;
        var clock = Stopwatch.GetTimestamp();
        var outer = SpecHost.Current;
        SpecHost.Current = new SpecHost(targets, options, r => result = r);
        try
        {
            var fixture = Activator.CreateInstance(specCase.Method.DeclaringType!)!;
            specCase.Method.CreateDelegate<Action<int, string>>(fixture)(specCase.Row, specCase.Kernel);
        }
        catch (Exception x)
        {
            // Also where memory ran out: what the case had is garbage now, and the others may fit.
            error = x;
        }
        finally
        {
            SpecHost.Current = outer;
        }
        return new(specCase, result, error, Stopwatch.GetElapsedTime(clock));
    }
}
