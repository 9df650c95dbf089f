using MmSpec.Syntax;
using static MmSpec.Tests.Parsing.Parse;

namespace MmSpec.Tests.Parsing;

/// <summary>Members of a file, documentation and positions.</summary>
public sealed class MemberTests
{
    [Test]
    public void All_members()
    {
        var members = File("""
            import "machines.mmspec"
            kernel 2.6.25+, 6.6.107~, 5.4 + p + q, 6.9+ + p, 5.18 .. 6.8, 5.4 only
            /// Small.
            machine small : base { hugepages 2M { nr: 4, overcommit: 2 } node 0 { memory: 1G hugepages 1G { nr: 1 } } memory: 4G, swap: 1G
                mount tmpfs "/x" { size: row.size huge: always } cgroup db/sub { "memory.max": 64M } sysctl { "vm.overcommit_memory": 1 } thp { khugepaged { defrag: 1 } } }
            def map(kind, length,) { let x = mmap(length: length) return x }
            patch no-restore on 6.9+ { without hugetlb.zap.restores-reserve with a.b }
            @a @b-2 scenario "t" for kind in [file, anon] for row in [ { a: 1 }, ] { machine : small { cpus: 2 } kernel 6.1+ process p { } }
            """).Members;
        Assert.That(members.Select(m => m.GetType().Name), Is.EqualTo(new[]
        {
            nameof(ImportSyntax), nameof(FileKernelSyntax), nameof(MachineSyntax), nameof(DefSyntax), nameof(PatchSyntax), nameof(ScenarioSyntax),
        }));
        Assert.That(Show(((FileKernelSyntax)members[1]).Set), Is.EqualTo("2.6.25+, 6.6.107~, 5.4 + p + q, 6.9+ + p, 5.18..6.8, 5.4 only"));
        var machine = (MachineSyntax)members[2];
        Assert.That((machine.Documentation, machine.Base!.Text, string.Join(' ', machine.Items.Select(i => i.Kind.Text))),
            Is.EqualTo(("Small.", "base", "hugepages node memory swap mount cgroup sysctl thp")));
        Assert.That(machine.Items[5].Arguments.Select(Show), Is.EqualTo(new[] { "db/sub" }));
        var scenario = (ScenarioSyntax)members[5];
        Assert.That((string.Join(' ', scenario.Tags.Select(t => t.Text)), scenario.Loops.Length, scenario.Machine!.Name!.Text, scenario.Machine.Items.Length, Show(scenario.Kernels!.Set)),
            Is.EqualTo(("a b-2", 2, "small", 1, "6.1+")));
    }

    [Test]
    public void A_named_machine_has_no_braces() =>
        Assert.That(Scenario("""scenario "s" { machine small process p { } }""").Machine!.Items.IsDefault, Is.True);

    [Test]
    public void Documentation_is_that_right_before()
    {
        var scenario = Scenario("// no\n//// no\n/// One\n@tag\n/// inside\nscenario \"s\" { }");
        Assert.That(scenario.Documentation, Is.EqualTo("One"));
        Assert.That(Scenario("/// One\n///  two\n///\nscenario \"s\" { }").Documentation, Is.EqualTo("One\n two\n"));
        Assert.That(Scenario("scenario \"s\" { }").Documentation, Is.Null);
    }

    [TestCase("scenario \"s\" { kernel 6.1 kernel 6.2 }", "MM1012")]
    [TestCase("scenario \"s\" { machine a machine { } }", "MM1012")]
    public void A_line_twice(string text, string code) => Assert.That(Diagnose(text).Single().Code, Is.EqualTo(code));

    [Test]
    public void Positions_are_utf16_units()
    {
        const string text = "// 𝒳 astral\nscenario \"𝒳\" { process p { let x = y } }";
        var scenario = Scenario(text);
        Assert.That(scenario.Title.Value, Is.EqualTo("𝒳"));
        var let = (StepSyntax)((ProcessBlockSyntax)scenario.Body[0]).Body[0];
        Assert.That(text.Substring(let.Span.Start, let.Span.Length), Is.EqualTo("let x = y"));
        Assert.That(text.Substring(let.Value.Span.Start, let.Value.Span.Length), Is.EqualTo("y"));
        Assert.That(text.Substring(scenario.Keyword.Start, scenario.Keyword.Length), Is.EqualTo("scenario"));
    }

    [TestCase("")]
    [TestCase("\uFEFF// only a comment")]
    [TestCase("\r\n\r\n")]
    public void An_empty_file_is_a_file(string text) => Assert.That(File(text).Members, Is.Empty);
}
