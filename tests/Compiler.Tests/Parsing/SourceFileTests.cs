using System.Text;
using MmSpec.Diagnostics;
using MmSpec.Parsing;

namespace MmSpec.Tests.Parsing;

/// <summary>Files that are no text.</summary>
public sealed class SourceFileTests
{
    private static (string? Content, string? Code) Decode(params byte[] bytes)
    {
        var diagnostics = new DiagnosticBag();
        var source = SourceFile.Decode(bytes, "x.mmspec", diagnostics);
        return (source?.Content, diagnostics.Items.SingleOrDefault()?.ToString());
    }

    [Test]
    public void A_byte_order_mark_is_no_content() => Assert.That(Decode(0xEF, 0xBB, 0xBF, (byte)'a'), Is.EqualTo(("a", (string?)null)));

    [Test]
    public void All_of_unicode_is_read() => Assert.That(Decode(Encoding.UTF8.GetBytes("aé𝒳\uFFFD")).Content, Is.EqualTo("aé𝒳\uFFFD"));

    [Test]
    public void Bytes_that_are_no_text_are_pointed_at()
    {
        Assert.That(Decode((byte)'a', (byte)'\n', (byte)'b', 0xC3, (byte)'c').Code, Is.EqualTo("x.mmspec(2,2): error MM9003: the file is not UTF-8: the byte at offset 3 is part of no character"));
        Assert.That(Decode(0xED, 0xA0, 0x80).Code, Does.Contain("MM9003"), "a surrogate");
        Assert.That(Decode((byte)'a', 0).Code, Does.StartWith("x.mmspec(1,2): error MM9005"));
    }

    [Test]
    public void What_is_no_file_is_diagnosed()
    {
        var folder = Directory.CreateTempSubdirectory("mmspec-test-");
        try
        {
            Assert.That(Code(Path.Combine(folder.FullName, "none.mmspec")), Is.EqualTo("MM9001"));
            Assert.That(Code(Path.Combine(folder.FullName, "none", "none.mmspec")), Is.EqualTo("MM9001"));
            Assert.That(Code(folder.FullName), Is.EqualTo("MM9002"));
            var pipe = Path.Combine(folder.FullName, "pipe.mmspec");
            using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe])) mkfifo.WaitForExit();
            Assert.That(Code(pipe), Is.EqualTo("MM9007"));
            Assert.That(SourceFile.TryReadBytes(pipe), Is.Null);
            Assert.That(Code("/dev/zero"), Is.EqualTo("MM9007"));
            Assert.That(Code("a\0b"), Is.EqualTo("MM9002"));
            Assert.That(Code(""), Is.EqualTo("MM9002"));
            var large = Path.Combine(folder.FullName, "large.mmspec");
            using (var file = File.Create(large)) file.SetLength(SourceFile.MaxBytes + 1);
            Assert.That(Code(large), Is.EqualTo("MM9004"));
            File.WriteAllText(large, "// fine");
            Assert.That(Code(large), Is.Null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string? Code(string path)
        {
            var diagnostics = new DiagnosticBag();
            var source = SourceFile.Read(path, "x.mmspec", diagnostics);
            Assert.That(source is null, Is.EqualTo(diagnostics.HasErrors));
            return diagnostics.Items.SingleOrDefault()?.Code;
        }
    }
}
