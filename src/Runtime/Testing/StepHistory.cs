namespace MmSpec.Testing;

/// <summary>
/// The steps that a traced run has done, to explain what a target keeps no account of: contents, and numbers of a region. It knows operands and results,
/// not what the target made of them, so it tells which steps can have had a part.
/// </summary>
internal sealed class StepHistory
{
    private const int Most = 12;

    private readonly List<(SpecPlace Place, string Operation, Value[] Ranges)> _steps = [];

    /// <summary>Notes a step that ran.</summary>
    public void Add(SpecPlace place, Step step, Value[] operands, Value returned) =>
        _steps.Add((place, step.Operation, [.. operands.Append(returned).Where(v => v.Kind == ValueKind.Range)]));

    /// <summary>The latest steps that touched one of the ranges, oldest first.</summary>
    public IEnumerable<string> Touching(IEnumerable<Value> ranges)
    {
        var wanted = ranges.Where(r => r.Kind == ValueKind.Range).ToList();
        return Latest(s => Array.Exists(s.Ranges, r => wanted.Exists(w => Overlap(r, w))));
    }

    /// <summary>The latest steps that can have written what is at an address; where none names the address, all that write.</summary>
    public IEnumerable<string> Writing(ulong address)
    {
        var at = Value.OfRange(address, 1);
        var there = Latest(s => Writes(s.Operation) && Array.Exists(s.Ranges, r => Overlap(r, at))).ToList();
        return there.Count > 0 ? there : Latest(s => Writes(s.Operation));
    }

    private static bool Writes(string operation) => operation is "store" or "write" or "pwrite" or "read" or "pread";

    private IEnumerable<string> Latest(Predicate<(SpecPlace Place, string Operation, Value[] Ranges)> chosen)
    {
        var all = _steps.FindAll(chosen);
        return all.Skip(Math.Max(0, all.Count - Most)).Select(s => $"line {s.Place.Line} {s.Place.Text}");
    }

    // An empty range (NULL) touches nothing; ends are compared beyond 64 bits.
    private static bool Overlap(Value a, Value b) => a.Length > 0 && b.Length > 0 && a.Number < b.Number + b.Length && b.Number < a.Number + a.Length;
}
