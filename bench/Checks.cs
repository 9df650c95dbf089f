using System.Globalization;
using System.Text;

namespace MmSpec.Bench;

/// <summary><c>mmspec check</c> as a user starts it: a whole process, with nothing cached and with everything unchanged, beside an empty .NET program.</summary>
internal static class Checks
{
    internal static void Run(string mmspec, string empty, int rounds)
    {
        var root = Directory.CreateTempSubdirectory("mmspec-bench").FullName;
        try
        {
            var cache = Path.Combine(root, "cache");
            var variants = new List<ProcessTimer.Variant> { new("empty .NET program", [empty]) };
            foreach (var count in new[] { 1, 100, 1000 })
            {
                var folder = Path.Combine(root, $"specs{count}");
                Write(folder, count);
                variants.Add(new($"check {count}, nothing cached", [mmspec, "check", folder], () => Clear(cache)));
                variants.Add(new($"check {count}, unchanged", [mmspec, "check", folder]));
            }
            var medians = ProcessTimer.Medians(variants, rounds, new Dictionary<string, string> { ["XDG_CACHE_HOME"] = cache });
            var floor = medians["empty .NET program"];
            foreach (var variant in variants)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{variant.Name,-30} {medians[variant.Name],8:F0} ms   {medians[variant.Name] / floor,6:F1} x the empty program"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Clear(string cache)
    {
        if (Directory.Exists(cache)) Directory.Delete(cache, recursive: true);
    }

    /// <summary>Files of up to a hundred scenarios, each of six statements with numbers of its own.</summary>
    private static void Write(string folder, int scenarios)
    {
        Directory.CreateDirectory(folder);
        for (var file = 0; file * 100 < scenarios; file++)
        {
            var text = new StringBuilder("kernel 6.12+\nmachine small { hugepages 2M { nr: 8 } }\n");
            for (var i = 0; i < Math.Min(100, scenarios); i++)
            {
                var pages = 1 + i % 8;
                text.Append(CultureInfo.InvariantCulture, $$"""
                    scenario "reserve {{pages}} pages, variant {{i}}" {
                        machine small
                        process p {
                            let a = mmap(length: {{2 * pages}}M, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB)
                            expect pool == (8, 8, {{pages}}, 0)
                            store a[0]
                            expect HugePages_Rsvd == {{pages - 1}}
                            munmap(a)
                            expect pool == (8, 8, 0, 0)
                        }
                    }

                    """);
            }
            File.WriteAllText(Path.Combine(folder, $"f{file}.mmspec"), text.ToString());
        }
    }
}
