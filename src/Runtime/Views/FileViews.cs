using System.Collections.Immutable;
using MmSpec.Mm;
using MmSpec.Testing;

namespace MmSpec.Views;

/// <summary>Views of open files.</summary>
internal static class FileViews
{
    /// <summary><c>stat(f)</c>.</summary>
    public static Dictionary<string, Value> Stat(World world, int file)
    {
        var inode = world.Files.Inodes[world.Files.Open[file].Inode];
        return new()
        {
            ["st_size"] = Value.OfSize(inode.Size),
            ["st_blocks"] = Value.OfNumber(inode.Cache.Covered * 8),
            ["st_nlink"] = Value.OfNumber(inode.Links),
            ["st_blksize"] = Value.OfSize(inode.Hstate == 0 ? 4096 : world.Hstate(inode.Hstate).Size),
        };
    }

    /// <summary><c>resv_map(f)</c>: the ranges of the file's reservation map, in huge pages.</summary>
    public static Observation ReserveMap(World world, int file)
    {
        var map = world.Files.Inodes[world.Files.Open[file].Inode].Reserve;
        var whole = ImmutableArray.CreateBuilder<Value>();
        var entries = new List<ObservedEntry>();
        if (map != 0)
        {
            foreach (var run in world.ReserveMaps.Entries(map).Runs())
            {
                whole.Add(Value.OfTuple([Value.OfNumber(run.From), Value.OfNumber(run.To)]));
                entries.Add(new(run.From, run.To, ["reserved"]));
            }
        }
        return new() { Whole = Value.OfTuple(whole.ToImmutable()), Entries = entries };
    }
}
