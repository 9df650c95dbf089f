using System.Collections.Immutable;
using System.Globalization;
using MmSpec.Kernels;

namespace MmSpec.Testing.Notation;

/// <summary>Reads what <see cref="NotationWriter"/> wrote. Only generated code calls it, so a text that is wrong is a defect: <see cref="FormatException"/>.</summary>
public ref struct NotationReader
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    /// <param name="text">A whole notation.</param>
    public NotationReader(ReadOnlySpan<char> text) => _text = text;

    /// <summary>A step; place and text are given.</summary>
    public static Step Step(int line, int column, string text, string notation)
    {
        var r = new NotationReader(notation);
        var process = r.Name()!;
        var operation = r.Name()!;
        var operands = ImmutableArray.CreateBuilder<Operand>(6);
        int result = -1;
        string? thread = null, label = null;
        Expr? content = null, faults = null, from = null;
        ImmutableArray<Arm<OutcomeSet>> expected = default;
        while (r.TryOpen())
        {
            if (r.Peek() != ':') operands.Add(new(r.Name()!, r.Expr()));
            else switch (r.Word())
                {
                    case ":into": result = r.Int(); break;
                    case ":thread": thread = r.Name(); break;
                    case ":expect": expected = r.Expected(); break;
                    case ":content": content = r.Expr(); break;
                    case ":faults": faults = r.Expr(); break;
                    case ":label": label = r.Name(); break;
                    case ":base": from = r.Expr(); break;
                    default: throw r.Wrong("an option of a step");
                }
            r.Close();
        }
        r.End();
        return new Step(line, column, text, process, operation, operands.DrainToImmutable())
        {
            Result = result,
            Thread = thread,
            Expected = expected,
            Content = content,
            Faults = faults,
            Label = label,
            Base = from,
        };
    }

    /// <summary>An expectation; place and text are given.</summary>
    public static Expectation Expectation(int line, int column, string text, string notation)
    {
        var r = new NotationReader(notation);
        Expectation result;
        switch (r.Word())
        {
            case "holds":
                result = new(line, column, text) { Condition = r.Expr() };
                break;
            case "fields":
                var view = r.View();
                var fields = ImmutableArray.CreateBuilder<FieldCheck>();
                while (r.TryOpen())
                {
                    fields.Add(new(r.Int(), r.Int(), r.Name()!, NotationWords.Operator(r.Word()), r.Expr()));
                    r.Close();
                }
                result = new(line, column, text) { View = view, Fields = fields.DrainToImmutable() };
                break;
            default:
                result = new(line, column, text) { View = r.View(), Entries = r.Entries() };
                break;
        }
        r.End();
        return result;
    }

    /// <summary>A line of <c>judge</c>; place and text are given.</summary>
    public static Judgement Judgement(int line, int column, string text, string notation)
    {
        var r = new NotationReader(notation);
        if (r.Word() is "property")
        {
            var property = r.Expr();
            var verdicts = ImmutableArray.CreateBuilder<Arm<Verdict>>();
            while (r.TryOpen())
            {
                verdicts.Add(new(r.Condition(), NotationWords.Verdict(r.Word())));
                r.Close();
            }
            r.End();
            return new(line, column, text, property, verdicts.DrainToImmutable(), [], []);
        }
        r.Open();
        var labels = ImmutableArray.CreateBuilder<string>();
        while (!r.TryClose()) labels.Add(r.Name()!);
        var allowed = ImmutableArray.CreateBuilder<Arm<ImmutableArray<ImmutableArray<OutcomePattern>>>>();
        while (r.TryOpen())
        {
            var when = r.Condition();
            var tuples = ImmutableArray.CreateBuilder<ImmutableArray<OutcomePattern>>();
            while (r.TryOpen()) tuples.Add(r.PatternsToClose());
            r.Close();
            allowed.Add(new(when, tuples.DrainToImmutable()));
        }
        r.End();
        return new(line, column, text, null, [], labels.DrainToImmutable(), allowed.DrainToImmutable());
    }

    /// <summary>An expression.</summary>
    public static Expr Expr(string notation)
    {
        var r = new NotationReader(notation);
        var expr = r.Expr();
        r.End();
        return expr;
    }

    /// <summary>A condition.</summary>
    public static Condition Condition(string notation)
    {
        var r = new NotationReader(notation);
        var condition = r.Condition();
        r.End();
        return condition;
    }

    /// <summary>Several views.</summary>
    public static ViewCall[] Views(string notation)
    {
        var r = new NotationReader(notation);
        var views = new List<ViewCall>();
        while (!r.AtEnd()) views.Add(r.View());
        return [.. views];
    }

    /// <summary>A machine.</summary>
    public static Machine Machine(string notation)
    {
        var r = new NotationReader(notation);
        var items = ImmutableArray.CreateBuilder<MachineItem>();
        while (r.TryOpen())
        {
            var kind = r.Name()!;
            var key = r.Value();
            var node = r.Int();
            var settings = ImmutableArray.CreateBuilder<Setting>();
            while (r.TryOpen())
            {
                settings.Add(new(r.Name()!, r.Value()));
                r.Close();
            }
            r.Close();
            items.Add(new(kind, key, node, settings.DrainToImmutable()));
        }
        r.End();
        return new(items.DrainToImmutable());
    }

    /// <summary>A patch; its name is given.</summary>
    public static Patch Patch(string name, string notation)
    {
        var r = new NotationReader(notation);
        r.Open();
        r.Word();
        var on = r.SetToClose();
        r.Open();
        r.Word();
        var without = ImmutableArray.CreateBuilder<string>();
        while (!r.TryClose()) without.Add(r.Name()!);
        r.Open();
        r.Word();
        var with = ImmutableArray.CreateBuilder<string>();
        while (!r.TryClose()) with.Add(r.Name()!);
        r.End();
        return new(name, on, without.DrainToImmutable(), with.DrainToImmutable());
    }

    private ImmutableArray<EntryCheck> Entries()
    {
        var entries = ImmutableArray.CreateBuilder<EntryCheck>();
        while (TryOpen())
        {
            int line = Int(), column = Int();
            Expr from = Expr(), to = Expr();
            var arms = ImmutableArray.CreateBuilder<Arm<ImmutableArray<PageAttribute>>>();
            while (TryOpen())
            {
                var when = Condition();
                var attributes = ImmutableArray.CreateBuilder<PageAttribute>();
                while (TryOpen())
                {
                    var negated = Word() is "not";
                    attributes.Add(new(Name()!, Maybe(), negated));
                    Close();
                }
                Close();
                arms.Add(new(when, attributes.DrainToImmutable()));
            }
            Close();
            entries.Add(new(line, column, from, to, arms.DrainToImmutable()));
        }
        return entries.DrainToImmutable();
    }

    private ImmutableArray<Arm<OutcomeSet>> Expected()
    {
        var arms = ImmutableArray.CreateBuilder<Arm<OutcomeSet>>(1);
        while (TryOpen()) arms.Add(new(Condition(), new(PatternsToClose())));
        return arms.DrainToImmutable();
    }

    private ImmutableArray<OutcomePattern> PatternsToClose()
    {
        var patterns = ImmutableArray.CreateBuilder<OutcomePattern>(1);
        while (!TryClose()) patterns.Add(Pattern());
        return patterns.DrainToImmutable();
    }

    private OutcomePattern Pattern()
    {
        Open();
        var kind = NotationWords.Outcome(Word());
        if (TryClose()) return new(kind);
        var name = Name();
        if (TryClose()) return new(kind, name);
        var code = Name();
        Expr? at = Maybe(), value = Maybe();
        if (TryClose()) return new(kind, name, code, at, value);
        var processes = ImmutableArray.CreateBuilder<string>(1);
        while (!TryClose()) processes.Add(Name()!);
        return new(kind, name, code, at, value, processes.DrainToImmutable());
    }

    private ViewCall View()
    {
        Open();
        if (Word() is not "view") throw Wrong("a view");
        string name = Name()!;
        var process = Name();
        var since = Int();
        return new(name, process, ExprsToClose(), since);
    }

    private Expr? Maybe() => TryMissing() ? null : Expr();

    private ImmutableArray<Expr> ExprsToClose()
    {
        if (TryClose()) return [];
        var items = ImmutableArray.CreateBuilder<Expr>(2);
        do items.Add(Expr()); while (!TryClose());
        return items.DrainToImmutable();
    }

    private Expr Expr()
    {
        switch (Peek())
        {
            case '(':
                break;
            case '$':
                var index = int.Parse(Word()[1..], NumberStyles.None, CultureInfo.InvariantCulture);
                return new Expr.Slot(index, Name()!);
            default:
                return new Expr.Const(Value());
        }
        var start = _at;
        Open();
        Expr result;
        switch (Word())
        {
            case "t" or "o":
                _at = start;
                return new Expr.Const(Value());
            case "choice":
                var arms = ImmutableArray.CreateBuilder<Arm<Expr>>(2);
                while (!TryClose()) arms.Add(new(Condition(), Expr()));
                return new Expr.Choice(arms.DrainToImmutable());
            case "do":
                result = Expr();
                while (!TryClose())
                {
                    var operation = NotationWords.Operator(Word());
                    result = new Expr.Binary(operation, result, Expr());
                }
                return result;
            case "tuple": return new Expr.TupleOf(ExprsToClose());
            case "count": return new Expr.CountTrue(ExprsToClose());
            case "slice": result = new Expr.Slice(Expr(), Expr(), Maybe()); break;
            case "start": result = new Expr.Part(Expr(), RangePart.Start); break;
            case "end": result = new Expr.Part(Expr(), RangePart.End); break;
            case "length": result = new Expr.Part(Expr(), RangePart.Length); break;
            case "range": result = new Expr.MakeRange(Expr(), Expr()); break;
            case "aligned": result = new Expr.Aligned(Expr(), Expr()); break;
            case "not": result = new Expr.Unary(UnaryOperator.Not, Expr()); break;
            case "neg": result = new Expr.Unary(UnaryOperator.Negate, Expr()); break;
            case "field": result = new Expr.View(View(), Name()); break;
            case "entries": result = new Expr.CountEntries(View()); break;
            case "outcome": result = new Expr.LabelOutcome(Name()!); break;
            case "value": result = new Expr.LabelValue(Name()!); break;
            case "happened": result = new Expr.Happened(Name()!); break;
            case "ever": result = new Expr.Ever(Expr()); break;
            case "matches": result = new Expr.Matches(Expr(), Pattern()); break;
            case "placed": result = new Expr.Placed(Maybe(), Maybe(), Maybe(), Maybe()); break;
            default: throw Wrong("an expression");
        }
        Close();
        return result;
    }

    private Value Value()
    {
        switch (Peek())
        {
            case '\'': return Testing.Value.OfText(Name()!);
            case '(':
                Open();
                if (Word() is "t")
                {
                    var items = ImmutableArray.CreateBuilder<Value>(4);
                    while (!TryClose()) items.Add(Value());
                    return Testing.Value.OfTuple(items.DrainToImmutable());
                }
                var outcome = new Outcome(NotationWords.Outcome(Word()), Name(), Name(), (ulong)Big(Word()), (byte)Int());
                Close();
                return Testing.Value.OfOutcome(outcome);
        }
        var word = Word();
        switch (word)
        {
            case "~": return Testing.Value.Absent;
            case "true": return Testing.Value.OfTruth(true);
            case "false": return Testing.Value.OfTruth(false);
        }
        switch (word[0])
        {
            case '!': return Testing.Value.Poisoned((int)Big(word[1..]));
            case 'p': return Testing.Value.OfPattern(Big(word[1..]));
            case '@':
                var plus = word.IndexOf('+');
                return Testing.Value.OfRange((ulong)Big(word[1..plus]), (ulong)Big(word[(plus + 1)..]));
        }
        return word[^1] switch
        {
            'b' => Testing.Value.OfSize(Big(word[..^1])),
            'n' => Testing.Value.OfTime(Big(word[..^1])),
            _ => Testing.Value.OfNumber(Big(word)),
        };
    }

    private Condition Condition()
    {
        if (Peek() != '(') return Word() is "otherwise" ? new Condition.Otherwise() : throw Wrong("a condition");
        Open();
        Condition result;
        switch (Word())
        {
            case "in": return new Condition.InSet(SetToClose());
            case "has": result = new Condition.HasRule(Name()!); break;
            case "config": result = new Condition.HasConfig(Name()!); break;
            case "not": result = new Condition.Not(Condition()); break;
            default: throw Wrong("a condition");
        }
        Close();
        return result;
    }

    private KernelSet SetToClose()
    {
        var items = ImmutableArray.CreateBuilder<KernelSetItem>(1);
        while (!TryClose())
        {
            Open();
            var kind = NotationWords.Set(Word());
            KernelVersion? from = Version(), to = Version();
            var only = Word() is "only";
            if (TryClose())
            {
                items.Add(new(kind, from, to, [], only));
                continue;
            }
            var patches = ImmutableArray.CreateBuilder<string>(1);
            while (!TryClose()) patches.Add(Name()!);
            items.Add(new(kind, from, to, patches.DrainToImmutable(), only));
        }
        return new(items.DrainToImmutable());
    }

    private KernelVersion? Version()
    {
        if (TryMissing()) return null;
        return KernelVersion.TryParse(Word(), out var version) ? version : throw Wrong("a version");
    }

    private static Int128 Big(ReadOnlySpan<char> digits) => digits.Length < 19
        ? long.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : Int128.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private int Int() => int.Parse(Word(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private void Blanks()
    {
        while (_at < _text.Length && _text[_at] == ' ') _at++;
    }

    private char Peek()
    {
        Blanks();
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool AtEnd() => Peek() == '\0' && _at == _text.Length;

    private bool TryOpen()
    {
        if (Peek() != '(') return false;
        _at++;
        return true;
    }

    private bool TryClose()
    {
        if (Peek() != ')') return false;
        _at++;
        return true;
    }

    private void Open()
    {
        if (!TryOpen()) throw Wrong("(");
    }

    private void Close()
    {
        if (!TryClose()) throw Wrong(")");
    }

    private void End()
    {
        if (!AtEnd()) throw Wrong("the end");
    }

    private bool TryMissing()
    {
        if (Peek() != '-' || (_at + 1 < _text.Length && _text[_at + 1] is not (' ' or ')'))) return false;
        _at++;
        return true;
    }

    private ReadOnlySpan<char> Word()
    {
        Blanks();
        var start = _at;
        while (_at < _text.Length && _text[_at] is not (' ' or '(' or ')' or '\'')) _at++;
        return _at > start ? _text[start.._at] : throw Wrong("a word");
    }

    /// <summary>A bare word or a quoted text; null where it is missing.</summary>
    private string? Name()
    {
        if (TryMissing()) return null;
        if (Peek() != '\'') return Word().ToString();
        var start = ++_at;
        var doubled = false;
        while (true)
        {
            var quote = _text[_at..].IndexOf('\'');
            if (quote < 0) throw Wrong("a closing quote");
            _at += quote + 1;
            if (_at == _text.Length || _text[_at] != '\'') break;
            doubled = true;
            _at++;
        }
        var text = _text[start..(_at - 1)].ToString();
        return doubled ? text.Replace("''", "'") : text;
    }

    private readonly FormatException Wrong(string expected) => new($"Notation: expected {expected} at {_at} of: {_text}");
}
