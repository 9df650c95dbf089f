using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>Something that holds state of the model: <see cref="Cell{T}"/>, <see cref="Slab{T}"/>, <see cref="RunMap{V}"/>. Nothing else in the model may change after its construction.</summary>
public abstract class StateObject
{
    private bool _registered;

    private protected StateObject(Store store, ulong key)
    {
        ArgumentNullException.ThrowIfNull(store);
        (Store, Key) = (store, key);
    }

    /// <summary>The name under which this object contributes to the fingerprint; it must be unique in its store and must not depend on the schedule (see <see cref="StateHash.Key"/>).</summary>
    public ulong Key { get; }

    internal Store Store { get; }

    /// <summary>Nothing here to contribute; the store forgets such objects, so that dropped ones can be collected.</summary>
    internal abstract bool IsVacant { get; }

    /// <summary>Takes back the last logged change. The store restores the fingerprint.</summary>
    internal abstract void UndoLast();

    /// <summary>Keeps the last logged change for good.</summary>
    internal abstract void ForgetLast();

    /// <summary>Adds everything that this object contributes, computed from scratch.</summary>
    internal abstract void Contribute(ref Fingerprint sum);

    /// <summary>Makes the object known to its store once it holds something.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void Register()
    {
        if (!_registered)
        {
            _registered = true;
            Store.Register(this);
        }
    }

    internal void Unregister() => _registered = false;
}

/// <summary>A sum of 128-bit contributions; addition makes it independent of their order.</summary>
internal struct Fingerprint
{
    public ulong A, B;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong a, ulong b) => (A, B) = (A + a, B + b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Subtract(ulong a, ulong b) => (A, B) = (A - a, B - b);

    public readonly UInt128 Value => new(A, B);
}
