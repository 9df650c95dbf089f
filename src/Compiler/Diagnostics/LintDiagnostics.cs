using MmSpec.Text;

namespace MmSpec.Diagnostics;

// Codes MM5xxx: what is legal and suspicious. Each has a page in docs/diagnostics, and a comment with a reason silences it.
public sealed partial class DiagnosticBag
{
    /// <summary>MM5001: a file's kernel line that every scenario replaces.</summary>
    public void UnusedKernelLine(SourceText source, TextSpan span) => Warning("MM5001", source, span, "every scenario has a kernel line of its own; nobody uses this one");

    /// <summary>MM5002: a slice outside its region.</summary>
    public void SliceOutside(SourceText source, TextSpan span, string slice, string length) => Warning("MM5002", source, span, $"{slice} lies outside the region, which is {length} long");

    /// <summary>MM5003: statements that never run.</summary>
    public void NeverRuns(SourceText source, TextSpan span, string why) => Warning("MM5003", source, span, $"this never runs: {why}");

    /// <summary>MM5004: an expectation that cannot fail.</summary>
    public void CannotFail(SourceText source, TextSpan span) => Warning("MM5004", source, span, "this expectation cannot fail");

    /// <summary>MM5007: an expectation that can never hold.</summary>
    public void NeverHolds(SourceText source, TextSpan span, string why) => Warning("MM5007", source, span, $"this never holds: {why}");

    /// <summary>MM5005: a comment that silences a warning without saying why.</summary>
    public void NoReason(SourceText source, TextSpan span) => Warning("MM5005", source, span, "write why: '// mmspec-disable-next-line MM5002: reason'");

    /// <summary>MM5006: a comment that silences what is no warning.</summary>
    public void NotAWarning(SourceText source, TextSpan span, string code) => Warning("MM5006", source, span, $"'{code}' is no warning that can be silenced");
}
