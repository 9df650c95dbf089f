using System.Diagnostics;
using System.Runtime.InteropServices;
using MmSpec.Cli.Output;
using MmSpec.Diagnostics;
using MmSpec.Lowering;
using MmSpec.NUnit;
using MmSpec.Testing;

namespace MmSpec.Cli.Checking;

/// <summary>Compiles files, or takes them from the cache. What does not compile is left out, with diagnostics.</summary>
internal delegate SpecAssembly Compile(IReadOnlyList<string> files, KernelSelection kernels, DiagnosticBag diagnostics);

/// <summary><c>mmspec check</c>: find, compile (or take from the cache), choose, run, report.</summary>
/// <param name="compile">Compiles.</param>
/// <param name="targets">Where cases run.</param>
internal sealed class Check(Compile compile, TargetsFor targets)
{
    /// <summary>Runs it.</summary>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public int Run(CheckOptions options, Terminal terminal)
    {
        var clock = Stopwatch.StartNew();
        var code = ExitCodes.Ok;
        var files = SpecDiscovery.Find(options.Paths, terminal, ref code);

        var diagnostics = new DiagnosticBag();
        using var compiled = compile(files, options.Kernels, diagnostics);
        DiagnosticPrinter.Print(terminal, diagnostics.Items);
        terminal.Error.Flush();
        var broken = diagnostics.Items.Where(d => d.Severity == Severity.Error).Select(d => d.Source.Path).Distinct().Count();
        if (broken > 0) code = ExitCodes.Worst(code, ExitCodes.DoesNotCompile);

        var filter = new CaseFilter(options.Filters, options.Tags);
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < files.Count; i++) order.Add(files[i], i);
        var cases = compiled.Cases().Where(filter.Allows).OrderBy(c => order.GetValueOrDefault(c.File, int.MaxValue)).ToList();
        if (options.List)
        {
            foreach (var specCase in cases) terminal.Out.WriteLine(PlainText.Escape(specCase.Name));
            return cases.Count == 0 ? Nothing(options, code) : code;
        }

        var tally = new CheckTally();
        var progress = new Progress(terminal, cases.Count, TimeSpan.FromMilliseconds(200));
        var printer = new ResultPrinter(terminal, options.Verbosity, progress);
        var signal = RunCases(options, cases, result =>
        {
            tally.Add(result);
            printer.Add(result);
            progress.Advance();
        });
        progress.Clear();
        printer.Flush();
        printer.ClosedGaps(tally.ClosedGaps);
        if (cases.Count == 0 && files.Count > 0 && broken == 0) terminal.Complain(Why(options));
        printer.Unconfirmed(tally);
        printer.Summary(tally, files.Count, broken, cases.Select(c => c.Method).Distinct().Count(), clock.Elapsed);
        var ran = tally.ExitCode();
        code = ran == ExitCodes.NothingRan ? Nothing(options, code) : ExitCodes.Worst(code, ran);
        return ExitCodes.Worst(signal, code);
    }

    private static int Nothing(CheckOptions options, int code) => options.AllowEmpty ? code : ExitCodes.Worst(code, ExitCodes.NothingRan);

    private static string Why(CheckOptions options) =>
        options.Filters.Count > 0 || options.Tags.Count > 0 ? "no case has a name and a tag that were asked for"
        : options.Kernels != KernelSelection.Default ? $"no scenario covers a kernel that was asked for ({options.Kernels})"
        : "the files contain no scenario";

    /// <summary>Runs the cases; SIGINT and SIGTERM end the run, after which what is known so far is printed.</summary>
    /// <returns>The exit code of the signal that ended it, or 0.</returns>
    private int RunCases(CheckOptions options, List<SpecCase> cases, Action<CaseResult> done)
    {
        if (cases.Count == 0) return ExitCodes.Ok;
        var signal = ExitCodes.Ok;
        using var cancel = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            signal = context.Signal == PosixSignal.SIGINT ? ExitCodes.Interrupted : ExitCodes.Terminated;
            cancel.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        var runner = new SpecRunner(targets, new RunOptions { Timeout = options.Timeout, Paranoid = options.Paranoid });
        // A case that fails runs a second time for its explanations.
        var limit = 2 * options.Timeout + TimeSpan.FromSeconds(5);
        new CaseScheduler(runner, options.Jobs, limit).Run(cases, done, cancel.Token);
        return signal;
    }
}
