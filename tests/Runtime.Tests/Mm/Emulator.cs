using System.Collections.Immutable;
using MmSpec.Kernels;
using MmSpec.Testing;

namespace MmSpec.Tests.Mm;

/// <summary>Drives an emulator in few words; every step is followed by the slow twins.</summary>
internal sealed class Emulator : IDisposable
{
    public const ulong K = 1024, M = 1024 * K, G = 1024 * M;
    public const int Read = 1, ReadWrite = 3, None = 0;
    public const ulong Shared = 1, Private = 2, Fixed = 0x10, Anonymous = 0x20, NoReserve = 0x4000, Populate = 0x8000, Huge = 0x40000;

    private int _line;

    public Emulator(string kernel = "6.12", ulong nr = 4, ulong overcommit = 0, bool tracing = false, bool forceYield = false, bool singlePages = false, IReadOnlyCollection<Rule>? flip = null, params MachineItem[] more)
    {
        var at = kernel.IndexOf(" + ", StringComparison.Ordinal);
        Assert.That(KernelVersion.TryParse(at < 0 ? kernel : kernel[..at], out var version));
        ImmutableArray<string> patches = at < 0 ? [] : [.. kernel[(at + 3)..].Split(" + ")];
        var machine = new Machine([
            new("hugepages", Value.OfSize(2 * (Int128)M), -1, [new("nr", Value.OfNumber(nr)), new("overcommit", Value.OfNumber(overcommit))]),
            new("mount", Value.OfText("/huge"), -1, [new("type", Value.OfText("hugetlbfs"))]),
            .. more]);
        if (flip is not null)
        {
            var plain = Traits.Resolve(new Kernel(version, patches));
            Target = new(Traits.Resolve(new Kernel(version, patches), without: flip.Where(r => plain[r]), with: flip.Where(r => !plain[r])), machine, tracing);
            return;
        }
        Target = (EmulatorTarget)new EmulatorTargetFactory { ForceYield = forceYield, SinglePages = singlePages }.Create(new Kernel(version, patches), machine, tracing);
    }

    public EmulatorTarget Target { get; }

    public StepResult Do(string process, string operation, bool catches, params (string Name, Value Value)[] operands) => Do(process, operation, null, catches, operands);

    public StepResult Do(string process, string operation, Value? content, bool catches, params (string Name, Value Value)[] operands)
    {
        var result = Target.Run(Step(++_line, process, operation, operands), [.. operands.Select(o => o.Value)], content, catches);
        Assert.That(Target.FindInconsistencies(), Is.Empty, $"after step {_line}: {operation}");
        return result;
    }

    public static Step Step(int line, string process, string operation, params (string Name, Value Value)[] operands) =>
        new(line, 1, operation, process, operation, [.. operands.Select(o => new Operand(o.Name, new Expr.Const(o.Value)))]);

    public Value Open(string process, string path = "/huge/f", int flags = 0x42) => Do(process, "open", true, ("path", Value.OfText(path)), ("flags", Value.OfNumber(flags)), ("mode", Value.OfNumber(384))).Returned;

    public StepResult TryMap(string process, ulong length, ulong flags, Value? fd = null, int prot = ReadWrite, ulong offset = 0, Value addr = default) =>
        Do(process, "mmap", true, ("addr", addr), ("length", Value.OfSize(length)), ("prot", Value.OfNumber(prot)), ("flags", Value.OfNumber(flags)), ("fd", fd ?? Value.OfNumber(-1)), ("offset", Value.OfSize(offset)));

    public Value Map(string process, ulong length, ulong flags, Value? fd = null, int prot = ReadWrite, ulong offset = 0)
    {
        var result = TryMap(process, length, flags, fd, prot, offset);
        Assert.That(result.Outcome, Is.EqualTo(Outcome.Ok));
        return result.Returned;
    }

    public static Value Slice(Value range, ulong from, ulong to) => Value.OfRange(range.Start + from, to - from);

    public Outcome Store(string process, Value range, Value? value = null, bool catches = true) => Do(process, "store", catches, ("range", range), ("value", value ?? Value.OfNumber(1))).Outcome;

    public Outcome Load(string process, Value range, Value? expected = null, bool catches = true) => Do(process, "load", expected, catches, ("range", range)).Outcome;

    public Outcome Unmap(string process, Value range) => Do(process, "munmap", true, ("range", range)).Outcome;

    public Outcome Protect(string process, Value range, int prot) => Do(process, "mprotect", true, ("range", range), ("prot", Value.OfNumber(prot))).Outcome;

    public Outcome Advise(string process, Value range, int advice) => Do(process, "madvise", true, ("range", range), ("advice", Value.OfNumber(advice))).Outcome;

    public Outcome Fork(string process, string child) => Do(process, "fork", true, ("child", Value.OfText(child))).Outcome;

    public Outcome Exit(string process) => Do(process, "exit", true, ("code", Value.OfNumber(0))).Outcome;

    public Outcome Sysctl(string name, Value value) => Do("root", "sysctl", true, ("name", Value.OfText("vm." + name)), ("value", value)).Outcome;

    public string Pool => Show("pool", null).Whole!.Value.ToString().Trim('(', ')').Replace(", ", "/");

    public Observation Show(string view, string? process, params Value[] arguments) => Target.Observe(new(view, process, arguments));

    public Value Field(string view, string? process, string field, params Value[] arguments)
    {
        var seen = Show(view, process, arguments);
        Assert.That(seen.Error, Is.Null);
        return seen.Fields!.TryGetValue(field, out var value) ? value : Value.Absent;
    }

    public void Dispose() => Target.Dispose();
}
