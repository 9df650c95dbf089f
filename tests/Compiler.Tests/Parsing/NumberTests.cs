using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using MmSpec.Syntax;

namespace MmSpec.Tests.Parsing;

/// <summary>What a NUMBER token means.</summary>
public sealed class NumberTests
{
    [TestCase("0", NumberUnit.None, "0")]
    [TestCase("4096", NumberUnit.None, "4096")]
    [TestCase("512_000", NumberUnit.None, "512000")]
    [TestCase("0x5a", NumberUnit.None, "90")]
    [TestCase("0xFFFF_FFFF_FFFF_FFFF", NumberUnit.None, "18446744073709551615")]
    [TestCase("0o600", NumberUnit.None, "384")]
    [TestCase("18446744073709551615", NumberUnit.None, "18446744073709551615")]
    [TestCase("4K", NumberUnit.Size, "4096")]
    [TestCase("2M", NumberUnit.Size, "2097152")]
    [TestCase("1G", NumberUnit.Size, "1073741824")]
    [TestCase("1T", NumberUnit.Size, "1099511627776")]
    [TestCase("0K", NumberUnit.Size, "0")]
    [TestCase("10ns", NumberUnit.Time, "10")]
    [TestCase("5us", NumberUnit.Time, "5000")]
    [TestCase("1.5ms", NumberUnit.Time, "1500000")]
    [TestCase("2s", NumberUnit.Time, "2000000000")]
    [TestCase("6.12", NumberUnit.Version, "0")]
    [TestCase("2.6.32.5", NumberUnit.Version, "0")]
    public void Means(string text, NumberUnit unit, string value)
    {
        Assert.That(NumberLiteral.TryParse(text, out var literal, out var problem), Is.True, problem);
        Assert.That((literal.Unit, literal.Value), Is.EqualTo((unit, BigInteger.Parse(value))));
        if (unit == NumberUnit.Version) Assert.That(string.Join('.', literal.Version), Is.EqualTo(text));
    }

    [TestCase("4kB", "write 'K'")]
    [TestCase("4k", "write 'K'")]
    [TestCase("1MiB", "write 'M'")]
    [TestCase("3sec", "write 's'")]
    [TestCase("4X", "'X' is no unit")]
    [TestCase("1.5K", "write '1536'")]
    [TestCase("1.5M", "write '1536K'")]
    [TestCase("1.2.3ms", "a version has no unit")]
    [TestCase("0.5ns", "whole nanoseconds")]
    [TestCase("0600", "write '0o600'")]
    [TestCase("00", "drop the leading zero")]
    [TestCase("089", "drop the leading zero")]
    [TestCase("0x", "digits are missing")]
    [TestCase("0xfg", "'g' is no hexadecimal digit")]
    [TestCase("0o8", "'8' is no octal digit")]
    [TestCase("0x4K", "has no unit")]
    [TestCase("0b1", "hexadecimal")]
    [TestCase("1__0", "between two digits")]
    [TestCase("1_K", "between two digits")]
    [TestCase("18446744073709551616", "2^64-1")]
    [TestCase("16777216T", "2^64-1")]
    [TestCase("6.08", "leading zero")]
    [TestCase("6.99999999999", "too large")]
    [TestCase("1.2.3.4.5", "at most four parts")]
    public void Is_wrong(string text, string hint)
    {
        Assert.That(NumberLiteral.TryParse(text, out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain(hint));
    }

    [Test]
    public void Whatever_the_token_there_is_an_answer() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 9)), Arb.From(Gen.ArrayOf(Gen.Elements("0123456789_.xobKMGTnsu".ToCharArray()))), (first, rest) =>
            NumberLiteral.TryParse(first + new string(rest), out var literal, out var problem) ? literal.Value >= 0 && literal.Value <= ulong.MaxValue : problem!.Length > 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(1, 1));
}
