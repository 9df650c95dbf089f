namespace MmSpec.Tests;

/// <summary>Whether a syscall suspends and goes on must make no difference.</summary>
public class ForcedYieldTests
{
    [Test]
    public void Every_specification_comes_out_the_same_with_a_suspension_at_every_await()
    {
        using var workspace = new Workspace();
        string[] arguments = ["check", Path.Combine(Repository.Root, "specs"), "--verbosity", "normal"];
        var plain = workspace.Run(arguments);
        ToolRun forced;
        Environment.SetEnvironmentVariable("MMSPEC_FORCE_YIELD", "1");
        try
        {
            forced = workspace.Run(arguments);
        }
        finally
        {
            Environment.SetEnvironmentVariable("MMSPEC_FORCE_YIELD", null);
        }
        Assert.Multiple(() =>
        {
            Assert.That(plain.ExitCode, Is.Zero, plain.ToString());
            Assert.That(forced.ExitCode, Is.Zero, forced.ToString());
            Assert.That(Lines(forced), Is.EqualTo(Lines(plain)));
            Assert.That(Lines(plain), Has.Length.GreaterThan(50));
        });
    }

    private static string[] Lines(ToolRun run) => [.. run.Out.Split('\n').Where(l => l.StartsWith("  ", StringComparison.Ordinal))];
}
