using System.Diagnostics;
using MmSpec.NUnit;

namespace MmSpec.Cli.Checking;

/// <summary>
/// Runs cases on several threads and hands their results over in order. A case bounds itself between its statements; one that does not come back
/// from a single statement in time is given up, and its thread is left behind (it ends with the process).
/// </summary>
/// <param name="runner">Runs one case.</param>
/// <param name="jobs">Threads, at least 1.</param>
/// <param name="limit">After which a case is given up; more than its own bound.</param>
internal sealed class CaseScheduler(SpecRunner runner, int jobs, TimeSpan limit)
{
    // Expressions are evaluated recursively, and a chain of operators may be long.
    private const int StackSize = 64 << 20;

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _changed = new();

    /// <summary>Runs the cases; ends early when cancelled, without waiting for what is under way.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="done">Receives each result, in the order of the cases, on the calling thread.</param>
    /// <param name="cancel">Ends the run.</param>
    public void Run(IReadOnlyList<SpecCase> cases, Action<CaseResult> done, CancellationToken cancel)
    {
        var results = new CaseResult?[cases.Count];
        var started = new long[cases.Count];
        var next = 0;

        void Work()
        {
            while (!cancel.IsCancellationRequested)
            {
                int mine;
                lock (_lock)
                {
                    if (next == cases.Count) return;
                    mine = next++;
                    started[mine] = Stopwatch.GetTimestamp();
                }
                var result = runner.Run(cases[mine]);
                lock (_lock)
                {
                    // Given up meanwhile: another thread has taken this one's place.
                    if (results[mine] is not null) return;
                    results[mine] = result;
                }
                _changed.Set();
            }
        }

        void StartThread(int n) => new Thread(Work, StackSize) { IsBackground = true, Name = $"cases {n}" }.Start();

        for (var i = 0; i < Math.Min(jobs, cases.Count); i++) StartThread(i);
        var handed = 0;
        using var wake = cancel.Register(_changed.Set);
        while (handed < cases.Count && !cancel.IsCancellationRequested)
        {
            _changed.Reset();
            CaseResult? ready;
            long start;
            lock (_lock) (ready, start) = (results[handed], started[handed]);
            if (ready is not null)
            {
                done(ready);
                handed++;
            }
            else if (start != 0 && Stopwatch.GetElapsedTime(start) > limit)
            {
                lock (_lock) results[handed] ??= new CaseResult(cases[handed], null, new TimeoutException($"a single statement ran for more than {limit.TotalSeconds:0} s"), limit);
                StartThread(handed + jobs);
            }
            else
            {
                _changed.Wait(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
        }
    }
}
