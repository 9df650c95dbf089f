using System.Diagnostics;

namespace MmSpec.Cli.Output;

/// <summary>A line that says how far a long run is. It is drawn over, and only where <see cref="Terminal.CanRedraw"/> says that this works.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="total">Cases.</param>
/// <param name="interval">How long the line, once drawn, is let be, and how long a run may last without one.</param>
internal sealed class Progress(Terminal terminal, int total, TimeSpan interval)
{
    private long _last = Stopwatch.GetTimestamp();
    private bool _shown, _wiped;
    private int _done;

    /// <summary>Wipes the line off, so that something else can be written.</summary>
    public void Clear()
    {
        if (!_shown) return;
        terminal.Out.Write("\r\e[K");
        (_shown, _wiped) = (false, true);
    }

    /// <summary>One more case is done; draws the line from time to time.</summary>
    public void Advance()
    {
        _done++;
        if (!terminal.CanRedraw || _done == total || (!_wiped && Stopwatch.GetElapsedTime(_last) < interval)) return;
        terminal.Out.Write($"\r\e[K{terminal.Faint($"{_done} of {total} cases")}");
        terminal.Out.Flush();
        (_shown, _wiped, _last) = (true, false, Stopwatch.GetTimestamp());
    }
}
