using MmSpec.Text;

namespace MmSpec.Diagnostics;

// Codes MM3xxx: kernels, arms, rules, patches and availability. Each has a page in docs/diagnostics.
public sealed partial class DiagnosticBag
{
    /// <summary>MM3001: neither the file nor the scenario has a kernel line.</summary>
    public void NoKernelLine(SourceText source, TextSpan span) => Error("MM3001", source, span, "no kernel line; write 'kernel 5.10+' in the scenario, or at the top of the file");

    /// <summary>MM3002: a version that does not exist.</summary>
    public void BadVersion(SourceText source, TextSpan span, string problem) => Error("MM3002", source, span, problem);

    /// <summary>MM3003: a patch that nobody declared.</summary>
    public void UnknownPatch(SourceText source, TextSpan span, string name, string? near) => Error("MM3003", source, span, $"unknown patch '{name}'{DidYouMean(near)}");

    /// <summary>MM3004: a patch on a release that it is not for.</summary>
    public void PatchDoesNotApply(SourceText source, TextSpan span, string problem) => Error("MM3004", source, span, problem);

    /// <summary>MM3005: an arm that no covered kernel reaches.</summary>
    public void UnreachableArm(SourceText source, TextSpan span, string arm, string covered) => Error("MM3005", source, span, $"no covered kernel reaches '{arm}'; {covered}");

    /// <summary>MM3006: a covered kernel that no arm reaches.</summary>
    public void MissingArm(SourceText source, TextSpan span, string kernel) => Error("MM3006", source, span, $"no arm is for {kernel}, which is covered here; add one, or 'otherwise'");

    /// <summary>MM3007: something that a covered kernel lacks.</summary>
    public void NotAvailable(SourceText source, TextSpan span, string name, string availability, string kernel) => Error("MM3007", source, span, $"{name} {availability}; this scenario covers {kernel}");

    /// <summary>MM3008: a rule that the registry lacks.</summary>
    public void UnknownRule(SourceText source, TextSpan span, string name, string? near) => Error("MM3008", source, span, $"unknown rule '{name}'{DidYouMean(near)}");

    /// <summary>MM3009: a configuration option that is not known.</summary>
    public void UnknownConfig(SourceText source, TextSpan span, string name, string? near) => Error("MM3009", source, span, $"unknown configuration option '{name}'{DidYouMean(near)}");

    /// <summary>MM3010: a kernel line that covers nothing.</summary>
    public void EmptySet(SourceText source, TextSpan span) => Error("MM3010", source, span, "this covers no kernel");

    /// <summary>MM3011: a range whose end is before its start.</summary>
    public void ReversedRange(SourceText source, TextSpan span, string from, string to) => Error("MM3011", source, span, $"{from} comes after {to}");

    /// <summary>MM3012: a patch that switches one rule twice, or none.</summary>
    public void BadPatch(SourceText source, TextSpan span, string problem) => Error("MM3012", source, span, problem);

    /// <summary>MM3013: <c>otherwise</c> where it cannot stand, or something after it.</summary>
    public void MisplacedOtherwise(SourceText source, TextSpan span, string problem) => Error("MM3013", source, span, problem);
}
