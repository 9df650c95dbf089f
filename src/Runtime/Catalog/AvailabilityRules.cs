using MmSpec.Kernels;

namespace MmSpec.Catalog;

/// <summary>The rules behind the catalogue's entries, for the registry.</summary>
internal static class AvailabilityRules
{
    internal static IEnumerable<Rule> All() =>
        Operations.All.Select(o => o.AvailableIn)
            .Concat(Operations.All.SelectMany(o => o.Parameters).Select(p => p.AvailableIn))
            .Concat(Constants.All.Select(c => c.AvailableIn))
            .Concat(ViewCatalog.All.Select(v => v.AvailableIn))
            .Concat(ViewCatalog.All.SelectMany(v => v.Fields).Select(f => f.AvailableIn))
            .Concat(MachineItems.All.SelectMany(i => i.Settings).Select(s => s.AvailableIn))
            .Select(a => a.Rule).OfType<Rule>().Distinct();
}
