using MmSpec.Diagnostics;

namespace MmSpec.Cli.Output;

/// <summary>Prints diagnostics in the form <c>file(line,column): error MM1234: text</c>; on a terminal with the source line and a caret.</summary>
public static class DiagnosticPrinter
{
    private const int Widest = 160;

    /// <summary>Prints them in order of file and place.</summary>
    public static void Print(Terminal terminal, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var d in diagnostics.OrderBy(d => d.Source.Path, StringComparer.Ordinal).ThenBy(d => d.Span.Start))
        {
            var (line, column) = d.Source.Position(d.Span.Start);
            var word = d.Severity == Severity.Error ? terminal.BadError("error") : terminal.DoubtfulError("warning");
            terminal.Error.WriteLine($"{PlainText.Escape(d.Source.Path)}({line},{column}): {word} {d.Code}: {PlainText.Escape(d.Message)}");
            if (terminal.ErrorIsTerminal) Excerpt(terminal, d, line, column);
        }
    }

    private static void Excerpt(Terminal terminal, Diagnostic d, int line, int column)
    {
        var text = d.Source.Line(line);
        if (text.Length == 0) return;
        // Of a very long line the part around the place is shown.
        var from = Math.Clamp(column - 1 - Widest / 2, 0, Math.Max(0, text.Length - Widest));
        var shown = text.Substring(from, Math.Min(Widest, text.Length - from));
        var before = PlainText.Escape(shown[..Math.Clamp(column - 1 - from, 0, shown.Length)]).Length;
        var length = Math.Clamp(d.Span.Length, 1, Math.Max(1, shown.Length - (column - 1 - from)));
        terminal.Error.WriteLine("    " + PlainText.Escape(shown));
        terminal.Error.WriteLine("    " + new string(' ', before) + terminal.BadError(new string('^', length)));
    }
}
