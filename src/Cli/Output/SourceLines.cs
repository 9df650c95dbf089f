using MmSpec.Diagnostics;
using MmSpec.Parsing;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Cli.Output;

/// <summary>Lines of specifications, read again where a failure shows one: an unchanged file that passes is never read as text.</summary>
internal sealed class SourceLines
{
    private const int Widest = 200;
    private readonly Dictionary<string, SourceText?> _files = [];

    /// <summary>The line at a place, or the statement's text where the file cannot be read any more.</summary>
    public string Show(SpecPlace place)
    {
        if (!_files.TryGetValue(place.File, out var source)) _files[place.File] = source = Read(place.File);
        var line = source is not null && place.Line >= 1 && place.Line <= source.LineCount ? source.Line(place.Line).Trim() : place.Text;
        return PlainText.Escape(line.Length > Widest ? line[..Widest] + " …" : line);
    }

    private static SourceText? Read(string path) => SourceFile.TryReadBytes(path) is { } bytes ? SourceFile.Decode(bytes, path, new DiagnosticBag()) : null;
}
