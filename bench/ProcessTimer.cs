using System.Diagnostics;

namespace MmSpec.Bench;

/// <summary>Times whole processes, all variants in turn within a round, so that a busy moment hits them alike.</summary>
internal static class ProcessTimer
{
    /// <summary>One command: a name, the program with its arguments, and what to do before each run.</summary>
    internal sealed record Variant(string Name, string[] Command, Action? Before = null, int ExpectedExit = 0);

    /// <summary>Median wall time in milliseconds of each variant; the first round is discarded.</summary>
    internal static Dictionary<string, double> Medians(IReadOnlyList<Variant> variants, int rounds, IReadOnlyDictionary<string, string> environment)
    {
        var times = variants.ToDictionary(v => v.Name, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var variant in variants)
            {
                variant.Before?.Invoke();
                var ms = Once(variant, environment);
                if (round > 0) times[variant.Name].Add(ms);
            }
        }
        return times.ToDictionary(t => t.Key, t => t.Value.Order().ElementAt(t.Value.Count / 2));
    }

    private static double Once(Variant variant, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(variant.Command[0], variant.Command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var ms = clock.Elapsed.TotalMilliseconds;
        if (process.ExitCode != variant.ExpectedExit) throw new InvalidOperationException($"{variant.Name} ended with {process.ExitCode}: {error.Result}");
        return ms;
    }
}
