using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Testing;

namespace MmSpec.Binding;

// The lines of 'judge'.
internal sealed partial class ScenarioBinder
{
    private sealed record VerdictBox(Verdict Verdict);

    private sealed record TupleBox(ImmutableArray<ImmutableArray<OutcomePattern>> Tuples);

    private void BindJudgement(JudgementSyntax syntax, ImmutableArray<Judgement>.Builder into)
    {
        var (line, column) = At(syntax.Span);
        switch (syntax)
        {
            case VerdictFirstSyntax first:
                var verdict = BindVerdict(first.Verdict);
                foreach (var property in first.Properties)
                {
                    var bound = BindProperty(property);
                    if (bound.IsError || verdict is null) continue;
                    var (l, c) = At(property.Span);
                    into.Add(new(l, c, $"{first.Verdict.Text} {TextOf(property.Span)}", bound.Expr, [new Arm<Verdict>(new Condition.Otherwise(), verdict.Verdict)], [], []));
                }
                break;
            case PropertyFirstSyntax last:
                var subject = BindProperty(last.Property);
                var verdicts = BindArms(last.Verdicts, syntax.Span, node => node is NameSyntax name ? BindVerdict(name) : null, out var good);
                if (good && !subject.IsError) into.Add(new(line, column, TextOf(syntax.Span), subject.Expr, [.. verdicts.Select(v => new Arm<Verdict>(v.When, v.Then.Verdict))], [], []));
                break;
            case OutcomesJudgementSyntax outcomes:
                BindOutcomesJudgement(outcomes, into);
                break;
        }
    }

    private VerdictBox? BindVerdict(NameSyntax name)
    {
        switch (name.Text)
        {
            case "": return null;
            case "always": return new(Verdict.Always);
            case "sometimes": return new(Verdict.Sometimes);
            case "never": return new(Verdict.Never);
            default:
                _diagnostics.UnknownProperty(_source, name.Span, name.Text, Suggest.Several(name.Text, ["always", "sometimes", "never"]));
                return null;
        }
    }

    /// <summary>A built-in event, or a truth value over a final state.</summary>
    private TypedExpr BindProperty(ExpressionSyntax syntax)
    {
        if (syntax is NameExpressionSyntax { Text: var name })
        {
            if (name.Length == 0) return TypedExpr.Error;
            if (Properties.TryGetValue(name, out var supported))
            {
                if (supported) return new(SpecType.Truth, new Expr.Happened(name));
                _diagnostics.PropertyNotSupported(_source, syntax.Span, name);
                return TypedExpr.Error;
            }
            if (_scope.Find(name) is null && !_labels.Contains(name) && !ViewCatalog.TryGetBare(name, out _, out _))
            {
                _diagnostics.UnknownProperty(_source, syntax.Span, name, Suggest.Several(name, Properties.Keys.Concat(_labels)));
                return TypedExpr.Error;
            }
        }
        var bound = BindExpr(syntax);
        if (bound.IsError) return bound;
        CheckNeeds(bound.Needs);
        if (bound.Type.Kind == TypeKind.Truth) return bound;
        if (bound.Type.Kind == TypeKind.Outcome) _diagnostics.WrongType(_source, syntax.Span, $"a comparison, such as '{TextOf(syntax.Span)} == ok'", bound.Type.ToString());
        else _diagnostics.WrongType(_source, syntax.Span, "a truth value", bound.Type.ToString());
        return TypedExpr.Error;
    }

    private void BindOutcomesJudgement(OutcomesJudgementSyntax syntax, ImmutableArray<Judgement>.Builder into)
    {
        var good = true;
        foreach (var label in syntax.Labels)
        {
            if (label.Text.Length == 0) good = false;
            else if (!_labels.Contains(label.Text))
            {
                _diagnostics.UnknownLabel(_source, label.Span, label.Text, Suggest.Several(label.Text, _labels));
                good = false;
            }
        }
        var arms = BindArms(syntax.Arms, syntax.Span, node => node is OutcomeTuplesSyntax tuples ? BindTuples(tuples, syntax.Labels.Length) : null, out var bound);
        if (!good || !bound) return;
        var (line, column) = At(syntax.Span);
        into.Add(new(line, column, TextOf(syntax.Span), null, [], [.. syntax.Labels.Select(l => l.Text)],
            [.. arms.Select(a => new Arm<ImmutableArray<ImmutableArray<OutcomePattern>>>(a.When, a.Then.Tuples))]));
    }

    private TupleBox? BindTuples(OutcomeTuplesSyntax syntax, int length)
    {
        var result = ImmutableArray.CreateBuilder<ImmutableArray<OutcomePattern>>();
        foreach (var tuple in syntax.Tuples)
        {
            var patterns = tuple.Select(a => BindAtom(a, null)).ToArray();
            if (!Array.TrueForAll(patterns, p => p is not null)) return null;
            if (patterns.Length != length)
            {
                _diagnostics.WrongTupleLength(_source, tuple.IsEmpty ? syntax.Span : tuple[0].Span, length, patterns.Length);
                return null;
            }
            result.Add([.. patterns!]);
        }
        return new(result.ToImmutable());
    }
}
