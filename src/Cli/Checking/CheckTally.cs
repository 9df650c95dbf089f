using MmSpec.Kernels;
using MmSpec.NUnit;
using MmSpec.Testing;

namespace MmSpec.Cli.Checking;

/// <summary>Counts results and knows what exit code they come to.</summary>
internal sealed class CheckTally
{
    /// <summary>Cases in which everything holds.</summary>
    public int Passed { get; private set; }
    /// <summary>Cases in which something does not.</summary>
    public int Failed { get; private set; }
    /// <summary>Cases that reached a bound.</summary>
    public int Undecided { get; private set; }
    /// <summary>Cases that their target cannot run.</summary>
    public int NotApplicable { get; private set; }
    /// <summary>Cases in which the tool itself failed.</summary>
    public int Broken { get; private set; }
    /// <summary>All of them.</summary>
    public int Cases => Passed + Failed + Undecided + NotApplicable + Broken;

    private readonly Dictionary<SpecPlace, (GapResult Gap, bool HeldEverywhere)> _gaps = [];

    /// <summary>Known gaps, each counted once however many kernels it ran on.</summary>
    public int Gaps => _gaps.Count;

    /// <summary>Cases whose verdict hangs on rules that no real kernel has confirmed.</summary>
    public int Unconfirmed { get; private set; }

    private KernelVersion _newestUnpatched = KernelReleases.Oldest;

    /// <summary>Whether each of them ran on a kernel older than this one, or on a patched one.</summary>
    public bool UnconfirmedOnlyBefore(KernelVersion version) => _newestUnpatched < version;

    /// <summary>Known gaps that held on every kernel they ran on, so that they are none.</summary>
    public IEnumerable<GapResult> ClosedGaps => _gaps.Values.Where(g => g.HeldEverywhere).Select(g => g.Gap);

    /// <summary>Counts a result.</summary>
    public void Add(CaseResult result)
    {
        switch (CaseText.VerdictOf(result))
        {
            case null: Broken++; break;
            case CaseVerdict.Passed: Passed++; break;
            case CaseVerdict.Failed: Failed++; break;
            case CaseVerdict.Undecided: Undecided++; break;
            default: NotApplicable++; break;
        }
        if (result.Result is { Unconfirmed.IsEmpty: false } answer)
        {
            Unconfirmed++;
            if (answer.Kernel.Patches.IsEmpty && answer.Kernel.Version > _newestUnpatched) _newestUnpatched = answer.Kernel.Version;
        }
        foreach (var gap in result.Result?.Gaps ?? [])
            _gaps[gap.Place] = (gap, gap.Held && (!_gaps.TryGetValue(gap.Place, out var before) || before.HeldEverywhere));
    }

    /// <summary>The exit code of what ran; <see cref="ExitCodes.NothingRan"/> where nothing did.</summary>
    public int ExitCode()
    {
        var code = Passed + Failed + Undecided + Broken == 0 ? ExitCodes.NothingRan : ExitCodes.Ok;
        if (Failed > 0 || ClosedGaps.Any()) code = ExitCodes.Worst(code, ExitCodes.Failed);
        if (Undecided > 0) code = ExitCodes.Worst(code, ExitCodes.Undecided);
        return Broken > 0 ? ExitCodes.Internal : code;
    }
}
