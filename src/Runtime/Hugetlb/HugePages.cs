using MmSpec.Kernels;
using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Sync;
using MmSpec.Testing;

namespace MmSpec.Hugetlb;

/// <summary>What an allocation for a fault gave.</summary>
/// <param name="Pfn">First frame of adjacent huge pages.</param>
/// <param name="Count">How many; 0: none.</param>
/// <param name="Error">Why none.</param>
/// <param name="Reserved">They came out of a reservation.</param>
/// <param name="Recorded">Their indexes were entered in the reservation map.</param>
internal readonly record struct Grant(ulong Pfn, ulong Count, FaultError Error, bool Reserved, bool Recorded)
{
    /// <summary>The mount whose subpool was charged; 0: none.</summary>
    public int Mount { get; init; }
}

/// <summary>Allocation of huge pages for faults (mm/hugetlb.c: alloc_hugetlb_folio, before 6.2 alloc_huge_page).</summary>
[SharedImmutable]
internal sealed class HugePages(World world)
{
    private Traits Traits => world.Traits;

    /// <summary>What an allocation may take.</summary>
    /// <param name="FromReserve">The index is owed a page: the reserve count goes down with it.</param>
    /// <param name="AnyFree">Any free page will do, reserved for others or not.</param>
    /// <param name="Charge">The subpool is asked.</param>
    /// <param name="Record">The index is entered in the reservation map.</param>
    /// <param name="Most">How many pages, from the first one on, this holds for.</param>
    /// <param name="Why">Rule, for traces.</param>
    private readonly record struct Claim(bool FromReserve, bool AnyFree, bool Charge, bool Record, ulong Most, Rule? Why);

    /// <summary>Allocates pages for adjacent indexes that have none. Until they are put to use (<see cref="PhysicalMemory.Use"/>) they are the caller's alone.</summary>
    /// <param name="h">Page size.</param>
    /// <param name="vma">The mapping that faults.</param>
    /// <param name="index">First index, in huge pages.</param>
    /// <param name="most">How many are wanted at most.</param>
    /// <param name="outside">An owner's copy on write: the reservation of the index is consumed already, and the copy is outside of it.</param>
    public async KernelTask<Grant> Allocate(Hstate h, int vma, ulong index, ulong most, bool outside)
    {
        var claim = Decide(h, vma, index, most, outside);
        var mount = world.Files.Inodes[world.Spaces.Vmas[vma].Inode].Mount;
        var count = claim.Most;
        var fromReserve = claim.FromReserve;
        var charged = 0UL;
        if (claim.Charge)
        {
            count = world.Mounts.Uniform(mount, count);
            var pages = world.Mounts.Get(mount, count);
            if (pages < 0) return new(0, 0, QuotaError, false, false);
            charged = count;
            if (pages == 0) fromReserve = true;                    // the pages come out of min_size, which the mount reserved
        }
        await world.Sync.HugetlbLock();
        var block = default(Block);
        var free = fromReserve || claim.AnyFree ? h.Free : Unreserved(h);
        if (free > 0) block = world.Pool.Dequeue(h, Math.Min(count, free));
        if (block.Count > 0)
        {
            world.Note(Counter.Free, h, block.Count, "took", claim.Why);
            if (fromReserve && !Consume(h, vma, block.Count, claim.Why))
            {
                world.Sync.DropHugetlbLock();
                return new(0, 0, FaultError.Crash, false, false);
            }
        }
        else if (MayGrow(vma))
        {
            world.Sync.DropHugetlbLock();
            await world.Sync.HugetlbLock();
            block = world.Pool.TakeSurplus(h, count, HugetlbPoolRules.SurplusServesFaults);
            if (block.Count > 0 && fromReserve && Traits[HugetlbReserveRules.OwnerReserves]) Consume(h, vma, block.Count, claim.Why);
        }
        var twice = claim.Charge && claim.Record && Traits[HugetlbReserveRules.RacesRecounted] ? ReservedMeanwhile(vma, index, block.Count) : 0;
        if (block.Count > 0 && claim.Record) Record(vma, index, block.Count);
        if (block.Count < charged) world.Mounts.Put(mount, charged - block.Count);
        world.Sync.DropHugetlbLock();
        if (twice > 0) await world.Reservations.Account(h, -(long)world.Mounts.Put(mount, twice), HugetlbReserveRules.RacesRecounted);
        return block.Count == 0 ? new(0, 0, Shortage, false, false) : new(block.Pfn, block.Count, FaultError.None, fromReserve, claim.Record) { Mount = mount };
    }

    /// <summary>A page was allocated but is not needed: another thread was faster (restore_reserve_on_error).</summary>
    public async KernelTask<long> Discard(Hstate h, int vma, ulong index, Grant grant)
    {
        await world.Sync.HugetlbLock();
        if (grant.Recorded && MapOf(world.Spaces.Vmas[vma]) is > 0 and var map)
        {
            // In a private map the entry says "consumed", in a shared one an index without reservation must not look reserved.
            if (grant.Reserved != world.Spaces.Vmas[vma].Has(VmFlags.MayShare)) world.ReserveMaps.Delete(map, index, index + grant.Count);
        }
        world.Pool.Release(h, grant.Pfn, grant.Count, new Page(PageKind.Anon, h.Number, 0, grant.Reserved, grant.Mount));
        world.Sync.DropHugetlbLock();
        return 0;
    }

    /// <summary>The fault result of a shortage on this kernel.</summary>
    public FaultError Shortage => Traits[HugetlbFaultRules.ShortageSigbus] ? FaultError.Sigbus : FaultError.Oom;

    private static FaultError QuotaError => FaultError.Sigbus;

    /// <summary>free - reserved as the kernel computes it, without sign: a count that has wrapped does not hold pages back.</summary>
    private ulong Unreserved(Hstate h)
    {
        var free = h.Free;
        var reserved = h.Reserved.Value;
        if (!Traits[HugetlbReserveRules.OwnerReserves] && !Traits[ReserveRfcRules.ScalarCounter]) return free > reserved ? free - reserved : 0;
        return free == reserved ? 0 : Math.Min(free, free - reserved);
    }

    private Claim Decide(Hstate h, int handle, ulong index, ulong most, bool outside)
    {
        ref readonly var vma = ref world.Spaces.Vmas[handle];
        var shared = vma.Has(VmFlags.MayShare);
        if (Traits[ReserveRfcRules.ScalarCounter])
        {
            if (shared) return new(true, true, false, false, most, HugetlbReserveRules.SharedFaultAlwaysConsumes);
            return vma.Owed > 0 && !outside
                ? new(true, false, false, false, Math.Min(most, vma.Owed), ReserveRfcRules.ScalarCounter)
                : new(false, false, !Traits[ReserveRfcRules.QuotaLeak], false, most, ReserveRfcRules.ScalarCounter);
        }
        if (!Traits[HugetlbReserveRules.OwnerReserves])
            return shared ? new(true, true, false, false, most, HugetlbReserveRules.SharedFaultAlwaysConsumes) : new(false, false, true, false, most, null);
        if (outside) return new(false, false, true, false, most, HugetlbFaultRules.OwnerSteals);
        if (MapOf(vma) is not (> 0 and var map)) return new(false, false, true, false, most, NoReserveRule(vma));
        var entries = world.ReserveMaps.Entries(map);
        var has = entries.TryGetRun(index, out _, out var to, out _);
        var extent = Math.Min(most, (has ? to : entries.NextRun(index)) - index);
        if (!shared)
        {
            if (has && Traits[HugetlbReserveRules.PrivateRefaultConsumesAgain]) return new(true, true, false, true, extent, HugetlbReserveRules.PrivateRefaultConsumesAgain);
            return has
                ? new(false, false, true, true, extent, HugetlbReserveRules.OwnerReserves)
                : new(true, false, false, true, extent, HugetlbReserveRules.OwnerReserves);
        }
        if (!Traits[HugetlbReserveRules.SharedFaultAlwaysConsumes]) return new(has, false, !has, true, extent, HugetlbReserveRules.SharedReserves);
        var noReserve = vma.Has(VmFlags.NoReserve);
        if (!noReserve) return new(true, true, !has, true, extent, HugetlbReserveRules.SharedFaultAlwaysConsumes);
        return Traits[HugetlbReserveRules.SharedNoReserveSeesReserves]
            ? new(has, false, !has, true, extent, HugetlbReserveRules.SharedNoReserveSeesReserves)
            : new(false, true, !has, true, extent, null);
    }

    private static Rule? NoReserveRule(in Vma vma) => vma.Has(VmFlags.NoReserve) ? HugetlbReserveRules.PrivateNoReserve : HugetlbReserveRules.ForkDropsReserves;

    /// <summary>The map that decides about a mapping's reservations; 0: none.</summary>
    private int MapOf(in Vma vma) => vma.Has(VmFlags.MayShare)
        ? Traits[HugetlbReserveRules.OwnerReserves] ? world.Files.ReserveMapOf(vma.Inode) : 0
        : vma.Owner ? vma.Reserve : 0;

    /// <summary>How many indexes of a file had no reservation when the map was asked, and have one now: the pages were taken for these.</summary>
    private ulong ReservedMeanwhile(int handle, ulong index, ulong count) =>
        world.Store.Journaling && count > 0 && world.Spaces.Vmas[handle].Has(VmFlags.MayShare) ? world.ReserveMaps.Count(world.Files.ReserveMapOf(world.Spaces.Vmas[handle].Inode), index, index + count) : 0;

    private void Record(int handle, ulong index, ulong count)
    {
        if (MapOf(world.Spaces.Vmas[handle]) is > 0 and var map) world.ReserveMaps.Entries(map).Set(index, index + count, default);
    }

    /// <summary>Lowers the reserve count for pages that were taken.</summary>
    /// <returns>False where the draft's debugging check ended the world.</returns>
    private bool Consume(Hstate h, int handle, ulong count, Rule? why)
    {
        h.Reserved.Value -= count;
        world.Note(Counter.Reserved, h, count, "consumed", why);
        if (!Traits[ReserveRfcRules.ScalarCounter] || world.Spaces.Vmas[handle].Has(VmFlags.MayShare)) return true;
        var vma = world.Spaces.Vmas[handle];
        if (vma.Owed > Reservations.CounterLimit && Traits[ReserveRfcRules.CounterLimit])
        {
            world.Die(OutcomeKind.Bug, "adjust_vma_resv_huge_pages: more than 100 pages", ReserveRfcRules.CounterLimit);
            return false;
        }
        world.Spaces.Vmas.Set(handle, vma with { Owed = vma.Owed - count });
        return true;
    }

    /// <summary>Whether a fault may allocate a surplus page: before private reservations shared mappings could not.</summary>
    private bool MayGrow(int handle) =>
        Traits[HugetlbPoolRules.SurplusServesFaults] && (Traits[HugetlbReserveRules.OwnerReserves] || Traits[ReserveRfcRules.ScalarCounter] || !world.Spaces.Vmas[handle].Has(VmFlags.MayShare));
}
