using System.Collections.Immutable;

namespace MmSpec.Catalog;

/// <summary>Signals, by name, and the codes that come with those that a memory access raises.</summary>
public static class Signals
{
    /// <summary>Number of each signal on x86-64.</summary>
    public static IReadOnlyDictionary<string, int> Numbers { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["SIGHUP"] = 1,
        ["SIGINT"] = 2,
        ["SIGQUIT"] = 3,
        ["SIGILL"] = 4,
        ["SIGTRAP"] = 5,
        ["SIGABRT"] = 6,
        ["SIGBUS"] = 7,
        ["SIGFPE"] = 8,
        ["SIGKILL"] = 9,
        ["SIGUSR1"] = 10,
        ["SIGSEGV"] = 11,
        ["SIGUSR2"] = 12,
        ["SIGPIPE"] = 13,
        ["SIGALRM"] = 14,
        ["SIGTERM"] = 15,
        ["SIGCHLD"] = 17,
        ["SIGCONT"] = 18,
        ["SIGSTOP"] = 19,
        ["SIGTSTP"] = 20,
        ["SIGXCPU"] = 24,
        ["SIGXFSZ"] = 25,
        ["SIGSYS"] = 31,
    };

    /// <summary>Number of each code, and the signal that it comes with.</summary>
    public static IReadOnlyDictionary<string, (string Signal, int Number)> Codes { get; } = new Dictionary<string, (string, int)>(StringComparer.Ordinal)
    {
        ["BUS_ADRALN"] = ("SIGBUS", 1),
        ["BUS_ADRERR"] = ("SIGBUS", 2),
        ["BUS_OBJERR"] = ("SIGBUS", 3),
        ["BUS_MCEERR_AR"] = ("SIGBUS", 4),
        ["BUS_MCEERR_AO"] = ("SIGBUS", 5),
        ["SEGV_MAPERR"] = ("SIGSEGV", 1),
        ["SEGV_ACCERR"] = ("SIGSEGV", 2),
        ["SEGV_BNDERR"] = ("SIGSEGV", 3),
        ["SEGV_PKUERR"] = ("SIGSEGV", 4),
        ["TRAP_BRKPT"] = ("SIGTRAP", 1),
        ["TRAP_TRACE"] = ("SIGTRAP", 2),
        ["TRAP_HWBKPT"] = ("SIGTRAP", 4),
    };

    /// <summary>Whether it is the name of a signal.</summary>
    public static bool IsSignal(string name) => Numbers.ContainsKey(name);

    /// <summary>Whether a signal that is neither caught nor ignored ends the process; the others stop it, let it go on, or do nothing.</summary>
    public static bool EndsProcess(string name) => IsSignal(name) && name is not ("SIGCHLD" or "SIGCONT" or "SIGSTOP" or "SIGTSTP");

    /// <summary>Whether the code can come with the signal.</summary>
    public static bool IsCodeOf(string code, string signal) => Codes.TryGetValue(code, out var entry) && entry.Signal == signal;

    /// <summary>The codes of a signal.</summary>
    public static ImmutableArray<string> CodesOf(string signal) => [.. Codes.Where(c => c.Value.Signal == signal).OrderBy(c => c.Value.Number).Select(c => c.Key)];
}
