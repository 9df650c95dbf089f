using static MmSpec.Tests.Parsing.Parse;

namespace MmSpec.Tests.Parsing;

/// <summary>What a message says, and where it points.</summary>
public sealed class MessageTests
{
    [TestCase("let = 3", "MM1001", "=", "expected a name after 'let', found '='")]
    [TestCase("f = open(\"/x\")", "MM1001", "=", "expected '(' of a call or ':' of a process's step after 'f', found '='; to name a value write 'let f = …'")]
    [TestCase("pool == 3", "MM1001", "==", "expected '(' of a call or ':' of a process's step after 'pool', found '=='; to check a value write 'expect pool …'")]
    [TestCase("buf[0]", "MM1001", "[", "expected '(' of a call or ':' of a process's step after 'buf', found '['; to access memory write 'load buf[…]' or 'store …'")]
    [TestCase("let x = ", "MM1001", "}", "expected a value after '=', found '}'")]
    [TestCase("f(a b)", "MM1001", "b", "expected ',' or ')' after 'a', found 'b'")]
    [TestCase("f(a]", "MM1002", "]", "expected ')' to close the '(' that starts at line 1, found ']'")]
    [TestCase("stroe a[0]", "MM1004", "stroe", "'stroe' is no keyword; did you mean 'store'?")]
    [TestCase("store a fautls 0", "MM1004", "fautls", "'fautls' is no keyword; did you mean 'faults'?")]
    [TestCase("f(x) -> { 6.1: ok, otherwse: EIO }", "MM1004", "otherwse", "'otherwse' is no keyword; did you mean 'otherwise'?")]
    [TestCase("store a = 4kB", "MM1008", "4kB", "'4kB' is no number: write 'K' for 1024 bytes")]
    [TestCase("store a = 0600", "MM1008", "0600", "'0600' is no number: a leading zero does not make it octal: write '0o600' or drop the zero")]
    [TestCase("expect x = 2", "MM1001", "=", "expected a statement, '{' or '}' after 'x', found '='; to compare write '=='")]
    [TestCase("expect a && b", "MM1005", "&&", "'&' is not part of the language outside strings and comments; write 'and'")]
    [TestCase("expect a || b", "MM1001", "|", "expected a value after '|', found '|'; write 'or'")]
    [TestCase("exit(0);", "MM1005", ";", "';' is not part of the language outside strings and comments; a statement ends without one")]
    [TestCase("munmap(a) -> { 6.1: ok, else: EINVAL }", "MM1001", "else", "expected a kernel version, '..', ',', '}' or something else after ',', found 'else'; the last arm is 'otherwise'")]
    [TestCase("wait(q) -> exited 0", "MM1004", "exited", "'exited' is no keyword; did you mean 'exit'?")]
    [TestCase("wait(q) -> { 6.1: exited 1 }", "MM1004", "exited", "'exited' is no keyword; did you mean 'exit'?")]
    [TestCase("wait(q) -> kiled SIGKILL", "MM1004", "kiled", "'kiled' is no keyword; did you mean 'killed'?")]
    public void In_a_process(string statements, string code, string at, string message) => Assert.That(Error(statements), Is.EqualTo((code, at, message)));

    [TestCase("senario \"s\" { }", 1, 1, "MM1004", "'senario' is no keyword; did you mean 'scenario'?")]
    [TestCase("scenario \"s\" { } }", 1, 18, "MM1003", "this '}' closes nothing; remove it, or look above for one that closes too early")]
    [TestCase("scenario \"a\" {\n}\nscenario \"b\" {\n    process p {\n    }\n", 5, 6, "MM1002", "expected '}' to close the scenario that starts at line 3, found the end of the file")]
    [TestCase("scenario \"a\" {\n    process p {\n        store a\n}\n\nscenario \"b\" { }", 4, 1, "MM1002", "expected '}' to close the process that starts at line 2, found the '}' of an outer block")]
    [TestCase("scenario \"a\" {\n    process p {\n        f(a, b\n        g()\n    }\n}", 3, 15, "MM1002", "expected ')' to close the '(' that starts at line 3, found 'g'")]
    [TestCase("scenario {\n}", 1, 10, "MM1001", "expected a text in quotes after 'scenario', found '{'")]
    [TestCase("machine small {\n    memory 4G\n}", 2, 14, "MM1001", "expected a name, a text in quotes, a number or '{' after '4G', found '}'")]
    [TestCase("kernel 6.1,\nscenario \"s\" { }", 1, 12, "MM1001", "expected a kernel version or '..' after ',', found 'scenario' at line 2")]
    [TestCase("scenario \"s\" { process p as rlimit MEMLOCK 64K { } }", 1, 44, "MM1001", "expected '{', 'on', 'caps', 'rlimit' or 'as' after 'MEMLOCK', found '64K'; 'as' stands only before 'uid'")]
    [TestCase("hello", 1, 1, "MM1001", "expected 'scenario', 'machine', 'def', 'patch', 'kernel' or 'import', found 'hello'")]
    [TestCase("scenario \"s\" { \u0001 }", 1, 16, "MM1005", "the character U+0001 is not part of the language outside strings and comments")]
    [TestCase("scenario \"s\" { process p { store é } }", 1, 34, "MM1005", "'é' is not part of the language outside strings and comments")]
    public void In_a_file(string text, int line, int column, string code, string message)
    {
        var item = Diagnose(text).Single();
        Assert.That((item.Source.Position(item.Span.Start), item.Code, item.Message), Is.EqualTo(((line, column), code, message)));
    }

    [Test]
    public void A_choice_of_many_arms_is_refused_and_not_slow()
    {
        var arms = string.Join(", ", Enumerable.Range(0, 50_000).Select(i => $"6.{i % 20}: {i}"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.That(Diagnose($"scenario \"s\" {{ kernel 6.1 process p {{ expect 1 == {{ {arms} }} }} }}").Single().Code, Is.EqualTo("MM1013"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }
}
