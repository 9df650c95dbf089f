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
        var text = Read(path, out var problem);
        if (text is null) diagnostics.ImportNotFound(from, import.Path.Span, name, problem ?? "it cannot be read");
        var file = text is null ? null : Parser.Parse(new SourceText(path, text), diagnostics);
        _files[path] = file;
        return file;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="problem">Why it cannot be read, in words.</param>
    /// <returns>Its text, or null.</returns>
    protected internal virtual string? Read(string path, out string? problem)
    {
        var diagnostics = new DiagnosticBag();
        var source = SourceFile.Read(path, path, diagnostics);
        problem = source is null ? diagnostics.Items[0].Message : null;
        return source?.Content;
    }

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
