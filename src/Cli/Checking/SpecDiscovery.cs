using MmSpec.Cli.Output;

namespace MmSpec.Cli.Checking;

/// <summary>Finds the specification files that a command line names.</summary>
internal static class SpecDiscovery
{
    private const string Extension = ".mmspec";

    // Hidden folders and links to folders are passed over: the former hold no sources, the latter may be loops.
    private static readonly EnumerationOptions Walk = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

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
                var found = Directory.EnumerateFiles(path, "*" + Extension, Walk).Select(Shown).Where(f => !IsBuildOutput(f)).Order(StringComparer.Ordinal).ToList();
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

    private static bool IsBuildOutput(string path) => path.Split('/') is var parts && (parts.Contains("obj") || parts.Contains("bin"));
}
