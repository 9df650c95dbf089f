using MmSpec.State;

namespace MmSpec.Mm;

/// <summary>What a base page holds.</summary>
/// <param name="Id">Interned bytes; 0: all zero.</param>
/// <param name="Seed">One more than the seed of the pattern whose byte lies at offset 0; 0: none.</param>
/// <param name="Place">With a pattern: the page's place in it.</param>
internal readonly record struct Content(int Id, int Seed, int Place) : IRunValue<Content>
{
    /// <inheritdoc />
    public Content At(ulong delta) => Seed == 0 ? this : this with { Place = (int)(((ulong)Place + delta) & (Pattern.Period - 1)) };

    /// <inheritdoc />
    public ulong HashInto(ulong seed) => StateHash.Mix(StateHash.Mix(seed, (ulong)(uint)Id), ((ulong)(uint)Seed << 32) | (uint)Place);
}

/// <summary><c>pattern(seed)</c>: one byte a base page, never 0, different in neighbours and in neighbouring huge pages.</summary>
internal static class Pattern
{
    /// <summary>Places repeat after this many pages: one slot of <c>mmap</c> (1 GiB), so that a pattern looks the same from every mapping that starts a slot.</summary>
    public const ulong Period = 1UL << 18;

    /// <summary>The byte at a place.</summary>
    public static byte ByteAt(int seed, ulong place)
    {
        var k = (int)(place & (Period - 1));
        return (byte)(1 + (k + ((k >> 8) * 7) + (seed * 101)) % 255);
    }

    /// <summary>The seed as contents keep it.</summary>
    public static int Fold(Int128 seed) => (int)(((seed % 255) + 255) % 255);
}

/// <summary>The contents of all frames in use. Only bytes that were stored cost anything.</summary>
[SharedImmutable]
internal sealed class Contents
{
    private const string Interned = "grows only; an id means the same content for ever";

    private readonly RunMap<Content> _byFrame;
    [NotState(Interned)]
    private readonly List<int[]> _pages = [[]];                 // what was stored, by offset: offset and value in one word, see Stored
    [NotState(Interned)]
    private readonly Dictionary<string, int> _ids = new() { [""] = 0 };
    [NotState(Interned)]
    private readonly Dictionary<long, int> _stores = [];

    [NotState(Interned)]
    private (int Id, int Offset, byte Value, int Result) _last = (-1, 0, 0, 0);

    /// <summary>Makes the contents of an empty machine.</summary>
    public Contents(Store store) => _byFrame = new(store, StateHash.Key(StateKind.Contents));

    /// <summary>Frames come into use, filled with zeros.</summary>
    public void Clear(ulong pfn, ulong frames) => _byFrame.Set(pfn, pfn + frames, default);

    /// <summary>Frames go out of use.</summary>
    public void Forget(ulong pfn, ulong frames) => _byFrame.Remove(pfn, pfn + frames);

    /// <summary>Copies contents.</summary>
    public void Copy(ulong from, ulong to, ulong frames) => _byFrame.CopyTo(_byFrame, from, from + frames, null, to);

    /// <summary>Stores one byte at the same offset of each frame.</summary>
    public void Store(ulong pfn, ulong frames, int offset, byte value)
    {
        _byFrame.Update(pfn, pfn + frames, (This: this, offset, value), static (a, c) =>
        {
            var id = a.This.With(c.Id, a.offset, a.value);
            return a.offset == 0 ? new Content(id, 0, 0) : c with { Id = id };
        });
    }

    /// <summary>Stores the bytes of a pattern at offset 0 of each frame.</summary>
    public void StorePattern(ulong pfn, ulong frames, int seed, ulong place)
    {
        foreach (var run in _byFrame.Runs(pfn, pfn + frames))
        {
            var at = (int)((place + (run.From - pfn)) & (Pattern.Period - 1));
            _byFrame.Set(run.From, run.To, new Content(With(run.Value.Id, 0, 0), seed + 1, at));
        }
    }

    /// <summary>One byte.</summary>
    public byte ByteAt(ulong pfn, int offset) => _byFrame.TryGet(pfn, out var c) ? ByteOf(c, offset) : (byte)0;

    /// <summary>The first of the frames whose byte at the offset is not the expected one; <paramref name="frames"/> if there is none.</summary>
    /// <param name="pfn">First frame.</param>
    /// <param name="frames">How many.</param>
    /// <param name="offset">In each frame.</param>
    /// <param name="seed">Of the expected pattern, or -1: all bytes equal <paramref name="value"/>.</param>
    /// <param name="place">Of the first frame in the pattern.</param>
    /// <param name="value">Expected byte, without a pattern.</param>
    public ulong FirstDifference(ulong pfn, ulong frames, int offset, int seed, ulong place, byte value)
    {
        foreach (var run in _byFrame.Runs(pfn, pfn + frames))
        {
            var at = place + (run.From - pfn);
            if (seed < 0 && (run.Value.Seed == 0 || offset != 0))
            {
                if (ByteOf(run.Value, offset) != value) return run.From - pfn;
                continue;
            }
            if (seed >= 0 && offset == 0 && run.Value.Seed == seed + 1 && run.Value.Place == (int)(at & (Pattern.Period - 1))) continue;
            for (var i = 0UL; i < run.Length; i++)
            {
                var expected = seed < 0 ? value : Pattern.ByteAt(seed, at + i);
                if (ByteOf(run.Value.At(i), offset) != expected) return run.From - pfn + i;
            }
        }
        return frames;
    }

    /// <summary>How many frames are in use, and which.</summary>
    public ulong Covered => _byFrame.Covered;

    private byte ByteOf(Content c, int offset)
    {
        if (c.Seed != 0 && offset == 0) return Pattern.ByteAt(c.Seed - 1, (ulong)c.Place);
        foreach (var stored in _pages[c.Id]) if (stored >> 8 == offset) return (byte)stored;
        return 0;
    }

    private int With(int id, int offset, byte value)
    {
        var last = _last;
        if (last.Id == id && last.Offset == offset && last.Value == value) return last.Result;
        var result = Intern(id, offset, value);
        _last = (id, offset, value, result);
        return result;
    }

    private int Intern(int id, int offset, byte value)
    {
        var store = ((long)id << 32) | (uint)Stored(offset, value);
        if (_stores.TryGetValue(store, out var known)) return known;
        var bytes = new List<int>(_pages[id]);
        bytes.RemoveAll(b => b >> 8 == offset);
        if (value != 0) bytes.Add(Stored(offset, value));
        bytes.Sort();
        var text = string.Join(';', bytes);
        if (!_ids.TryGetValue(text, out var result))
        {
            result = _pages.Count;
            _pages.Add([.. bytes]);
            _ids.Add(text, result);
        }
        _stores.Add(store, result);
        return result;
    }

    private static int Stored(int offset, byte value) => (offset << 8) | value;
}
