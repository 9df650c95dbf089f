using MmSpec.Binding;
using MmSpec.Text;

namespace MmSpec.Diagnostics;

/// <summary>
/// Collects the diagnostics of one compilation. There is one method for each code; they stand in partial files by subject
/// (<c>SyntaxDiagnostics.cs</c> MM1xxx, <c>BindingDiagnostics.cs</c> MM2xxx names and types, <c>KernelDiagnostics.cs</c> MM3xxx kernels and availability,
/// <c>SupportDiagnostics.cs</c> MM4xxx not supported yet, <c>LintDiagnostics.cs</c> MM5xxx warnings, <c>FileDiagnostics.cs</c> MM9xxx files).
/// </summary>
public sealed partial class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];

    /// <summary>In the order they were found.</summary>
    public IReadOnlyList<Diagnostic> Items => _items;
    /// <summary>Whether some file does not compile.</summary>
    public bool HasErrors => _items.Exists(d => d.Severity == Severity.Error);

    /// <summary>Takes over what another compilation found.</summary>
    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics) Add(diagnostic);
    }

    private readonly HashSet<(string Code, string Path, TextSpan Span)> _seen = [];

    private void Error(string code, SourceText source, TextSpan span, string message) => Add(new(code, Severity.Error, source, span, message));

    private void Warning(string code, SourceText source, TextSpan span, string message)
    {
        if (!Suppressions.Silences(source, source.Position(span.Start).Line, code)) Add(new(code, Severity.Warning, source, span, message));
    }

    /// <summary>A scenario is bound once for each row, and a def for each call: what is wrong in one place is said once.</summary>
    private void Add(Diagnostic diagnostic)
    {
        if (_seen.Add((diagnostic.Code, diagnostic.Source.Path, diagnostic.Span))) _items.Add(diagnostic);
    }
}
