using System.Collections.Immutable;
using System.Text.RegularExpressions;
using MmSpec.Catalog;
using MmSpec.Kernels;
using MmSpec.Syntax;

namespace MmSpec.Binding;

// What the administrator does in words.
internal sealed partial class ScenarioBinder
{
    [GeneratedRegex(@"^((?<node>devices/system/node/node[0-9]{1,4}/hugepages)|kernel/mm/hugepages)/hugepages-(?<size>[0-9]{1,10})kB/(?<file>[A-Za-z_]+)$")]
    private static partial Regex HugepagesFile();

    private static readonly string[] HugepagesFiles = ["nr_hugepages", "nr_overcommit_hugepages", "nr_hugepages_mempolicy"];
    private static readonly string[] HugepagesShown = ["free_hugepages", "resv_hugepages", "surplus_hugepages"];

    private void BindAction(ActionSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        var verb = syntax.Verb.Text;
        if (verb.Length == 0) return;
        if (!Operations.TryGet(verb, out var operation))
        {
            _diagnostics.UnknownCall(_source, syntax.Verb.Span, verb, Suggest.Several(verb, Operations.All.Where(o => o.Performer != Performer.Process).Select(o => o.Name)));
            return;
        }
        if (!MayPerform(operation, syntax.Verb.Span)) return;
        var operands = syntax.Operands.Select(o => BindExpr(o, words: true)).ToArray();
        if (!operation.Supported)
        {
            _diagnostics.StatementNotSupported(_source, syntax.Verb.Span, verb);
            if (verb == "mount" && operands is [{ Word: { } mounted }]) _mounts.Add(new("later", mounted, true));
            return;
        }
        if (Array.Exists(operands, o => o.IsError)) return;
        if (verb is not ("sysctl" or "sysfs")) return;
        if (syntax.Value is null)
        {
            _diagnostics.MissingArgument(_source, syntax.Span, verb, "= VALUE");
            return;
        }
        if (operands is not [{ Word: { } path }])
        {
            _diagnostics.MissingArgument(_source, syntax.Span, verb, operation.Parameters[0].Name);
            return;
        }
        if (syntax.Value is MissingExpressionSyntax) return;
        var needs = CheckSettingPath(verb, path, syntax);
        var value = CheckSetting(BindExpr(syntax.Value, words: true), syntax.Value);
        if (value.Type.Kind == TypeKind.Size && needs is not null && IsCount(verb, path))
        {
            _diagnostics.SizeForCount(_source, syntax.Value.Span, $"{path}");
            return;
        }
        if (needs is null || value.IsError) return;
        AddStep(null, syntax.Span, operation, [operands[0], value], needs, null, null, null, into, syntax.Outcome, syntax.Faults, syntax.Label);
    }

    /// <summary>Whether a setting counts something; every file of huge pages that can be written does.</summary>
    private static bool IsCount(string verb, string path) =>
        verb == "sysfs" || (MachineItems.TryGet("sysctl", out var sysctl) && sysctl.Find(path) is { Type: ParameterType.Count });

    /// <summary>Whether the file is one that the model has; null where not (diagnosed), else what a kernel must have for it.</summary>
    private IEnumerable<Need>? CheckSettingPath(string verb, string path, ActionSyntax syntax)
    {
        var place = syntax.Operands[0].Span;
        if (verb == "sysctl")
        {
            MachineItems.TryGet("sysctl", out var sysctl);
            if (sysctl!.Find(path) is { } key)
            {
                if (key.Supported) return key.AvailableIn.Rule is null ? [] : [new(key.AvailableIn, path, _source, place)];
                _diagnostics.StatementNotSupported(_source, place, $"sysctl {path}");
                return null;
            }
            _diagnostics.UnknownMachineItem(_source, place, "sysctl", path, Suggest.Nearest(path, sysctl.Settings.Select(s => s.Name)));
            return null;
        }
        var match = HugepagesFile().Match(path);
        if (!match.Success)
        {
            if (path.StartsWith("kernel/mm/", StringComparison.Ordinal) || path.StartsWith("devices/system/node/", StringComparison.Ordinal)) _diagnostics.StatementNotSupported(_source, place, $"sysfs {path}");
            else _diagnostics.UnknownMachineItem(_source, place, "sysfs", path, "kernel/mm/hugepages/hugepages-2048kB/nr_hugepages");
            return null;
        }
        var (file, size) = (match.Groups["file"].Value, match.Groups["size"].Value);
        if (size is not ("2048" or "1048576"))
        {
            _diagnostics.UnknownMachineItem(_source, place, "sysfs", $"hugepages-{size}kB", size.Length > 5 ? "hugepages-1048576kB" : "hugepages-2048kB");
            return null;
        }
        if (HugepagesShown.Contains(file) || HugepagesFiles.Contains(file))
        {
            if (match.Groups["node"].Success) return [new(Availability.By(HugetlbPoolRules.NodeFiles), path, _source, place)];
            ViewCatalog.TryGet("hugepages", out var view);
            return view!.AvailableIn.Rule is null ? [] : [new(view.AvailableIn, path, _source, place)];
        }
        _diagnostics.UnknownMachineItem(_source, place, "sysfs", file, Suggest.Nearest(file, HugepagesFiles));
        return null;
    }
}
