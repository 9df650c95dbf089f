using MmSpec.Binding;
using MmSpec.Diagnostics;
using MmSpec.Parsing;
using MmSpec.Text;

namespace MmSpec;

/// <summary>From a file to its bound scenarios.</summary>
public static class SpecCompiler
{
    /// <summary>Reads, parses and binds a file with its imports.</summary>
    /// <param name="path">The file, as diagnostics and <c>#line</c> are to show it.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <returns>Null where something is wrong.</returns>
    public static BoundFile? Bind(string path, DiagnosticBag diagnostics)
    {
        var imports = new ImportResolver();
        var text = imports.Read(path, out var problem);
        if (text is not null) return Bind(new SourceText(path, text), imports, diagnostics);
        diagnostics.FileNotReadable(new SourceText(path, ""), problem ?? "it cannot be read");
        return null;
    }

    /// <summary>Parses and binds a text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="imports">Finds imported files.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <returns>Null where something is wrong.</returns>
    public static BoundFile? Bind(SourceText source, ImportResolver imports, DiagnosticBag diagnostics)
    {
        var before = diagnostics.Items.Count;
        var file = Parser.Parse(source, diagnostics);
        var bound = Binder.Bind(file, imports, diagnostics);
        for (var i = before; i < diagnostics.Items.Count; i++) if (diagnostics.Items[i].Severity == Severity.Error) return null;
        return bound;
    }
}
