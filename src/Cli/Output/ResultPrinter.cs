using MmSpec.Cli.Checking;
using MmSpec.Kernels;
using MmSpec.NUnit;
using MmSpec.Testing;

namespace MmSpec.Cli.Output;

/// <summary>Prints results as they come: a line for every scenario and verdict with the kernels that came to it, and the failures below.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="verbosity">How much.</param>
/// <param name="progress">Makes room.</param>
internal sealed class ResultPrinter(Terminal terminal, Verbosity verbosity, Progress progress)
{
    private readonly List<CaseResult> _group = [];
    private readonly SourceLines _sources = new();
    private string? _file;

    /// <summary>Takes the next result; those of one scenario and row follow each other.</summary>
    public void Add(CaseResult result)
    {
        if (_group.Count > 0 && (_group[0].Case.Method != result.Case.Method || _group[0].Case.Row != result.Case.Row)) Flush();
        _group.Add(result);
    }

    /// <summary>Prints what was held back.</summary>
    public void Flush()
    {
        if (_group.Count == 0) return;
        progress.Clear();
        var verdict = CaseText.VerdictOf(_group[0]);
        if (_group.TrueForAll(r => CaseText.VerdictOf(r) == verdict)) Verdict(verdict, _group);
        else foreach (var same in _group.GroupBy(CaseText.VerdictOf).OrderBy(g => g.Key ?? (CaseVerdict)byte.MaxValue)) Verdict(same.Key, [.. same]);
        _group.Clear();
        // Whoever watches sees a failure at once.
        if (terminal.OutIsTerminal) terminal.Out.Flush();
    }

    private void Verdict(CaseVerdict? verdict, List<CaseResult> results)
    {
        if (verbosity == Verbosity.Quiet && verdict is CaseVerdict.Passed or CaseVerdict.NotApplicable) return;
        var specCase = results[0].Case;
        if (_file != specCase.File) terminal.Out.WriteLine(PlainText.Escape(_file = specCase.File));
        var word = verdict switch
        {
            CaseVerdict.Passed => terminal.Good("ok       "),
            CaseVerdict.Failed => terminal.Bad("FAILED   "),
            CaseVerdict.Undecided => terminal.Doubtful("undecided"),
            CaseVerdict.NotApplicable => terminal.Faint("n/a      "),
            _ => terminal.Bad("BROKEN   "),
        };
        var kernels = KernelText.Compress(results.Select(CaseText.KernelOf));
        var time = verbosity == Verbosity.Detailed ? $"  {results.Sum(r => r.Duration.TotalMilliseconds):0.0} ms" : "";
        terminal.Out.WriteLine($"  {word}  {CaseText.TitleOf(specCase)}  {terminal.Faint(PlainText.Escape(kernels) + time)}");
        foreach (var reason in results.GroupBy(CaseText.ReasonOf))
            if (reason.Key is not null) terminal.Out.WriteLine($"      {PlainText.Escape(reason.Key)}{On(reason.Count() == results.Count ? [] : reason)}");
        if (verdict is null)
            foreach (var line in (results[0].Error?.StackTrace ?? "").Split('\n').Take(8)) terminal.Out.WriteLine("      " + PlainText.Escape(line.TrimEnd('\r')));
        Failures(results);
        if (verdict is CaseVerdict.Failed or CaseVerdict.Undecided || verbosity == Verbosity.Detailed) Skips(results);
        Notes(results);
    }

    /// <summary>A failure that several kernels share is printed once.</summary>
    private void Failures(List<CaseResult> results)
    {
        var all = results.SelectMany(r => r.Result?.Failures.Select(f => (Failure: f, Result: r)) ?? []);
        foreach (var same in all.GroupBy(f => (f.Failure.Outermost, f.Failure.Place, f.Failure.Message)))
        {
            var failure = same.First().Failure;
            var place = failure.Outermost;
            terminal.Out.WriteLine($"      {Place(place)}: {terminal.Bad(PlainText.Escape(failure.Message))}{On(same.Select(f => f.Result))}");
            terminal.Out.WriteLine($"          {_sources.Show(place)}");
            foreach (var inner in failure.Calls.Skip(1).Append(failure.Place).Where(p => p != place))
            {
                terminal.Out.WriteLine($"        in {Place(inner)}");
                terminal.Out.WriteLine($"          {_sources.Show(inner)}");
            }
            foreach (var line in failure.Explanation) terminal.Out.WriteLine($"        {terminal.Faint(PlainText.Escape(line))}");
        }
    }

    private void Skips(List<CaseResult> results)
    {
        var all = results.SelectMany(r => r.Result?.Skips.Select(s => (Skip: s, Result: r)) ?? []);
        foreach (var same in all.GroupBy(s => s.Skip))
            terminal.Out.WriteLine($"      {Place(same.Key.Place)}: skipped: {PlainText.Escape(same.Key.Reason)}{On(same.Count() == results.Count ? [] : same.Select(s => s.Result))}");
    }

    private void Notes(List<CaseResult> results)
    {
        var notes = results.SelectMany(r => r.Result?.Notes.Where(n => !n.IsDetail || verbosity == Verbosity.Detailed).Select(n => (Note: n, Result: r)) ?? []);
        foreach (var same in notes.GroupBy(n => n.Note))
            terminal.Out.WriteLine($"      {Place(same.Key.Place)}: note: {PlainText.Escape(same.Key.Text)}{On(same.Count() == results.Count ? [] : same.Select(n => n.Result))}");
        if (verbosity != Verbosity.Detailed) return;
        var unconfirmed = results.SelectMany(r => r.Result?.Unconfirmed.Select(rule => (rule.Id, Result: r)) ?? []).GroupBy(u => u.Id, u => u.Result);
        foreach (var same in unconfirmed.GroupBy(u => KernelText.Compress(u.Select(CaseText.KernelOf))))
            terminal.Out.WriteLine($"      note: no real kernel has confirmed {string.Join(", ", same.Select(u => u.Key))}{On(same.First().Count() == results.Count ? [] : same.First())}");
        foreach (var result in results)
            foreach (var gap in result.Result?.Gaps ?? [])
                terminal.Out.WriteLine($"      {Place(gap.Place)}: known gap {(gap.Held ? "holds" : "does not hold")}: {PlainText.Escape(gap.Reason)}{On([result])}");
    }

    /// <summary>Known gaps that are none any more.</summary>
    public void ClosedGaps(IEnumerable<GapResult> gaps)
    {
        foreach (var gap in gaps)
            terminal.Out.WriteLine($"{Place(gap.Place)}: {terminal.Bad("the known gap holds on every kernel it ran on; remove known-gap")} ({PlainText.Escape(gap.Reason)})");
    }

    /// <summary>The last line.</summary>
    public void Summary(CheckTally tally, int files, int broken, int scenarios, TimeSpan time)
    {
        var parts = new List<string> { terminal.Good($"{tally.Passed} passed") };
        parts.Add(tally.Failed > 0 ? terminal.Bad($"{tally.Failed} failed") : "0 failed");
        parts.Add(tally.Undecided > 0 ? terminal.Doubtful($"{tally.Undecided} undecided") : "0 undecided");
        parts.Add($"{tally.NotApplicable} not applicable");
        if (tally.Broken > 0) parts.Add(terminal.Bad($"{tally.Broken} broken"));
        if (tally.Gaps > 0) parts.Add(Count(tally.Gaps, "known gap"));
        if (broken > 0) parts.Add(terminal.Bad($"{Count(broken, "file")} not compiled"));
        terminal.Out.WriteLine($"{Count(files, "file")}, {Count(scenarios, "scenario")}, {Count(tally.Cases, "case")}: {string.Join(", ", parts)}"
            + string.Create(System.Globalization.CultureInfo.InvariantCulture, $"; {time.TotalSeconds:0.00} s"));
    }

    /// <summary>Says how many results are the model's word alone.</summary>
    public void Unconfirmed(CheckTally tally)
    {
        if (tally.Unconfirmed == 0) return;
        var all = tally.UnconfirmedOnlyBefore(RuleRegistry.OldestTried) ? $" (all before {RuleRegistry.OldestTried} or with a patch)" : "";
        terminal.Out.WriteLine($"{Count(tally.Unconfirmed, "case")} {(tally.Unconfirmed == 1 ? "relies" : "rely")} on rules that no real kernel has confirmed{all}{(verbosity == Verbosity.Detailed ? "" : "; -v detailed names them")}");
    }

    private static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";

    private static string Place(SpecPlace place) => $"{PlainText.Escape(place.File)}:{place.Line}";

    private string On(IEnumerable<CaseResult> results)
    {
        var kernels = KernelText.Compress(results.Select(CaseText.KernelOf).Distinct());
        return kernels.Length == 0 ? "" : terminal.Faint($"  [{PlainText.Escape(kernels)}]");
    }
}
