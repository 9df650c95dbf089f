using MmSpec.Hugetlb;

namespace MmSpec.Mm;

/// <summary>Recomputes every cached number from first principles.</summary>
internal sealed class SlowTwins(World world)
{
    /// <summary>What does not agree, one line each.</summary>
    public IReadOnlyList<string> Find()
    {
        var wrong = new List<string>();
        if (world.HasCrashed) return wrong;
        var mapped = new Dictionary<ulong, int>();
        CountMaps(mapped, wrong);
        foreach (var run in world.Memory.Pages.Runs())
        {
            // A run's frames are alike, so that its ends and the borders of mapped stretches inside it show every difference.
            if (mapped.GetValueOrDefault(run.From) != run.Value.Maps && mapped.Count < Budget) wrong.Add($"frame {run.From} has map count {run.Value.Maps}, it is mapped {mapped.GetValueOrDefault(run.From)} times");
        }
        if (world.Memory.Contents.Covered != world.Memory.Pages.Covered) wrong.Add($"{world.Memory.Contents.Covered} frames have contents, {world.Memory.Pages.Covered} are in use");
        foreach (var h in world.Hstates) CheckPool(h, wrong);
        return wrong;
    }

    private const int Budget = 1 << 16;

    private void CountMaps(Dictionary<ulong, int> mapped, List<string> wrong)
    {
        foreach (var mm in world.Spaces.Mms)
        {
            foreach (var run in world.Spaces.Table(mm).Runs())
            {
                if ((run.Value.Bits & PteBits.Zero) != 0) continue;
                foreach (var page in world.Memory.Pages.Runs(run.Value.Pfn, run.Value.Pfn + run.Length))
                    mapped[page.From] = mapped.GetValueOrDefault(page.From) + 1;
                if (world.Memory.Pages.CountIn(run.Value.Pfn, run.Value.Pfn + run.Length) != run.Length) wrong.Add($"frames from {run.Value.Pfn} on are mapped but not in use");
            }
        }
    }

    private void CheckPool(Hstate h, List<string> wrong)
    {
        var used = new ulong[h.Nodes.Length];
        foreach (var run in world.Memory.Pages.Runs()) if (run.Value.Hstate == h.Number) used[PhysicalMemory.NodeOf(run.From)] += run.Length / h.Frames;
        for (var n = 0; n < h.Nodes.Length; n++)
        {
            var node = h.Nodes[n].Value;
            if (h.FreeFrames[n].Covered / h.Frames != node.Free) wrong.Add($"node {n} counts {node.Free} free pages of {h.Size >> 10} kB, its list has {h.FreeFrames[n].Covered / h.Frames}");
            if (node.Free + used[n] + h.StagedFrames[n].Covered / h.Frames != node.Total) wrong.Add($"node {n} counts {node.Total} pages of {h.Size >> 10} kB: {node.Free} free, {used[n]} in use");
            if (node.Surplus > node.Total) wrong.Add($"node {n} has more surplus pages than pages");
        }
    }
}
