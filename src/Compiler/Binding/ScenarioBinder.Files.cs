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

    /// <summary>Checks beyond types: paths, and mappings that are not of huge pages.</summary>
    private bool CheckCall(string name, TypedExpr[] operands, CallSyntax call)
    {
        Operations.TryGet(name, out var operation);
        var good = true;
        for (var i = 0; i < operands.Length; i++)
            if (operation!.Parameters[i].Type == ParameterType.Path && operands[i].Word is { } path) good &= CheckPath(path, PlaceOf(operation.Parameters[i], i, call));
        if (!good || name != "mmap") return good;

        var (flags, fd) = (operands[operation!.Parameters.IndexOf(operation.Find("flags")!)], operands[operation.Parameters.IndexOf(operation.Find("fd")!)]);
        // Below, only what the text tells for certain is refused; a wrong call (neither shared nor private, a bad descriptor) has its errno.
        if (Has(flags, "MAP_ANONYMOUS") && !Has(flags, "MAP_HUGETLB") && flags.Exact is not null) return Refuse(call, "anonymous memory of base pages");
        if (!Has(flags, "MAP_ANONYMOUS") && fd.File is FileKind.PageCache or FileKind.Proc) return Refuse(call, "a mapping of such a file");
        return true;
    }

    private bool Refuse(CallSyntax call, string what)
    {
        _diagnostics.MappingNotSupported(_source, call.Span, what);
        return false;
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
            if (mount.Type == "hugetlbfs") return true;
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
