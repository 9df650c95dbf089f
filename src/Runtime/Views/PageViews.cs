using System.Globalization;
using MmSpec.Mm;
using MmSpec.Testing;

namespace MmSpec.Views;

/// <summary>Views of single pages (fs/proc/task_mmu.c:pagemap_read; fs/proc/page.c: kpageflags, kpagecount).</summary>
internal static class PageViews
{
    /// <summary><c>pages(R)</c>.</summary>
    public static Observation Pages(World world, int mm, Value range)
    {
        var (start, end) = MappingViews.Extent(world, mm, range);
        var entries = new List<ObservedEntry>();
        var at = start >> 12;
        var stop = (end + 4095) >> 12;
        foreach (var run in world.Spaces.Table(mm).Runs(at, stop))
        {
            if (run.From > at) Add(entries, start, end, at, run.From, ["none"]);
            if ((run.Value.Bits & PteBits.Zero) != 0)
            {
                Add(entries, start, end, run.From, run.To, ["present", "zero-page"]);
            }
            else
            {
                foreach (var page in world.Memory.Pages.Runs(run.Value.Pfn, run.Value.Pfn + run.Length))
                    Add(entries, start, end, run.From + (page.From - run.Value.Pfn), run.From + (page.To - run.Value.Pfn), Words(world, page.Value));
            }
            at = run.To;
        }
        if (at < stop) Add(entries, start, end, at, stop, ["none"]);
        return new() { Entries = entries };
    }

    /// <summary><c>page(R)</c>: an identity.</summary>
    public static Observation Identity(World world, int mm, ulong address)
    {
        if (address >= World.TaskSize || !world.Spaces.Table(mm).TryGet(address >> 12, out var pte)) return new() { Whole = Value.OfText("none") };
        return new() { Whole = Value.OfText("\0" + ((pte.Bits & PteBits.Zero) != 0 ? "zero" : pte.Pfn.ToString(CultureInfo.InvariantCulture))) };
    }

    /// <summary><c>byte(R)</c>.</summary>
    public static Observation Byte(World world, int mm, ulong address)
    {
        if (address >= World.TaskSize || !world.Spaces.Table(mm).TryGet(address >> 12, out var pte)) return new() { Whole = Value.OfText("none") };
        return new() { Whole = Value.OfNumber((pte.Bits & PteBits.Zero) != 0 ? 0 : world.Memory.Contents.ByteAt(pte.Pfn, (int)(address & 4095))) };
    }

    private static string[] Words(World world, Page page)
    {
        var words = new List<string> { "present", page.Kind == PageKind.Anon ? "anon" : "file" };
        if (page.Hstate != 0)
        {
            words.Add("hugetlb");
            words.Add(string.Create(CultureInfo.InvariantCulture, $"order {world.Hstate(page.Hstate).Shift - 12}"));
        }
        if (page.Maps == 1) words.Add("exclusive");
        words.Add(string.Create(CultureInfo.InvariantCulture, $"mapcount {page.Maps}"));
        return [.. words];
    }

    private static void Add(List<ObservedEntry> entries, ulong start, ulong end, ulong from, ulong to, string[] words)
    {
        var (first, last) = (Math.Max(start, from << 12) - start, Math.Min(end, to << 12) - start);
        if (entries.Count > 0 && entries[^1].To == first && entries[^1].Attributes.SequenceEqual(words)) entries[^1] = entries[^1] with { To = last };
        else entries.Add(new(first, last, words));
    }
}
