using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Testing;

namespace MmSpec.Binding;

// 'expect' in its forms.
internal sealed partial class ScenarioBinder
{
    /// <summary>Words that stretches of a region show, and whether a number follows.</summary>
    private static readonly ImmutableDictionary<string, ImmutableDictionary<string, bool>> Attributes = new Dictionary<string, ImmutableDictionary<string, bool>>
    {
        ["pages"] = Words(["none", "present", "swapped", "zero-page", "huge-zero-page", "anon", "file", "hugetlb", "thp", "exclusive", "soft-dirty", "uffd-wp", "guard", "poisoned", "locked"], ["order", "mapcount"]),
        ["mincore"] = Words(["resident"], []),
        ["ptes"] = Words(["none", "writable", "dirty"], ["level"]),
        ["resv_map"] = Words(["reserved", "none"], []),
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Words of <c>pages</c> that nothing in the model sets yet: their absence would say nothing.</summary>
    private static readonly string[] LaterAttributes = ["soft-dirty", "uffd-wp", "guard", "poisoned", "locked"];

    private static ImmutableDictionary<string, bool> Words(string[] plain, string[] numbered) =>
        plain.Select(w => KeyValuePair.Create(w, false)).Concat(numbered.Select(w => KeyValuePair.Create(w, true))).ToImmutableDictionary(StringComparer.Ordinal);

    private void BindExpect(ExpectSyntax syntax, ImmutableArray<BoundNode>.Builder into)
    {
        if (_thread is not null)
        {
            _diagnostics.Misplaced(_source, syntax.Span, "'expect'", "does not stand in a thread; 'judge' looks at the final states");
            return;
        }
        var (line, column) = At(syntax.Span);
        var expectation = new Expectation(line, column, TextOf(syntax.Span));
        if (syntax.Entries.IsDefault)
        {
            var condition = BindExpr(syntax.Subject);
            if (condition.IsError) return;
            if (condition.Type.Kind != TypeKind.Truth)
            {
                if (condition.View is { } whole) _diagnostics.WrongViewForm(_source, syntax.Subject.Span, $"say what '{whole.View.Name}' must show: 'expect {whole.View.Name}… == VALUE', or braces");
                else _diagnostics.WrongType(_source, syntax.Subject.Span, "a truth value", condition.Type.ToString());
                return;
            }
            CheckNeeds(condition.Needs);
            if (condition.Truth == true && IsLiteral(syntax.Subject)) _diagnostics.CannotFail(_source, syntax.Span);
            into.Add(new BoundExpect(expectation with { Condition = condition.Expr }));
            return;
        }

        var subject = BindExpr(syntax.Subject);
        if (subject.IsError) return;
        if (subject.View is not { } use)
        {
            _diagnostics.WrongType(_source, syntax.Subject.Span, "a view", subject.Type.ToString());
            return;
        }
        CheckNeeds(subject.Needs);
        if (syntax.Entries.IsEmpty)
        {
            _diagnostics.WrongViewForm(_source, syntax.Span, "the braces of an expectation are empty");
            return;
        }
        var fields = syntax.Entries.OfType<FieldEntrySyntax>().ToArray();
        var ranges = syntax.Entries.OfType<RangeEntrySyntax>().ToArray();
        if (fields.Length > 0 && ranges.Length > 0)
        {
            _diagnostics.WrongViewForm(_source, ranges[0].Span, "fields and stretches do not mix in one expectation");
            return;
        }
        if (fields.Length > 0)
        {
            var checks = fields.Select(f => BindField(use, f)).ToArray();
            if (Array.TrueForAll(checks, c => c is not null)) into.Add(new BoundExpect(expectation with { View = use.Call, Fields = [.. checks!] }));
            return;
        }
        if (!use.View.HasEntries)
        {
            _diagnostics.WrongViewForm(_source, ranges[0].Span, $"the view '{use.View.Name}' has fields, no stretches");
            return;
        }
        if (use.Call.Since >= 0)
        {
            _diagnostics.WrongViewForm(_source, syntax.Subject.Span, "stretches have no difference; leave 'since' out");
            return;
        }
        var entries = ranges.Select(r => BindEntry(use.View, r)).ToArray();
        if (Array.TrueForAll(entries, e => e is not null)) into.Add(new BoundExpect(expectation with { View = use.Call, Entries = [.. entries!] }));
    }

    /// <summary>Nothing but literals: what a row, a loop or a region's length makes constant may well be worth stating.</summary>
    private static bool IsLiteral(ExpressionSyntax syntax) => syntax switch
    {
        NumberLiteralSyntax or StringLiteralSyntax => true,
        NameExpressionSyntax { Text: var name } => Reserved.Values.Contains(name) || Constants.TryGet(name, out _),
        UnarySyntax unary => IsLiteral(unary.Operand),
        BinarySyntax binary => IsLiteral(binary.Left) && IsLiteral(binary.Right),
        SetSyntax set => set.Items.All(IsLiteral),
        _ => false,
    };

    private FieldCheck? BindField(ViewUse use, FieldEntrySyntax syntax)
    {
        var name = syntax.Field;
        if (name.Text.Length == 0) return null;
        TypedExpr field;
        if (use.View.Find(name.Text) is { } known) field = Field(use, known, name.Text, name.Span);
        else if (use.View.OpenFields) field = new(SpecType.Number, new Expr.View(use.Call, name.Text));
        else
        {
            if (use.View.Fields.IsEmpty) _diagnostics.WrongViewForm(_source, syntax.Span, $"the view '{use.View.Name}' has no fields");
            else _diagnostics.UnknownField(_source, name.Span, use.View.Name, name.Text, Suggest.Nearest(name.Text, use.View.Fields.Select(f => f.Name)));
            return null;
        }
        if (Comparison(syntax.Operator) is not { } op) return null;
        var value = BindExpr(syntax.Value, words: field.Type.Kind is TypeKind.Text or TypeKind.Words);
        var place = new NameExpressionSyntax(name.Span, name.Text);
        if (value.IsError || !InWord(value, syntax.Value.Span) || !Fits(field, op, value, place, syntax.Value, syntax.Operator)) return null;
        CheckFieldNeeds(field, value);
        var (line, column) = At(syntax.Span);
        return new(line, column, name.Text, op, value.Expr);
    }

    private EntryCheck? BindEntry(View view, RangeEntrySyntax syntax)
    {
        var (from, to) = (BindOffset(syntax.From), BindOffset(syntax.To));
        var attributes = BindAttributeArms(view, syntax.Value);
        if (from.IsError || to.IsError || attributes is null) return null;
        if (from.Exact is { } a && to.Exact is { } b && a >= b)
        {
            _diagnostics.ReversedSlice(_source, Text.TextSpan.Cover(syntax.From.Span, syntax.To.Span));
            return null;
        }
        var (line, column) = At(syntax.Span);
        return new(line, column, from.Expr, to.Expr, attributes.Value);
    }

    private sealed record AttributeList(ImmutableArray<PageAttribute> Items);

    private ImmutableArray<Arm<ImmutableArray<PageAttribute>>>? BindAttributeArms(View view, SyntaxNode syntax)
    {
        switch (syntax)
        {
            case AttributesSyntax plain:
                return BindAttributes(view, plain) is { } list ? [new Arm<ImmutableArray<PageAttribute>>(new Condition.Otherwise(), list.Items)] : null;
            case AttributeArmsSyntax arms:
                var bound = BindArms(arms.Arms, arms.Span, node => node is AttributesSyntax attributes ? BindAttributes(view, attributes) : null, out var good);
                return good ? [.. bound.Select(b => new Arm<ImmutableArray<PageAttribute>>(b.When, b.Then.Items))] : null;
            default:
                return null;
        }
    }

    private AttributeList? BindAttributes(View view, AttributesSyntax syntax)
    {
        var result = ImmutableArray.CreateBuilder<PageAttribute>();
        foreach (var attribute in syntax.Items)
        {
            var name = attribute.Name.Text;
            if (name.Length == 0 && !attribute.Name.Quoted) return null;
            if (view.Name is "vmas" or "maps")
            {
                if (!attribute.Name.Quoted || attribute.Argument is not null || name.Length != 4 || !IsPermissions(name))
                {
                    _diagnostics.UnknownAttribute(_source, attribute.Span, view.Name, name, "; it shows permissions such as \"rw-p\"");
                    return null;
                }
                result.Add(new(name, null, attribute.Negated));
                continue;
            }
            if (!Attributes.TryGetValue(view.Name, out var words) || !words.TryGetValue(name, out var numbered))
            {
                _diagnostics.UnknownAttribute(_source, attribute.Name.Span, view.Name, name, words is null ? "" : Suggest.Hint(name, words.Keys));
                return null;
            }
            if (LaterAttributes.Contains(name))
            {
                _diagnostics.ViewNotSupported(_source, attribute.Name.Span, $"{view.Name}: {name}");
                return null;
            }
            if (numbered != attribute.Argument is not null)
            {
                _diagnostics.WrongViewForm(_source, attribute.Span, numbered ? $"'{name}' needs a number after it" : $"no number follows '{name}'");
                return null;
            }
            Expr? argument = null;
            if (attribute.Argument is not null)
            {
                var value = Coerce(BindExpr(attribute.Argument), ParameterType.Count, null, attribute.Argument.Span, $"what follows '{name}'");
                if (value.IsError) return null;
                argument = value.Expr;
            }
            result.Add(new(name, argument, attribute.Negated));
        }
        return result.Count == 0 ? null : new(result.ToImmutable());
    }

    private static bool IsPermissions(string text) => text[0] is 'r' or '-' && text[1] is 'w' or '-' && text[2] is 'x' or '-' && text[3] is 'p' or 's';
}
