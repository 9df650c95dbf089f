using MmSpec.Text;

namespace MmSpec.Diagnostics;

// Codes MM2060 and following: imports. Each has a page in docs/diagnostics.
public sealed partial class DiagnosticBag
{
    /// <summary>MM2060: an import that cannot be read.</summary>
    public void ImportNotFound(SourceText source, TextSpan span, string name, string problem) => Error("MM2060", source, span, $"cannot import '{name}': {problem}");

    /// <summary>MM2061: files that import each other in a circle.</summary>
    public void ImportCycle(SourceText source, TextSpan span, string name) => Error("MM2061", source, span, $"'{name}' imports this file, directly or not; imports make no circle");
}
