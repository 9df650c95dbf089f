using System.Text;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>Source text as reports show it.</summary>
internal static class SourceExcerpt
{
    /// <summary>More is cut off: a report shows a line.</summary>
    private const int Longest = 200;

    /// <summary>The text of a span on one line: comments left out, white space collapsed.</summary>
    public static string Collapse(SourceText source, TextSpan span)
    {
        var text = source.Content.AsSpan(Math.Clamp(span.Start, 0, source.Content.Length));
        text = text[..Math.Clamp(span.Length, 0, text.Length)];
        var result = new StringBuilder(Math.Min(text.Length, Longest));
        var (quoted, space) = (false, false);
        for (var i = 0; i < text.Length && result.Length < Longest; i++)
        {
            var c = text[i];
            if (!quoted && c == '/' && i + 1 < text.Length && text[i + 1] == '/')
            {
                while (i < text.Length && text[i] is not ('\n' or '\r')) i++;
                space = true;
                continue;
            }
            if (!quoted && char.IsWhiteSpace(c))
            {
                space = true;
                continue;
            }
            if (space && result.Length > 0) result.Append(' ');
            space = false;
            result.Append(char.IsControl(c) ? ' ' : c);
            if (quoted && c == '\\' && i + 1 < text.Length) result.Append(text[++i]);
            else if (c == '"') quoted = !quoted;
        }
        return result.ToString();
    }
}
