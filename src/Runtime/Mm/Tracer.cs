using MmSpec.Kernels;
using MmSpec.State;

namespace MmSpec.Mm;

/// <summary>Counters whose changes a trace notes.</summary>
internal enum Counter
{
#pragma warning disable CS1591
    Total, Free, Reserved, Surplus, Overcommit, Consumed, Faults, Mapped, Size, State, Outcome,
#pragma warning restore CS1591
}

/// <summary>Notes how counters came about. There is none on the normal path.</summary>
[SharedImmutable]
[NotState("notes for people")]
internal sealed class Tracer
{
    private readonly List<(int Line, string Operation, Counter Counter, int Scope, long Delta, string Words, string? Rule)> _notes = [];
    private const int LookBack = 16, MostLines = 24;

    private int _line, _stepStart;
    private string _operation = "";

    /// <summary>What follows is done by this step.</summary>
    public void Begin(int line, string operation) => (_line, _operation, _stepStart) = (line, operation, _notes.Count);

    /// <summary>Notes a change.</summary>
    /// <param name="counter">What changed.</param>
    /// <param name="scope">Number of the huge page size, or 0.</param>
    /// <param name="delta">By how much.</param>
    /// <param name="words">A verb phrase, the number left out: <c>reserved</c>.</param>
    /// <param name="rule">Why.</param>
    public void Note(Counter counter, int scope, long delta, string words, Rule? rule)
    {
        // Within a step changes of one kind are added up.
        for (var i = _notes.Count - 1; i >= Math.Max(_stepStart, _notes.Count - LookBack); i--)
        {
            var note = _notes[i];
            if (note.Counter != counter || note.Scope != scope || note.Words != words || note.Rule != rule?.Id) continue;
            _notes[i] = note with { Delta = note.Delta + delta };
            return;
        }
        _notes.Add((_line, _operation, counter, scope, delta, words, rule?.Id));
    }

    /// <summary>The notes about some counters of a size.</summary>
    public IReadOnlyList<string> Lines(IReadOnlyCollection<Counter> counters, int scope)
    {
        string[] lines = [.. _notes.Where(n => counters.Contains(n.Counter) && (n.Scope == scope || n.Scope == 0)).Select(Format)];
        return lines.Length <= MostLines ? lines : [$"({lines.Length - MostLines} earlier changes)", .. lines[^MostLines..]];
    }

    /// <summary>The notes of the latest step.</summary>
    public IReadOnlyList<string> Latest() => [.. _notes.Skip(_stepStart).Select(Format)];

    private static string Format((int Line, string Operation, Counter Counter, int Scope, long Delta, string Words, string? Rule) n)
    {
        var amount = n.Delta == 0 ? "" : " " + Math.Abs(n.Delta);
        if (n.Line == 0 && n.Counter is Counter.Total or Counter.Free) return $"the machine was made with {Math.Abs(n.Delta)} huge page{(n.Delta == 1 ? "" : "s")}";
        // What the machine was given before the first step has no line.
        var place = n.Line == 0 ? "at the start:" : $"line {n.Line} {n.Operation}";
        return $"{place} {n.Words}{amount}{(n.Rule is null ? "" : $" [{n.Rule}]")}";
    }
}
