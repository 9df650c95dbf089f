namespace MmSpec.Testing;

/// <summary>What some views showed at one moment (<c>let t = snapshot</c>).</summary>
internal sealed class Snapshot(int line)
{
    private readonly List<(ViewRequest Request, Observation Seen)> _views = [];

    /// <summary>Keeps a view.</summary>
    public void Add(ViewRequest request, Observation seen) => _views.Add((request, seen));

    /// <summary>What the view showed.</summary>
    /// <exception cref="EvaluationException">It could not be looked at then.</exception>
    public Observation Find(ViewRequest request)
    {
        foreach (var (kept, seen) in _views)
            if (kept.Name == request.Name && kept.Process == request.Process && kept.Arguments.AsSpan().SequenceEqual(request.Arguments)) return seen;
        throw new EvaluationException($"{request.Name} could not be looked at when the snapshot of line {line} was taken");
    }
}
