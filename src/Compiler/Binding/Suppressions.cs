using MmSpec.Diagnostics;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>Comments that silence a warning on the line after them: <c>// mmspec-disable-next-line MM5002: reason</c>.</summary>
internal static class Suppressions
{
    /// <summary>How such a comment starts.</summary>
    public const string Marker = "// mmspec-disable-next-line";

    /// <summary>Diagnoses comments of this kind that silence nothing.</summary>
    public static void Check(SourceText source, DiagnosticBag diagnostics)
    {
        if (!source.Content.Contains(Marker, StringComparison.Ordinal)) return;
        var offset = 0;
        for (var line = 1; line <= source.LineCount; line++)
        {
            var text = source.Line(line);
            var start = text.Length - text.TrimStart().Length;
            if (text.AsSpan(start).StartsWith(Marker))
            {
                var (code, reason) = Parse(text);
                var span = new TextSpan(offset + start, text.Length - start);
                if (!code.StartsWith("MM5", StringComparison.Ordinal)) diagnostics.NotAWarning(source, span, code);
                else if (reason.Length == 0) diagnostics.NoReason(source, span);
            }
            offset += text.Length;
            if (offset < source.Content.Length) offset += source.Content.AsSpan(offset).StartsWith("\r\n") ? 2 : 1;
        }
    }

    /// <summary>Whether the line before silences the code, with a reason.</summary>
    public static bool Silences(SourceText source, int line, string code)
    {
        if (line < 2) return false;
        var before = source.Line(line - 1).TrimStart();
        if (!before.StartsWith(Marker, StringComparison.Ordinal)) return false;
        var (named, reason) = Parse(before);
        return named == code && reason.Length > 0;
    }

    private static (string Code, string Reason) Parse(string text)
    {
        var rest = text.TrimStart()[Marker.Length..].Trim();
        var colon = rest.IndexOf(':');
        return colon < 0 ? (rest, "") : (rest[..colon].Trim(), rest[(colon + 1)..].Trim());
    }
}
