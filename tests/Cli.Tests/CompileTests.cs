using System.Diagnostics;

namespace MmSpec.Tests;

/// <summary><c>compile</c>: what it writes runs under the test platforms.</summary>
public class CompileTests
{
    private const string Spec = """
        machine four { hugepages 2M { nr: 4 } mount hugetlbfs "/huge" { } }

        @hugetlb
        scenario "right" {
            kernel 6.12
            machine four
            process p { expect pool == (4, 4, 0, 0) }
        }

        scenario "wrong \"number\"" {
            kernel 6.12
            machine four
            process p {
                let f = open("/huge/f", O_CREAT | O_RDWR)
                let a = mmap(length: 8M, fd: f, flags: MAP_PRIVATE)
                expect HugePages_Rsvd == 3
            }
        }

        """;

    [Test]
    public void The_assembly_runs_with_all_that_lies_beside_it([Values("vstest", "test")] string how)
    {
        using var work = new Workspace().With("specs/a.mmspec", Spec);
        var run = work.Run("compile", "specs", "-o", "out");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var (code, output) = Dotnet(work.Root, how, "out/specs.dll");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(1), output);
            Assert.That(output, Does.Contain("specs/a.mmspec::wrong \"number\"[6.12]"));
            Assert.That(output, Does.Contain("at MmSpec.Specs.specs__a_mmspec.S2() in specs/a.mmspec:line 16"));
            Assert.That(output.Split('\n').Where(l => l.TrimStart().StartsWith("at ", StringComparison.Ordinal)).Select(l => l.Trim()).Distinct().Count(), Is.EqualTo(1), "one frame");
            Assert.That(output, Does.Contain("mmap reserved 4"), "explained");
            Assert.That(output, Does.Contain("Passed:     1").And.Contain("Failed:     1"));
        });
    }

    [Test]
    public void Two_files_never_become_one()
    {
        using var work = new Workspace().With("a.mmspec", Spec);
        var name = Path.GetFileName(work.Root);
        work.With($"{name}/a.mmspec", Spec);
        var run = work.Run("compile", "--emit", "cs", "-o", "out", $"{name}/a.mmspec", $"../{name}/a.mmspec");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(64), run.ToString());
            Assert.That(run.ToString(), Does.Contain("would be written to one file"));
        });
    }

    [Test]
    public void CSharp_keeps_folders_and_leaves_alone_what_is_the_same()
    {
        using var work = new Workspace().With("specs/x/a.mmspec", Spec).With("specs/y/a.mmspec", Spec);
        Assert.That(work.Run("compile", "--emit", "cs", "-o", "out", "specs/x/a.mmspec", "specs/y/a.mmspec").ExitCode, Is.Zero);
        var files = Directory.GetFiles(Path.Combine(work.Root, "out"), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(work.Root, f)).Order();
        Assert.That(files, Is.EqualTo(new[] { "out/specs/x/a.g.cs", "out/specs/y/a.g.cs" }));
    }

    [TestCase("a/b")]
    [TestCase("../a")]
    [TestCase("..")]
    [TestCase("")]
    [TestCase("nunit.framework")]
    [TestCase("NUnit3.TestAdapter")]
    public void A_name_that_cannot_lie_in_the_folder_is_a_wrong_command_line(string name)
    {
        using var work = new Workspace().With("a.mmspec", Spec);
        var run = work.Run("compile", "a.mmspec", "-o", "out", "--name", name);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(64), run.ToString());
            Assert.That(run.Error, Does.Contain($"--name '{name}': "));
            Assert.That(Directory.Exists(Path.Combine(work.Root, "out")), Is.False);
        });
    }

    [Test]
    public void What_does_not_compile_writes_nothing()
    {
        using var work = new Workspace().With("a.mmspec", Spec).With("b.mmspec", "scenario \"x\" {");
        var run = work.Run("compile", "a.mmspec", "b.mmspec", "-o", "out");
        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain("b.mmspec(1,"));
        Assert.That(Directory.Exists(Path.Combine(work.Root, "out")), Is.False);
    }

    [Test]
    public void A_place_that_cannot_be_written_is_said()
    {
        using var work = new Workspace().With("a.mmspec", Spec).With("out", "a file");
        var run = work.Run("compile", "a.mmspec", "-o", "out");
        Assert.That(run.ExitCode, Is.EqualTo(64), run.ToString());
        Assert.That(run.Error, Does.Contain("cannot write to 'out'"));
    }

    private static (int Code, string Output) Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // The settings of the host that runs this test are not those of the one started here.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || k.StartsWith("VSTEST", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(120))) process.Kill(entireProcessTree: true);
        return (process.ExitCode, output.Result + error.Result);
    }
}
