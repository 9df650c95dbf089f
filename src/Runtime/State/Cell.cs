using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>One value of the model. The default of <typeparamref name="T"/> contributes nothing to the fingerprint.</summary>
/// <typeparam name="T">A number, an enum, or a struct whose fields are such (or which is an <see cref="IStateful{T}"/>).</typeparam>
public sealed class Cell<T> : StateObject where T : struct, IEquatable<T>
{
    private T _value;
    private UndoStack<T> _undo;

    /// <summary>Makes a cell.</summary>
    /// <param name="store">The world's store.</param>
    /// <param name="key">The cell's name in the fingerprint, see <see cref="StateObject.Key"/>.</param>
    /// <param name="initial">The first value.</param>
    public Cell(Store store, ulong key, T initial = default) : base(store, key)
    {
        if (!initial.Equals(default))
        {
            Value = initial;
        }
    }

    /// <summary>The value.</summary>
    public T Value
    {
        get => _value;
        set
        {
            Register();
            if (Store.Journaling)
            {
                Change(value);
            }
            else
            {
                _value = value;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_value}";

    internal override bool IsVacant => _undo.Count == 0 && _value.Equals(default);

    internal override void UndoLast() => _value = _undo.Pop();

    internal override void ForgetLast() => _undo.Pop();

    internal override void Contribute(ref Fingerprint sum)
    {
        if (!_value.Equals(default))
        {
            var (a, b) = Lanes();
            sum.Add(a, b);
        }
    }

    private void Change(T value)
    {
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>() && _value.Equals(value))
        {
            return;
        }
        Store.Log(this);
        _undo.Push(_value);
        if (!_value.Equals(default))
        {
            var (a, b) = Lanes();
            Store.Sum.Subtract(a, b);
        }
        _value = value;
        Contribute(ref Store.Sum);
    }

    private (ulong A, ulong B) Lanes()
    {
        var (a, b) = (StateHash.LaneA ^ Key, StateHash.LaneB ^ Key);
        ValueHash<T>.Mix(ref _value, ref a, ref b);
        return (a, b);
    }
}
