using MmSpec.Kernels;

namespace MmSpec.Testing;

/// <summary>Makes emulators.</summary>
/// <param name="patches">Patches that kernels may name; null: those in the box.</param>
public sealed class EmulatorTargetFactory(PatchTable? patches = null) : ITargetFactory
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<PatchTable, System.Collections.Concurrent.ConcurrentDictionary<Kernel, Traits>> Resolved = new();

    /// <summary>Really suspend at every scheduling point; also set by the environment variable MMSPEC_FORCE_YIELD=1. For tests.</summary>
    public bool ForceYield { get; init; } = Environment.GetEnvironmentVariable("MMSPEC_FORCE_YIELD") == "1";

    /// <summary>Note which rules are asked for, so that a result can name those that no real kernel has confirmed. Costs a store a question.</summary>
    public bool NotesRules { get; init; } = true;

    /// <summary>Change one page at a time where a range could be changed. For tests.</summary>
    public bool SinglePages { get; init; }

    /// <inheritdoc />
    public ITarget Create(Kernel kernel, Machine machine, bool tracing)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(machine);
        if ((patches ?? PatchTable.Box).Problem(kernel) is { } problem) throw new NotSupportedException(problem);
        var config = new Dictionary<string, bool>();
        foreach (var item in machine.Items)
        {
            if (item.Kind != "config") continue;
            foreach (var setting in item.Settings) config[setting.Name] = setting.Value.Kind == ValueKind.Text ? setting.Value.Text is "y" or "m" : setting.Value.Number > 0;
        }
        var traits = config.Count > 0 ? Traits.Resolve(kernel, patches, config) : Resolved.GetOrAdd(patches ?? PatchTable.Box, static _ => new()).GetOrAdd(kernel, k => Traits.Resolve(k, patches));
        return new EmulatorTarget(NotesRules ? traits.Noting() : traits, machine, tracing, ForceYield, SinglePages);
    }
}
