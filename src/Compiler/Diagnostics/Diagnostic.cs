using MmSpec.Text;

namespace MmSpec.Diagnostics;

/// <summary>How bad it is.</summary>
public enum Severity
{
    /// <summary>The file does not compile.</summary>
    Error,
    /// <summary>Suspicious; can be silenced with a reason.</summary>
    Warning
}

/// <summary>A message about a place in a source text. Codes are permanent.</summary>
/// <param name="Code"><c>MM1234</c>.</param>
/// <param name="Severity">Severity.</param>
/// <param name="Source">The file.</param>
/// <param name="Span">The place.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
public sealed record Diagnostic(string Code, Severity Severity, SourceText Source, TextSpan Span, string Message)
{
    /// <summary>The canonical form <c>file(line,column): error MM1234: text</c>.</summary>
    public override string ToString()
    {
        var (line, column) = Source.Position(Span.Start);
        return $"{Source.Path}({line},{column}): {(Severity == Severity.Error ? "error" : "warning")} {Code}: {Message}";
    }
}
