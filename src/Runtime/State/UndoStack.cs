using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>A growing stack that allocates nothing once it is warm.</summary>
internal struct UndoStack<T>
{
    private T[]? _items;
    private int _count;

    public readonly int Count => _count;

    public void Push(in T item)
    {
        if (_items is null || _count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(4, _count * 2));
        }
        _items[_count++] = item;
    }

    public T Pop()
    {
        var item = _items![--_count];
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _items[_count] = default!;
        }
        return item;
    }

    /// <summary>The uppermost <paramref name="n"/> items, lowest first.</summary>
    public readonly ReadOnlySpan<T> Top(int n) => n == 0 ? default : _items.AsSpan(_count - n, n);

    public void Drop(int n)
    {
        _count -= n;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>() && n > 0)
        {
            Array.Clear(_items!, _count, n);
        }
    }
}
