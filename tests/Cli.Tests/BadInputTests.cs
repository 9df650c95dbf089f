using System.Text;

namespace MmSpec.Tests;

/// <summary>Specifications are untrusted: whatever they contain ends in a diagnostic or a bounded run. Memory and time are bounded by <see cref="Workspace"/>.</summary>
public class BadInputTests
{
    private const int Many = 100_000;

    private static string Body(string statements) => EndToEndTests.Body(statements);
    private static string Times(string text, int n) => new StringBuilder().Insert(0, text, n).ToString();

    private static IEnumerable<TestCaseData> Inputs()
    {
        static TestCaseData Case(string name, string text, params int[] codes) => new TestCaseData(Encoding.UTF8.GetBytes(text), codes).SetName(name);

        // What does not compile: 2.
        yield return Case("parentheses", Body("expect " + Times("(", Many) + "1" + Times(")", Many) + " == 1"), 2);
        yield return Case("brackets that never close", Body("let x = " + Times("[", Many)), 2);
        yield return Case("braces", Times("{", Many), 2);
        yield return Case("a chain of operators", Body("expect " + Times("HugePages_Free + ", Many) + "1 == 1"), 2);
        yield return Case("a chain of prefixes", Body("expect " + Times("not ", Many) + "true"), 2);
        yield return Case("a literal of many digits", Body("expect " + Times("9", Many) + " == 1"), 2);
        yield return Case("a circle of imports", "import \"a.mmspec\"\nkernel 6.12\nscenario \"s\" { process p { } }\n", 2);
        yield return Case("a cross product of rows", "kernel 6.12\nscenario \"s\" " + string.Concat(Enumerable.Range(0, 12).Select(i => $"for v{i} in [1,2,3,4,5,6,7,8,9,10] ")) + "{ process p { } }\n", 2);
        yield return Case("NULs", Times("\0", 1000), 2);
        yield return Case("tags without end", "kernel 6.12\n" + Times("@t ", Many), 2);
        yield return new TestCaseData("kernel 6.12\nscenario \"\xff\xfe\" { }\n".Select(c => (byte)c).ToArray(), new[] { 2 }).SetName("not UTF-8");
        yield return new TestCaseData(Enumerable.Range(0, Many).Select(i => (byte)(i * 7919 + i * i / 3)).ToArray(), new[] { 2 }).SetName("noise");

        // Nothing in it: 4.
        yield return Case("an empty file", "", 4);
        yield return Case("a comment of a megabyte", "// " + Times("x", 1 << 20), 4);

        // Bounded runs.
        yield return Case("a loop", Body("repeat 1000000000 { expect HugePages_Free == 4 }"), 2, 3);
        yield return Case("loops in loops", Body(Times("repeat 1000000000 { ", 200) + "expect HugePages_Free == 4 " + Times("}", 200)), 2, 3);
        yield return Case("an empty loop", Body("repeat 1000000000 { }"), 0, 2, 3);
        yield return Case("a mapping of 2^63 bytes", Body("let a = mmap(length: 0x8000000000000000, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB) -> ENOMEM"), 0);
        yield return Case("a store to all addresses", Body("store range(0, 0xffffffffffffffff) -> any"), 0, 1, 2, 3);
        yield return Case("a thousand children", Body(string.Concat(Enumerable.Range(0, 1000).Select(i => $"fork c{i}\n"))), 0, 2);
        yield return Case("a name and a title of a hundred thousand letters", $"kernel 6.12\nscenario \"{Times("t", Many)}\" {{ process {Times("p", Many)} {{ }} }}\n", 0, 2);
    }

    [TestCaseSource(nameof(Inputs))]
    public void Whatever_comes_ends_well(byte[] content, int[] codes)
    {
        using var workspace = new Workspace().With("a.mmspec", content);
        var run = workspace.Run("check", "a.mmspec", "--timeout", "2s");
        Assert.Multiple(() =>
        {
            Assert.That(codes, Does.Contain(run.ExitCode), run.ToString());
            Assert.That(run.Error, Does.Not.Contain("internal error"));
            if (run.ExitCode == 2) Assert.That(run.Error, Does.Match(@"^a\.mmspec\(\d+,\d+\): error MM\d{4}: "));
            Assert.That(run.Error.Length, Is.LessThan(64 << 10), "messages are bounded too");
        });
    }

    [Test]
    public void Hostile_titles_and_strings_stay_text()
    {
        const string title = "a\\\"; }} System.Environment.Exit(9); /* {0} \\x1b[2J \\n#line 1 \\\\ \u2028\u202e \ud83d\ude00";
        using var workspace = new Workspace().With("a.mmspec", $"kernel 6.12\nscenario \"{title}\" {{ machine {{ mount hugetlbfs \"/huge\" {{ }} }}\nprocess p {{ let f = open(\"/huge/\\\"\\n\\x1b*\", O_CREAT | O_RDWR)\nexpect HugePages_Free == 1 }} }}\n");
        var run = workspace.Run("check");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(1), run.ToString());
            Assert.That(run.Out, Does.Contain("a\"; }} System.Environment.Exit(9); /* {0} \\x1b[2J \\x0a#line 1 \\ \\u{2028}\\u{202e} \ud83d\ude00"));
            Assert.That(run.Out, Does.Not.Contain("\e"));
            Assert.That(run.Out, Does.Contain("a.mmspec:4: expected HugePages_Free == 1, it is 0"));
        });
    }

    [Test]
    public void A_file_that_cannot_be_read_is_diagnosed()
    {
        using var workspace = new Workspace();
        Directory.CreateDirectory(Path.Combine(workspace.Root, "a.mmspec"));
        workspace.With("b.mmspec", "import \"../../../../../../../../dev/zero\"\nkernel 6.12\nscenario \"s\" { process p { } }\n");
        var run = workspace.Run("check", ".");
        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
    }
}
