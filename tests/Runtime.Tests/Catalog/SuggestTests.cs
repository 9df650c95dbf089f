using FsCheck;
using FsCheck.Fluent;
using MmSpec.Catalog;

namespace MmSpec.Tests.Catalog;

public sealed class SuggestTests
{
    [TestCase("mmpa", "mmap")]
    [TestCase("MMAP", "mmap")]
    [TestCase("maddvise", "madvise")]
    [TestCase("xyzzy", null)]
    [TestCase("", null)]
    public void Nearest(string name, string? expected) => Assert.That(Operations.Suggest(name), Is.EqualTo(expected));

    [Test]
    public void AnEndlessNameCostsNothing() => Assert.That(Operations.Suggest(new string('m', 1_000_000)), Is.Null);

    [Test]
    public void OneSlipInALongNameIsFound() =>
        Prop.ForAll(Gen.Elements(Constants.All.Where(c => c.Name.Length > 12).Select(c => c.Name)).ToArbitrary(), Gen.Choose(0, 12).ToArbitrary(), (name, at) =>
        {
            var slip = name.Remove(at, 1);
            var near = Constants.Suggest(slip);
            return near is not null && Distance(slip, near) <= Distance(slip, name);
        }).QuickCheckThrowOnFailure();

    private static int Distance(string a, string b) => Suggest.Distance(a, b);
}
