using MmSpec.Text;

namespace MmSpec.Diagnostics;

public sealed partial class DiagnosticBag
{
    /// <summary>MM9901: the C# made of the file is beyond the limits of the C# compiler.</summary>
    public static Diagnostic NotEmitted(SourceText source, string reason) =>
        new("MM9901", Severity.Error, source, new TextSpan(0, 0), $"the file cannot be made into an assembly; split it into smaller ones ({reason})");
}
