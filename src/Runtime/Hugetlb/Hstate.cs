using MmSpec.Mm;
using MmSpec.State;

namespace MmSpec.Hugetlb;

/// <summary>The counts of one size on one node.</summary>
/// <param name="Total">nr_huge_pages_node.</param>
/// <param name="Free">free_huge_pages_node.</param>
/// <param name="Surplus">surplus_huge_pages_node: a count only, no page is marked.</param>
internal readonly record struct PoolNode(ulong Total, ulong Free, ulong Surplus);

/// <summary>The pool of one huge page size (struct hstate).</summary>
[SharedImmutable]
internal sealed class Hstate
{
    /// <summary>Makes an empty pool.</summary>
    /// <param name="store">The world's store.</param>
    /// <param name="number">From 1.</param>
    /// <param name="shift">Base-2 logarithm of the page size in bytes.</param>
    /// <param name="nodes">How many nodes there are.</param>
    public Hstate(Store store, byte number, int shift, int nodes)
    {
        (Number, Shift) = (number, shift);
        Nodes = new Cell<PoolNode>[nodes];
        FreeFrames = new RunMap<Mark>[nodes];
        StagedFrames = new RunMap<Mark>[nodes];
        for (var n = 0; n < nodes; n++)
        {
            Nodes[n] = new(store, StateHash.Key(StateKind.PoolNode, number, (ulong)n));
            FreeFrames[n] = new(store, StateHash.Key(StateKind.PoolFree, number, (ulong)n));
            StagedFrames[n] = new(store, StateHash.Key(StateKind.PoolStaged, number, (ulong)n));
        }
        Reserved = new(store, StateHash.Key(StateKind.Reserved, number));
        Overcommit = new(store, StateHash.Key(StateKind.Overcommit, number));
        NextToGrow = new(store, StateHash.Key(StateKind.NextToGrow, number));
        NextToShrink = new(store, StateHash.Key(StateKind.NextToShrink, number));
    }

    /// <summary>From 1, in ascending order of size.</summary>
    public byte Number { get; }
    /// <summary>Base-2 logarithm of the page size in bytes.</summary>
    public int Shift { get; }
    /// <summary>Bytes of a page.</summary>
    public ulong Size => 1UL << Shift;
    /// <summary>Base pages of a page.</summary>
    public ulong Frames => 1UL << (Shift - 12);
    /// <summary>Larger than the buddy allocator's largest block.</summary>
    public bool IsGigantic => Shift > 22;

    /// <summary>Counts by node.</summary>
    public Cell<PoolNode>[] Nodes { get; }
    /// <summary>Free pages by node, as frames.</summary>
    public RunMap<Mark>[] FreeFrames { get; }
    /// <summary>Surplus pages that a reservation has allocated but not yet enqueued; they count in Total and Surplus only.</summary>
    public RunMap<Mark>[] StagedFrames { get; }
    /// <summary>resv_huge_pages. Unsigned, and it may wrap.</summary>
    public Cell<ulong> Reserved { get; }
    /// <summary>nr_overcommit_huge_pages.</summary>
    public Cell<ulong> Overcommit { get; }
    /// <summary>Node that grows next (next_nid_to_alloc).</summary>
    public Cell<int> NextToGrow { get; }
    /// <summary>Node that shrinks next (next_nid_to_free).</summary>
    public Cell<int> NextToShrink { get; }

    /// <summary>nr_huge_pages.</summary>
    public ulong Total
    {
        get
        {
            var sum = 0UL;
            foreach (var node in Nodes) sum += node.Value.Total;
            return sum;
        }
    }

    /// <summary>free_huge_pages.</summary>
    public ulong Free
    {
        get
        {
            var sum = 0UL;
            foreach (var node in Nodes) sum += node.Value.Free;
            return sum;
        }
    }

    /// <summary>surplus_huge_pages.</summary>
    public ulong Surplus
    {
        get
        {
            var sum = 0UL;
            foreach (var node in Nodes) sum += node.Value.Surplus;
            return sum;
        }
    }

    /// <summary>Pages that are not surplus.</summary>
    public ulong Persistent => Total - Surplus;

    /// <summary>The index of an address in its file, in huge pages.</summary>
    public ulong IndexOf(in Vma vma, ulong address) => vma.IndexOf(address) >> (Shift - 12);
}
