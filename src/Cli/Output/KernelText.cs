using MmSpec.Kernels;

namespace MmSpec.Cli.Output;

/// <summary>Lists of kernels as a specification writes them: runs of releases as <c>2.6.27 .. 7.3</c>.</summary>
public static class KernelText
{
    private const int ShortestRun = 3;

    /// <summary>Formats kernels; three or more releases that follow each other become a range, which takes in their point releases.</summary>
    /// <param name="kernels">As a case names them.</param>
    public static string Compress(IEnumerable<Kernel> kernels)
    {
        var all = kernels.ToList();
        if (all.Count == 1) return all[0].ToString();           // the usual case, without code that is compiled only when it is first run
        var plain = all.Where(k => k.Patches.IsEmpty).Select(k => k.Version).ToHashSet();
        var parts = new List<(KernelVersion Order, string Text)>();
        var mainline = KernelReleases.Mainline;
        for (var i = 0; i < mainline.Length; i++)
        {
            var first = i;
            while (i < mainline.Length && plain.Contains(mainline[i])) i++;
            if (i - first < ShortestRun) continue;
            parts.Add((mainline[first], $"{mainline[first]} .. {mainline[i - 1]}"));
            var (from, to) = (mainline[first], mainline[i - 1]);
            plain.RemoveWhere(v => v.Series >= from && v.Series <= to);
        }
        parts.AddRange(plain.Select(v => (v, v.ToString())));
        parts.AddRange(all.Where(k => !k.Patches.IsEmpty).Select(k => (k.Version, k.ToString())));
        return string.Join(", ", parts.OrderBy(p => p.Order).Select(p => p.Text));
    }
}
