namespace MmSpec.Sync;

/// <summary>How a lock is asked for.</summary>
internal enum LockMode : byte { None, Read, Write, TryRead, TryWrite }

/// <summary>A lock and how it is asked for, in one word: it is copied on every lock operation.</summary>
/// <param name="Bits">Instance (32 bits), class (8), mode (8), subclass (8), from the lowest.</param>
internal readonly record struct LockWish(ulong Bits)
{
    public LockWish(LockMode mode, LockClass c, int instance, int subclass) : this((uint)instance | ((ulong)c << 32) | ((ulong)mode << 40) | ((ulong)(byte)subclass << 48))
    {
    }

    public LockMode Mode => (LockMode)(byte)(Bits >> 40);

    public LockClass Class => (LockClass)(byte)(Bits >> 32);

    public int Subclass => (byte)(Bits >> 48);

    public bool IsWrite => Mode is LockMode.Write or LockMode.TryWrite;

    public bool IsAttempt => Mode >= LockMode.TryRead;

    /// <summary>Names the lock, whoever asks for it how.</summary>
    public ulong Id => Bits & 0xFF_FFFF_FFFF;

    public static ulong IdOf(LockClass c, int instance) => (uint)instance | ((ulong)c << 32);

    /// <summary>The name of a lock for people.</summary>
    public static string Name(ulong id) => $"{(LockClass)(id >> 32)}({(int)(uint)id})";

    public override string ToString() => $"{Name(Id)}.{Mode.ToString().ToLowerInvariant()}";
}

/// <summary>What a parked thread does first when it runs again: ask for a lock, or pass a point.</summary>
/// <param name="Wish">The lock; the default if it waits for none.</param>
/// <param name="What">The name of the point.</param>
internal readonly record struct Pending(LockWish Wish, string? What = null)
{
    public override string ToString() => Wish.Mode == LockMode.None ? What ?? "start" : Wish.ToString();
}
