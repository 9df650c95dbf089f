using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>The mixing function behind every fingerprint.</summary>
public static class StateHash
{
    /// <summary>Seeds of the two 64-bit lanes that make up a 128-bit fingerprint.</summary>
    internal const ulong LaneA = 0x9E37_79B9_7F4A_7C15, LaneB = 0xC2B2_AE3D_27D4_EB4F;

    /// <summary>Mixes <paramref name="value"/> into <paramref name="hash"/>. For a fixed hash it is one-to-one in the value, so two states that differ in one field never meet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong hash, ulong value)
    {
        hash ^= value * 0x9FB2_1C65_1E98_DF25;
        hash ^= hash >> 32;
        hash *= 0xD6E8_FEB8_6659_FD93;
        return hash ^ (hash >> 29);
    }

    /// <summary>Mixes a signed number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong hash, long value) => Mix(hash, (ulong)value);

    /// <summary>Mixes a flag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong hash, bool value) => Mix(hash, value ? 1UL : 0UL);

    /// <summary>A key for a <see cref="StateObject"/>: what it is, whose it is. Distinct arguments give distinct keys (up to hash collisions of 64 bits).</summary>
    /// <param name="kind">Which field of the model, e.g. a constant of the owning class.</param>
    /// <param name="owner">The owner's handle or number; 0 for the world itself.</param>
    /// <param name="index">A number within the owner.</param>
    public static ulong Key(ulong kind, ulong owner = 0, ulong index = 0) => Mix(Mix(Mix(LaneA, kind), owner), index);

    /// <summary>A hash of text that is the same in every process.</summary>
    public static ulong Text(string text)
    {
        var hash = LaneB;
        foreach (var c in text)
        {
            hash = Mix(hash, (ulong)c);
        }
        return hash;
    }
}
