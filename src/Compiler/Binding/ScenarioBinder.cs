using System.Collections.Immutable;
using MmSpec.Diagnostics;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>
/// Binds the body of one scenario for one row of its header. The parts stand in files by subject. A mistake is diagnosed once and then
/// poisons quietly: what depends on it is not diagnosed again.
/// </summary>
internal sealed partial class ScenarioBinder
{
    /// <summary>Steps that one file may have, loops unrolled, over all its rows.</summary>
    internal const int MaximumSteps = 100_000;

    private readonly Declarations _declarations;
    private DiagnosticBag _diagnostics;
    private readonly KernelSetBinder _kernels;
    private readonly StepBudget _budget;
    private readonly Scope _scope = new();
    private readonly List<Condition> _named;
    private readonly List<Mount> _mounts;
    private readonly Dictionary<int, List<ViewCall>> _snapshots = [];
    private readonly HashSet<string> _labels = new(StringComparer.Ordinal);
    private readonly Stack<DefSyntax> _defs = new();
    private SourceText _source;
    private CoveredKernels _covered;
    private int _slots;
    private Actor _who = Actor.Nobody;
    private int _loops;
    private int _kernelWhens;
    private bool _judging;
    /// <summary>Numbers of the machine's nodes; empty: not known.</summary>
    private HashSet<System.Numerics.BigInteger> _nodes = [];

    /// <summary>Who performs the statements at a place.</summary>
    private enum Actor
    {
        Nobody,
        Process,
        Root,
        Thread,
        KernelThread,
    }

    private ScenarioBinder(Declarations declarations, DiagnosticBag diagnostics, KernelSetBinder kernels, StepBudget budget, SourceText source, CoveredKernels covered,
        List<Condition> named, ImmutableArray<Mount> mounts)
    {
        (_declarations, _diagnostics, _kernels, _budget, _source, _covered, _named, _mounts) = (declarations, diagnostics, kernels, budget, source, covered, named, [.. mounts]);
    }

    /// <summary>Binds one row.</summary>
    /// <param name="declarations">Machines, defs and patches that are visible.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <param name="kernels">Binder of kernel sets.</param>
    /// <param name="budget">How many statements the file may still have.</param>
    /// <param name="source">The file.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="covered">The kernels that it speaks for.</param>
    /// <param name="machine">Its machine, rows substituted.</param>
    /// <param name="row">Names of the header's loops with their values in this row.</param>
    /// <param name="name">Name of the row.</param>
    /// <param name="named">Receives the conditions that arms name.</param>
    public static BoundRow Bind(Declarations declarations, DiagnosticBag diagnostics, KernelSetBinder kernels, StepBudget budget, SourceText source, ScenarioSyntax scenario,
        CoveredKernels covered, BoundMachine machine, IReadOnlyList<NameSymbol> row, string name, List<Condition> named)
    {
        var binder = new ScenarioBinder(declarations, diagnostics, kernels, budget, source, covered, named, machine.Mounts);
        foreach (var symbol in row) binder._scope.Add(null, symbol);
        binder._nodes = [.. machine.Machine.Items.Where(i => i.Kind == "node").Select(i => (System.Numerics.BigInteger)i.Key.Number).DefaultIfEmpty()];
        binder.CheckNeeds(machine.Needs);
        var body = binder.BindScenarioBody(scenario.Body);
        return new(name, machine.Machine, binder._slots, binder.WithSnapshots(body));
    }

    /// <summary>Evaluates expressions of headers and machines, where only the row's names and constants are visible.</summary>
    public static Func<SourceText, ExpressionSyntax, bool, TypedExpr> Evaluator(Declarations declarations, DiagnosticBag diagnostics, KernelSetBinder kernels, SourceText source,
        CoveredKernels covered, IReadOnlyList<NameSymbol> row)
    {
        var binder = new ScenarioBinder(declarations, diagnostics, kernels, new StepBudget(0), source, covered, [], []);
        foreach (var symbol in row) binder._scope.Add(null, symbol);
        return (from, syntax, words) =>
        {
            binder._source = from;
            return binder.BindExpr(syntax, words);
        };
    }

    /// <summary>Binds for the names alone: what stands in something that is refused as a whole is not diagnosed too.</summary>
    private void Quietly(Action bind)
    {
        var outer = _diagnostics;
        _diagnostics = new();
        bind();
        _diagnostics = outer;
    }

    private (int Line, int Column) At(TextSpan span) => _source.Position(span.Start);

    private string TextOf(TextSpan span) => SourceExcerpt.Collapse(_source, span);

    private int NewSlot() => _slots++;

    /// <summary>Puts the views that later expectations ask for into the snapshots.</summary>
    private ImmutableArray<BoundNode> WithSnapshots(ImmutableArray<BoundNode> nodes) => _snapshots.Count == 0 ? nodes : [.. nodes.Select(WithSnapshots)];

    private BoundNode WithSnapshots(BoundNode node) => node switch
    {
        BoundSnapshot s => s with { Views = [.. _snapshots[s.Slot]] },
        BoundWhen w => w with { Then = WithSnapshots(w.Then), Else = WithSnapshots(w.Else) },
        BoundRepeat r => r with { Body = WithSnapshots(r.Body) },
        BoundDefCall d => d with { Body = WithSnapshots(d.Body) },
        BoundKnownGap g => g with { Body = WithSnapshots(g.Body) },
        _ => node,
    };
}

/// <summary>How many statements the rows of a file may still have.</summary>
internal sealed class StepBudget(int limit)
{
    private int _used;
    private bool _told;

    /// <summary>Whether more was asked for than there is.</summary>
    public bool IsSpent => _told;

    /// <summary>Counts one statement.</summary>
    /// <returns>False where nothing is left; tell is then true the first time.</returns>
    public bool Take(out bool tell)
    {
        tell = false;
        if (_used < limit)
        {
            _used++;
            return true;
        }
        tell = !_told;
        _told = true;
        return false;
    }
}

/// <summary>A file system of the machine; one that was refused is known, so that its paths are not diagnosed too.</summary>
internal sealed record Mount(string Type, string Path, bool Refused = false)
{
    /// <summary>Of its huge pages in bytes, where the machine says it; else 0.</summary>
    public long PageSize { get; init; }
}

/// <summary>A machine as data, and what the binder asks it.</summary>
internal sealed record BoundMachine(Machine Machine, ImmutableArray<Mount> Mounts, IReadOnlyDictionary<string, bool> Config, ImmutableArray<Need> Needs);
