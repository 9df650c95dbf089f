using MmSpec.Text;

namespace MmSpec.Diagnostics;

// Codes MM4xxx: what the language has and the model does not have yet. Each has a page in docs/diagnostics.
public sealed partial class DiagnosticBag
{
    /// <summary>MM4001: a call.</summary>
    public void CallNotSupported(SourceText source, TextSpan span, string call) => Error("MM4001", source, span, $"the call '{call}' is not supported yet");

    /// <summary>MM4002: a view or a field of one.</summary>
    public void ViewNotSupported(SourceText source, TextSpan span, string view) => Error("MM4002", source, span, $"the view '{view}' is not supported yet");

    /// <summary>MM4003: a form of statement.</summary>
    public void StatementNotSupported(SourceText source, TextSpan span, string form) => Error("MM4003", source, span, $"'{form}' is not supported yet");

    /// <summary>MM4004: an item or key of a machine.</summary>
    public void MachineNotSupported(SourceText source, TextSpan span, string item) => Error("MM4004", source, span, $"'{item}' of a machine is not supported yet");

    /// <summary>MM4005: memory that is not of huge pages.</summary>
    public void MappingNotSupported(SourceText source, TextSpan span, string what) => Error("MM4005", source, span, $"{what} is not supported yet; only hugetlb mappings are");

    /// <summary>MM4007: a file of a kind that is not modelled.</summary>
    public void FileNotSupported(SourceText source, TextSpan span, string what) => Error("MM4007", source, span, $"{what} is not supported yet");

    /// <summary>MM4008: an outcome or event.</summary>
    public void OutcomeNotSupported(SourceText source, TextSpan span, string what) => Error("MM4008", source, span, $"the outcome '{what}' is not supported yet");

    /// <summary>MM4009: a property of an interleaving.</summary>
    public void PropertyNotSupported(SourceText source, TextSpan span, string what) => Error("MM4009", source, span, $"the property '{what}' is not supported yet");

    /// <summary>MM4010: a patch whose meaning comes later.</summary>
    public void PatchNotSupported(SourceText source, TextSpan span, string name) => Error("MM4010", source, span, $"the patch '{name}' is not supported yet");
}
