using System.Text;

namespace MmSpec.Cli.Output;

/// <summary>Text from specifications is foreign: what could steer a terminal or break a line is shown as an escape.</summary>
public static class PlainText
{
    /// <summary>The text with control characters, line separators and lone surrogates as <c>\xHH</c> or <c>\u{H}</c>.</summary>
    public static string Escape(string text)
    {
        var clean = true;
        for (var i = 0; clean && i < text.Length; i++) clean = !NeedsEscape(text[i]) && !char.IsSurrogate(text[i]);
        if (clean) return text;
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) result.Append(c).Append(text[++i]);
            else if (c == '\t') result.Append(' ');
            else if (!NeedsEscape(c) && !char.IsSurrogate(c)) result.Append(c);
            else if (c < 0x100) result.Append($"\\x{(int)c:x2}");
            else result.Append($"\\u{{{(int)c:x}}}");
        }
        return result.ToString();
    }

    // Bidirectional overrides can make a terminal show another text than the one that is there.
    private static bool NeedsEscape(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
