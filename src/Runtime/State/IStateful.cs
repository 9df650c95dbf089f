namespace MmSpec.State;

/// <summary>A struct that lives in a <see cref="Slab{T}"/> and says what it contributes to the fingerprint.</summary>
/// <typeparam name="T">The struct itself.</typeparam>
public interface IStateful<T> : IEquatable<T> where T : struct
{
    /// <summary>
    /// Mixes every field into <paramref name="seed"/> with <see cref="StateHash.Mix(ulong, ulong)"/>. References to <see cref="StateObject"/>s inside the struct
    /// stay out: they contribute themselves. Two values with different futures must differ here, else a search may prune what it has not seen.
    /// </summary>
    ulong HashInto(ulong seed);
}

/// <summary>A value of a <see cref="RunMap{V}"/>: it advances along its run, as a page frame number does.</summary>
/// <typeparam name="V">The struct itself.</typeparam>
public interface IRunValue<V> : IStateful<V> where V : struct
{
    /// <summary>
    /// The value <paramref name="delta"/> places further on. <c>At(0)</c> is the value itself and <c>At(a).At(b)</c> equals <c>At(a + b)</c>;
    /// two adjacent runs are one when the second's value equals the first's at its length.
    /// </summary>
    V At(ulong delta);
}
