using MmSpec.Cli;
using MmSpec.Cli.Output;
using MmSpec.Kernels;

namespace MmSpec.Tests;

public class OutputTests
{
    [TestCase("a.mmspec::t[row][6.12]", "a.mmspec::t[row][6.12]", true)]
    [TestCase("*", "", true)]
    [TestCase("*::t*", "dir/a.mmspec::title[6.12]", true)]
    [TestCase("*::t", "dir/a.mmspec::title", false)]
    [TestCase("a?c", "abc", true)]
    [TestCase("a?c", "ac", false)]
    [TestCase("*a*a*a", "aXaYa", true)]
    [TestCase("*a*a*a", "aXYa", false)]
    public void A_star_is_any_text_and_brackets_are_themselves(string pattern, string name, bool expected) =>
        Assert.That(Glob.Matches(pattern, name), Is.EqualTo(expected));

    [Test, CancelAfter(5000)]
    public void Many_stars_cost_no_exponential_time() =>
        Assert.That(Glob.Matches(string.Concat(Enumerable.Repeat("*a", 50)) + "b", new string('a', 20_000)), Is.False);

    [Test]
    public void Foreign_text_cannot_steer_a_terminal() =>
        Assert.That(PlainText.Escape("a\e[2Jb\nc\u202ed\ud800e\ud83d\ude00"), Is.EqualTo("a\\x1b[2Jb\\x0ac\\u{202e}d\\u{d800}e\ud83d\ude00"));

    [TestCase("6.1", "6.1")]
    [TestCase("6.1,6.2,6.3,6.5", "6.1 .. 6.3, 6.5")]
    [TestCase("2.6.38,2.6.39,3.0,3.1", "2.6.38 .. 3.1")]
    [TestCase("6.1,6.2,6.3,6.3.7,6.1.9,6.4.1", "6.1 .. 6.3, 6.4.1")]
    [TestCase("5.4 + a,5.3,5.4,5.5", "5.3 .. 5.5, 5.4 + a")]
    public void Releases_that_follow_each_other_are_a_range(string kernels, string expected) =>
        Assert.That(KernelText.Compress(kernels.Split(',').Select(k => Kernel.TryParse(k, out var kernel) ? kernel : throw new ArgumentException(k))), Is.EqualTo(expected));

    [TestCase(0, 1, 1)]
    [TestCase(1, 2, 2)]
    [TestCase(3, 1, 1)]
    [TestCase(4, 3, 3)]
    [TestCase(64, 2, 64)]
    [TestCase(70, 69, 70)]
    [TestCase(70, 130, 130)]
    public void The_worst_exit_code_wins(int a, int b, int worst) =>
        Assert.That((ExitCodes.Worst(a, b), ExitCodes.Worst(b, a)), Is.EqualTo((worst, worst)));
}
