using System.Diagnostics;
using System.Text;

namespace MmSpec.Tests;

/// <summary>What a run of the tool came to.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Elapsed">Wall-clock time.</param>
internal sealed record ToolRun(int ExitCode, string Out, string Error, TimeSpan Elapsed)
{
    public override string ToString() => $"exit {ExitCode} after {Elapsed.TotalSeconds:0.00} s\n--- stdout\n{Shorten(Out)}\n--- stderr\n{Shorten(Error)}";

    private static string Shorten(string text) => text.Length <= 4000 ? text : text[..4000] + " …";
}

/// <summary>A directory of specifications in which the built <c>mmspec</c> runs as a process of its own, with bounded memory and time.</summary>
internal sealed class Workspace : IDisposable
{
    private const long MostMemory = 1 << 30;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(120);

    public Workspace() => Root = Directory.CreateTempSubdirectory("mmspec-test-").FullName;

    public string Root { get; }

    public Workspace With(string name, string content) => With(name, new UTF8Encoding(false).GetBytes(content));

    public Workspace With(string name, byte[] content)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return this;
    }

    /// <summary>Runs the tool and waits for it; a run that takes too long is ended and fails the test.</summary>
    public ToolRun Run(params string[] arguments) => Run(arguments, null);

    /// <summary>Runs the tool, sends it a signal after a while, and waits for it.</summary>
    public ToolRun RunAndSignal(string signal, TimeSpan after, params string[] arguments) => Run(arguments, process =>
    {
        Thread.Sleep(after);
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    });

    private ToolRun Run(string[] arguments, Action<Process>? meanwhile)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "mmspec"), arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // A cache of its own, so that no test sees what another left there; the test host's settings are not the tool's.
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(Root, ".cache");
        start.Environment["DOTNET_GCHeapHardLimit"] = MostMemory.ToString("x");
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("VSTEST", StringComparison.Ordinal) || k.StartsWith("MSBUILD", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        meanwhile?.Invoke(process);
        if (!process.WaitForExit(MostTime))
        {
            process.Kill();
            process.WaitForExit();
            Assert.Fail($"mmspec {string.Join(' ', arguments)} did not end within {MostTime.TotalSeconds} s\n{output.Result}\n{error.Result}");
        }
        return new(process.ExitCode, output.Result, error.Result, clock.Elapsed);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
