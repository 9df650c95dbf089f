using System.Collections.Immutable;
using MmSpec.Diagnostics;
using MmSpec.Kernels;
using MmSpec.Syntax;

namespace MmSpec.Binding;

/// <summary>Binds a file: names, types, kernels. It takes any tree, and never throws for one.</summary>
public sealed class Binder
{
    /// <summary>Cases that the loops of one header may make.</summary>
    public const int MaximumCases = 4_096;

    private readonly FileSyntax _file;
    private readonly ImportResolver _imports;
    private readonly DiagnosticBag _diagnostics;
    private readonly Declarations _declarations = new();
    private readonly StepBudget _budget = new(ScenarioBinder.MaximumSteps);
    private KernelSetBinder _kernels;

    private Binder(FileSyntax file, ImportResolver imports, DiagnosticBag diagnostics)
    {
        (_file, _imports, _diagnostics) = (file, imports, diagnostics);
        _kernels = new(PatchTable.Box, diagnostics);
    }

    /// <summary>Binds a file.</summary>
    /// <param name="file">Its tree, whole or with holes that were diagnosed.</param>
    /// <param name="imports">Finds imported files.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <returns>Null where something is wrong: then the bag has errors that were not there before.</returns>
    public static BoundFile? Bind(FileSyntax file, ImportResolver imports, DiagnosticBag diagnostics)
    {
        var before = diagnostics.Items.Count;
        var scenarios = new Binder(file, imports, diagnostics).BindFile();
        Suppressions.Check(file.Source, diagnostics);
        for (var i = before; i < diagnostics.Items.Count; i++) if (diagnostics.Items[i].Severity == Severity.Error) return null;
        return new BoundFile(file.Source.Path, scenarios);
    }

    private ImmutableArray<BoundScenario> BindFile()
    {
        Collect(_file, [_file.Source.Path], [_file.Source.Path]);
        BindPatches();
        _kernels = new(new PatchTable(_declarations.Patches), _diagnostics);

        var (fileSet, fileLine) = BindFileKernels();
        CheckMachines();
        var result = ImmutableArray.CreateBuilder<BoundScenario>();
        var titles = new HashSet<string>(StringComparer.Ordinal);
        var inherits = false;
        foreach (var scenario in _file.Members.OfType<ScenarioSyntax>())
        {
            if (!titles.Add(scenario.Title.Value)) _diagnostics.Twice(_file.Source, scenario.Title.Span, "scenario", scenario.Title.Value);
            inherits |= scenario.Kernels is null;
            if (BindScenario(scenario, fileSet, fileLine is not null) is { } bound) result.Add(bound);
        }
        foreach (var def in _declarations.Defs.Values)
            if (def.Source == _file.Source && !_declarations.Called.Contains(def.Syntax) && !_budget.IsSpent)
                ScenarioBinder.BindUncalled(_declarations, _diagnostics, _kernels, _budget, def, Everything);
        if (fileLine is not null && titles.Count > 0 && !inherits) _diagnostics.UnusedKernelLine(_file.Source, fileLine.Span);
        return result.ToImmutable();
    }

    private void Collect(FileSyntax file, ImmutableHashSet<string> path, HashSet<string> visited)
    {
        foreach (var member in file.Members)
        {
            switch (member)
            {
                case ImportSyntax import:
                    if (_imports.Resolve(file.Source, import, _diagnostics) is not { } imported) break;
                    if (path.Contains(imported.Source.Path)) _diagnostics.ImportCycle(file.Source, import.Path.Span, import.Path.Value);
                    else if (visited.Add(imported.Source.Path)) Collect(imported, path.Add(imported.Source.Path), visited);
                    break;
                case MachineSyntax { Name: { Text.Length: > 0 } name } machine:
                    if (!_declarations.Machines.TryAdd(name.Text, new(machine, file.Source))) _diagnostics.Twice(file.Source, name.Span, "machine", name.Text);
                    break;
                case DefSyntax { Name: { Text.Length: > 0 } name } def:
                    if (Catalog.Operations.TryGet(name.Text, out _) || Catalog.ViewCatalog.TryGet(name.Text, out _)) _diagnostics.ReservedName(file.Source, name.Span, name.Text, "def");
                    else if (!_declarations.Defs.TryAdd(name.Text, new(def, file.Source))) _diagnostics.Twice(file.Source, name.Span, "def", name.Text);
                    foreach (var twice in def.Parameters.GroupBy(p => p.Text).Where(g => g.Key.Length > 0).SelectMany(g => g.Skip(1))) _diagnostics.Twice(file.Source, twice.Span, "parameter", twice.Text);
                    break;
                case PatchSyntax { Name: { Text.Length: > 0 } name } patch:
                    if (PatchTable.Box.TryGet(name.Text, out _) || !_declarations.PatchSyntax.TryAdd(name.Text, new(patch, file.Source))) _diagnostics.Twice(file.Source, name.Span, "patch", name.Text);
                    break;
            }
        }
    }

    private void BindPatches()
    {
        var patches = ImmutableArray.CreateBuilder<Patch>();
        foreach (var (syntax, source) in _declarations.PatchSyntax.Values)
        {
            var on = _kernels.BindSet(source, syntax.On);
            var (with, without) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
            foreach (var line in syntax.Rules)
            {
                if (line.Rule.Text.Length == 0) continue;
                if (!RuleRegistry.TryGet(line.Rule.Text, out var rule)) _diagnostics.UnknownRule(source, line.Rule.Span, line.Rule.Text, RuleRegistry.Suggest(line.Rule.Text));
                else if (rule.Use != RuleUse.Asked) _diagnostics.StatementNotSupported(source, line.Span, $"{(line.With ? "with" : "without")} {rule.Id}");
                else if (with.Contains(rule.Id) || without.Contains(rule.Id)) _diagnostics.BadPatch(source, line.Span, $"rule '{rule.Id}' is switched twice");
                else (line.With ? with : without).Add(rule.Id);
            }
            if (syntax.Rules.IsDefaultOrEmpty) _diagnostics.BadPatch(source, syntax.Name.Span, $"patch '{syntax.Name.Text}' switches no rule");
            // A patch with a mistake is still known by name, so that its uses are not diagnosed too.
            patches.Add(new Patch(syntax.Name.Text, on ?? new KernelSet([new(KernelSetKind.From, KernelReleases.Oldest, null, [])]), without.ToImmutable(), with.ToImmutable()));
        }
        _declarations.Patches = patches.ToImmutable();
    }

    private (KernelSet? Set, FileKernelSyntax? Line) BindFileKernels()
    {
        (KernelSet? Set, FileKernelSyntax? Line) result = default;
        foreach (var line in _file.Members.OfType<FileKernelSyntax>())
        {
            if (result.Line is not null) _diagnostics.Twice(_file.Source, line.Span, "the line", "kernel");
            else result = (BindLine(line.Set), line);
        }
        return result;
    }

    private KernelSet? BindLine(KernelSetSyntax syntax)
    {
        if (_kernels.BindSet(_file.Source, syntax) is not { } set) return null;
        if (!_kernels.Covered(set, NoConfig).Points.IsEmpty) return set;
        _diagnostics.EmptySet(_file.Source, syntax.Span);
        return null;
    }

    private static readonly Dictionary<string, bool> NoConfig = [];

    /// <summary>Diagnoses machines of this file that no scenario uses; one that takes nothing from a row needs no row.</summary>
    private void CheckMachines()
    {
        var used = _file.Members.OfType<ScenarioSyntax>().Select(s => s.Machine?.Name?.Text)
            .Concat(_declarations.Machines.Values.Select(m => m.Syntax.Base?.Text)).ToHashSet(StringComparer.Ordinal);
        var evaluate = ScenarioBinder.Evaluator(_declarations, _diagnostics, _kernels, _file.Source, Everything, []);
        foreach (var machine in _declarations.Machines.Values)
            if (machine.Source == _file.Source && !used.Contains(machine.Syntax.Name.Text)) new MachineBinder(_declarations, _diagnostics, evaluate).Bind(machine);
    }

    private CoveredKernels Everything => _kernels.Covered(new KernelSet([]), NoConfig);

    private BoundScenario? BindScenario(ScenarioSyntax scenario, KernelSet? fileSet, bool fileHasLine)
    {
        var set = scenario.Kernels is { } line ? BindLine(line.Set) : fileSet;
        if (scenario.Kernels is null && !fileHasLine) _diagnostics.NoKernelLine(_file.Source, scenario.Title.Span);
        // Without kernels the body is bound all the same; nothing about kernels is then diagnosed in it.
        var covered = set ?? new KernelSet([]);
        if (BindRows(scenario, covered) is not { } rows) return null;

        var named = new List<Condition>();
        var bound = ImmutableArray.CreateBuilder<BoundRow>(rows.Count);
        foreach (var (symbols, name) in rows)
        {
            if (_budget.IsSpent && bound.Count > 0) break;
            var evaluate = ScenarioBinder.Evaluator(_declarations, _diagnostics, _kernels, _file.Source, Everything, symbols);
            var machine = new MachineBinder(_declarations, _diagnostics, evaluate).Bind(_file.Source, scenario.Machine);
            bound.Add(ScenarioBinder.Bind(_declarations, _diagnostics, _kernels, _budget, _file.Source, scenario,
                _kernels.Covered(covered, machine.Config), machine, symbols, name, named));
        }
        return new(scenario.Title.Value, scenario.Documentation, [.. scenario.Tags.Select(t => t.Text).Where(t => t.Length > 0)], _file.Source.Position(scenario.Keyword.Start).Line,
            covered, Distinct(named), bound.ToImmutable(), _declarations.Patches);
    }

    /// <summary>A condition was bound once for each row and each pass; what is written alike counts once.</summary>
    private static ImmutableArray<Condition> Distinct(List<Condition> named) => [.. named.DistinctBy(ConditionText.Of)];

    /// <summary>The cross product of the header's loops; null where one of them is wrong or there are too many.</summary>
    private List<(ImmutableArray<NameSymbol> Symbols, string Name)>? BindRows(ScenarioSyntax scenario, KernelSet covered)
    {
        var rows = new List<(ImmutableArray<NameSymbol> Symbols, string Name)> { ([], "") };
        var scope = new Scope();
        foreach (var loop in scenario.Loops)
        {
            var evaluate = ScenarioBinder.Evaluator(_declarations, _diagnostics, _kernels, _file.Source, Everything, []);
            var list = evaluate(_file.Source, loop.List, false);
            if (list.IsError || !Loops.FreeName(loop.Variable, scope, _diagnostics, _file.Source)) return null;
            if (list.Type.Kind != TypeKind.List || list.Items.IsEmpty)
            {
                _diagnostics.NotAList(_file.Source, loop.List.Span);
                return null;
            }
            if ((long)rows.Count * list.Items.Length > MaximumCases)
            {
                _diagnostics.TooManyCases(_file.Source, loop.Span, MaximumCases);
                return null;
            }
            scope.Add(null, new(loop.Variable.Text, TypedExpr.Error));
            var items = Loops.WithChoices(list.Items);
            var names = items.Select((item, i) => item.Fields?.GetValueOrDefault("name")?.Word ?? (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            foreach (var twice in names.GroupBy(n => n).Where(g => g.Count() > 1)) _diagnostics.Twice(_file.Source, loop.List.Span, "row", twice.Key);
            rows = [.. rows.SelectMany(r => items.Select((item, i) => (r.Symbols.Add(new(loop.Variable.Text, item)), r.Name.Length == 0 ? names[i] : $"{r.Name},{names[i]}")))];
        }
        return rows;
    }
}
