using System.ComponentModel;
using MmSpec.Kernels;
using MmSpec.Testing;

namespace MmSpec.NUnit;

/// <summary>
/// The base of generated fixtures: opens and closes the run of a case. It keeps nothing between the two, so cases may run in parallel on one instance.
/// </summary>
public abstract class SpecFixture
{
    /// <summary>Prepares a case; generated code calls it first.</summary>
    /// <param name="kernel">Kernel, as a specification writes it.</param>
    /// <param name="machine">Machine of the row.</param>
    /// <param name="slots">Slots that the statements use.</param>
    /// <param name="patches">The file's own patches over those in the box; null: there are none.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected ScenarioRun Open(string kernel, Machine machine, int slots, PatchTable? patches)
    {
        if (!Kernel.TryParse(kernel, out var parsed)) throw new ArgumentException($"'{kernel}' is no kernel.", nameof(kernel));
        var host = SpecHost.Current ?? NUnitHost.Instance;
        var targets = host.Targets(patches ?? PatchTable.Box);
        return new ScenarioRun(targets, parsed, machine, SpecFile.Of(GetType()), slots, host.Options);
    }

    /// <summary>Ends a case and reports what became of it; generated code calls it last.</summary>
    /// <param name="run">What <see cref="Open"/> gave.</param>
    /// <param name="method">Name of the method, for stack traces.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void Close(ScenarioRun run, string method)
    {
        var result = run.Result;
        run.Dispose();
        if (SpecHost.Current is { } host) host.Report(result);
        else NUnitReport.Report(result, $"{GetType().FullName}.{method}");
    }
}
