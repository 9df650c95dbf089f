using MmSpec.Syntax;
using static MmSpec.Tests.Parsing.Parse;

namespace MmSpec.Tests.Parsing;

/// <summary>Every form of statement and outcome.</summary>
public sealed class StatementTests
{
    [TestCase("ok", "ok")]
    [TestCase("EINVAL or ENOMEM", "EINVAL or ENOMEM")]
    [TestCase("4K", "4K")]
    [TestCase("-1", "(- 1)")]
    [TestCase("row.errno", "row.errno")]
    [TestCase("SIGBUS BUS_ADRERR at 2M", "SIGBUS BUS_ADRERR at 2M")]
    [TestCase("SIGSEGV at row.place", "SIGSEGV at row.place")]
    [TestCase("killed SIGKILL", "killed SIGKILL")]
    [TestCase("killed row.signal", "killed row.signal")]
    [TestCase("exit 0", "exit 0")]
    [TestCase("oom-kill(q, p) or ok", "oom-kill (q, p) or ok")]
    [TestCase("{ 2.6.35+: SIGBUS BUS_ADRERR at 2M, 2.6.29 .. 2.6.34: oom-kill(child), otherwise: killed SIGKILL }",
        "{2.6.35+: SIGBUS BUS_ADRERR at 2M, 2.6.29..2.6.34: oom-kill (child), otherwise: killed SIGKILL}")]
    [TestCase("pagefault { at: buf[0], flags: wp | write }", "pagefault {at: buf[0], flags: (wp | write)}")]
    [TestCase("remove { start, end }", "remove {start: start, end: end}")]
    [TestCase("fork", "fork")]
    [TestCase("blocked", "blocked")]
    public void Outcome(string text, string tree)
    {
        var steps = Statements($"f(x) -> {text} store a");
        Assert.That(Show(((StepSyntax)steps[0]).Outcome!), Is.EqualTo(tree));
        Assert.That(steps, Has.Count.EqualTo(2), "the next statement is not swallowed");
    }

    [Test]
    public void A_step_has_all_its_parts()
    {
        var step = Statement<StepSyntax>("let x = mmap(length: 4K) -> ok or ENOMEM faults { 6.1+: 0, otherwise: 1 } as w");
        Assert.That((step.Let!.Text, Show(step.Value), Show(step.Outcome!), Show(step.Faults!), step.Label!.Text),
            Is.EqualTo(("x", "mmap(length: 4K)", "ok or ENOMEM", "{6.1+: 0, otherwise: 1}", "w")));
    }

    [TestCase("sysctl \"vm.nr_hugepages\" = 3 -> EINVAL", "sysctl", "", "\"vm.nr_hugepages\"", "3")]
    [TestCase("sysfs \"kernel/mm\" = always", "sysfs", "", "\"kernel/mm\"", "always")]
    [TestCase("khugepaged scan p until settled", "khugepaged", "scan settled", "p", null)]
    [TestCase("drop_caches 3", "drop_caches", "", "3", null)]
    [TestCase("poison p.buf[0]", "poison", "", "p.buf[0]", null)]
    [TestCase("migrate p.buf[0] to node 1", "migrate", "node", "p.buf[0] 1", null)]
    [TestCase("mount hugetlbfs \"/b\" { min_size: 10M } -> ENOMEM", "mount", "hugetlbfs", "\"/b\"", null)]
    [TestCase("umount \"/b\" -> EBUSY", "umount", "", "\"/b\"", null)]
    [TestCase("pin p.a[0]", "pin", "", "p.a[0]", null)]
    public void Action(string text, string verb, string words, string operands, string? value)
    {
        var action = Statement<ActionSyntax>(text);
        Assert.That((action.Verb.Text, string.Join(' ', action.Words.Select(w => w.Text)), string.Join(' ', action.Operands.Select(Show)), action.Value is null ? null : Show(action.Value)),
            Is.EqualTo((verb, words, operands, value)));
    }

    [Test]
    public void Statements_need_no_line_ends()
    {
        var kinds = Statements("""
            fork q faults 0 as f start t { exec() } start q.t { exit(1) } join t join q.t
            for x in [1, 2] { store a[x] } repeat 3 { load a == 0 }
            when kernel 6.1+, 5.4 + p { f() } else when kind == file { g() } else { h() }
            known-gap "why" { f() } inject ENOMEM at hugetlb_vma_lock_alloc (nth: 1) inject ENOMEM at x (any)
            expect pool == (1, 2, 3, 4) expect smaps(a) { Rss: 16K, Pss: >= 4K, x: in { 1, 2 }, VmFlags: has hg, "a.b": 1 }
            expect pages(a) { 0 .. 4K: present zero-page not locked, 4K .. 8K: { 6.1+: none, otherwise: order 4 mapcount row.n } }
            q: store a root: drop_caches 3 wait(q) -> exit 0 return x
            """).Select(s => s.GetType().Name.Replace("Syntax", "", StringComparison.Ordinal));
        Assert.That(kinds, Is.EqualTo(new[]
        {
            "Fork", "Start", "Start", "Join", "Join", "For", "Repeat", "When", "KnownGap", "Inject", "Inject", "Expect", "Expect", "Expect",
            "ProcessBlock", "ProcessBlock", "Step", "Return",
        }));
    }

    [Test]
    public void Else_when_nests()
    {
        var when = Statement<WhenSyntax>("when a == 1 { f() } else when kernel has x.y { g() } else { h() }");
        var inner = (WhenSyntax)when.Else.Single();
        Assert.That((when.Kernel, Show(inner.Kernel!), inner.Else.Length), Is.EqualTo(((ConditionSyntax?)null, "has x.y", 1)));
    }

    [Test]
    public void A_process_has_attributes()
    {
        var scenario = Scenario("""scenario "s" { process p as uid 1000 caps none in cgroup db/sub on cpu 0 rlimit MEMLOCK 64K { } new process q caps [A, B] { } }""");
        var attributes = ((ProcessBlockSyntax)scenario.Body[0]).Attributes.Select(a => $"{string.Join(' ', a.Words.Select(w => w.Text))}={string.Join(' ', a.Values.Select(Show))}");
        Assert.That(attributes, Is.EqualTo(new[] { "as uid=1000", "caps=none", "in cgroup=db/sub", "on cpu=0", "rlimit MEMLOCK=64K" }));
        Assert.That(((ProcessBlockSyntax)scenario.Body[1]).New, Is.True);
    }

    [Test]
    public void Interleavings_and_judgements()
    {
        var body = Scenario("""
            scenario "s" {
                parallel { thread p.fault { store a[0] as w1 } thread kernel.migrate { migrate p.a[0] } }
                judge {
                    never deadlock, BUG, lock-inversion
                    w1 == SIGBUS -> { 5.18 .. 6.8: sometimes, 6.9+: never }
                    not ever(P) -> always
                    always count(w1 == ok, m == ok) == 1
                    outcomes (w1, m) in { (ok, ENOMEM), (SIGBUS, ok), }
                    outcomes (w1, m) -> { 6.9+: in { (ok, ok) }, otherwise: in { (killed SIGKILL, any) } }
                    sometimes byte(p.a[0]) == 0x01
                }
            }
            """).Body;
        Assert.That(((ParallelSyntax)body[0]).Threads.Select(t => $"{t.Process.Text}.{t.Name.Text}"), Is.EqualTo(new[] { "p.fault", "kernel.migrate" }));
        var lines = ((JudgeSyntax)body[1]).Judgements;
        Assert.That(lines.Select(l => l.GetType().Name), Is.EqualTo(new[]
        {
            nameof(VerdictFirstSyntax), nameof(PropertyFirstSyntax), nameof(PropertyFirstSyntax), nameof(VerdictFirstSyntax), nameof(OutcomesJudgementSyntax),
            nameof(OutcomesJudgementSyntax), nameof(VerdictFirstSyntax),
        }));
        Assert.That(((PropertyFirstSyntax)lines[2]).Verdicts.Single().When, Is.InstanceOf<OtherwiseSyntax>());
        Assert.That(((OutcomesJudgementSyntax)lines[4]).Arms.Single().Then, Is.InstanceOf<OutcomeTuplesSyntax>());
    }

    [Test]
    public void Timed_blocks_are_read_whole() => Scenario("""
        scenario "s" {
            timed {
                process w[4000]
                fork w[4000]
                each w { store a every 1G shuffled(seed: 1) }
                expect latency(fault, of: w).p99 < 10ms
            }
        }
        """);

    [Test]
    public void Keywords_are_names_where_a_name_is_expected() => Statements("""
        fork load fork thread load: store a thread: store b let scenario = 3 expect scenario == process.to f(in: 1, of: 2) let t = kernel.at
        """);
}
