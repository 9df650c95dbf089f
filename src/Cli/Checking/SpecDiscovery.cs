using System.IO.Enumeration;
using MmSpec.Cli.Output;

namespace MmSpec.Cli.Checking;

/// <summary>Finds the specification files that a command line names.</summary>
internal static class SpecDiscovery
{
    private const string Extension = ".mmspec";

    // What tools write and fetch; no sources of the user's. Hidden folders (.git) hold none either.
    private static readonly HashSet<string> Passed = new(["bin", "obj", "node_modules"], StringComparer.Ordinal);

    private static readonly EnumerationOptions Walk = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };

    /// <summary>The files, as they are to be shown (relative to the current directory, as given), in order and without repetition.</summary>
    /// <param name="paths">Files and directories; none: the current directory.</param>
    /// <param name="terminal">Hears about paths that do not exist and directories without specifications.</param>
    /// <param name="exitCode">Becomes <see cref="ExitCodes.Usage"/> where a path does not exist.</param>
    public static List<string> Find(IReadOnlyList<string> paths, Terminal terminal, ref int exitCode)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths.Count == 0 ? ["."] : paths)
        {
            if (path.Length == 0 || path.Contains('\0'))
            {
                terminal.Complain("a path is empty or contains a NUL");
                exitCode = ExitCodes.Worst(exitCode, ExitCodes.Usage);
            }
            else if (Directory.Exists(path))
            {
                var found = Below(path).Select(Shown).Order(StringComparer.Ordinal).ToList();
                if (found.Count == 0) terminal.Complain($"no *{Extension} file in directory '{path}'");
                foreach (var file in found) if (seen.Add(Path.GetFullPath(file))) files.Add(file);
            }
            else if (File.Exists(path))
            {
                if (seen.Add(Path.GetFullPath(path))) files.Add(Shown(path));
            }
            else
            {
                terminal.Complain($"no such file or directory: '{path}'");
                exitCode = ExitCodes.Worst(exitCode, ExitCodes.Usage);
            }
        }
        return files;
    }

    private static string Shown(string path) => path.StartsWith("./", StringComparison.Ordinal) && path.Length > 2 ? path[2..].TrimStart('/') : path;

    /// <summary>The specifications below a folder. A folder that was named is searched whatever its own name is.</summary>
    private static FileSystemEnumerable<string> Below(string folder) => new(folder, static (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), Walk)
    {
        ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName.EndsWith(Extension, StringComparison.Ordinal) && entry.FileName[0] != '.',
        // A link to a folder may lead round in a circle, and what it leads to is found where it is.
        ShouldRecursePredicate = static (ref FileSystemEntry entry) =>
            entry.FileName[0] != '.' && (entry.Attributes & FileAttributes.ReparsePoint) == 0 && !Passed.Contains(entry.FileName.ToString()),
    };
}
