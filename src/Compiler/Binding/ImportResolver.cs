using System.Text;
using MmSpec.Diagnostics;
using MmSpec.Parsing;
using MmSpec.Syntax;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>Reads and parses the files that others import, each once.</summary>
public class ImportResolver
{
    /// <summary>Files beyond this are not read: nobody writes them by hand.</summary>
    public const long MaximumLength = 16 << 20;

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
        problem = null;
        try
        {
            var file = new FileInfo(path);
            if (Directory.Exists(path)) problem = "it is a directory";
            else if (!file.Exists) problem = "there is no such file";
            else if (file.Length > MaximumLength) problem = $"it is larger than {MaximumLength >> 20} MiB";
            else return new UTF8Encoding(false, true).GetString(WithoutMark(File.ReadAllBytes(path)));
        }
        catch (DecoderFallbackException)
        {
            problem = "it is not UTF-8";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            problem = e is UnauthorizedAccessException ? "it may not be read" : "it cannot be read";
        }
        return null;
    }

    private static ReadOnlySpan<byte> WithoutMark(byte[] bytes) => bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes.AsSpan(3) : bytes;

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
