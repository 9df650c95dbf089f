using System.Diagnostics;
using MmSpec.Cli.Output;

namespace MmSpec.Tests;

/// <summary>What is drawn on a terminal, and that nothing of it reaches a pipe.</summary>
public class TerminalTests
{
    private const string Broken = "kernel 6.10+\nscenario \"x\" {\n\tprocess p { expect pol == 3 }\n}\n";
    private const string Wrong = "kernel 6.10+\nscenario \"y\" { expect HugePages_Total == 3 }\nscenario \"z\" { expect HugePages_Total == 0 }\n";

    /// <summary>Runs the tool on a pseudo terminal that <c>script</c> makes; both streams come back as one.</summary>
    private static string OnTerminal(Workspace workspace, string arguments, params (string Name, string Value)[] environment)
    {
        var script = Array.Find(["/usr/bin/script", "/bin/script"], File.Exists);
        if (script is null) Assert.Ignore("util-linux's script is not there");
        var start = new ProcessStartInfo(script!, ["-qec", $"'{Path.Combine(AppContext.BaseDirectory, "mmspec")}' {arguments}", "/dev/null"])
        {
            WorkingDirectory = workspace.Root,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(workspace.Root, ".cache");
        start.Environment["TERM"] = "xterm";
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        if (process.WaitForExit(60_000)) return output.Result.Replace("\r\n", "\n");
        process.Kill();
        throw new TimeoutException();
    }

    [Test]
    public void A_terminal_gets_colours_and_a_caret()
    {
        using var workspace = new Workspace().With("a.mmspec", Broken).With("b.mmspec", Wrong);
        var output = OnTerminal(workspace, "check");
        Assert.That(output, Does.Contain("a.mmspec(3,21): \e[1;31merror\e[0m MM"));
        Assert.That(output, Does.Contain("\n     process p { expect pol == 3 }\n                        \e[1;31m^^^\e[0m\n"), "the caret stands below the word, tab or not");
        Assert.That(output, Does.Contain("  \e[1;31mFAILED   \e[0m  y").And.Contain("  \e[32mok       \e[0m  z"));
    }

    [Test]
    public void A_pipe_gets_neither()
    {
        using var workspace = new Workspace().With("a.mmspec", Broken).With("b.mmspec", Wrong);
        var run = workspace.Run("check");
        Assert.That(run.Out + run.Error, Does.Not.Contain("\e").And.Not.Contain("\r").And.Not.Contain("^"));
        Assert.That(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1), "one line a diagnostic");
    }

    [Test]
    public void Who_wants_no_colours_gets_none_but_the_caret()
    {
        using var workspace = new Workspace().With("a.mmspec", Broken);
        Assert.That(OnTerminal(workspace, "check", ("NO_COLOR", "1")), Does.Contain("^^^\n").And.Not.Contain("\e[1;31m"));
        Assert.That(OnTerminal(workspace, "check", ("TERM", "dumb")), Does.Contain("^^^\n").And.Not.Contain("\e["));
    }

    [Test]
    public void Progress_is_drawn_over_and_wiped_off()
    {
        var before = Environment.GetEnvironmentVariable("TERM");
        Environment.SetEnvironmentVariable("TERM", "xterm");
        try
        {
            var output = new StringWriter();
            var progress = new Progress(new Terminal(output, TextWriter.Null, true, true), 3, TimeSpan.Zero);
            progress.Advance();
            Assert.That(output.ToString(), Does.StartWith("\r\e[K").And.Contain("1 of 3 cases"));
            progress.Clear();
            Assert.That(output.ToString(), Does.EndWith("\r\e[K"));
            progress.Advance();
            progress.Clear();
            var length = output.ToString().Length;
            progress.Advance();
            Assert.That(output.ToString(), Has.Length.EqualTo(length), "at the end there is the summary");

            var pipe = new StringWriter();
            var silent = new Progress(new Terminal(pipe, TextWriter.Null, false, true), 3, TimeSpan.Zero);
            silent.Advance();
            silent.Clear();
            Assert.That(pipe.ToString(), Is.Empty);
        }
        finally
        {
            Environment.SetEnvironmentVariable("TERM", before);
        }
    }
}
