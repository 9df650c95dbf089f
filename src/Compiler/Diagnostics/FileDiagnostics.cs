using MmSpec.Text;

namespace MmSpec.Diagnostics;

// Codes MM9xxx: files. Each has a page in docs/diagnostics.
public sealed partial class DiagnosticBag
{
    /// <summary>MM9001: a file that cannot be read.</summary>
    public void FileNotReadable(SourceText source, string problem) => Error("MM9001", source, default, $"cannot read this file: {problem}");
}
