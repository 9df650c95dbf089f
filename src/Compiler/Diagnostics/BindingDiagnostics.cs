using MmSpec.Text;

namespace MmSpec.Diagnostics;

// Codes MM2xxx: names, types and values. Each has a page in docs/diagnostics.
public sealed partial class DiagnosticBag
{
    private static string DidYouMean(string? near) => near is null ? "" : $"; did you mean '{near}'?";

    private static string DidYouMean(IReadOnlyList<string> near) => near switch
    {
        [] => "",
        [var one] => DidYouMean(one),
        _ => $"; did you mean {string.Join(", ", near.SkipLast(1).Select(n => $"'{n}'"))} or '{near[^1]}'?",
    };

    /// <summary>MM2001: a name that nothing bears.</summary>
    public void UnknownName(SourceText source, TextSpan span, string name, string hint) => Error("MM2001", source, span, $"unknown name '{name}'{hint}");

    /// <summary>MM2002: a process that was not brought to life.</summary>
    public void UnknownProcess(SourceText source, TextSpan span, string name, string? near) =>
        Error("MM2002", source, span, $"there is no process '{name}'{(near is null ? "; 'fork' or 'new process' brings one to life" : DidYouMean(near))}");

    /// <summary>MM2003: a call that is neither a syscall, a def nor a view.</summary>
    public void UnknownCall(SourceText source, TextSpan span, string name, IReadOnlyList<string> near) => Error("MM2003", source, span, $"unknown call '{name}'{DidYouMean(near)}");

    /// <summary>MM2004: a view that the catalogue lacks.</summary>
    public void UnknownView(SourceText source, TextSpan span, string name, IReadOnlyList<string> near) => Error("MM2004", source, span, $"unknown view '{name}'{DidYouMean(near)}");

    /// <summary>MM2005: a field that the view, row or value lacks.</summary>
    public void UnknownField(SourceText source, TextSpan span, string of, string field, string? near) => Error("MM2005", source, span, $"{of} has no field '{field}'{DidYouMean(near)}");

    /// <summary>MM2006: a machine that nobody declared.</summary>
    public void UnknownMachine(SourceText source, TextSpan span, string name, string? near) => Error("MM2006", source, span, $"unknown machine '{name}'{DidYouMean(near)}");

    /// <summary>MM2007: an item or key that a machine does not have.</summary>
    public void UnknownMachineItem(SourceText source, TextSpan span, string what, string name, string? near, IReadOnlyList<string>? all = null) =>
        Error("MM2007", source, span, $"{what} has no '{name}'{(near is null && all is { Count: > 0 and <= 8 } ? $"; it has {string.Join(", ", all)}" : DidYouMean(near))}");

    /// <summary>MM2008: a machine item that is put together wrongly.</summary>
    public void BadMachineItem(SourceText source, TextSpan span, string problem) => Error("MM2008", source, span, problem);

    /// <summary>MM2009: a second <c>let</c> of a name that is visible.</summary>
    public void AlreadyNamed(SourceText source, TextSpan span, string name, string where) =>
        Error("MM2009", source, span, $"'{name}' is named already{where}; no call changes a name, so choose another");

    /// <summary>MM2010: two members of one file with one name.</summary>
    public void Twice(SourceText source, TextSpan span, string what, string name) => Error("MM2010", source, span, $"{what} '{name}' stands here twice");

    /// <summary>MM2011: a word of the language where a name must stand.</summary>
    public void ReservedName(SourceText source, TextSpan span, string name, string what) => Error("MM2011", source, span, $"'{name}' is a word of the language and names no {what}");

    /// <summary>MM2012: a process that is there already.</summary>
    public void ProcessExists(SourceText source, TextSpan span, string name) => Error("MM2012", source, span, $"there is a process '{name}' already");

    /// <summary>MM2013: a value of another type than the place takes.</summary>
    public void WrongType(SourceText source, TextSpan span, string expected, string actual) => Error("MM2013", source, span, $"expected {expected}, but this is {actual}");

    /// <summary>MM2014: bytes where a count stands.</summary>
    public void SizeForCount(SourceText source, TextSpan span, string what) => Error("MM2014", source, span, $"{what} is a count, but this is a size in bytes; write a plain number");

    /// <summary>MM2015: an exact result that no 64-bit value holds.</summary>
    public void Overflow(SourceText source, TextSpan span, string value) => Error("MM2015", source, span, $"{value} does not fit into 64 bits");

    /// <summary>MM2016: a division by zero.</summary>
    public void DivisionByZero(SourceText source, TextSpan span) => Error("MM2016", source, span, "division by zero");

    /// <summary>MM2017: a number that cannot be read.</summary>
    public void BadNumber(SourceText source, TextSpan span, string problem) => Error("MM2017", source, span, problem);

    /// <summary>MM2018: an operator between types that do not go together.</summary>
    public void BadOperands(SourceText source, TextSpan span, string op, string left, string right) => Error("MM2018", source, span, $"'{op}' does not go between {left} and {right}");

    /// <summary>MM2019: an argument is missing.</summary>
    public void MissingArgument(SourceText source, TextSpan span, string call, string parameter) => Error("MM2019", source, span, $"{call} needs '{parameter}'");

    /// <summary>MM2020: more arguments than the call takes.</summary>
    public void TooManyArguments(SourceText source, TextSpan span, string call, string takes, string hint = "") => Error("MM2020", source, span, $"{call} takes {takes}{hint}");

    /// <summary>MM2021: a named argument that the call lacks.</summary>
    public void UnknownArgument(SourceText source, TextSpan span, string call, string name, string? near) => Error("MM2021", source, span, $"{call} has no argument '{name}'{DidYouMean(near)}");

    /// <summary>MM2022: a value that must be known before the scenario runs.</summary>
    public void NotConstant(SourceText source, TextSpan span, string what) => Error("MM2022", source, span, $"{what} must be known before the scenario runs");

    /// <summary>MM2023: a loop over something that is no list.</summary>
    public void NotAList(SourceText source, TextSpan span) => Error("MM2023", source, span, "a loop goes over a list in brackets that has at least one member");

    /// <summary>MM2024: a def that calls itself.</summary>
    public void RecursiveDef(SourceText source, TextSpan span, string name) => Error("MM2024", source, span, $"def '{name}' calls itself; defs are not recursive");

    /// <summary>MM2025: <c>return</c> where none can stand.</summary>
    public void MisplacedReturn(SourceText source, TextSpan span) =>
        Error("MM2025", source, span, "'return' stands in a def, outside loops, process blocks and 'when kernel'");

    /// <summary>MM2026: a name for a result that does not exist.</summary>
    public void NoResult(SourceText source, TextSpan span, string call) => Error("MM2026", source, span, $"{call} returns nothing that could be named");

    /// <summary>MM2027: a statement that needs a process around it.</summary>
    public void NeedsProcess(SourceText source, TextSpan span, string what) => Error("MM2027", source, span, $"{what} stands in a process block, or after 'p:'");

    /// <summary>MM2028: a statement that cannot stand where it stands.</summary>
    public void Misplaced(SourceText source, TextSpan span, string what, string where) => Error("MM2028", source, span, $"{what} {where}");

    /// <summary>MM2029: <c>parallel</c> without <c>judge</c>.</summary>
    public void NoJudge(SourceText source, TextSpan span) => Error("MM2029", source, span, "'parallel' needs a 'judge' after it");

    /// <summary>MM2030: something after <c>parallel</c> that is not <c>judge</c>, or <c>judge</c> without <c>parallel</c>.</summary>
    public void AfterParallel(SourceText source, TextSpan span, string problem) => Error("MM2030", source, span, problem);

    /// <summary>MM2031: a label that no step bears.</summary>
    public void UnknownLabel(SourceText source, TextSpan span, string name, IReadOnlyList<string> near) => Error("MM2031", source, span, $"no step is labelled '{name}'{DidYouMean(near)}");

    /// <summary>MM2032: a property that is neither an event nor a truth value.</summary>
    public void UnknownProperty(SourceText source, TextSpan span, string name, IReadOnlyList<string> near) => Error("MM2032", source, span, $"unknown property '{name}'{DidYouMean(near)}");

    /// <summary>MM2033: a word that is no outcome.</summary>
    public void UnknownOutcome(SourceText source, TextSpan span, string name, string? near) => Error("MM2033", source, span, $"'{name}' is no outcome{DidYouMean(near)}");

    /// <summary>MM2034: an outcome that this step cannot have.</summary>
    public void ImpossibleOutcome(SourceText source, TextSpan span, string problem) => Error("MM2034", source, span, problem);

    /// <summary>MM2035: a path under no mount.</summary>
    public void PathNotMounted(SourceText source, TextSpan span, string path, string mounts) => Error("MM2035", source, span, $"'{path}' lies under no mount of the machine{mounts}");

    /// <summary>MM2036: too many cases.</summary>
    public void TooManyCases(SourceText source, TextSpan span, int limit) => Error("MM2036", source, span, $"the loops of the header make more than {limit} cases");

    /// <summary>MM2037: too many steps once loops are unrolled.</summary>
    public void TooManySteps(SourceText source, TextSpan span, int limit) => Error("MM2037", source, span, $"unrolled, the file has more than {limit} statements; 'repeat' is not unrolled");

    /// <summary>MM2038: an attribute that no page shows.</summary>
    public void UnknownAttribute(SourceText source, TextSpan span, string view, string name, string hint) => Error("MM2038", source, span, $"{view} shows no '{name}'{hint}");

    /// <summary>MM2039: <c>since</c> without a snapshot.</summary>
    public void NotASnapshot(SourceText source, TextSpan span, string name) => Error("MM2039", source, span, $"'{name}' is no snapshot; write 'let {name} = snapshot' before");

    /// <summary>MM2040: a name that belongs to a process, without the process.</summary>
    public void NeedsQualifier(SourceText source, TextSpan span, string name, string process) => Error("MM2040", source, span, $"outside process blocks names are qualified; write '{process}.{name}'");

    /// <summary>MM2041: another number of values than there are.</summary>
    public void WrongTupleLength(SourceText source, TextSpan span, int expected, int actual) => Error("MM2041", source, span, $"{expected} values are compared with {actual}");

    /// <summary>MM2042: a named constant of another group than the parameter takes.</summary>
    public void WrongGroup(SourceText source, TextSpan span, string name, string group, string expected) => Error("MM2042", source, span, $"'{name}' belongs to {group}, but {expected} is expected here");

    /// <summary>MM2043: a number that lies outside what the place takes.</summary>
    public void OutOfBounds(SourceText source, TextSpan span, string what, string bounds) => Error("MM2043", source, span, $"{what} must be {bounds}");

    /// <summary>MM2044: a slice that ends before it starts.</summary>
    public void ReversedSlice(SourceText source, TextSpan span) => Error("MM2044", source, span, "the stretch ends before it starts");

    /// <summary>MM2045: machines that are based on each other in a circle.</summary>
    public void MachineCycle(SourceText source, TextSpan span, string name) => Error("MM2045", source, span, $"machine '{name}' is based on itself");

    /// <summary>MM2046: an expression that is no step and names nothing.</summary>
    public void NotAStep(SourceText source, TextSpan span, string what) => Error("MM2046", source, span, $"{what} does nothing here; write 'let', 'expect', or a call");

    /// <summary>MM2047: a form that belongs to another kind of step.</summary>
    public void NotForThisStep(SourceText source, TextSpan span, string form, string what) => Error("MM2047", source, span, $"{form} does not go with {what}");

    /// <summary>MM2048: an expectation in a form that the view does not have.</summary>
    public void WrongViewForm(SourceText source, TextSpan span, string problem) => Error("MM2048", source, span, problem);

    /// <summary>MM2049: somebody does what only others can do.</summary>
    public void WrongPerformer(SourceText source, TextSpan span, string operation, string who) => Error("MM2049", source, span, $"'{operation}' is done by {who}");

    /// <summary>MM2050: regions of several processes in one place.</summary>
    public void OtherProcess(SourceText source, TextSpan span, string name, string owner, string process) =>
        Error("MM2050", source, span, $"'{name}' belongs to process {owner}, but process {process} does this");
}
