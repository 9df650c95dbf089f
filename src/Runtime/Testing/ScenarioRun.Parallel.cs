namespace MmSpec.Testing;

public sealed partial class ScenarioRun
{
    /// <summary><c>parallel</c> with its <c>judge</c>: the target searches, the judge collects, then the verdicts are compared.</summary>
    public void Parallel(ParallelBlock block)
    {
        var place = Place(block.Line, block.Column, "parallel");
        if (!Enter(place)) return;
        // The search gave its schedules the first time; it is not run again for explanations.
        if (_tracing) return;
        foreach (var thread in block.Threads)
        {
            if (!_dead.TryGetValue(thread.Process, out var died)) continue;
            Fail(place, $"thread {thread.Process}.{thread.Name} cannot run: {died}", []);
            return;
        }
        var judge = new Judge(block, _target!, _scope, () => _clock.Elapsed > _options.Timeout);
        var report = _target!.Concurrent(block.Threads, _slots, judge);
        _notes.Add(new(place, $"searched {Count(report.Executions, "execution")}, {Count(report.Transitions, "transition")}, {Count(report.States, "state")}, {Count(judge.Finals, "final state")}"
            + (report.Complete ? "" : $"; incomplete: {report.Incomplete}"), IsDetail: true));
        NoteBugs(place, ", in at least one interleaving");
        foreach (var finding in judge.Conclude(report))
            AddFailure(new(Place(finding.Line, finding.Column, finding.Text), finding.Message) { Explanation = finding.Schedule });
        if (judge.Undecided(report) is { } reason && _gap is null) _undecided = reason;
        else if (_gap is not null && !report.Complete) _gapHolds = false;
    }

    private static string Count(long n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";
}
