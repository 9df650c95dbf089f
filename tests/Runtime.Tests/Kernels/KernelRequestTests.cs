using MmSpec.Kernels;
using static MmSpec.Tests.Kernels.KernelTexts;

namespace MmSpec.Tests.Kernels;

public sealed class KernelRequestTests
{
    [Test]
    public void ReadsKernelsAndWords()
    {
        Assert.That(KernelRequest.TryParse("newest, 5.10,6.1.90,5.4 + pmd-share-read-lock, 5.10", PatchTable.Box, out var request, out _));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request!.Newest);
            Assert.That(request.All, Is.False);
            Assert.That(request.Kernels.Select(k => k.ToString()), Is.EqualTo(new[] { "5.10", "6.1.90", "5.4 + pmd-share-read-lock" }));
        }
    }

    [TestCase("", "missing")]
    [TestCase("5.10,", "missing")]
    [TestCase("newst", "did you mean 'newest'?")]
    [TestCase("al", "did you mean 'all'?")]
    [TestCase("5.10+", "is a set")]
    [TestCase("5.23", "there is no Linux 5.23")]
    [TestCase("8.1", "newer than")]
    [TestCase("5.4 + pmd-share-readlock", "did you mean 'pmd-share-read-lock'?")]
    [TestCase("6.1 + pmd-share-read-lock", "does not apply to 6.1; it is for 5.4")]
    [TestCase("5.4 + rmap-write-lock", "needs 'pmd-share-read-lock' before it")]
    [TestCase("5.4 + rmap-write-lock + pmd-share-read-lock", "needs 'pmd-share-read-lock' before it")]
    [TestCase("5.4 + pmd-share-read-lock + pmd-share-read-lock", "named twice")]
    public void RefusesWithAReason(string text, string reason)
    {
        Assert.That(KernelRequest.TryParse(text, PatchTable.Box, out _, out var error), Is.False);
        Assert.That(error, Does.Contain(reason));
    }

    [Test]
    public void NamesOfPatchesAreNotLookedAtWithoutATable() => Assert.That(K("6.9 + mine").Patches, Is.EqualTo(new[] { "mine" }));
}
