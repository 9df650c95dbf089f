namespace MmSpec.Text;

/// <summary>A stretch of a source text, in UTF-16 units.</summary>
/// <param name="Start">Offset of the first unit.</param>
/// <param name="Length">Units; 0 for a place between two.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>Offset after the last unit.</summary>
    public int End => Start + Length;
    /// <summary>From the start of a to the end of b.</summary>
    public static TextSpan Cover(TextSpan a, TextSpan b) => new(Math.Min(a.Start, b.Start), Math.Max(a.End, b.End) - Math.Min(a.Start, b.Start));
}

/// <summary>A file's text with its line starts.</summary>
public sealed class SourceText
{
    private readonly int[] _lines;

    /// <param name="path">As it is to be shown in diagnostics and <c>#line</c>.</param>
    /// <param name="content">The whole text.</param>
    public SourceText(string path, string content)
    {
        (Path, Content) = (path, content);
        var lines = new List<int> { 0 };
        for (var i = 0; i < content.Length; i++)
            if (content[i] == '\n' || (content[i] == '\r' && (i + 1 == content.Length || content[i + 1] != '\n'))) lines.Add(i + 1);
        _lines = [.. lines];
    }

    /// <summary>As it is to be shown.</summary>
    public string Path { get; }
    /// <summary>The whole text.</summary>
    public string Content { get; }
    /// <summary>Number of lines, at least 1.</summary>
    public int LineCount => _lines.Length;

    /// <summary>1-based line and 1-based UTF-16 column of an offset.</summary>
    public (int Line, int Column) Position(int offset)
    {
        var i = Array.BinarySearch(_lines, Math.Clamp(offset, 0, Content.Length));
        if (i < 0) i = ~i - 1;
        return (i + 1, Math.Clamp(offset, 0, Content.Length) - _lines[i] + 1);
    }

    /// <summary>The text of a 1-based line without its end.</summary>
    public string Line(int line)
    {
        var start = _lines[line - 1];
        var end = line < _lines.Length ? _lines[line] : Content.Length;
        return Content[start..end].TrimEnd('\r', '\n');
    }
}
