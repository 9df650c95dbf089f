using FsCheck;
using FsCheck.Fluent;
using MmSpec.Testing;
using MmSpec.Tests.Mm;
using static MmSpec.Tests.Mm.Emulator;
using Outcome = MmSpec.Testing.Outcome;

namespace MmSpec.Tests.Hugetlb;

/// <summary>A range-valued operation does what page by page would do; suspensions change nothing; the slow twins agree throughout.</summary>
internal sealed class RangeTests
{
    private const ulong Pages = 6;
    private static readonly string[] Kernels = ["2.6.25", "2.6.25 + private-reserve-rfc-guarded", "2.6.27", "2.6.32", "3.0", "4.2", "5.10", "5.18", "6.1", "6.6", "6.9", "6.12", "6.18", "7.2"];

    /// <summary>One step of a random history.</summary>
    /// <param name="Kind">Which.</param>
    /// <param name="Who">Process, 0 to 2.</param>
    /// <param name="Map">Mapping, 0 to 2.</param>
    /// <param name="From">First page.</param>
    /// <param name="Count">Pages.</param>
    /// <param name="Value">Byte.</param>
    internal readonly record struct Op(int Kind, int Who, int Map, ulong From, ulong Count, byte Value);

    [Test]
    public void RangeEqualsPageByPage() => Compare(200, (kernel, nr, overcommit) =>
        (new History(new Emulator(kernel, nr, overcommit)), new History(new Emulator(kernel, nr, overcommit, singlePages: true))));

    [Test]
    public void SuspendingEverywhereChangesNothing() => Compare(60, (kernel, nr, overcommit) =>
        (new History(new Emulator(kernel, nr, overcommit)), new History(new Emulator(kernel, nr, overcommit, forceYield: true))));

    private static void Compare(int tests, Func<string, ulong, ulong, (History, History)> make)
    {
        var op = from kind in Gen.Choose(0, 8)
                 from who in Gen.Choose(0, 2)
                 from map in Gen.Choose(0, 2)
                 from start in Gen.Choose(0, (int)Pages - 1)
                 from count in Gen.Choose(1, (int)Pages)
                 from value in Gen.Choose(1, 255)
                 select new Op(kind, who, map, (ulong)start, Math.Min((ulong)count, Pages - (ulong)start), (byte)value);
        var all = from kernel in Gen.Elements(Kernels)
                  from nr in Gen.Choose(0, 20)
                  from overcommit in Gen.Choose(0, 3)
                  from ops in op.ListOf()
                  select (kernel, nr, overcommit, ops: ops.ToArray());
        Prop.ForAll(Arb.From(all), c =>
        {
            var (left, right) = make(c.kernel, (ulong)c.nr, (ulong)c.overcommit);
            using (left)
            using (right)
            {
                foreach (var o in c.ops)
                {
                    var (a, b) = (left.Run(o), right.Run(o));
                    if (a != b) return false.Label($"{a} // {b}: {c.kernel} nr {c.nr} overcommit {c.overcommit}: {o} of {string.Join(" ", c.ops)}: {a} / {b}");
                }
                return true.ToProperty();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(int.TryParse(Environment.GetEnvironmentVariable("MMSPEC_TESTS"), out var n) ? n : tests).WithEndSize(40));
    }

    private sealed class History : IDisposable
    {
        private static readonly string[] Names = ["p", "q", "r"];
        private readonly Emulator _e;
        private readonly Value[] _maps;
        private readonly HashSet<string> _alive = ["p"];

        public History(Emulator e)
        {
            _e = e;
            var f = e.Open("p");
            _maps = [.. new[] { Shared, Private, Shared | NoReserve }.Select((flags, i) => e.TryMap("p", Pages * 2 * M, flags, f, offset: i == 2 ? 2 * 2 * M : 0).Returned)];
        }

        public string Run(Op o)
        {
            var who = Names[o.Who];
            var range = _maps[o.Map];
            if (!_alive.Contains(who) || range.Kind != ValueKind.Range) return "skipped";
            var part = Slice(range, o.From * 2 * M, (o.From + o.Count) * 2 * M);
            var came = o.Kind switch
            {
                0 or 1 => _e.Store(who, part, Value.OfNumber(o.Value)),
                2 => _e.Store(who, part, Value.OfPattern(o.Value)),
                3 => _e.Load(who, part),
                4 => Fork(who, o),
                5 => _e.Advise(who, part, 4),
                6 => o.Count < 3 ? _e.Unmap(who, part) : Outcome.Skipped,
                7 => _e.Sysctl("nr_hugepages", Value.OfNumber(o.Value % 16)),
                _ => who == "p" ? _e.Protect(who, part, o.Value % 2 == 0 ? Read : ReadWrite) : Exit(who),
            };
            _alive.RemoveWhere(p => !IsAlive(p));
            return $"{came} {_e.Pool} {Bytes()}";
        }

        private bool IsAlive(string who) => _e.Show("state", null, Value.OfText(who)).Whole!.Value.Text == "running";

        public void Dispose() => _e.Dispose();

        private Outcome Fork(string who, Op o)
        {
            var child = Names[(o.Who + 1) % 3];
            if (child == "p" || _alive.Contains(child)) return Outcome.Skipped;
            var came = _e.Fork(who, child);
            if (came.Kind == OutcomeKind.Ok) _alive.Add(child);
            return came;
        }

        private Outcome Exit(string who)
        {
            _alive.Remove(who);
            return _e.Exit(who);
        }

        private string Bytes() => string.Join('|', _alive.Order().SelectMany(p => _maps.Where(m => m.Kind == ValueKind.Range)
            .Select(m => string.Join(',', Enumerable.Range(0, (int)Pages).Select(i => _e.Show("byte", p, Slice(m, (ulong)i * 2 * M, (ulong)i * 2 * M + 1)).Whole!.Value.ToString())))));
    }
}
