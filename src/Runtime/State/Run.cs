namespace MmSpec.State;

/// <summary>A stretch of a <see cref="RunMap{V}"/>.</summary>
/// <param name="From">First place.</param>
/// <param name="To">First place after it.</param>
/// <param name="Value">The value at <paramref name="From"/>; at <c>From + d</c> it is <c>Value.At(d)</c>.</param>
public readonly record struct Run<V>(ulong From, ulong To, V Value) where V : struct, IRunValue<V>
{
    /// <summary>How many places it covers.</summary>
    public ulong Length => To - From;

    /// <summary>The part of the run that lies in [from, to); they must overlap.</summary>
    internal Run<V> Clip(ulong from, ulong to)
    {
        var start = Math.Max(from, From);
        return new(start, Math.Min(to, To), start == From ? Value : Value.At(start - From));
    }
}

/// <summary>A stretch of places, [From, To).</summary>
public readonly record struct Extent(ulong From, ulong To)
{
    /// <summary>How many places it covers.</summary>
    public ulong Length => To - From;
}
