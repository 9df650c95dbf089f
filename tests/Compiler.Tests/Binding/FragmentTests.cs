using MmSpec.Tests.Parsing;

namespace MmSpec.Tests.Binding;

/// <summary>Every form of the language binds, or says "not supported yet" and nothing else.</summary>
public sealed class FragmentTests
{
    private const string Region = "let a = mmap(length: 4M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB) let f = open(\"/huge/f\", O_CREAT | O_RDWR)\n";

    private static readonly string[] InProcess =
    [
        "mprotect(a[0 .. 2M], PROT_READ)", "munmap(a)", "madvise(a, MADV_DONTNEED)", "let m = mremap(a, 4M, 2M, MREMAP_MAYMOVE | MREMAP_FIXED, placed(align: 2M)) store m",
        "mbind(a, MPOL_BIND, nodes: [0])", "posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)", "let s = shmget(1, 2M, IPC_CREAT | SHM_HUGETLB | 0o600) let b = shmat(s) store b shmctl(s, IPC_RMID)",
        "let n = read(f, 4K) == 0x5a expect n == 4K", "pread(f, 4K, 0) == pattern(7)", "write(f, \"text\")", "write(f, byte: 0x5a, count: 64K)", "pwrite(f, \"x\", 4K) -> EINVAL",
        "let u = userfaultfd(O_CLOEXEC, features: UFFD_FEATURE_MISSING_HUGETLBFS)\nlet r = uffd_register(u, a, MISSING | WP)\nexpect r.ioctls has 4\nuffd_copy(u, a, byte: 0x51, mode: DONTWAKE)\nuffd_zeropage(u, a)\n"
            + "uffd_writeprotect(u, a, WP)\nuffd_writeprotect(u, a, 0)\nuffd_move(u, dst: a, src: a, mode: ALLOW_SRC_HOLES)\nuffd_read(u) -> pagefault { at: a[0], flags: 0 }\nlet cu = uffd_read(u) -> fork\nuffd_read(cu) -> EAGAIN",
        "exit(0)", "exec()", "fork q wait(q) -> exit 0", "fork q kill(q, SIGKILL) wait(q) -> killed SIGKILL", "start t { store a let z = load a } expect state(t) == blocked join t expect z == 1",
        "load a", "load a == 0", "load a[0 .. 2M] == pattern(7)", "store a", "store a = 0x10", "store a = pattern(3)", "store a faults 0", "let x = load a[4K]",
        "store a -> SIGBUS BUS_ADRERR at 2M", "store a -> killed SIGKILL or ok", "store a -> { 6.16+: BUG, otherwise: any }", "store a -> WARN or undefined or oops or blocked",
        "inject ENOMEM at hugetlb_vma_lock_alloc (nth: 1)", "let c = mmap(addr: NULL, length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)",
        "let c = mmap(addr: placed(offset: 4K into 2M), length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)",
        "let c = mmap(addr: placed(adjacent: a), length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)",
        "store range(a.start, 4K)", "store aligned(a, 2M)", "expect a.end - a.start == a.length", "expect pool == (6, 6, 2, 0)", "expect pool(1G).Total == 0", "expect HugePages_Rsvd == 2",
        "expect vmstat.thp_fault_alloc == 0", "expect node(0) { HugePages_Free: 4 }", "expect hugepages(2M).nr_hugepages == 4", "expect thp(16K).anon_fault_alloc == 0", "expect smaps(a) { VmFlags: has ht }",
        "expect count(vmas(a)) == 1", "expect vmas(a) { 0 .. 4M: \"rw-p\" }", "expect count(maps(p)) > 0", "expect pages(a) { 0 .. 2M: none, 2M .. 4M: not present }", "expect pages(a) { 0 .. 4M: guard }",
        "expect page(a[0]) != page(a[2M])", "expect mincore(a) { 0 .. 4M: not resident }", "expect rusage(p).minflt >= 0", "expect status(p) { HugetlbPages: 0 }", "expect numa_maps(a).huge == 1",
        "expect stat(f) { st_size: 0 }", "expect statfs(\"/huge\").f_bfree == 4", "expect seals(f) has F_SEAL_WRITE", "expect cgroup(db) { \"hugetlb.2MB.current\": 2M }",
        "expect cgroup(db).\"hugetlb.2MB.events\" == 0", "expect state(p) == running", "expect ptes(a) { 0 .. 2M: writable }", "expect resv_map(f) { 0 .. 1: none }", "expect pmd_shared(a)", "expect vma(a).hgm",
        "let t = snapshot store a expect pool since t == (0, -2, -2, 0)", "let w = smaps(a).Rss expect smaps(a).Rss - w == 0", "expect HugePages_Free in { 2, 4 } and not HugePages_Surp > 0 or false",
        "for i in [0, 1] { store a[i * 2M] }", "repeat 3 { load a }", "when kernel 6.16+ { store a } else { load a }", "when kernel has hugetlb.private.owner-reserves { store a }",
        "when kernel config CONFIG_MEMORY_FAILURE { store a }", "let g = memfd_create(\"g\", MFD_HUGETLB | MFD_HUGE_2MB) ftruncate(g, 4M) let h = mmap(length: 4M, fd: g, flags: MAP_SHARED) store h",
        "prctl(PR_SET_THP_DISABLE, 1)", "mlock(a)", "close(f)", "unlink(\"/huge/f\")", "fallocate(f, 0, 0, 1)",
    ];

    private static readonly string[] InScenario =
    [
        "root: sysctl \"vm.nr_hugepages\" = 3 -> EINVAL", "root: sysfs \"kernel/mm/hugepages/hugepages-2048kB/nr_hugepages\" = 1", "root: sysfs \"kernel/mm/transparent_hugepage/enabled\" = always",
        "root: khugepaged scan p until settled", "root: drop_caches 3", "root: poison p.a[0]", "root: migrate p.a[0] to node 1",
        "root: mount hugetlbfs \"/b\" { min_size: 10M } -> ENOMEM process p { let c = open(\"/b/f\", O_RDWR) let d = mmap(length: 2M, fd: c, flags: MAP_SHARED) store d } root: umount \"/b\" -> EBUSY",
        "expect smaps(p.a).Rss == 0", "for i in [0, 2M] { p: load a[i] }", "when kernel 6.16+ { expect HugePages_Rsvd == 2 }", "known-gap \"not yet\" { p: store a }",
        "new process other as uid 1000 caps none in cgroup db on cpu 0 rlimit MEMLOCK 64K { exit(0) }", "timed { process w[4000] { fork q } expect latency(fault, of: w).p99 < 10ms }",
        "p: fork q parallel { thread p.f { store a[0] as w1 } thread kernel.gup { gup_fast p.a[0] as g } } judge { never deadlock g == ok -> always w1 == SIGBUS -> never }",
        "p: fork q parallel { thread p.f { store a[0] as w1 } thread q.f { let b = mmap(length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB) as m } } judge { outcomes (w1, m) in { (ok, ENOMEM), (SIGBUS, ok) } "
            + "always count(w1 == ok, m == ok) == 1 never HugePages_Rsvd > HugePages_Total sometimes byte(p.a[0]) == 1 never ever(HugePages_Free == 9) never not-serializable, stale-table always value(w1) == 1 }",
        "p: fork q parallel { thread p.f { when kernel 6.16+ { store a as w } else { load a as w } } thread q.g { repeat 2 { load a } inject ENOMEM at region_chg (any) } } judge { w == ok -> { 6.16+: always, otherwise: sometimes } }",
    ];

    private static readonly string[] Machines =
    [
        "memory: 4G swap: 1G cpus: 2 sockets: 1", "node 0 { memory: 2G cpus: 1 hugepages 2M { nr: 2 } } node 1 { memory: 2G }", "thp { enabled: always khugepaged { max_ptes_none: 0 } }", "thp 64K { enabled: always }",
        "mount tmpfs \"/t\" { huge: always size: 4M }", "mount ext4 \"/e\" { }", "mount hugetlbfs \"/huge\" { size: 4M min_size: 2M pagesize: 2M }", "cgroup db { \"memory.max\": 64M } cgroup db/sub { \"hugetlb.2MB.max\": 2M }",
        "sysctl { \"vm.overcommit_memory\": 1 }", "config { CONFIG_MEMORY_FAILURE: y }", "device \"/dev/pfn\" { kind: pfnmap }", "cost { vma_visit: 1us }", "hugepages 1G { nr: 1 overcommit: 2 }",
    ];

    [TestCaseSource(nameof(InProcess))]
    public void Forms_in_a_process(string form) => OnlyRefused($"process p {{ {Region}{form} }}");

    [TestCaseSource(nameof(InScenario))]
    public void Forms_beside_processes(string form) => OnlyRefused($"process p {{ {Region} }}\n{form}");

    [TestCaseSource(nameof(Machines))]
    public void Forms_of_machines(string items)
    {
        var (_, diagnostics) = Bound.Bind($"scenario \"s\" {{ kernel 6.12+ machine {{ {items} }} process p {{ exit(0) }} }}");
        Assert.That(diagnostics, Has.All.Contain("error MM4"));
    }

    [Test]
    public void Whole_examples_of_the_language_page()
    {
        foreach (var example in LanguagePage.WholeExamples()) Assert.That(Bound.Bind(example).Diagnostics.Where(d => !d.Contains("MM4", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Bound.Bind(LanguagePage.WholeExamples().First()).Diagnostics, Is.Empty);
    }

    private static void OnlyRefused(string body) => Assert.That(Bound.Codes(body, "6.12+").Where(c => !c.StartsWith("MM4", StringComparison.Ordinal)), Is.Empty);
}
