using System.Collections.Immutable;
using MmSpec.Binding;
using MmSpec.Kernels;
using MmSpec.Testing;

namespace MmSpec.Tests.Binding;

/// <summary>What the bound tree says.</summary>
public sealed class BinderTests
{
    private const string Map = "let a = mmap(length: 4M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)\n";

    private static Value Constant(Expr expr) => ((Expr.Const)expr).Value;

    private static Operand Operand(Step step, string name) => step.Operands.Single(o => o.Name == name);

    [Test]
    public void Defaults_are_filled_in_and_flags_folded()
    {
        var mmap = Bound.Scenario($"process p {{ {Map} }}").Steps()[0];
        Assert.That(mmap.Operands.Select(o => o.Name), Is.EqualTo(new[] { "addr", "length", "prot", "flags", "fd", "offset" }));
        Assert.That(Constant(Operand(mmap, "addr").Value), Is.EqualTo(Value.Absent));
        Assert.That(Constant(Operand(mmap, "length").Value), Is.EqualTo(Value.OfSize(4 << 20)));
        Assert.That(Constant(Operand(mmap, "prot").Value), Is.EqualTo(Value.OfNumber(3)));
        Assert.That(Constant(Operand(mmap, "flags").Value), Is.EqualTo(Value.OfNumber(0x40022)));
        Assert.That(Constant(Operand(mmap, "fd").Value), Is.EqualTo(Value.OfNumber(-1)));
    }

    [Test]
    public void A_child_shares_the_slots_of_its_parent_and_names_are_its_own()
    {
        var steps = Bound.Scenario($"process p {{ {Map} fork q }} q: store a[2M] p: store a").Steps();
        Assert.That(steps.Select(s => s.Process), Is.EqualTo(new[] { "p", "p", "q", "p" }));
        Assert.That(((Expr.Slice)steps[2].Operands[0].Value).Range, Is.EqualTo(steps[3].Operands[0].Value));
        Assert.That(steps[2].Base, Is.EqualTo(new Expr.Slot(0, "a")));
    }

    [Test]
    public void Text_is_the_source_on_one_line_without_comments()
    {
        var step = Bound.Scenario($"process p {{ {Map}\n    munmap(a[0 ..   // half\n        2M]) }}").Steps()[1];
        Assert.That(step.Text, Is.EqualTo("munmap(a[0 .. 2M])"));
    }

    [TestCase("SIGCHLD")]
    [TestCase("SIGCONT")]
    [TestCase("SIGSTOP")]
    [TestCase("SIGTSTP")]
    public void A_signal_that_ends_no_process_is_refused(string signal)
    {
        Assert.That(Bound.Codes($"process p {{ {Map} fork q kill(q, {signal}) }}"), Is.EqualTo(new[] { "MM4003" }));
        Assert.That(Bound.Codes($"process p {{ {Map} fork q kill(q, SIGTERM) }}"), Is.Empty);
    }

    [TestCase("without hugetlb.private.noreserve")]
    [TestCase("with hugetlb.mremap.move")]
    public void To_switch_a_rule_that_the_model_does_not_ask_for_is_refused(string line)
    {
        var (_, diagnostics) = Bound.Bind($"patch x on 6.12 {{ {line} }}");
        Assert.That(diagnostics, Is.EqualTo(new[] { $"example.mmspec(1,19): error MM4003: '{line}' is not supported yet" }));
    }

    [Test]
    public void To_wait_in_a_thread_is_refused()
    {
        Assert.That(Bound.Codes($"process p {{ {Map} fork q }} parallel {{ thread p.a {{ wait(q) -> exit 0 }} thread q.b {{ exit(0) }} }} judge {{ never deadlock }}"), Is.EqualTo(new[] { "MM4003" }));
        Assert.That(Bound.Codes($"process p {{ {Map} fork q }} q: exit(0) p: wait(q) -> exit 0"), Is.Empty);
    }

    [Test]
    public void Rows_make_cases_named_by_name_or_place()
    {
        var scenario = Bound.Scenario($"process p {{ {Map} mprotect(a, row.prot) when kind == x {{ store a }} else {{ load a }} }}",
            header: "for kind in [x, y] for row in [{ name: \"ro\", prot: PROT_READ }, { prot: PROT_NONE }]");
        Assert.That(scenario.Rows.Select(r => r.Name), Is.EqualTo(new[] { "1,ro", "1,2", "2,ro", "2,2" }));
        Assert.That(scenario.Rows.Select(r => ((BoundStep)r.Body[2]).Step.Operation), Is.EqualTo(new[] { "store", "store", "load", "load" }));
        Assert.That(scenario.Rows.Select(r => Constant(((BoundStep)r.Body[1]).Step.Operands[1].Value)), Is.EqualTo(new[] { Value.OfNumber(1), Value.OfNumber(0), Value.OfNumber(1), Value.OfNumber(0) }));
    }

    [Test]
    public void Row_words_are_outcomes() =>
        Assert.That(Bound.Scenario($"process p {{ {Map} munmap(a[1 .. 2M]) -> row.errno }}", header: "for row in [{ errno: EINVAL }]").Steps()[1].Expected.Single().Then.AnyOf,
            Is.EqualTo(ImmutableArray.Create(new OutcomePattern(OutcomeKind.Errno, "EINVAL"))));

    [Test]
    public void A_misspelt_symbol_is_found() => Assert.That(Bound.Codes("process p { when kind == flie { exit(0) } }", header: "for kind in [file, anon]"), Is.EqualTo(new[] { "MM2001" }));

    [Test]
    public void Loops_are_unrolled_and_repeat_is_not()
    {
        var body = Bound.Scenario($"process p {{ {Map} for i in [0, 1] {{ store a[i * 2M] }} repeat 1000 {{ load a }} }}").Rows[0].Body;
        Assert.That(body, Has.Length.EqualTo(4));
        Assert.That(((BoundRepeat)body[3]).Count, Is.EqualTo(1000));
    }

    [Test]
    public void A_let_in_a_loop_is_visible_there_only() =>
        Assert.That(Bound.Codes($"process p {{ {Map} for i in [0, 1] {{ let b = load a }} store a = b }}"), Is.EqualTo(new[] { "MM2001" }));

    [Test]
    public void Defs_are_bound_where_they_are_called()
    {
        var scenario = Bound.Scenario("process p { let a = map(2 * 2M, PROT_READ) load a }", before: "def map(n, prot) {\n let x = mmap(length: n, prot: prot, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)\n return x }");
        var call = (BoundDefCall)scenario.Rows[0].Body[0];
        Assert.That((call.Name, call.DefLine, call.Line), Is.EqualTo(("map", 1, 6)));
        Assert.That(Constant(Operand(((BoundStep)call.Body[0]).Step, "length").Value), Is.EqualTo(Value.OfSize(4 << 20)));
        Assert.That(((BoundLet)call.Body[1]).Slot, Is.EqualTo(((Expr.Slot)((BoundStep)scenario.Rows[0].Body[1]).Step.Operands[0].Value).Index));
    }

    [Test]
    public void Names_of_the_caller_are_not_visible_in_a_def() =>
        Assert.That(Bound.Codes($"process p {{ {Map} f() }}", before: "def f() { store a }"), Is.EqualTo(new[] { "MM2001" }));

    [Test]
    public void Machines_are_merged_by_key()
    {
        var (file, diagnostics) = Bound.Bind("machine a { hugepages 2M { nr: 4, overcommit: 1 } cpus: 2 }\nmachine b : a { hugepages 2M { nr: 8 } hugepages 1G { nr: 1 } }\n"
            + "scenario \"s\" { kernel 6.12 machine : b { cpus: 4 } process p { exit(0) } }");
        Assert.That(diagnostics, Is.Empty);
        var items = file!.Scenarios[0].Rows[0].Machine.Items;
        Assert.That(items.Select(i => $"{i.Kind} {i.Key}"), Is.EquivalentTo(new[] { "hugepages 2M", "hugepages 1G", "cpus 4" }));
        Assert.That(items.Single(i => i.Key.Equals(Value.OfSize(2 << 20))).Settings.ToDictionary(s => s.Name, s => s.Value),
            Is.EquivalentTo(new Dictionary<string, Value> { ["nr"] = Value.OfNumber(8), ["overcommit"] = Value.OfNumber(1) }));
    }

    [Test]
    public void Declarations_come_from_imports_of_imports()
    {
        var (file, diagnostics) = Bound.Bind("import \"lib/a.mmspec\"\nscenario \"s\" { kernel 6.12 machine m process p { f() } }",
            ("lib/a.mmspec", "import \"b.mmspec\"\ndef f() { exit(3) }"), ("lib/b.mmspec", "machine m { cpus: 2 }"));
        Assert.That(diagnostics, Is.Empty);
        Assert.That(((BoundDefCall)file!.Scenarios[0].Rows[0].Body[0]).File, Is.EqualTo("lib/a.mmspec"));
    }

    [TestCase("2.6.25+", "MM3007", TestName = "Older kernels lack the flag")]
    [TestCase("2.6.32+", null, TestName = "All kernels have the flag")]
    public void Availability(string kernel, string? code) => Assert.That(Bound.Codes($"process p {{ {Map} }}", kernel), Is.EqualTo(code is null ? [] : new[] { code }));

    [TestCase("mmap(length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB) -> { 2.6.32+: ok, otherwise: EINVAL }")]
    [TestCase("when kernel 2.6.32+ { mmap(length: 2M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB) }")]
    public void A_statement_that_speaks_of_the_lack_is_no_mistake(string statement) => Assert.That(Bound.Codes($"process p {{ {statement} }}", "2.6.25+"), Is.Empty);

    [Test]
    public void A_field_that_is_absent_may_be_compared_with_absent() =>
        Assert.That(Bound.Codes($"process p {{ {Map} expect smaps(a).Private_Hugetlb == {{ 4.4+: 0K, otherwise: absent }} expect smaps(a) {{ Private_Hugetlb: 0 }} }}", "4.0+"), Is.EqualTo(new[] { "MM3007" }));

    [Test]
    public void Named_conditions_are_collected_once()
    {
        var scenario = Bound.Scenario($"process p {{ {Map} expect HugePages_Rsvd == {{ 6.16+: 2, otherwise: 2 }} expect HugePages_Free == {{ 6.16+: 4, otherwise: 4 }} when kernel 6.17+ {{ store a }} }}");
        Assert.That(scenario.Named.Select(ConditionText.Of), Is.EqualTo(new[] { "From 6.16   False", "From 6.17   False" }));
        Assert.That(scenario.Covered.Contains(new Kernel(new KernelVersion(6, 12))));
    }

    [Test]
    public void Stable_lines_are_edges_of_their_own() =>
        Assert.That(Bound.Codes($"process p {{ {Map} expect HugePages_Rsvd == {{ 6.12.48~: 2, 6.17+: 2 }} }}", "6.12, 6.17+"), Is.EqualTo(new[] { "MM3006" }));

    [Test]
    public void A_when_kernel_in_a_thread_is_resolved()
    {
        var scenario = Bound.Scenario($"process p {{ {Map} fork q }} parallel {{ thread p.x {{ when kernel 6.16+ {{ store a as w }} else {{ load a as w }} }} thread q.y {{ load a }} }} judge {{ w == ok -> {{ 6.16+: always, otherwise: always }} }}");
        var when = (BoundWhen)scenario.Rows[0].Body[^1];
        Assert.That(((BoundParallel)when.Then.Single()).Block.Threads[0].Steps.Single().Operation, Is.EqualTo("store"));
        Assert.That(((BoundParallel)when.Else.Single()).Block.Threads[0].Steps.Single().Operation, Is.EqualTo("load"));
    }

    [Test]
    public void Snapshots_know_which_views_are_compared()
    {
        var body = Bound.Scenario($"process p {{ {Map} let t = snapshot store a expect pool since t == (0, -2, -2, 0) expect smaps(a) since t {{ Private_Hugetlb: 4M }} }}").Rows[0].Body;
        Assert.That(((BoundSnapshot)body[1]).Views.Select(v => v.Name), Is.EqualTo(new[] { "pool", "smaps" }));
    }

    [Test]
    public void Sizes_and_counts_are_told_apart()
    {
        Assert.That(Bound.Codes("process p { fork q } root: sysctl \"vm.nr_hugepages\" = 4"), Is.Empty);
        Assert.That(Bound.Codes($"process p {{ {Map} store a faults 4K }}"), Is.EqualTo(new[] { "MM2014" }));
        Assert.That(Bound.Codes($"process p {{ {Map} expect smaps(a).Rss == 4096 }}"), Is.Empty);
    }

    [Test]
    public void A_mistake_is_said_once_however_many_rows_and_calls() =>
        Assert.That(Bound.Codes("process p { f() f() }", header: "for i in [1, 2, 3]", before: "def f() { munmap(nothing) }"), Is.EqualTo(new[] { "MM2001" }));

    [Test]
    public void Poison_is_silent() =>
        Assert.That(Bound.Codes("process p { let a = mmapp(length: 2M) store a munmap(a[0 .. 2M]) expect smaps(a).Rss == 0 let b = a.start fork q } q: load a"), Is.EqualTo(new[] { "MM2001" }).Or.EqualTo(new[] { "MM2004" }).Or.EqualTo(new[] { "MM2003" }));

    [TestCase("load a[0] -> SIGSEV SEGV_MAPERR at 4M", "'SIGSEV' is no outcome; did you mean 'SIGSEGV'?")]
    [TestCase("load a[0] -> SIGSEV at 4M", "'SIGSEV' is no outcome; did you mean 'SIGSEGV'?")]
    [TestCase("load a[0] -> SIGSEV", "'SIGSEV' is no outcome; did you mean 'SIGSEGV'?")]
    public void A_misspelt_outcome_is_diagnosed_at_its_word(string step, string message) => Assert.That(Message($"process p {{ {Map} {step} }}"), Does.EndWith(message));

    /// <summary>The only diagnostic of a body.</summary>
    private static string Message(string body, string kernel = "6.12+", string header = "", string before = "") =>
        Bound.Bind($"{before}\nmachine m {{ hugepages 2M {{ nr: 4 }} mount hugetlbfs \"/huge\" {{ }} }}\nscenario \"s\" {header} {{ kernel {kernel} machine m\n{body}\n}}").Diagnostics.Single();

    [TestCase("2.6.29+", new[] { "MM3007" })]
    [TestCase("2.6.32+", new string[0])]
    public void The_files_of_a_node_came_later_than_those_of_the_system(string kernel, string[] codes)
    {
        Assert.That(Bound.Codes("process p { exit(0) } root: sysfs \"devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages\" = 1", kernel), Is.EqualTo(codes));
        Assert.That(Bound.Codes("process p { exit(0) } root: sysfs \"kernel/mm/hugepages/hugepages-2048kB/nr_hugepages\" = 1", kernel), Is.Empty);
    }

    [TestCase("mumap(a)", "unknown call 'mumap'; did you mean 'mmap' or 'munmap'?")]
    [TestCase("wait(c)", "there is no process 'c'; 'fork' or 'new process' brings one to life")]
    [TestCase("store z", "unknown name 'z'")]
    [TestCase("expect vmas(a) { 0 .. 4M: none }", "vmas shows no 'none'; it shows permissions such as \"rw-p\"")]
    [TestCase("munmap(a, 4096)", "munmap takes range; a range is address and length in one, such as a[0 .. 4096]")]
    [TestCase("mprotect(a, 2M, PROT_READ)", "mprotect takes range, prot; a range is address and length in one, such as a[0 .. 2M]")]
    [TestCase("expect HugePages_Rsvd == { 6.12 .. 6.14: 2, 6.13: 3, otherwise: 2 }", "no covered kernel reaches '6.13'; '6.12 .. 6.14' before it takes all that it names")]
    [TestCase("shmget(IPC_PRIVATE, 4M, IPC_CREAT | SHM_HUGETLB | 0o600)", "the call 'shmget' is not supported yet")]
    [TestCase("root: sysctl \"vm.nr_hugepages\" = 3M", "vm.nr_hugepages is a count, but this is a size in bytes; write a plain number")]
    [TestCase("root: sysfs \"kernel/mm/hugepages/hugepages-2048kB/nr_hugepages\" = 3M", "is a count, but this is a size in bytes; write a plain number")]
    [TestCase("expect smaps(a) { Size: { 6.12: 4M, otherwise: 100 } }", "this never holds: the kernel shows this field in units of 1K, and 100 bytes are no multiple of that")]
    [TestCase("let b = mmap(length: 64M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB) -> ENOMEM\nstore b[0]", "this never runs: it needs what line 5 does not give, which fails on every covered kernel")]
    [TestCase("store a[8M]", "a[8M] lies outside the region, which is 4M long")]
    [TestCase("store a[8M] -> { 6.12 .. 6.14: SIGSEGV, otherwise: ok }", "a[8M] lies outside the region, which is 4M long")]
    public void What_is_said_of_a_slip(string step, string message) => Assert.That(Message($"process p {{ {Map} {step} }}"), Does.EndWith(message));

    [Test]
    public void A_machine_item_with_few_keys_names_them() =>
        Assert.That(Bound.Bind("machine n { hugepages 2M { count: 4 } }").Diagnostics.Single(), Does.EndWith("hugepages has no 'count'; it has nr, overcommit"));

    [Test]
    public void Labels_that_are_equally_near_are_all_offered() =>
        Assert.That(Message($"process p {{ {Map} fork q }} parallel {{ thread p.t {{ store a[0] as w1 }} thread q.t {{ load a[0] as w2 }} }} judge {{ always w3 == ok }}"), Does.EndWith("'w1' or 'w2'?"));

    [TestCase("store a[8M] -> SIGSEGV SEGV_MAPERR at 8M")]
    [TestCase("munmap(a[1 .. 5M]) -> EINVAL")]
    [TestCase("let b = mmap(length: 2M + 1, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)\nload b[0 .. 4M]")]
    [TestCase("munmap(NULL) -> EINVAL")]
    [TestCase("load NULL -> SIGSEGV")]
    [TestCase("let f = open(\"/huge/f\", O_CREAT | O_RDWR) expect resv_map(f) == []")]
    [TestCase("let f = open(\"/huge/f\", O_CREAT | O_RDWR) expect resv_map(f) == { 6.12: [(0, 2)], otherwise: [(0, 2), (3, 4)] }")]
    public void What_is_no_slip(string step) => Assert.That(Bound.Codes($"process p {{ {Map} {step} }}"), Is.Empty);

    [Test]
    public void A_list_is_compared_with_a_tuple_of_any_length()
    {
        var steps = Bound.Scenario("process p { let f = open(\"/huge/f\", O_CREAT | O_RDWR) expect resv_map(f) == [(0, 2)] }").Rows[0].Body;
        var compared = (Expr.Binary)((BoundExpect)steps[1]).Expectation.Condition!;
        Assert.That(Constant(compared.Right), Is.EqualTo(Value.OfTuple([Value.OfTuple([Value.OfNumber(0), Value.OfNumber(2)])])));
    }

    [TestCase("start t { let b = load a[0] fork q } store a = b q: load a join t")]
    [TestCase("start t { userfaultfd(0) } join t")]
    public void What_is_started_is_refused_once(string body) => Assert.That(Bound.Codes($"process p {{ {Map} {body} }}"), Is.EqualTo(new[] { "MM4003" }));

    [Test]
    public void What_is_timed_is_refused_once() =>
        Assert.That(Bound.Codes($"process p {{ {Map} }} timed {{ p: fork w[4000] process v[20] {{ let x = 1 }} each w {{ store a every 1G shuffled(seed: 1) }} expect latency(fault, of: w).p99 < 10ms }} w: load a v: exit(0)"),
            Is.EqualTo(new[] { "MM4003" }));

    [TestCase("process v[20] { exit(0) }")]
    [TestCase("process p { fork w[20] }\n w: exit(0)")]
    public void Processes_by_the_number_are_refused(string body) => Assert.That(Bound.Codes(body), Is.EqualTo(new[] { "MM4003" }));

    [TestCase("def d(n) { let a = mmpa(length: n) return a }", new[] { "MM2004" })]
    [TestCase("def d(n) { when n == file { store x } else { exti(n) } }", new[] { "MM2001", "MM2003" })]
    [TestCase("def d(list) { for i in list { expect HugePages_Rsv == i } }", new[] { "MM2001" })]
    [TestCase("def d() { d() }", new[] { "MM2024" })]
    [TestCase("def d(r, n, kind) { store r[n] = 1 q: load q.b kill(q, SIGKILL) wait(q) open(\"/huge/f\", n) expect smaps(q.a).Rss == n when kind == file { munmap(r) } return r }", new string[0])]
    [TestCase("def d(n) { root: sysctl \"vm.nr_hugepages\" = n } def e(x) { process p { store x } }", new string[0])]
    public void A_def_that_nobody_calls_is_bound_all_the_same(string def, string[] codes) => Assert.That(Bound.Codes("process p { exit(0) }", before: def), Is.EqualTo(codes));

    [TestCase("expect pool(4M).Total == 0", "the size of huge pages must be 2M or 1G")]
    [TestCase("expect hugepages(4M).nr_hugepages == 0", "the size of huge pages must be 2M or 1G")]
    [TestCase("expect node(1).HugePages_Total == 0", "the node must be one of the machine: 0")]
    public void A_view_of_what_is_not_there(string expect, string message) => Assert.That(Message($"process p {{ {Map} {expect} }}"), Does.EndWith(message));

    [Test]
    public void Steps_of_an_imported_def_stand_in_a_thread_where_it_is_called()
    {
        const string Text = "import \"lib.mmspec\"\nmachine m { hugepages 2M { nr: 4 } }\nscenario \"s\" { kernel 6.12+ machine m\nprocess p { " + Map
            + "}\nparallel { thread p.t {\n  twice(a) } thread p.u { load a } } judge { never deadlock } }";
        var (file, diagnostics) = Bound.Bind(Text, ("lib.mmspec", "\n\n\n\n\n\n\n\n\n\n\n\ndef twice(r) {\n    store r\n    load r }"));
        Assert.That(diagnostics, Is.Empty);
        var steps = ((BoundParallel)file!.Scenarios.Single().Rows[0].Body[^1]).Block.Threads[0].Steps;
        Assert.That(steps.Select(s => (s.Line, s.Column, s.Text)), Is.EqualTo(new[] { (7, 3, "store r"), (7, 3, "load r") }));
    }

    [Test]
    public void A_let_of_an_imported_def_is_diagnosed_where_it_is_called()
    {
        const string Text = "import \"lib.mmspec\"\nmachine m { hugepages 2M { nr: 4 } }\nscenario \"s\" { kernel 6.12+ machine m\nprocess p { " + Map
            + "}\nparallel { thread p.t {\n  twice(a) } thread p.u { load a } } judge { never deadlock } }";
        Assert.That(Bound.Bind(Text, ("lib.mmspec", "\n\n\n\n\n\n\n\n\n\n\n\ndef twice(r) {\n    let n = smaps(r).Rss }")).Diagnostics.Single(), Does.StartWith("example.mmspec(7,3): error MM2028"));
    }

    [TestCase("/huge//f")]
    [TestCase("/huge/./f")]
    [TestCase("/huge/d/e")]
    [TestCase("/huge/..")]
    [TestCase("/huge/")]
    [TestCase("/huge")]
    public void Only_files_directly_in_a_mount_are_supported(string path) => Assert.That(Bound.Codes($"process p {{ let f = open(\"{path}\", O_RDWR) close(f) }}"), Is.EqualTo(new[] { "MM4007" }));
}
