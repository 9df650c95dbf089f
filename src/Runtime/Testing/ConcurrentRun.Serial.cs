using System.Text;
using MmSpec.Mm;

namespace MmSpec.Testing;

/// <content>What the steps come to when each runs by itself, in every order that keeps the threads' own: a final state that differs from all of these is not serializable.</content>
internal sealed partial class ConcurrentRun
{
    private const string NotSerializable = "not-serializable";
    private const int MostOrders = 5_000;

    private readonly HashSet<string> _serial = [];
    private bool _tooManyOrders;

    /// <summary>Runs the orders; the world is as before afterwards.</summary>
    private void FindSerialOrders()
    {
        _serial.Clear();
        _tooManyOrders = Orders() > MostOrders;
        if (_tooManyOrders) return;
        var store = _world.Store;
        store.BeginJournal();
        try
        {
            RunInTurn(new int[_threads.Count]);
        }
        finally
        {
            store.Undo(0);
            store.EndJournal();
        }
    }

    /// <summary>Whether no order of whole steps comes to the present state.</summary>
    /// <exception cref="EvaluationException">There are too many orders.</exception>
    private bool IsOutsideSerialOrders() => _tooManyOrders
        ? throw new EvaluationException($"{NotSerializable} compares with at most {MostOrders} orders of the steps; here there are more")
        : !_serial.Contains(Signature());

    private void RunInTurn(int[] next)
    {
        var ended = true;
        for (var t = 0; t < next.Length; t++)
        {
            if (next[t] == _outcomes[t].Length || !CanRun(t, next[t])) continue;
            ended = false;
            var mark = _world.Store.Mark();
            _world.Store.Actor = t + 1;
            _world.Sync.Run(Step(t, next[t]++));
            RunInTurn(next);
            next[t]--;
            _world.Store.Undo(mark);
        }
        if (ended) _serial.Add(Signature());
    }

    private double Orders()
    {
        var (orders, steps) = (1.0, 0);
        foreach (var thread in _outcomes)
            for (var i = 1; i <= thread.Length; i++) orders = orders * ++steps / i;
        return orders;
    }

    /// <summary>What somebody outside can tell: outcomes, pools, processes, their mappings and pages with the first byte of each stretch. Not which frame is where, nor how many faults it took.</summary>
    private string Signature()
    {
        var text = new StringBuilder();
        foreach (var thread in _outcomes) foreach (var step in thread) text.Append(step.Value.ToOutcome()).Append(' ').Append(step.Value.ToValue()).Append(';');
        foreach (var h in _world.Hstates) text.Append($"{h.Total}/{h.Free}/{h.Reserved.Value}/{h.Surplus};");
        foreach (var handle in _world.Processes.All)
        {
            var process = _world.Processes.All[handle];
            text.Append($"{Names.Of(process.Name)} {process.State} {process.Code} {Names.Of(process.Signal)};");
            if (process.Mm == 0) continue;
            foreach (var run in _world.Spaces.Tree(process.Mm).Runs())
            {
                var vma = _world.Spaces.Vmas[run.Value.Handle];
                var range = Value.OfRange(vma.Start, vma.Length);
                text.Append($"{vma.Start:x}-{vma.End:x} {vma.Flags};");
                foreach (var entry in _target.Observe(new("pages", Names.Of(process.Name), [range])).Entries ?? [])
                {
                    var first = _target.Observe(new("byte", Names.Of(process.Name), [Value.OfRange(vma.Start + entry.From, 1)])).Whole;
                    text.Append($"{entry.From:x}-{entry.To:x} {string.Join(' ', entry.Attributes)} {first};");
                }
            }
        }
        return text.ToString();
    }
}
