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
        catch (Exception x) when (x is not OutOfMemoryException)
        {
            error = x;
        }
        finally
        {
            SpecHost.Current = outer;
        }
        return new(specCase, result, error, Stopwatch.GetElapsedTime(clock));
    }

    /// <summary>Runs cases on several threads.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="jobs">Threads, at least 1.</param>
    /// <param name="done">Receives each result in the order of the cases, as soon as all before it are there; one call at a time.</param>
    /// <param name="cancel">Ends the run after the cases that are under way.</param>
    public void Run(IReadOnlyList<SpecCase> cases, int jobs, Action<CaseResult> done, CancellationToken cancel = default)
    {
        if (jobs <= 1 || cases.Count < 2)
        {
            foreach (var specCase in cases)
            {
                if (cancel.IsCancellationRequested) return;
                done(Run(specCase));
            }
            return;
        }
        var results = new CaseResult?[cases.Count];
        int next = -1, reported = 0;
        var order = new Lock();
        void Work()
        {
            while (!cancel.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < cases.Count)
            {
                var result = Run(cases[i]);
                lock (order)
                {
                    results[i] = result;
                    for (; reported < results.Length && results[reported] is { } first; reported++) done(first);
                }
            }
        }
        var threads = new Thread[Math.Min(jobs, cases.Count) - 1];
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work) { IsBackground = true, Name = $"cases {i + 1}" };
            threads[i].Start();
        }
        Work();
        foreach (var thread in threads) thread.Join();
    }
}
