using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Testing;

namespace MmSpec.Binding;

// Outcomes: what follows '->'.
internal sealed partial class ScenarioBinder
{
    private static readonly string[] OutcomeWords = ["ok", "any", "killed", "oom-kill", "blocked", "exit", "BUG", "WARN", "undefined", "oops"];
    private static readonly string[] Events = ["pagefault", "remove", "unmap", "remap", "fork"];

    /// <summary>Binds an outcome for a step of the operation; default where none is written, null where it is wrong.</summary>
    private ImmutableArray<Arm<OutcomeSet>>? BindOutcome(OutcomeSyntax? syntax, Operation operation)
    {
        switch (syntax)
        {
            case null: return default(ImmutableArray<Arm<OutcomeSet>>);
            case OutcomeSetSyntax set: return BindSet(set, operation) is { } bound ? [new Arm<OutcomeSet>(new Condition.Otherwise(), bound)] : null;
            case OutcomeArmsSyntax arms:
                var result = BindArms(arms.Arms, arms.Span, node => node is OutcomeSetSyntax set ? BindSet(set, operation) : null, out var good);
                return good ? result : null;
            default: return null;
        }
    }

    private OutcomeSet? BindSet(OutcomeSetSyntax syntax, Operation operation)
    {
        var members = syntax.Members.Select(m => BindAtom(m, operation)).ToArray();
        return members.Length > 0 && Array.TrueForAll(members, m => m is not null) ? new OutcomeSet([.. members!]) : null;
    }

    /// <summary>Binds one member; operation null: in a judgement, where any step may be meant.</summary>
    private OutcomePattern? BindAtom(OutcomeAtomSyntax syntax, Operation? operation)
    {
        if (syntax.Word is not { } word) return syntax.Value is null ? null : BindOutcomeValue(syntax.Value, operation);
        var name = word.Text;
        if (name.Length == 0) return null;
        if (Signals.IsSignal(name)) return BindSignalOutcome(syntax, name);
        if ((syntax.Code ?? (SyntaxNode?)syntax.At) is not null && !IsOutcomeWord(name))
        {
            // What has a code or a place can only be meant as a signal.
            _diagnostics.UnknownOutcome(_source, word.Span, name, Suggest.Nearest(name, Signals.Numbers.Keys));
            return null;
        }
        if (syntax.Code is { } code)
        {
            _diagnostics.ImpossibleOutcome(_source, code.Span, $"a code stands after a signal; '{name}' is none");
            return null;
        }
        if (syntax.At is not null)
        {
            _diagnostics.ImpossibleOutcome(_source, syntax.At.Span, $"'at' stands after a signal; '{name}' is none");
            return null;
        }
        if (Errnos.TryGetCanonical(name, out var errno))
        {
            if (operation is { Name: "load" or "store" })
            {
                _diagnostics.ImpossibleOutcome(_source, word.Span, $"a {operation.Name} fails with a signal, not with {name}");
                return null;
            }
            return new(OutcomeKind.Errno, errno);
        }
        switch (name)
        {
            case "ok": return new(OutcomeKind.Ok);
            case "any": return new(OutcomeKind.Any);
            case "blocked": return new(OutcomeKind.Blocked);
            case "BUG": return new(OutcomeKind.Bug);
            case "WARN": return new(OutcomeKind.Warn);
            case "undefined": return new(OutcomeKind.Undefined);
            case "oops": return new(OutcomeKind.Oops);
            case "mismatch" when _judging: return new(OutcomeKind.Mismatch);
            case "killed": return BindKilled(syntax);
            case "oom-kill": return BindOomKill(syntax);
            case "exit": return BindExit(syntax, operation);
        }
        if (Events.Contains(name))
        {
            _diagnostics.OutcomeNotSupported(_source, word.Span, name);
            return null;
        }
        if (_scope.Find(name) is not null || Constants.TryGet(name, out _)) return BindOutcomeValue(new NameExpressionSyntax(word.Span, name), operation);
        _diagnostics.UnknownOutcome(_source, word.Span, name, Suggest.Nearest(name, OutcomeWords.Concat(Errnos.Numbers.Keys).Concat(Signals.Numbers.Keys).Concat(_scope.Visible)));
        return null;
    }

    private bool IsOutcomeWord(string name) =>
        OutcomeWords.Contains(name) || Events.Contains(name) || Errnos.IsErrno(name) || _scope.Find(name) is not null || Constants.TryGet(name, out _);

    private OutcomePattern? BindSignalOutcome(OutcomeAtomSyntax syntax, string signal)
    {
        if (syntax.Code is { } code && !Signals.IsCodeOf(code.Text, signal))
        {
            var codes = Signals.CodesOf(signal);
            _diagnostics.ImpossibleOutcome(_source, code.Span, $"'{code.Text}' is no code of {signal}" + (codes.IsEmpty ? "" : $"; these are {string.Join(", ", codes)}"));
            return null;
        }
        Expr? at = null;
        if (syntax.At is not null)
        {
            var place = BindOffset(syntax.At);
            if (place.IsError) return null;
            at = place.Expr;
        }
        return new(OutcomeKind.Signal, signal, syntax.Code?.Text, at);
    }

    private OutcomePattern? BindKilled(OutcomeAtomSyntax syntax)
    {
        if (syntax.Signal is not { Text.Length: > 0 } signal) return null;
        if (Signals.IsSignal(signal.Text)) return new(OutcomeKind.Killed, signal.Text);
        _diagnostics.UnknownOutcome(_source, signal.Span, signal.Text, Suggest.Nearest(signal.Text, Signals.Numbers.Keys));
        return null;
    }

    private OutcomePattern? BindOomKill(OutcomeAtomSyntax syntax)
    {
        var names = syntax.Names.IsDefault ? [] : syntax.Names;
        foreach (var process in names)
        {
            if (process.Text.Length == 0) return null;
            if (_scope.Process(process.Text) is not null) continue;
            _diagnostics.UnknownProcess(_source, process.Span, process.Text, _scope.NearestProcess(process.Text));
            return null;
        }
        if (!names.IsEmpty) return new(OutcomeKind.OomKill, Processes: [.. names.Select(n => n.Text)]);
        _diagnostics.MissingArgument(_source, syntax.Span, "oom-kill", "process");
        return null;
    }

    private OutcomePattern? BindExit(OutcomeAtomSyntax syntax, Operation? operation)
    {
        if (syntax.Value is null) return null;
        var code = Coerce(BindExpr(syntax.Value), ParameterType.Number, null, syntax.Value.Span, "the exit code");
        if (code.IsError) return null;
        if (code.Exact is { } n && (n < 0 || n > 255))
        {
            _diagnostics.OutOfBounds(_source, syntax.Value.Span, "the exit code", "0 to 255");
            return null;
        }
        if (operation is null or { Name: "wait" or "exit" }) return new(OutcomeKind.Exit, Value: code.Expr);
        _diagnostics.ImpossibleOutcome(_source, syntax.Span, $"'exit' is an outcome of wait, not of {operation.Name}");
        return null;
    }

    /// <summary>A value that the step must return, or the word of a row (<c>errno: EINVAL</c>) that is an outcome.</summary>
    private OutcomePattern? BindOutcomeValue(ExpressionSyntax syntax, Operation? operation)
    {
        var value = BindExpr(syntax, words: false);
        if (value.IsError) return null;
        if (value.Word is { } word)
        {
            // A row's word: bound as if it stood here.
            var atom = new OutcomeAtomSyntax(syntax.Span, new NameSyntax(syntax.Span, word), null, null, null, null, [], []);
            if (Signals.IsSignal(word) || Errnos.IsErrno(word) || word is "ok" or "any" or "blocked" or "BUG" or "WARN" or "undefined" or "oops") return BindAtom(atom, operation);
            _diagnostics.UnknownOutcome(_source, syntax.Span, word, Suggest.Nearest(word, Errnos.Numbers.Keys.Concat(Signals.Numbers.Keys).Concat(OutcomeWords)));
            return null;
        }
        if (!InWord(value, syntax.Span)) return null;
        if (!value.Type.IsNumeric && value.Type.Kind != TypeKind.Range)
        {
            _diagnostics.WrongType(_source, syntax.Span, "an outcome", value.Type.ToString());
            return null;
        }
        if (operation is { Result: ResultType.None } and not { Name: "wait" })
        {
            _diagnostics.ImpossibleOutcome(_source, syntax.Span, $"{operation.Name} returns no value");
            return null;
        }
        return new(OutcomeKind.Returns, Value: operation?.Result == ResultType.Size ? AsSize(value).Expr : value.Expr);
    }

    /// <summary><c>w1 == SIGBUS</c> in a judgement; null where the right side is no outcome by its look.</summary>
    private TypedExpr? BindOutcomeComparison(TypedExpr label, BinarySyntax syntax, BinaryOperator op)
    {
        OutcomePattern? pattern;
        switch (syntax.Right)
        {
            case NameExpressionSyntax { Text: var name } right when _labels.Contains(name) is false:
                pattern = BindAtom(new OutcomeAtomSyntax(right.Span, new NameSyntax(right.Span, name), null, null, null, null, [], []), null);
                break;
            case OutcomeExpressionSyntax outcome:
                pattern = BindAtom(outcome.Outcome, null);
                break;
            case NumberLiteralSyntax number:
                pattern = BindOutcomeValue(number, null);
                break;
            default:
                return null;
        }
        if (pattern is null) return TypedExpr.Error;
        Expr matches = new Expr.Matches(label.Expr, pattern);
        return new(SpecType.Truth, op == BinaryOperator.Equal ? matches : new Expr.Unary(UnaryOperator.Not, matches));
    }

    /// <summary>Whether every expected outcome on this kernel leaves the step without a result.</summary>
    private static bool GivesNothing(ImmutableArray<Arm<OutcomeSet>> expected, Traits kernel) =>
        !expected.IsDefault && ArmFor(expected, kernel) is { } set
        && set.AnyOf.All(p => p.Kind is OutcomeKind.Errno or OutcomeKind.Signal or OutcomeKind.Killed or OutcomeKind.OomKill or OutcomeKind.Blocked or OutcomeKind.Bug or OutcomeKind.Oops);

    /// <summary>Whether the expected outcomes speak of a failure on this kernel, so that what the kernel lacks is no mistake.</summary>
    private static bool SpeaksOfFailure(ImmutableArray<Arm<OutcomeSet>> expected, Traits kernel) =>
        !expected.IsDefault && ArmFor(expected, kernel) is { } set && set.AnyOf.Any(p => p.Kind is not (OutcomeKind.Ok or OutcomeKind.Returns));
}
