using MmSpec.Text;

namespace MmSpec.Diagnostics;

// Codes MM99xx: the C# that is made of a file. Each has a page in docs/diagnostics.
public sealed partial class DiagnosticBag
{
    /// <summary>MM9901: the C# made of the file is beyond the limits of the C# compiler.</summary>
    public void NotEmitted(SourceText source, string reason) =>
        Error("MM9901", source, default, $"this file cannot be made into an assembly; split it into smaller ones ({reason})");
}
