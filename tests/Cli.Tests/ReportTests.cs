namespace MmSpec.Tests;

/// <summary>What a report says beside verdicts: rules that nobody confirmed, defects of the kernel that a scenario met, known gaps.</summary>
public class ReportTests
{
    private const string LateUnmapper = """
        kernel 2.6.38+
        scenario "the owner unmaps first" {
            machine { hugepages 2M { nr: 4 } }
            process p {
                let a = mmap(length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)
                store a
                fork c
                munmap(a)
            }
        }
        """;

    [Test]
    public void A_scenario_that_meets_a_kernel_bug_says_so_and_one_beside_it_does_not()
    {
        using var workspace = new Workspace().With("a.mmspec", LateUnmapper);
        var run = workspace.Run("check", "--kernel", "6.16,7.2", "a.mmspec");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Out, Does.Contain("      a.mmspec:8: note: ran into kernel bug hugetlb.zap.restores-while-mapped  [6.16]\n"));
        Assert.That(workspace.Run("check", "--kernel", "7.2", "a.mmspec").Out, Does.Not.Contain("ran into"));
    }

    [Test]
    public void What_no_real_kernel_confirmed_is_counted_and_with_v_named()
    {
        using var workspace = new Workspace().With("a.mmspec", LateUnmapper);
        var both = workspace.Run("check", "--kernel", "3.0,7.3", "-v", "detailed", "a.mmspec");
        Assert.That(both.Out, Does.Contain("\n1 case relies on rules that no real kernel has confirmed (all before 5.10 or with a patch)"), both.ToString());
        Assert.That(both.Out, Does.Match(@"      note: no real kernel has confirmed .*hugetlb\.private\.owner-reserves.*  \[3\.0\]\n"));
        Assert.That(workspace.Run("check", "--kernel", "7.3", "a.mmspec").Out, Does.Not.Contain("confirmed"), "what was tried on real kernels needs no word");
    }

    [Test]
    public void Rules_can_be_listed_by_what_is_known_of_them()
    {
        using var workspace = new Workspace();
        var open = workspace.Run("rules", "--unconfirmed", "hugetlb");
        Assert.That(open.Out, Does.Contain("hugetlb.fault.shortage-sigkill").And.Not.Contain("  confirmed "), open.ToString());
        var bugs = workspace.Run("rules", "--bugs");
        Assert.That(bugs.Out, Does.Contain("hugetlb.zap.restores-while-mapped").And.Not.Contain("hugetlb.private.owner-reserves "), bugs.ToString());
    }

    [Test]
    public void Known_gaps_are_counted_once_however_many_kernels_they_ran_on()
    {
        using var workspace = new Workspace().With("a.mmspec", """
            kernel 6.1+
            scenario "t" {
                machine { hugepages 2M { nr: 4 } }
                known-gap "of no consequence" { expect HugePages_Total == 5 }
                expect HugePages_Total == 4
            }
            """);
        var run = workspace.Run("check", "--kernel", "6.1,7.2", "a.mmspec");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Out, Does.Contain("2 passed, 0 failed, 0 undecided, 0 not applicable, 1 known gap;"));
    }

    [Test]
    public void Faults_of_a_step_in_a_thread_are_refused_since_nobody_would_check_them()
    {
        using var workspace = new Workspace().With("a.mmspec", """
            kernel 6.1+
            scenario "t" {
                machine { hugepages 2M { nr: 4 } }
                process p { let a = mmap(length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB) }
                parallel { thread p.t { store a faults 7 } }
                judge { never deadlock }
            }
            """);
        var run = workspace.Run("check", "a.mmspec");
        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Match(@"^a\.mmspec\(5,44\): error MM\d+: 'faults on a step of a thread' is not supported yet\n$"));
    }

    [Test]
    public void A_witness_is_told_by_thread_statement_and_lock()
    {
        using var workspace = new Workspace().With("a.mmspec", """
            kernel 6.10+
            scenario "two want the last page" {
                machine { hugepages 2M { nr: 1 } mount hugetlbfs "/huge" { } }
                process p {
                    let f = open("/huge/f", O_CREAT | O_RDWR)
                    let a = mmap(length: 4M, fd: f, flags: MAP_SHARED | MAP_NORESERVE)
                    fork q
                }
                parallel {
                    thread p.one { store a[0] as w1 }
                    thread q.two { store a[2M] as w2 }
                }
                judge {
                    always w1 == ok
                    sometimes w1 == ENOMEM
                }
            }
            """);
        var run = workspace.Run("check", "-v", "detailed", "a.mmspec");
        Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
        Assert.That(run.Out, Does.Match(@"a\.mmspec:14: expected always w1 == ok; in one interleaving it does not hold \(w1 is SIGBUS\)"));
        Assert.That(run.Out, Does.Match(@"\n        p\.one: line 10 store a\[0\] as w1: walks the page table, takes mmap_lock of p \(read\), hugetlb fault mutex"));
        Assert.That(run.Out, Does.Match(@"\n        q\.two: line 11 store a\[2M\] as w2: walks the page table, takes mmap_lock of q \(read\)"));
        Assert.That(run.Out, Does.Match(@"a\.mmspec:15: expected sometimes w1 == ENOMEM, it holds in no final state \(searched: executions \d+, states \d+, final states \d+\)"));
        Assert.That(run.Out, Does.Match(@"a\.mmspec:9: note: searched \d+ executions, \d+ transitions, \d+ states, \d+ final states"));
        Assert.That(run.Out, Does.Not.Match(@"MmapLock|HugetlbFaultMutex"));
    }

    [Test]
    public void Help_lists_the_exit_codes_and_comes_by_two_ways()
    {
        using var workspace = new Workspace();
        var help = workspace.Run("check", "--help");
        Assert.That(help.ExitCode, Is.Zero, help.ToString());
        Assert.That(help.Out, Does.Match(@"\n  3 +undecided").And.Match(@"\n  64 +the command line is wrong"));
        Assert.That(workspace.Run("help", "check").Out, Is.EqualTo(help.Out));
        Assert.That(workspace.Run("help").Out, Is.EqualTo(workspace.Run("--help").Out).And.Not.Contain("undecided"));
    }

    [Test]
    public void What_the_machine_was_made_with_is_no_line_of_the_scenario()
    {
        using var workspace = new Workspace().With("a.mmspec", "kernel 6.1+\nscenario \"t\" {\n    machine { hugepages 2M { nr: 4 } }\n    expect HugePages_Free == 3\n    expect HugePages_Rsvd == 1\n}\n");
        var run = workspace.Run("check", "--kernel", "6.12.117", "a.mmspec");
        Assert.That(run.Out, Does.Contain("expected HugePages_Free == 3, it is 4  [6.12.117]\n          expect HugePages_Free == 3\n        the machine was made with 4 huge pages\n"), run.ToString());
        Assert.That(run.Out, Does.Contain("          expect HugePages_Rsvd == 1\n        no step has changed it since the start\n"));
    }
}
