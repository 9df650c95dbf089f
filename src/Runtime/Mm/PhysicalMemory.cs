using MmSpec.State;

namespace MmSpec.Mm;

/// <summary>
/// The frames of all nodes: which are free, and the memmap of those in use. Node n's frames start at n shifted by <see cref="NodeShift"/>. Fragmentation is not
/// modelled: a block is there as long as enough aligned memory is.
/// </summary>
[SharedImmutable]
internal sealed class PhysicalMemory
{
    /// <summary>Bits of a frame number below its node's.</summary>
    public const int NodeShift = 36;

    /// <summary>Frames of a 2 MiB block, the unit in which blocks are broken up for base pages.</summary>
    private const ulong Carve = 512;

    private readonly RunMap<Mark>[] _free, _freeBase;
    [NotState("fixed when the machine starts")]
    private readonly ulong[] _size;

    /// <summary>Makes the memory of a machine.</summary>
    /// <param name="store">The world's store.</param>
    /// <param name="contents">Contents of the frames.</param>
    /// <param name="nodes">Bytes of each node.</param>
    public PhysicalMemory(Store store, Contents contents, IReadOnlyList<ulong> nodes)
    {
        Contents = contents;
        Pages = new(store, StateHash.Key(StateKind.Memmap));
        _free = new RunMap<Mark>[nodes.Count];
        _freeBase = new RunMap<Mark>[nodes.Count];
        _size = [.. nodes];
        for (var n = 0; n < nodes.Count; n++)
        {
            _free[n] = new(store, StateHash.Key(StateKind.FreeFrames, (ulong)n));
            _freeBase[n] = new(store, StateHash.Key(StateKind.FreeBaseFrames, (ulong)n));
            var frames = nodes[n] >> 12;
            var kernel = frames / 16;                               // the kernel itself, its memmap, firmware
            var start = (ulong)n << NodeShift;
            if (frames > kernel) _free[n].Set(start + kernel, start + frames, default);
        }
    }

    /// <summary>How many nodes there are.</summary>
    public int Nodes => _free.Length;

    /// <summary>The memmap: frames in use.</summary>
    public RunMap<Page> Pages { get; }

    /// <summary>What the frames hold.</summary>
    public Contents Contents { get; }

    /// <summary>Bytes of a node.</summary>
    public ulong SizeOf(int node) => _size[node];

    /// <summary>Bytes of a node that are neither in use nor in a pool.</summary>
    public ulong FreeBytes(int node) => (_free[node].Covered + _freeBase[node].Covered) << 12;

    /// <summary>The node of a frame.</summary>
    public static int NodeOf(ulong pfn) => (int)(pfn >> NodeShift);

    /// <summary>Takes adjacent naturally aligned blocks off a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="frames">Frames of a block, a power of two.</param>
    /// <param name="most">How many blocks at most.</param>
    /// <param name="pfn">The first block.</param>
    /// <returns>How many blocks there were; 0: none.</returns>
    public ulong TakeBlocks(int node, ulong frames, ulong most, out ulong pfn)
    {
        foreach (var run in _free[node].Runs())
        {
            var start = (run.From + frames - 1) & ~(frames - 1);
            if (start >= run.To || run.To - start < frames) continue;
            var n = Math.Min(most, (run.To - start) / frames);
            pfn = start;
            _free[node].Remove(start, start + n * frames);
            return n;
        }
        pfn = 0;
        return 0;
    }

    /// <summary>Takes adjacent base pages off a node, or off the others when it has none left.</summary>
    /// <returns>How many there were; 0: memory is out.</returns>
    public ulong TakeBasePages(int preferred, ulong most, out ulong pfn)
    {
        for (var i = 0; i < Nodes; i++)
        {
            var node = (preferred + i) % Nodes;
            if (_freeBase[node].IsEmpty)
            {
                var blocks = TakeBlocks(node, Carve, (most + Carve - 1) / Carve, out var start);
                if (blocks == 0) continue;
                _freeBase[node].Set(start, start + blocks * Carve, default);
            }
            pfn = _freeBase[node].NextRun(0);
            var n = Math.Min(most, _freeBase[node].NextGap(pfn) - pfn);
            _freeBase[node].Remove(pfn, pfn + n);
            return n;
        }
        pfn = 0;
        return 0;
    }

    /// <summary>Gives blocks back that <see cref="TakeBlocks"/> took.</summary>
    public void GiveBlocks(ulong pfn, ulong frames) => _free[NodeOf(pfn)].Set(pfn, pfn + frames, default);

    /// <summary>Gives base pages back.</summary>
    public void GiveBasePages(ulong pfn, ulong frames) => _freeBase[NodeOf(pfn)].Set(pfn, pfn + frames, default);

    /// <summary>Frames come into use with zeroed contents.</summary>
    public void Use(ulong pfn, ulong frames, Page page)
    {
        Pages.Set(pfn, pfn + frames, page);
        Contents.Clear(pfn, frames);
    }

    /// <summary>Frames go out of use.</summary>
    public void Retire(ulong pfn, ulong frames)
    {
        Pages.Remove(pfn, pfn + frames);
        Contents.Forget(pfn, frames);
    }

    /// <summary>Changes the map counts of frames in use.</summary>
    public void AddMaps(ulong pfn, ulong frames, int delta) =>
        Pages.Update(pfn, pfn + frames, delta, static (d, p) => p with { Maps = p.Maps + d });
}
