namespace MmSpec.Tests;

/// <summary>The built tool in a process of its own: exit codes, and what goes to which stream.</summary>
public class EndToEndTests
{
    internal const string Head = "kernel 6.12\nscenario \"s\" {\n    machine { hugepages 2M { nr: 4 } mount hugetlbfs \"/huge\" { } }\n    process p {\n";
    internal const string Tail = "\n    }\n}\n";
    internal const string Map = "let a = mmap(length: 4M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)\n";

    internal static string Body(string statements) => Head + statements + Tail;

    private static readonly string Holds = Body(Map + "store a[0]\nexpect pool == (4, 3, 1, 0)");
    private static readonly string Fails = Body(Map + "store a[0]\nexpect HugePages_Rsvd == 7");
    private const string Broken = "kernel 6.12\nscenario \"s\" { process p { mmapp(length: 2M) } }\n";

    [Test]
    public void All_hold()
    {
        using var workspace = new Workspace().With("dir/a.mmspec", Holds);
        var run = workspace.Run("check", "dir");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(run.Error, Is.Empty);
            Assert.That(run.Out, Does.StartWith("dir/a.mmspec\n  ok         s  6.12\n").And.Contain("\n1 file, 1 scenario, 1 case: 1 passed, 0 failed"));
        });
    }

    [Test]
    public void A_failure_names_line_values_and_how_they_came_about()
    {
        using var workspace = new Workspace().With("a.mmspec", Fails);
        var run = workspace.Run("check", "a.mmspec");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
            Assert.That(run.Error, Is.Empty);
            Assert.That(run.Out, Does.Contain("FAILED     s  6.12\n      a.mmspec:7: expected HugePages_Rsvd == 7, it is 1  [6.12]\n          expect HugePages_Rsvd == 7\n"));
            Assert.That(run.Out, Does.Match(@"line 5 .*mmap.*2.*\[hugetlb\.").And.Match(@"line 6 .*store.*1"));
            Assert.That(run.Out, Does.Not.Contain("\e"), "no colours in a pipe");
        });
    }

    [Test]
    public void What_does_not_compile_is_diagnosed_on_stderr_and_the_rest_runs()
    {
        using var workspace = new Workspace().With("a.mmspec", Holds).With("b.mmspec", Broken).With("c.mmspec", Fails);
        var run = workspace.Run("check");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(run.Error, Does.Match(@"^b\.mmspec\(2,28\): error MM\d{4}: [^\n]*mmapp[^\n]*\n$"));
            Assert.That(run.Out, Does.Contain("a.mmspec\n  ok").And.Contain("c.mmspec\n  FAILED").And.Contain("1 file not compiled"));
            Assert.That(run.Out, Does.Not.Contain("error MM"));
        });
    }

    [TestCase("exec {0} rules > /dev/full", 70)]
    [TestCase("exec {0} rules hugetlb.private.noreserve > /dev/full", 70)]
    [TestCase("exec {0} rules hugetlb.private.noreserve >&-", 70)]
    [TestCase("exec {0} rules hugetlb.private.noreserve 2>&-", 0)]
    [TestCase("{{ {0} rules; echo $? >&2; }} | true", 0)]
    public void Results_that_cannot_be_written_are_no_success(string command, int code)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "mmspec");
        var start = new System.Diagnostics.ProcessStartInfo("sh", ["-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, command, $"'{tool}'")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Multiple(() =>
        {
            Assert.That(process.ExitCode, Is.EqualTo(code), error + output.Result);
            if (code == 70) Assert.That(error, Does.StartWith("mmspec: error: cannot write the results: ").And.Not.Contain("   at "));
            else Assert.That(error.Trim(), Is.Empty.Or.EqualTo("0"), "a reader that went away is no error");
        });
    }

    [Test]
    public void The_second_run_takes_everything_from_the_cache_and_says_the_same()
    {
        using var workspace = new Workspace().With("a.mmspec", Holds).With("b.mmspec", Fails);
        var (first, second) = (workspace.Run("check"), workspace.Run("check"));
        static string Verdicts(ToolRun run) => run.Out[..run.Out.LastIndexOf(';')];
        Assert.That((second.ExitCode, Verdicts(second)), Is.EqualTo((first.ExitCode, Verdicts(first))));
        workspace.With("b.mmspec", Holds);
        Assert.That(workspace.Run("check").ExitCode, Is.Zero);
    }

    [Test]
    public void A_bound_that_is_reached_is_undecided_and_the_rest_runs()
    {
        using var workspace = new Workspace().With("a.mmspec", Body("repeat 1000000000 { expect HugePages_Free == 4 }")).With("b.mmspec", Holds);
        var run = workspace.Run("check", "--timeout", "500ms", ".");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(3), run.ToString());
            Assert.That(run.Out, Does.Contain("undecided  s").And.Contain("stopped after 0.5 s").And.Contain("1 passed"));
        });
    }

    [TestCase("--frobnicate")]
    [TestCase("--coverage")]
    [TestCase("--kernel", "9.9")]
    [TestCase("--kernel", "six")]
    [TestCase("--jobs", "0")]
    [TestCase("--timeout", "soon")]
    [TestCase("--verbosity", "loud")]
    [TestCase("nosuchfile.mmspec")]
    [TestCase("")]
    public void A_wrong_command_line_is_64(params string[] arguments)
    {
        using var workspace = new Workspace();
        var run = workspace.Run(["check", .. arguments]);
        Assert.That(run.ExitCode, Is.EqualTo(64), run.ToString());
        Assert.That(run.Error, Does.StartWith("mmspec: error: "));
    }

    [Test]
    public void A_missing_path_does_not_keep_the_others_from_running()
    {
        using var workspace = new Workspace().With("a.mmspec", Holds);
        var run = workspace.Run("check", "nowhere", "a.mmspec");
        Assert.That(run.ExitCode, Is.EqualTo(64), run.ToString());
        Assert.That(run.Out, Does.Contain("1 passed"));
        Assert.That(run.Error, Is.EqualTo("mmspec: error: no such file or directory: 'nowhere'\n"));
    }

    [Test]
    public void Nothing_to_run_is_4_unless_allowed()
    {
        using var workspace = new Workspace().With("dir/readme.txt", "no specification").With("other/a.mmspec", Holds);
        Assert.Multiple(() =>
        {
            Assert.That(workspace.Run("check", "dir") is { ExitCode: 4 } empty && empty.Error.Contains("no *.mmspec file in directory 'dir'"));
            Assert.That(workspace.Run("check", "dir", "--allow-empty").ExitCode, Is.Zero);
            Assert.That(workspace.Run("check", "other", "--filter", "*nothing*").ExitCode, Is.EqualTo(4));
            Assert.That(workspace.Run("check", "other", "--tag", "nothing").ExitCode, Is.EqualTo(4));
            Assert.That(workspace.Run("check", "other", "--kernel", "6.1").ExitCode, Is.EqualTo(4));
        });
    }

    [Test]
    public void What_list_prints_filter_takes()
    {
        using var workspace = new Workspace().With("a.mmspec",
            "kernel 6.1, 6.12\n@x scenario \"one\" for n in [1, 2] { process p { expect HugePages_Free == 0 } }\nscenario \"two [2]\" { process p { expect HugePages_Free == { 6.1: 0, otherwise: 0 } } }\n");
        var names = workspace.Run("check", "--list").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(names, Is.EquivalentTo(new[] { "a.mmspec::one[1][6.12]", "a.mmspec::one[2][6.12]", "a.mmspec::two [2][6.1]", "a.mmspec::two [2][6.12]" }));
        foreach (var name in names) Assert.That(workspace.Run("check", "--list", "--filter", name).Out, Is.EqualTo(name + "\n"));
        Assert.That(workspace.Run("check", "--list", "--tag", "x").Out.Split('\n'), Has.Length.EqualTo(3));
    }

    [Test]
    public void The_matrix_says_which_scenario_holds_on_which_kernel()
    {
        using var workspace = new Workspace().With("a.mmspec", "kernel 2.6.25+\nscenario \"reserves\" {\n machine { hugepages 2M { nr: 4 } mount hugetlbfs \"/huge\" { } }\n process p {\n"
            + "let f = open(\"/huge/f\", O_CREAT | O_RDWR)\nlet a = mmap(length: 4M, fd: f, flags: MAP_PRIVATE)\nexpect HugePages_Rsvd == 2\n} }\n");
        var run = workspace.Run("check", "--kernel", "all");
        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.Out, Does.Contain("  ok         reserves  2.6.27 .. 7.3\n  FAILED     reserves  2.6.25, 2.6.26\n"));
    }

    [Test]
    public void Help_version_kernels_and_rules()
    {
        using var workspace = new Workspace();
        Assert.Multiple(() =>
        {
            Assert.That(workspace.Run("--version") is { ExitCode: 0, Error: "" } version && version.Out.Trim().Split('.').Length == 3);
            Assert.That(workspace.Run("check", "--help") is { ExitCode: 0 } help && help.Out.Contains("--paranoid") && !help.Out.Contains("--coverage"));
            Assert.That(workspace.Run("kernels") is { ExitCode: 0, Error: "" } kernels && kernels.Out.Contains("2.6.25 + private-reserve-rfc\n"));
            Assert.That(workspace.Run("rules", "hugetlb.private.owner-reserves") is { ExitCode: 0, Error: "" } rule && rule.Out.Contains("since 2.6.27") && rule.Out.Contains("mm/hugetlb.c"));
            Assert.That(workspace.Run("rules", "hugetlb.private.owner-reserve") is { ExitCode: 64 } near && near.Error.Contains("did you mean 'hugetlb.private.owner-reserves'"));
            Assert.That(workspace.Run().ExitCode, Is.EqualTo(64));
        });
    }

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    public void A_signal_ends_the_run_with_a_summary(string signal, int code)
    {
        using var workspace = new Workspace().With("a.mmspec", Holds).With("b.mmspec", Body("repeat 1000000000 { repeat 1000000000 { expect HugePages_Free == 4 } }"));
        workspace.Run("check", "a.mmspec");
        var run = workspace.RunAndSignal(signal, TimeSpan.FromSeconds(4), "check");
        Assert.That(run.ExitCode, Is.EqualTo(code), run.ToString());
        Assert.That(run.Out, Does.Contain("1 passed"));
    }

    [Test]
    public void Paranoid_runs_find_nothing_where_nothing_is_wrong()
    {
        using var workspace = new Workspace().With("a.mmspec", Holds);
        Assert.That(workspace.Run("check", "--paranoid").ExitCode, Is.Zero);
    }
}
