using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MmSpec.Kernels;

namespace MmSpec.Testing.Notation;

/// <summary>
/// Writes the data of steps and expectations as one line of text that <see cref="NotationReader"/> reads back. Generated code holds a statement's
/// operands as such a literal: a tree of constructor calls would cost the C# compiler and the JIT more than everything else together.
/// </summary>
/// <remarks>
/// The notation is made of words, numbers with a unit letter, quoted texts (<c>'it''s'</c>) and lists in parentheses; <c>-</c> is a missing part.
/// </remarks>
public sealed class NotationWriter
{
    private readonly StringBuilder _out = new();

    /// <summary>What was written so far.</summary>
    public override string ToString() => _out.ToString();

    /// <summary>The operands and options of a step; line, column and text stand beside it.</summary>
    public static string Write(Step step)
    {
        var w = new NotationWriter();
        w.Text(step.Process).Text(step.Operation);
        foreach (var operand in step.Operands) w.Open("").Text(operand.Name).Expr(operand.Value).Close();
        if (step.Result >= 0) w.Open(":into").Number(step.Result).Close();
        if (step.Thread is not null) w.Open(":thread").Text(step.Thread).Close();
        if (!step.Expected.IsDefaultOrEmpty)
        {
            w.Open(":expect");
            foreach (var arm in step.Expected) w.Open("").Condition(arm.When).Outcomes(arm.Then).Close();
            w.Close();
        }
        if (step.Content is not null) w.Open(":content").Expr(step.Content).Close();
        if (step.Faults is not null) w.Open(":faults").Expr(step.Faults).Close();
        if (step.Label is not null) w.Open(":label").Text(step.Label).Close();
        if (step.Base is not null) w.Open(":base").Expr(step.Base).Close();
        return w.ToString();
    }

    /// <summary>What an expectation checks; line, column and text stand beside it.</summary>
    public static string Write(Expectation expectation)
    {
        var w = new NotationWriter();
        if (expectation.Condition is not null) return w.Word("holds").Expr(expectation.Condition).ToString();
        if (expectation.View is null) throw new ArgumentException("An expectation needs a condition or a view.", nameof(expectation));
        var entries = !expectation.Entries.IsDefault;
        w.Word(entries ? "entries" : "fields").View(expectation.View);
        if (entries)
        {
            foreach (var entry in expectation.Entries)
            {
                w.Open("").Number(entry.Line).Number(entry.Column).Expr(entry.From).Expr(entry.To);
                foreach (var arm in entry.Attributes)
                {
                    w.Open("").Condition(arm.When);
                    foreach (var attribute in arm.Then) w.Open(attribute.Negated ? "not" : "is").Text(attribute.Name).Maybe(attribute.Argument).Close();
                    w.Close();
                }
                w.Close();
            }
        }
        else if (!expectation.Fields.IsDefault)
        {
            foreach (var field in expectation.Fields)
                w.Open("").Number(field.Line).Number(field.Column).Text(field.Field).Word(NotationWords.Of(field.Operator)).Expr(field.Value).Close();
        }
        return w.ToString();
    }

    /// <summary>What a line of <c>judge</c> checks; line, column and text stand beside it.</summary>
    public static string Write(Judgement judgement)
    {
        var w = new NotationWriter();
        if (judgement.Property is not null)
        {
            w.Word("property").Expr(judgement.Property);
            if (!judgement.Verdicts.IsDefault)
                foreach (var arm in judgement.Verdicts) w.Open("").Condition(arm.When).Word(NotationWords.Of(arm.Then)).Close();
            return w.ToString();
        }
        w.Word("outcomes").Open("");
        foreach (var label in judgement.Labels) w.Text(label);
        w.Close();
        foreach (var arm in judgement.Allowed)
        {
            w.Open("").Condition(arm.When);
            foreach (var tuple in arm.Then)
            {
                w.Open("");
                foreach (var pattern in tuple) w.Pattern(pattern);
                w.Close();
            }
            w.Close();
        }
        return w.ToString();
    }

    /// <summary>An expression.</summary>
    public static string Write(Expr expr) => new NotationWriter().Expr(expr).ToString();

    /// <summary>A condition of an arm or of <c>when kernel</c>.</summary>
    public static string Write(Condition condition) => new NotationWriter().Condition(condition).ToString();

    /// <summary>Several views, as a snapshot takes them.</summary>
    public static string Write(ImmutableArray<ViewCall> views)
    {
        var w = new NotationWriter();
        foreach (var view in views) w.View(view);
        return w.ToString();
    }

    /// <summary>The items of a machine.</summary>
    public static string Write(Machine machine)
    {
        var w = new NotationWriter();
        foreach (var item in machine.Items)
        {
            w.Open("").Text(item.Kind).Value(item.Key).Number(item.Node);
            foreach (var setting in item.Settings) w.Open("").Text(setting.Name).Value(setting.Value).Close();
            w.Close();
        }
        return w.ToString();
    }

    /// <summary>A patch without its name.</summary>
    public static string Write(Patch patch)
    {
        var w = new NotationWriter();
        w.Open("on").Set(patch.On).Close().Open("without");
        foreach (var id in patch.Without) w.Text(id);
        w.Close().Open("with");
        foreach (var id in patch.With) w.Text(id);
        return w.Close().ToString();
    }

    private NotationWriter Word(string word)
    {
        if (_out.Length > 0 && _out[^1] != '(') _out.Append(' ');
        _out.Append(word);
        return this;
    }

    private NotationWriter Number(long number) => Word(number.ToString(CultureInfo.InvariantCulture));

    private NotationWriter Open(string head)
    {
        Word("(");
        _out.Append(head);
        return this;
    }

    private NotationWriter Close()
    {
        _out.Append(')');
        return this;
    }

    /// <summary>A name bare where it cannot be taken for anything else, otherwise quoted.</summary>
    private NotationWriter Text(string? text)
    {
        if (text is null) return Word("-");
        var bare = text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_');
        foreach (var c in text) bare &= char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';
        return bare ? Word(text) : Quoted(text);
    }

    private NotationWriter Quoted(string text) => Word("'" + text.Replace("'", "''") + "'");

    private NotationWriter Maybe(Expr? expr) => expr is null ? Word("-") : Expr(expr);

    private NotationWriter Value(Value v)
    {
        switch (v.Kind)
        {
            case ValueKind.Absent: return Word("~");
            case ValueKind.Poisoned: return Word("!" + v.Number.ToString(CultureInfo.InvariantCulture));
            case ValueKind.Number: return Word(v.Number.ToString(CultureInfo.InvariantCulture));
            case ValueKind.Size: return Word(v.Number.ToString(CultureInfo.InvariantCulture) + "b");
            case ValueKind.Time: return Word(v.Number.ToString(CultureInfo.InvariantCulture) + "n");
            case ValueKind.Truth: return Word(v.Number != 0 ? "true" : "false");
            case ValueKind.Range: return Word(string.Create(CultureInfo.InvariantCulture, $"@{v.Start}+{v.Length}"));
            case ValueKind.Text: return Quoted(v.Text);
            case ValueKind.Pattern: return Word("p" + v.Number.ToString(CultureInfo.InvariantCulture));
            case ValueKind.Tuple:
                Open("t");
                foreach (var item in v.Items) Value(item);
                return Close();
            default:
                var o = (Outcome)v.Reference!;
                return Open("o").Word(NotationWords.Of(o.Kind)).Text(o.Name).Text(o.Code).Word(o.At.ToString(CultureInfo.InvariantCulture)).Number(o.Got).Close();
        }
    }

    private NotationWriter Expr(Expr expr)
    {
        switch (expr)
        {
            case Testing.Expr.Const e: return Value(e.Value);
            case Testing.Expr.Slot e: Word("$" + e.Index.ToString(CultureInfo.InvariantCulture)); return Text(e.Name);
            case Testing.Expr.Choice e:
                Open("choice");
                foreach (var arm in e.Arms) Condition(arm.When).Expr(arm.Then);
                return Close();
            case Testing.Expr.Slice e: return Open("slice").Expr(e.Range).Expr(e.From).Maybe(e.To).Close();
            case Testing.Expr.Part e: return Open(NotationWords.Of(e.Which)).Expr(e.Range).Close();
            case Testing.Expr.MakeRange e: return Open("range").Expr(e.Address).Expr(e.Length).Close();
            case Testing.Expr.Aligned e: return Open("aligned").Expr(e.Range).Expr(e.Size).Close();
            case Testing.Expr.Unary e: return Open(e.Operator == UnaryOperator.Not ? "not" : "neg").Expr(e.Operand).Close();
            case Testing.Expr.Binary e: return Chain(e);
            case Testing.Expr.TupleOf e: return Open("tuple").All(e.Items).Close();
            case Testing.Expr.View e: return Open("field").View(e.Call).Text(e.Field).Close();
            case Testing.Expr.CountEntries e: return Open("entries").View(e.Call).Close();
            case Testing.Expr.CountTrue e: return Open("count").All(e.Items).Close();
            case Testing.Expr.LabelOutcome e: return Open("outcome").Text(e.Label).Close();
            case Testing.Expr.LabelValue e: return Open("value").Text(e.Label).Close();
            case Testing.Expr.Happened e: return Open("happened").Text(e.Event).Close();
            case Testing.Expr.Ever e: return Open("ever").Expr(e.Property).Close();
            case Testing.Expr.Matches e: return Open("matches").Expr(e.Outcome).Pattern(e.Pattern).Close();
            case Testing.Expr.Placed e: return Open("placed").Maybe(e.Align).Maybe(e.Offset).Maybe(e.Into).Maybe(e.Adjacent).Close();
            default: throw new ArgumentException($"No notation for {expr.GetType()}.", nameof(expr));
        }
    }

    /// <summary>Operators associate to the left, so a long sum is a deep tree: it is written flat, without recursion along its spine.</summary>
    private NotationWriter Chain(Expr.Binary last)
    {
        var spine = new Stack<Expr.Binary>();
        Expr first = last;
        while (first is Expr.Binary b)
        {
            spine.Push(b);
            first = b.Left;
        }
        Open("do").Expr(first);
        while (spine.TryPop(out var b)) Word(NotationWords.Of(b.Operator)).Expr(b.Right);
        return Close();
    }

    private NotationWriter All(ImmutableArray<Expr> items)
    {
        foreach (var item in items) Expr(item);
        return this;
    }

    private NotationWriter View(ViewCall view) => Open("view").Text(view.Name).Text(view.Process).Number(view.Since).All(view.Arguments).Close();

    private NotationWriter Outcomes(OutcomeSet set)
    {
        foreach (var pattern in set.AnyOf) Pattern(pattern);
        return this;
    }

    private NotationWriter Pattern(OutcomePattern pattern)
    {
        Open(NotationWords.Of(pattern.Kind));
        var full = pattern.Code is not null || pattern.At is not null || pattern.Value is not null || !pattern.Processes.IsDefault;
        if (pattern.Name is null && !full) return Close();
        Text(pattern.Name);
        if (!full) return Close();
        Text(pattern.Code).Maybe(pattern.At).Maybe(pattern.Value);
        if (!pattern.Processes.IsDefault) foreach (var process in pattern.Processes) Text(process);
        return Close();
    }

    private NotationWriter Condition(Condition condition)
    {
        switch (condition)
        {
            case Kernels.Condition.Otherwise: return Word("otherwise");
            case Kernels.Condition.InSet c: return Open("in").Set(c.Set).Close();
            case Kernels.Condition.HasRule c: return Open("has").Text(c.RuleId).Close();
            case Kernels.Condition.HasConfig c: return Open("config").Text(c.Option).Close();
            case Kernels.Condition.Not c: return Open("not").Condition(c.Inner).Close();
            default: throw new ArgumentException($"No notation for {condition.GetType()}.", nameof(condition));
        }
    }

    private NotationWriter Set(KernelSet set)
    {
        foreach (var item in set.Items)
        {
            Open(NotationWords.Of(item.Kind)).Version(item.From).Version(item.To).Word(item.Only ? "only" : "-");
            foreach (var patch in item.Patches) Text(patch);
            Close();
        }
        return this;
    }

    private NotationWriter Version(KernelVersion? version) => Word(version is { } v ? v.ToString() : "-");
}
