using MmSpec.Binding;
using MmSpec.Diagnostics;
using MmSpec.Text;

namespace MmSpec.Compiler.Tests.Binding;

/// <summary>Binds texts for tests.</summary>
internal static class Bound
{
    /// <summary>Binds a text that may have mistakes; files are what it can import.</summary>
    public static (BoundFile? File, IReadOnlyList<string> Diagnostics) Bind(string text, params (string Path, string Text)[] files)
    {
        var diagnostics = new DiagnosticBag();
        var file = SpecCompiler.Bind(new SourceText("t.mmspec", text), new Files(files), diagnostics);
        return (file, [.. diagnostics.Items.Select(d => d.ToString())]);
    }

    private sealed class Files((string Path, string Text)[] files) : ImportResolver
    {
        protected internal override string? Read(string path, out string? problem)
        {
            foreach (var (name, text) in files)
            {
                if (name != path) continue;
                problem = null;
                return text;
            }
            problem = "there is no such file";
            return null;
        }
    }
}
