using static MmSpec.Tests.Parsing.Parse;

namespace MmSpec.Tests.Parsing;

/// <summary>Precedence, postfixes, braces, names and numbers in expressions.</summary>
public sealed class ExpressionTests
{
    [TestCase("a + b * c - d", "((a + (b * c)) - d)")]
    [TestCase("a | b == c | d", "((a | b) == (c | d))")]
    [TestCase("a | b + c", "(a | (b + c))")]
    [TestCase("not a == b and c or d", "(((not (a == b)) and c) or d)")]
    [TestCase("a == not b", "(a == (not b))")]
    [TestCase("-a * b", "((- a) * b)")]
    [TestCase("- - a", "(- (- a))")]
    [TestCase("a in { 1, 2 } and b", "((a in {1, 2}) and b)")]
    [TestCase("x.VmFlags has hg", "(x.VmFlags has hg)")]
    [TestCase("(a + b) * c", "((a + b) * c)")]
    [TestCase("4K+2M", "(4K + 2M)")]
    [TestCase("len-4K", "(len - 4K)")]
    [TestCase("n-1", "(n - 1)")]
    [TestCase("a-b", "a-b")]
    [TestCase("a - b", "(a - b)")]
    [TestCase("share-race", "share-race")]
    [TestCase("x[0..4K]", "x[0 .. 4K]")]
    [TestCase("p.buf[2M .. 8M].start", "p.buf[2M .. 8M].start")]
    [TestCase("""cgroup(db)."hugetlb.2MB.current" """, "cgroup(db).\"hugetlb.2MB.current\"")]
    [TestCase("mmap(addr: placed(offset: 4K into 2M), length: 16K,)", "mmap(addr: placed(offset: 4K into 2M), length: 16K)")]
    [TestCase("pool since t", "(pool since t)")]
    [TestCase("pool since p.t", "(pool since p.t)")]
    [TestCase("(4, 4, 4, 0)", "<4, 4, 4, 0>")]
    [TestCase("(4,)", "<4>")]
    [TestCase("[file, anon,]", "[file, anon]")]
    [TestCase("[]", "[]")]
    [TestCase("""{ name: "ro", prot: PROT_READ, at: 1, }""", "{name: \"ro\", prot: PROT_READ, at: 1}")]
    [TestCase("{ .. 6.8: 1, 6.9+ + p, 6.12.48~: 2, 5.4 only: 3, 6.1 + p + q: 4, has thp.finish-fault.any-file: 5, config CONFIG_KSM: 6, otherwise: 7 }",
        "{..6.8: 1, 6.9+ + p, 6.12.48~: 2, 5.4 only: 3, 6.1 + p + q: 4, has thp.finish-fault.any-file: 5, config CONFIG_KSM: 6, otherwise: 7}")]
    [TestCase("{ 6.12, 6.13: { 5.4: a, otherwise: b }, otherwise: c }", "{6.12, 6.13: {5.4: a, otherwise: b}, otherwise: c}")]
    [TestCase("w == killed SIGKILL", "(w == <killed SIGKILL>)")]
    [TestCase("w == exit 3", "(w == <exit 3>)")]
    [TestCase("w == SIGBUS BUS_ADRERR at 2M", "(w == <SIGBUS BUS_ADRERR at 2M>)")]
    [TestCase("w == SIGBUS", "(w == SIGBUS)")]
    [TestCase("w == oom-kill(q, p)", "(w == <oom-kill (q, p)>)")]
    [TestCase("process + kernel", "(process + kernel)")]
    [TestCase("snapshot", "snapshot")]
    [TestCase("load p.buf[0] == 0x5a", "load p.buf[0] 0x5a")]
    [TestCase("store a = pattern(7)", "store a pattern(7)")]
    public void Reads(string text, string tree) => Assert.That(Show(Expression(text)), Is.EqualTo(tree));

    [Test]
    public void A_comparison_of_a_call_is_its_content()
    {
        var step = Statement<MmSpec.Syntax.StepSyntax>("let n = read(f, 4K) == 0x5a");
        Assert.That(Show(step.Value), Is.EqualTo("read(f, 4K)"));
        Assert.That(Show(step.Content!), Is.EqualTo("0x5a"));
    }

    [TestCase("a == b == c", "MM1011", "==")]
    [TestCase("4kB", "MM1008", "4kB")]
    [TestCase("017", "MM1008", "017")]
    [TestCase("\"a\\q\"", "MM1007", "\\q")]
    [TestCase("\"abc", "MM1006", "\"abc } }")]
    [TestCase("f(a,, b)", "MM1001", ",")]
    [TestCase("#", "MM1005", "#")]
    public void Diagnoses(string text, string code, string at)
    {
        var error = Error($"let x = {text}");
        Assert.That((error.Code, error.At), Is.EqualTo((code, at)), error.Message);
    }

    [Test]
    public void Strings_have_five_escapes() => Assert.That(Show(Expression("""  "\"\\\n\t\x41é"  """)), Is.EqualTo("\"\"\\\n\tAé\""));
}
