using System.Collections.Immutable;

namespace MmSpec.Testing;

/// <summary>How a step came out (LANGUAGE §6, OUTCOME).</summary>
public enum OutcomeKind : byte
{
    /// <summary>Success; for a call the value is in <see cref="StepResult.Returned"/>.</summary>
    Ok,
    /// <summary>The call failed with the errno in <see cref="Outcome.Name"/>.</summary>
    Errno,
    /// <summary>A signal that was caught: name, code and address.</summary>
    Signal,
    /// <summary>The process was killed by the signal in Name.</summary>
    Killed,
    /// <summary>The OOM killer took the process in Name.</summary>
    OomKill,
    /// <summary>The step blocks.</summary>
    Blocked,
    /// <summary>The process ended with the code in At.</summary>
    Exit,
    /// <summary>A BUG of the modelled kernel: the world ends.</summary>
    Bug,
    /// <summary>A WARN of the modelled kernel; the step went on and succeeded otherwise.</summary>
    Warn,
    /// <summary>The modelled code corrupts memory; the model went on as if it had not.</summary>
    Undefined,
    /// <summary>The modelled code crashes: the world ends.</summary>
    Oops,
    /// <summary>Memory holds another byte than the step expected.</summary>
    Mismatch,
    /// <summary>In patterns only: anything.</summary>
    Any,
    /// <summary>In patterns only: success with a value that equals the pattern's.</summary>
    Returns,
    /// <summary>The step was not run in this execution (a thread that died or never got there).</summary>
    Skipped,
}

/// <summary>How one step came out.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Name">errno, signal or process name; a BUG's or oops's place in words.</param>
/// <param name="Code">Signal code (<c>BUS_ADRERR</c>), or null.</param>
/// <param name="At">Signal: the faulting address (bytes, absolute). Exit: the code. Mismatch: the address.</param>
/// <param name="Got">Mismatch: the byte that was there.</param>
public sealed record Outcome(OutcomeKind Kind, string? Name = null, string? Code = null, ulong At = 0, byte Got = 0)
{
    /// <summary>Success.</summary>
    public static Outcome Ok { get; } = new(OutcomeKind.Ok);
    /// <summary>Not run.</summary>
    public static Outcome Skipped { get; } = new(OutcomeKind.Skipped);
    /// <summary>A failed call.</summary>
    public static Outcome Errno(string name) => new(OutcomeKind.Errno, name);
    /// <summary>A caught signal.</summary>
    public static Outcome Signal(string name, string code, ulong at) => new(OutcomeKind.Signal, name, code, at);
    /// <summary>Death by a signal.</summary>
    public static Outcome Killed(string signal) => new(OutcomeKind.Killed, signal);

    /// <summary>As a specification writes it (an address in hexadecimal, since the region is not known here).</summary>
    public override string ToString() => Kind switch
    {
        OutcomeKind.Ok => "ok",
        OutcomeKind.Errno => Name!,
        OutcomeKind.Signal => Code is null ? Name! : $"{Name} {Code} at 0x{At:x}",
        OutcomeKind.Killed => "killed " + Name,
        OutcomeKind.OomKill => $"oom-kill({Name})",
        OutcomeKind.Blocked => "blocked",
        OutcomeKind.Exit => $"exit {At}",
        OutcomeKind.Bug => Name is null ? "BUG" : $"BUG ({Name})",
        OutcomeKind.Warn => Name is null ? "WARN" : $"WARN ({Name})",
        OutcomeKind.Undefined => Name is null ? "undefined" : $"undefined ({Name})",
        OutcomeKind.Oops => Name is null ? "oops" : $"oops ({Name})",
        OutcomeKind.Mismatch => $"0x{Got:x2} at 0x{At:x}",
        OutcomeKind.Skipped => "not run",
        _ => Kind.ToString(),
    };
}

/// <summary>One member of an expected outcome: <c>SIGBUS BUS_ADRERR at 2M</c>.</summary>
/// <param name="Kind">Which kind of outcome it allows.</param>
/// <param name="Name">errno, signal; null allows any (for BUG, WARN, undefined, oops).</param>
/// <param name="Code">Signal code that must match; null: any.</param>
/// <param name="At">Signal place, relative to the named region; null: any.</param>
/// <param name="Value">For <see cref="OutcomeKind.Returns"/> and <see cref="OutcomeKind.Exit"/>: the value that must be returned.</param>
/// <param name="Processes">For <see cref="OutcomeKind.OomKill"/>: one of these is taken.</param>
public sealed record OutcomePattern(OutcomeKind Kind, string? Name = null, string? Code = null, Expr? At = null, Expr? Value = null, ImmutableArray<string> Processes = default);

/// <summary>The outcomes that one kernel allows: <c>A or B</c>.</summary>
public sealed record OutcomeSet(ImmutableArray<OutcomePattern> AnyOf);
