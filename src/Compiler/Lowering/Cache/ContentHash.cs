using System.Globalization;
using System.Runtime.InteropServices;

namespace MmSpec.Lowering;

/// <summary>
/// A 128-bit hash of content, not cryptographic: a cache key. (SHA would load a native library at every start, which costs more than all the rest of
/// a run that finds everything in the cache.)
/// </summary>
/// <param name="High">First half.</param>
/// <param name="Low">Second half.</param>
public readonly record struct ContentHash(ulong High, ulong Low)
{
    private const ulong Prime1 = 0x9E3779B97F4A7C15, Prime2 = 0xC2B2AE3D27D4EB4F;

    /// <summary>The hash of nothing.</summary>
    public static ContentHash Empty => new(Prime1, Prime2);

    /// <summary>The hash of a text, by its UTF-16 units.</summary>
    public static ContentHash Of(string text) => Empty.With(text);

    /// <summary>The hash of bytes.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> bytes) => Empty.With(bytes);

    /// <summary>What was hashed before, followed by a text.</summary>
    public ContentHash With(string text) => With(MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>What was hashed before, followed by bytes. The length counts too, so that the parts of a sequence cannot flow into each other.</summary>
    public ContentHash With(ReadOnlySpan<byte> bytes)
    {
        ulong a = High ^ (ulong)bytes.Length, b = Low + (ulong)bytes.Length * Prime2;
        while (bytes.Length >= 8)
        {
            var word = MemoryMarshal.Read<ulong>(bytes);
            Mix(ref a, ref b, word);
            bytes = bytes[8..];
        }
        ulong rest = 0;
        for (var i = 0; i < bytes.Length; i++) rest |= (ulong)bytes[i] << (8 * i);
        Mix(ref a, ref b, rest);
        return new(Finish(a + b), Finish(b ^ ulong.RotateLeft(a, 32)));
    }

    private static void Mix(ref ulong a, ref ulong b, ulong word)
    {
        var high = Math.BigMul(a ^ word, Prime1, out var low);
        a = high ^ low ^ b;
        b = ulong.RotateLeft(b + word, 29) * Prime2 + low;
    }

    private static ulong Finish(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);
}
