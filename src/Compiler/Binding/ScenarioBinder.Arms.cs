using System.Collections.Immutable;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

// Arms, and what a kernel must have.
internal sealed partial class ScenarioBinder
{
    /// <summary>
    /// Binds arms and checks them over the covered kernels: an arm that none reaches and a kernel that reaches none are errors. What depends
    /// on a rule or an option may differ on a distribution's kernel, so such an arm takes no kernel from those after it. In a def, which
    /// many scenarios share, an arm for kernels that this one does not cover is fine.
    /// </summary>
    private ImmutableArray<Arm<T>> BindArms<T>(ImmutableArray<ArmSyntax> syntax, TextSpan span, Func<SyntaxNode, T?> bind, out bool good) where T : class
    {
        good = true;
        var conditions = new Condition?[syntax.Length];
        for (var i = 0; i < syntax.Length; i++)
        {
            conditions[i] = _kernels.BindCondition(_source, syntax[i].When);
            if (conditions[i] is null) good = false;
            else if (conditions[i] is Condition.Otherwise && i + 1 < syntax.Length)
            {
                _diagnostics.MisplacedOtherwise(_source, syntax[i].When.Span, "'otherwise' comes last; what follows is never reached");
                good = false;
            }
        }

        var (outer, arms) = (_covered, ImmutableArray.CreateBuilder<Arm<T>>(syntax.Length));
        var before = outer;
        for (var i = 0; i < syntax.Length; i++)
        {
            var condition = conditions[i];
            // Each arm is bound for the kernels that reach it, so that what they lack is diagnosed and what others lack is not.
            _covered = condition is null ? outer : before.Where(condition);
            var then = bind(syntax[i].Then);
            if (then is null) good = false;
            else if (condition is not null) arms.Add(new(condition, then));
            if (condition is not null) before = before.Where(new Condition.Not(condition));
        }
        _covered = outer;
        if (good) CheckArms(syntax, conditions!, span);
        foreach (var condition in conditions) if (condition is not null and not Condition.Otherwise) _named.Add(condition);
        return arms.ToImmutable();
    }

    private void CheckArms(ImmutableArray<ArmSyntax> syntax, Condition[] conditions, TextSpan span)
    {
        var points = _covered.With(conditions);
        if (points.IsEmpty) return;
        var (reached, taken) = (new bool[conditions.Length], new bool[points.Length]);
        Traits? missing = null;
        for (var p = 0; p < points.Length; p++)
        {
            var covered = false;
            for (var i = 0; i < conditions.Length && !taken[p]; i++)
            {
                if (!points[p].Holds(conditions[i])) continue;
                reached[i] = covered = true;
                taken[p] = conditions[i] is Condition.InSet;
            }
            if (!covered) missing ??= points[p];
        }
        if (!IsShared)
            for (var i = 0; i < conditions.Length; i++)
                if (!reached[i]) _diagnostics.UnreachableArm(_source, syntax[i].When.Span, TextOf(syntax[i].When.Span), Taken(i) ?? Covers(points));
        if (missing is not null) _diagnostics.MissingArm(_source, span, missing.Kernel.ToString());

        // The arm before that has its kernels, where there are any.
        string? Taken(int arm)
        {
            var mine = points.Where(p => p.Holds(conditions[arm])).ToArray();
            var takers = Enumerable.Range(0, arm).Where(i => Array.Exists(mine, p => p.Holds(conditions[i]))).Select(i => $"'{TextOf(syntax[i].When.Span)}'").ToArray();
            return takers.Length == 0 ? null : $"{string.Join(", ", takers)} before it {(takers.Length == 1 ? "takes" : "take")} all that it names";
        }
    }

    /// <summary>The text is bound for fewer kernels than it speaks of: a def that many scenarios call, a block that is bound once for each way its conditions go.</summary>
    private bool IsShared => _defs.Count > 0 || _assumed is { Count: > 0 };

    private static string Covers(ImmutableArray<Traits> points) =>
        points.Length == 1 ? $"{points[0].Kernel} is covered" : $"{points.MinBy(t => t.Kernel.Version)!.Kernel} to {points.MaxBy(t => t.Kernel.Version)!.Kernel} are covered";

    /// <summary>Diagnoses what some covered kernel lacks, unless excused tells that the statement speaks of that lack.</summary>
    private void CheckNeeds(IEnumerable<Need> needs, Func<Traits, bool>? excused = null)
    {
        foreach (var need in needs)
        {
            if (need.Availability.Rule is not { } rule) continue;
            foreach (var point in _covered.Points)
            {
                if (point[rule] || excused?.Invoke(point) == true) continue;
                _diagnostics.NotAvailable(need.Source, need.Span, need.Name, need.Availability.ToString(), point.Kernel.ToString());
                break;
            }
        }
    }

    /// <summary>The arm that a kernel takes; default where none is its.</summary>
    private static T? ArmFor<T>(ImmutableArray<Arm<T>> arms, Traits kernel) where T : class
    {
        foreach (var arm in arms) if (kernel.Holds(arm.When)) return arm.Then;
        return null;
    }
}
