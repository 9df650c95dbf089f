using MmSpec.Diagnostics;
using MmSpec.Parsing;
using MmSpec.Syntax;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>Reads and parses the files that others import, each once.</summary>
public class ImportResolver
{
    private readonly Dictionary<string, FileSyntax?> _files = new(StringComparer.Ordinal);

    /// <summary>The paths that imports led to so far.</summary>
    public IReadOnlyCollection<string> Paths => _files.Keys;

    /// <summary>The file that an import names, relative to the file that imports it; null where it cannot be read (diagnosed).</summary>
    /// <param name="from">The importing file.</param>
    /// <param name="import">The import.</param>
    /// <param name="diagnostics">Receives why not, and what is wrong in the file.</param>
    public FileSyntax? Resolve(SourceText from, ImportSyntax import, DiagnosticBag diagnostics)
    {
        var name = import.Path.Value;
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
        {
            diagnostics.ImportNotFound(from, import.Path.Span, name, "that is no file name");
            return null;
        }
        var path = Combine(from.Path, name);
        if (_files.TryGetValue(path, out var known)) return known;
        // What is wrong with the file as a whole is told where its name stands.
        var problems = new DiagnosticBag();
        var source = Read(path, problems);
        if (source is null) diagnostics.ImportNotFound(from, import.Path.Span, name, problems.Items is [var first, ..] ? first.Message : "it cannot be read");
        return _files[path] = source is null ? null : Parser.Parse(source, diagnostics);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="diagnostics">Receives why it cannot be read.</param>
    /// <returns>Its text, or null.</returns>
    protected internal virtual SourceText? Read(string path, DiagnosticBag diagnostics) => SourceFile.Read(path, path, diagnostics);

    private static string Combine(string from, string name)
    {
        var folder = Path.GetDirectoryName(from) ?? "";
        var joined = Path.Combine(folder, name).Replace('\\', '/');
        var parts = new List<string>();
        foreach (var part in joined.Split('/'))
        {
            if (part is "." || (part.Length == 0 && parts.Count > 0)) continue;
            if (part == ".." && parts.Count > 0 && parts[^1] is not ("" or "..")) parts.RemoveAt(parts.Count - 1);
            else parts.Add(part);
        }
        return string.Join('/', parts);
    }
}
