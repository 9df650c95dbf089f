using MmSpec.Diagnostics;
using MmSpec.Syntax;
using MmSpec.Text;
using Parser = MmSpec.Parsing.Parser;

namespace MmSpec.Tests.Parsing;

/// <summary>The grammar covers the language's own page.</summary>
public sealed class LanguageExamplesTests
{
    private static IEnumerable<TestCaseData> Corpus() => LanguagePage.Corpus().Select(c => new TestCaseData(c.Text).SetArgDisplayNames(c.Name));

    [Test]
    public void The_page_has_its_examples() => Assert.That(LanguagePage.WholeExamples().Count(), Is.GreaterThanOrEqualTo(2));

    [TestCaseSource(nameof(Corpus))]
    public void A_whole_example_parses(string text)
    {
        var diagnostics = new DiagnosticBag();
        var file = Parser.Parse(new SourceText("example.mmspec", text), diagnostics);
        Assert.That(diagnostics.Items, Is.Empty);
        Assert.That(file.Members.OfType<ScenarioSyntax>(), Is.Not.Empty);
    }

    /// <summary>The blocks that show forms, with the places that they leave open left out.</summary>
    [Test]
    public void A_block_of_forms_parses()
    {
        foreach (var block in LanguagePage.Blocks().Except(LanguagePage.WholeExamples()))
        {
            var forms = block.Replace(", … ]", " ]", StringComparison.Ordinal).Replace("…", "", StringComparison.Ordinal);
            var isFile = forms.Contains("scenario \"", StringComparison.Ordinal);
            Assert.That(Parse.Diagnose(isFile ? forms : $"scenario \"s\" {{ {forms} }}"), Is.Empty, forms);
        }
    }

    /// <summary>Forms that the page's text and tables show, each as a statement of a process.</summary>
    [TestCase("exit(n) kill(q, SIGKILL) wait(q) -> exit 0 wait(q) -> killed SIGKILL exec()")]
    [TestCase("start t { store a } start q.t { store a } expect state(t) == blocked join t")]
    [TestCase("for x in [1, 2] { store a[x] } repeat 3 { store a } when kernel 6.1+ { store a } else { load a }")]
    [TestCase("read(f, 4K) == 0x5a pread(f, 4K, 0) == pattern(7) write(f, \"…\") write(f, byte: 0x5a, count: 64K) fallocate(f, 0, 0, 1)")]
    [TestCase("load r load r == 0x5a load r == pattern(7) store r store r = 0x5a store r = pattern(7) as w")]
    [TestCase("root: sysctl \"vm.nr_hugepages\" = 3 -> EINVAL root: sysfs \"kernel/mm/…\" = always root: khugepaged scan p until settled root: drop_caches 3")]
    [TestCase("root: poison p.buf[0] root: migrate p.buf[0] to node 1 root: mount hugetlbfs \"/b\" { min_size: 10M } -> ENOMEM root: umount \"/b\" -> EBUSY")]
    [TestCase("store a faults 0 store a faults { 6.1+: 0, otherwise: 1 } inject ENOMEM at hugetlb_vma_lock_alloc (nth: 1) inject ENOMEM at x (any)")]
    [TestCase("f() -> A or B f() -> any f() -> F_SEAL_WRITE f() -> 4K f() -> BUG f() -> undefined f() -> oom-kill(q, p) f() -> oops f() -> blocked")]
    [TestCase("mbind(r, MPOL_BIND, nodes: [0]) mremap(x, 4K, 8K, MREMAP_MAYMOVE, new_addr: placed(align: 2M)) mmap(addr: NULL, length: 4K, flags: MAP_SHARED)")]
    [TestCase("mmap(addr: placed(offset: 4K into 2M), length: 4K, flags: F) mmap(addr: placed(adjacent: x), length: 4K, flags: F)")]
    [TestCase("let u = userfaultfd(O_CLOEXEC, features: UFFD_FEATURE_EVENT_FORK) let r = uffd_register(u, R, MISSING | WP) uffd_copy(u, R, byte: 0x51, mode: DONTWAKE)")]
    [TestCase("uffd_writeprotect(u, R, 0) uffd_move(u, dst: R, src: S, mode: ALLOW_SRC_HOLES) uffd_read(u) -> pagefault { at: buf[0], flags: wp | write }")]
    [TestCase("uffd_read(u) -> remove { start, end } uffd_read(u) -> remap { from, to, len } let cu = uffd_read(u) -> fork uffd_read(u) -> EAGAIN")]
    [TestCase("expect x.start == range(0, 4K).end - aligned(x, 2M).length expect cgroup(db).\"hugetlb.2MB.current\" == 2M")]
    [TestCase("expect smaps(a) { field: 1, other: >= 16K, third: in { 1, 2 }, VmFlags: has hg } let t = snapshot expect vmstat since t { thp_fault_alloc: 1 }")]
    [TestCase("let before = smaps(a).Rss expect count(vmas(a)) == 3 expect vmas(a) { 0 .. 4K: \"rw-p\", 4K .. 8K: \"r--p\" }")]
    [TestCase("expect pages(a) { 0 .. 4K: present zero-page, 4K .. 8K: none, 8K .. 12K: order 4 not anon mapcount 2 } expect page(c.a[0]) == page(parent.a[0])")]
    [TestCase("expect mincore(a) { 0 .. 8K: resident, 8K .. 16K: not resident } expect cgroup(db) { \"hugetlb.2MB.current\": 2M, \"hugetlb.2MB.events\": { max: 1 } }")]
    [TestCase("expect statfs(\"/huge\").f_bfree == 3 expect vma(a).hgm expect not pmd_shared(a) expect absent == { has thp.x: 64K, otherwise: 4K }")]
    [TestCase("fork w[4000] each w { store a every 1G shuffled(seed: 1) } expect latency(fault, of: w).p99 < 10ms expect latency(fault, of: w).mean < 10ms")]
    public void A_form_parses(string statements) => Parse.Statements(statements);

    /// <summary>Machines and headers that the page's text shows.</summary>
    [TestCase("machine m { hugepages 2M { nr: 1, overcommit: 2 } memory: 4G, swap: 1G, cpus: 2, sockets: 1, node 0 { memory: 1G, cpus: 1, hugepages 1G { nr: 1 } } }")]
    [TestCase("machine m { thp { enabled: always, defrag: never, khugepaged { pages_to_scan: 10 } } thp 64K { enabled: inherit } mount tmpfs \"/t\" { size: 4M, huge: advise } }")]
    [TestCase("machine m { cgroup db { \"memory.max\": 64M, \"hugetlb.2MB.rsvd.max\": 2M } cgroup db/sub { } sysctl { \"vm.overcommit_memory\": 1 } config { CONFIG_MEMORY_FAILURE: y } }")]
    [TestCase("machine m { device \"/dev/pfn\" { kind: pfnmap } cost { vma_visit: 1us } }")]
    [TestCase("scenario \"s\" { process p as uid 1000 caps none in cgroup db on cpu 0 rlimit MEMLOCK 64K { } new process other { } p: store a }")]
    [TestCase("scenario \"s\" { process p { } parallel { thread kernel.ref { pin p.a[0] unpin p.a[0] } thread kernel.gup { gup_fast p.a[0] } } judge { never stale-table, ever(x) } }")]
    [TestCase("patch no-restore on 6.9+ { without hugetlb.zap.restores-reserve with hugetlb.zap.x }")]
    public void A_member_parses(string member) => Parse.File(member);
}
