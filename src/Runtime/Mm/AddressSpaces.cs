using System.Runtime.CompilerServices;
using MmSpec.State;

namespace MmSpec.Mm;

/// <summary>Address spaces, and the mappings in them.</summary>
[SharedImmutable]
internal sealed class AddressSpaces(World world)
{
    /// <summary>Where mappings without an address start (see LANGUAGE, placement).</summary>
    public const ulong FirstSlot = 1UL << 36;

    /// <summary>Alignment of slots.</summary>
    public const ulong SlotSize = 1UL << 30;

    /// <summary>The kernel's own choice is the highest gap below this (mmap_base without randomisation).</summary>
    public const ulong MmapBase = 0x7ffff7fff000;

    /// <summary>Mappings below this are refused (mmap_min_addr is for others than root).</summary>
    public const ulong LowestAddress = 0x10000;

    /// <summary>Address spaces.</summary>
    public Slab<AddressSpace> Mms { get; } = new(world.Store, StateHash.Key(StateKind.AddressSpaces));

    /// <summary>Mappings.</summary>
    public Slab<Vma> Vmas { get; } = new(world.Store, StateHash.Key(StateKind.Vmas));

    /// <summary>Makes an empty address space.</summary>
    /// <param name="nextSlot">Where the next mapping without an address goes.</param>
    public int Make(ulong nextSlot)
    {
        var mm = Mms.Add(default);
        Mms.Set(mm, new AddressSpace(1, nextSlot)
        {
            Tree = new(world.Store, StateHash.Key(StateKind.VmaTree, (ulong)(uint)mm)),
            Table = new(world.Store, StateHash.Key(StateKind.PageTable, (ulong)(uint)mm)),
        });
        return mm;
    }

    /// <summary>The page table, by base page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RunMap<Pte> Table(int mm) => Mms[mm].Table;

    /// <summary>The mappings, by base page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RunMap<Ref> Tree(int mm) => Mms[mm].Tree;

    /// <summary>The mapping that an address lies in; 0: none.</summary>
    public int Find(int mm, ulong address) => address < World.TaskSize && Tree(mm).TryGet(address >> 12, out var r) ? r.Handle : 0;

    /// <summary>The first mapping that ends behind an address; 0: none (find_vma).</summary>
    public int FindFrom(int mm, ulong address)
    {
        var page = Tree(mm).NextRun(address >> 12);
        return page != ulong.MaxValue && Tree(mm).TryGet(page, out var r) ? r.Handle : 0;
    }

    /// <summary>Whether nothing is mapped in a range.</summary>
    public bool IsFree(int mm, ulong from, ulong to) => Tree(mm).NextRun(from >> 12) >= to >> 12;

    /// <summary>Puts a mapping into its tree.</summary>
    public void Insert(int handle)
    {
        var vma = Vmas[handle];
        Tree(vma.Mm).Set(vma.Start >> 12, vma.End >> 12, new Ref(handle));
    }

    /// <summary>Takes a mapping out of its tree; it goes on to exist.</summary>
    public void Detach(int handle)
    {
        var vma = Vmas[handle];
        Tree(vma.Mm).Remove(vma.Start >> 12, vma.End >> 12);
    }

    /// <summary>Notes that a private page was allocated (anon_vma_prepare).</summary>
    public void MarkAnon(int handle)
    {
        if (!Vmas[handle].HasAnon) Vmas.Set(handle, Vmas[handle] with { HasAnon = true });
    }

    /// <summary>__split_vma: cuts a mapping in two.</summary>
    /// <param name="handle">The mapping; it keeps the other part.</param>
    /// <param name="at">Where, an address inside.</param>
    /// <param name="newBelow">The new mapping is the lower part.</param>
    /// <returns>0, or a negative result where the new part could not be opened; it is there all the same.</returns>
    public long Split(int handle, ulong at, bool newBelow)
    {
        var vma = Vmas[handle];
        var lower = vma with { End = at };
        var upper = vma with { Start = at, PgOff = vma.IndexOf(at) };
        var part = Vmas.Add(newBelow ? lower : upper);
        Vmas.Set(handle, newBelow ? upper : lower);
        Insert(part);
        if (vma.File != 0) world.Files.Get(vma.File);
        return vma.Hstate == 0 ? 0 : world.Reservations.Split(part, handle);
    }

    /// <summary>The next mapping of a file that covers an index.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="index">In base pages.</param>
    /// <param name="after">The handle to go on after.</param>
    public int NextMapper(int inode, ulong index, int after)
    {
        foreach (var handle in Vmas)
        {
            if (handle <= after) continue;
            ref readonly var vma = ref Vmas[handle];
            if (vma.Inode == inode && !vma.Unlinked && index >= vma.PgOff && index - vma.PgOff < vma.Length >> 12) return handle;
        }
        return 0;
    }

    /// <summary>The next mapping of a file that ends behind an index.</summary>
    /// <inheritdoc cref="NextMapper"/>
    public int NextMapperFrom(int inode, ulong index, int after)
    {
        foreach (var handle in Vmas)
        {
            if (handle <= after) continue;
            ref readonly var vma = ref Vmas[handle];
            if (vma.Inode == inode && !vma.Unlinked && vma.PgOff + (vma.Length >> 12) > index) return handle;
        }
        return 0;
    }

    /// <summary>A slot of its own: aligned to 1 GiB, with a gap to all others.</summary>
    /// <returns>The address; 0: there is no room.</returns>
    public ulong TakeSlot(int mm, ulong length)
    {
        var at = Mms[mm].NextSlot;
        while (at < World.TaskSize && length <= World.TaskSize - at)
        {
            var end = at + length;
            var next = ((end + SlotSize - 1) & ~(SlotSize - 1)) + SlotSize;
            if (IsFree(mm, at, end))
            {
                Mms.Set(mm, Mms[mm] with { NextSlot = next });
                return at;
            }
            at = next;
        }
        return 0;
    }

    /// <summary>The kernel's choice: the highest gap that fits.</summary>
    /// <returns>The address; 0: there is no room.</returns>
    public ulong FindGap(int mm, ulong length, ulong align)
    {
        var best = 0UL;
        foreach (var gap in Tree(mm).Gaps(LowestAddress >> 12, MmapBase >> 12))
        {
            if (gap.Length < length >> 12) continue;
            var start = ((gap.To << 12) - length) & ~(align - 1);
            if (start >= gap.From << 12) best = start;
        }
        return best;
    }
}
