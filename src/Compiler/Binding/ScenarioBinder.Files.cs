using MmSpec.Catalog;
using MmSpec.Syntax;

namespace MmSpec.Binding;

// What the text tells of files and mappings: paths lie under mounts, and only huge pages are modelled so far.
internal sealed partial class ScenarioBinder
{
    private Mount? MountOf(string path) =>
        _mounts.Where(m => path == m.Path || path.StartsWith(m.Path.TrimEnd('/') + "/", StringComparison.Ordinal)).MaxBy(m => m.Path.Length);

    private FileKind FileAt(string? path) => path is null || MountOf(path) is not { } mount ? FileKind.Unknown : mount.Type == "hugetlbfs" ? FileKind.Hugetlb : FileKind.PageCache;

    private static FileKind FileOfMapping(TypedExpr flags, TypedExpr fd)
    {
        if (Has(flags, "MAP_ANONYMOUS")) return Has(flags, "MAP_HUGETLB") ? FileKind.Hugetlb : FileKind.PageCache;
        return fd.File;
    }

    /// <summary>Where a mapping of huge pages ends once its length is rounded up, as far as the text tells the size of its pages.</summary>
    private System.Numerics.BigInteger? Reach(System.Numerics.BigInteger? length, TypedExpr flags, FileKind file)
    {
        if (length is not { } bytes || file != FileKind.Hugetlb) return null;
        var unit = Has(flags, "MAP_ANONYMOUS") ? Has(flags, "MAP_HUGE_1GB") : _mounts.Exists(m => m.PageSize == 1 << 30);
        long page = unit ? 1 << 30 : 2 << 20;
        return (bytes + page - 1) / page * page;
    }

    /// <summary>Checks that the paths of a call are there.</summary>
    private bool CheckPaths(string name, TypedExpr[] operands, CallSyntax call)
    {
        Operations.TryGet(name, out var operation);
        var good = true;
        for (var i = 0; i < operands.Length; i++)
            if (operation!.Parameters[i].Type == ParameterType.Path && operands[i].Word is { } path) good &= CheckPath(path, PlaceOf(operation.Parameters[i], i, call));
        return good;
    }

    /// <summary>
    /// What kind of memory a call maps that the model does not have yet, as far as the text tells for certain; null: none. A call that is wrong in
    /// itself has its errno all the same.
    /// </summary>
    private static string? UnsupportedMapping(Operation operation, TypedExpr[] operands)
    {
        if (operation.Name != "mmap") return null;
        var (flags, fd) = (operands[operation.Parameters.IndexOf(operation.Find("flags")!)], operands[operation.Parameters.IndexOf(operation.Find("fd")!)]);
        if (flags.Exact is null || Has(flags, "MAP_HUGETLB")) return null;
        if (Has(flags, "MAP_ANONYMOUS")) return "anonymous memory of base pages";
        return fd.File is FileKind.PageCache or FileKind.Proc ? "a mapping of such a file" : null;
    }

    private bool CheckPath(string path, SyntaxNode place)
    {
        if (path.StartsWith("/proc/", StringComparison.Ordinal) || path.StartsWith("/sys/", StringComparison.Ordinal) || path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            _diagnostics.FileNotSupported(_source, place.Span, $"'{path}'");
            return false;
        }
        if (MountOf(path) is { } mount)
        {
            if (mount.Type == "hugetlbfs")
            {
                // Paths are compared as they are written, and there are no directories yet.
                if (path.Length > mount.Path.Length && path[mount.Path.TrimEnd('/').Length..] is ['/', .. var file] && file is not ("" or "." or "..") && !file.Contains('/')) return true;
                _diagnostics.FileNotSupported(_source, place.Span, $"'{path}', which is not directly a file of its mount,");
                return false;
            }
            if (mount.Refused) return false;
            _diagnostics.FileNotSupported(_source, place.Span, $"a file of {mount.Type}");
            return false;
        }
        var mounts = string.Join(", ", _mounts.Select(m => $"{m.Type} \"{m.Path}\""));
        var near = Suggest.Nearest(path.Split('/').ElementAtOrDefault(1) ?? "", _mounts.Select(m => m.Path.Trim('/')));
        _diagnostics.PathNotMounted(_source, place.Span, path, mounts.Length == 0 ? ", which has none" : $" ({mounts})" + (near is null ? "" : $"; did you mean '/{near}'?"));
        return false;
    }

    private static SyntaxNode PlaceOf(Parameter parameter, int index, CallSyntax call)
    {
        foreach (var argument in call.Arguments) if (argument.Name?.Text == parameter.Name) return argument.Value;
        return index < call.Arguments.Length ? call.Arguments[index].Value : call;
    }
}
