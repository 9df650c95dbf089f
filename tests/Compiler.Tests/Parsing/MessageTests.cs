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
    public void In_a_process(string statements, string code, string at, string message) => Assert.That(Error(statements), Is.EqualTo((code, at, message)));

    [TestCase("senario \"s\" { }", 1, 1, "MM1004", "'senario' is no keyword; did you mean 'scenario'?")]
    [TestCase("scenario \"s\" { } }", 1, 18, "MM1003", "this '}' closes nothing; remove it, or look above for one that closes too early")]
    [TestCase("scenario \"a\" {\n}\nscenario \"b\" {\n    process p {\n    }\n", 5, 6, "MM1002", "expected '}' to close the scenario that starts at line 3, found the end of the file")]
    [TestCase("scenario \"a\" {\n    process p {\n        store a\n}\n\nscenario \"b\" { }", 4, 1, "MM1002", "expected '}' to close the process that starts at line 2, found the '}' of an outer block")]
    [TestCase("scenario \"a\" {\n    process p {\n        f(a, b\n        g()\n    }\n}", 3, 15, "MM1002", "expected ')' to close the '(' that starts at line 3, found 'g'")]
    [TestCase("scenario {\n}", 1, 10, "MM1001", "expected a text in quotes after 'scenario', found '{'")]
    [TestCase("machine small {\n    memory 4G\n}", 2, 14, "MM1001", "expected a name, a text in quotes, a number or '{' after '4G', found '}'")]
    [TestCase("kernel 6.1,\nscenario \"s\" { }", 1, 12, "MM1001", "expected a kernel version or '..' after ',', found 'scenario' at line 2")]
    [TestCase("hello", 1, 1, "MM1001", "expected 'scenario', 'machine', 'def', 'patch', 'kernel' or 'import', found 'hello'")]
    [TestCase("scenario \"s\" { \u0001 }", 1, 16, "MM1005", "the character U+0001 is not part of the language outside strings and comments")]
    [TestCase("scenario \"s\" { process p { store é } }", 1, 34, "MM1005", "'é' is not part of the language outside strings and comments")]
    public void In_a_file(string text, int line, int column, string code, string message)
    {
        var item = Diagnose(text).Single();
        Assert.That((item.Source.Position(item.Span.Start), item.Code, item.Message), Is.EqualTo(((line, column), code, message)));
    }
}
