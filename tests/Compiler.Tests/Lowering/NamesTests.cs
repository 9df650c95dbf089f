using MmSpec.Lowering;

namespace MmSpec.Tests.Lowering;

public class NamesTests
{
    [TestCase("specs/seeds/000-private.mmspec", "specs__seeds__000_private_mmspec")]
    [TestCase("a.mmspec", "a_mmspec")]
    [TestCase("0.mmspec", "_0_mmspec")]
    public void Ordinary_paths_stay_readable(string path, string name) => Assert.That(Names.ClassOf(path), Is.EqualTo(name));

    [Test]
    public void Paths_that_look_alike_get_names_of_their_own()
    {
        string[] paths =
        [
            "a-b.mmspec", "a_b.mmspec", "a/b.mmspec", "a b.mmspec", "a--b.mmspec", "a//b.mmspec", "a__b.mmspec", "a-/b.mmspec", "a/-b.mmspec", "../a-b.mmspec", "a.b.mmspec", "/a-b.mmspec",
            "a-b", "a-b_mmspec", "-a.mmspec", "/a.mmspec", "_a.mmspec", "a.mmspec", "ä.mmspec", "ö.mmspec", ".mmspec", "", "a-.mmspec", "a.mmspec.mmspec", "0.mmspec", "_0.mmspec",
        ];
        Assert.That(paths.Select(Names.ClassOf), Is.Unique);
    }
}
