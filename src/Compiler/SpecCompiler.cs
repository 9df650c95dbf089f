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
    public static BoundFile? Bind(string path, DiagnosticBag diagnostics) => Bind(path, new ImportResolver(), diagnostics);

    /// <summary>Reads, parses and binds a file with its imports.</summary>
    /// <param name="path">The file, as diagnostics and <c>#line</c> are to show it.</param>
    /// <param name="imports">Finds imported files, and knows afterwards which were read.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <returns>Null where something is wrong.</returns>
    public static BoundFile? Bind(string path, ImportResolver imports, DiagnosticBag diagnostics) =>
        SourceFile.Read(path, path, diagnostics) is { } source ? Bind(source, imports, diagnostics) : null;

    /// <summary>Parses and binds a text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="imports">Finds imported files.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <returns>Null where something is wrong.</returns>
    public static BoundFile? Bind(SourceText source, ImportResolver imports, DiagnosticBag diagnostics)
    {
        var before = diagnostics.Items.Count;
        var file = Parser.Parse(source, diagnostics);
        // What could not be read cannot be known: names that it would define would be reported as unknown, many messages for one slip.
        if (Failed()) return null;
        var bound = Binder.Bind(file, imports, diagnostics);
        return Failed() ? null : bound;

        bool Failed()
        {
            for (var i = before; i < diagnostics.Items.Count; i++)
                if (diagnostics.Items[i].Severity == Severity.Error) return true;
            return false;
        }
    }
}
