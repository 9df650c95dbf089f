using MmSpec.Mm;
using MmSpec.Sync;

namespace MmSpec.Testing;

/// <summary>Turns steps into the model's syscalls, and their results into outcomes.</summary>
internal sealed class StepDispatch(World world)
{
    /// <summary>The process that does a step; 0 for the administrator and the kernel. A name that is new brings its process to life.</summary>
    /// <returns>False where the process has ended.</returns>
    public bool TryProcess(string name, out int process)
    {
        process = 0;
        if (name is "root" or "kernel") return true;
        process = world.Processes.Find(name);
        if (process == 0) process = world.Processes.Start(name);
        return world.Processes.All[process].State == ProcessState.Running;
    }

    /// <summary>Starts a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="operands">Its operands, evaluated.</param>
    /// <param name="content">What a load must find, or null.</param>
    /// <param name="catches">Signals are caught.</param>
    /// <param name="process">Who does it.</param>
    /// <exception cref="EvaluationException">An operand is not what the operation takes.</exception>
    public KernelTask<long> Start(Step step, Value[] operands, Value? content, bool catches, int process)
    {
        var a = new Arguments(step, operands);
        switch (step.Operation)
        {
            case "load":
                return world.Access.Touch(process, false, a.Start("range"), a.Length("range"), content is { } c ? ToExpected(c) : Expected.Nothing, catches);
            case "store":
                return world.Access.Touch(process, true, a.Start("range"), a.Length("range"), ToExpected(a["value"]), catches);
            case "mmap":
                return world.Mapping.Mmap(process, ToPlacement(a["addr"]), a.Bytes("length"), a.Bytes("prot"), a.Bytes("flags"), (long)a.Integer("fd"), a.Bytes("offset"));
            case "munmap":
                return world.Mapping.Munmap(process, a.Start("range"), a.Length("range"));
            case "mprotect":
                return world.Mapping.Mprotect(process, a.Start("range"), a.Length("range"), a.Bytes("prot"));
            case "madvise":
                return world.Mapping.Madvise(process, a.Start("range"), a.Length("range"), (int)Int128.Clamp(a.Integer("advice"), int.MinValue, int.MaxValue));
            case "open":
                return world.Files.OpenPath(process, Names.Key(a.Text("path")), (long)a.Bytes("flags"));
            case "close":
                return world.Files.Close(process, (long)a.Integer("fd"));
            case "unlink":
                return world.Files.Unlink(Names.Key(a.Text("path")));
            case "ftruncate":
                return world.Files.TruncateFd(process, (long)a.Integer("fd"), (long)a.Bytes("length"));
            case "memfd_create":
                return world.Files.Memfd(process, (long)a.Bytes("flags"));
            case "fork":
                return world.Processes.Fork(process, Names.Key(a.Text("child")));
            case "exit":
                return world.Processes.Exit(process, (int)a.Integer("code"), 0);
            case "exec":
                return world.Processes.Exec(process);
            case "kill":
                return Kill(world.Processes.Find(a.Text("process")), SignalName(a["signal"]));
            case "wait":
                return new(world.Processes.Wait(process, world.Processes.Find(a.Text("process"))));
            case "sysctl":
                return world.Settings.Sysctl(a.Text("name"), a["value"]);
            case "sysfs":
                return world.Settings.Sysfs(a.Text("path"), a["value"]);
            default:
                throw new EvaluationException($"the emulator does not know {step.Operation} yet");
        }
    }

    /// <summary>What a step came to.</summary>
    /// <param name="step">The step.</param>
    /// <param name="operands">Its operands, evaluated.</param>
    /// <param name="result">What the syscall returned.</param>
    public (Outcome Outcome, Value Returned) Finish(Step step, Value[] operands, long result)
    {
        if (world.HasCrashed) return (world.Crash.ToOutcome(), Value.Absent);
        if (result == Result.Incident)
        {
            var incident = world.Incident;
            if (incident.Kind is OutcomeKind.Warn or OutcomeKind.Undefined)
                return ((incident with { At = 0 }).ToOutcome(), Returned(step, operands, (long)incident.At));
            return (incident.ToOutcome(), Value.Absent);
        }
        if (result < 0) return (Outcome.Errno(Errno.Name(-result)), Value.Absent);
        if (step.Operation == "exit") return (new(OutcomeKind.Exit, At: (ulong)new Arguments(step, operands).Integer("code") & 0xff), Value.Absent);
        return (Outcome.Ok, Returned(step, operands, result));
    }

    private static Value Returned(Step step, Value[] operands, long result) => step.Operation switch
    {
        "mmap" => Value.OfRange((ulong)result, new Arguments(step, operands).Bytes("length")),
        "open" or "memfd_create" => Value.OfNumber(result),
        "load" => Value.OfNumber(result),
        _ => Value.Absent,
    };

    private static Expected ToExpected(Value value) => value.Kind switch
    {
        ValueKind.Pattern => new(Pattern.Fold(value.Number), 0),
        _ when value.IsNumeric => new(-1, (byte)(value.Number & 0xff)),
        _ => throw new EvaluationException($"{value} is no content of memory"),
    };

    private static Placement ToPlacement(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Absent:
                return new(PlacementKind.Slot, 0);
            case ValueKind.Range:
                return value.Start == 0 ? new(PlacementKind.Kernel, 0) : new(PlacementKind.Address, value.Start);
            case ValueKind.Tuple when value.Items is [{ Kind: ValueKind.Text }, var align, var offset, var into, var adjacent]:
                if (adjacent.Kind == ValueKind.Range) return new(PlacementKind.Address, adjacent.Start + adjacent.Length);
                if (adjacent.IsNumeric) return new(PlacementKind.Address, (ulong)adjacent.Number);
                if (align.IsNumeric && align.Number > (Int128)AddressSpaces.SlotSize) throw new EvaluationException("placed(align: …) goes up to 1G");
                if (into.IsNumeric && into.Number > (Int128)AddressSpaces.SlotSize) throw new EvaluationException("placed(offset: … into …) goes up to 1G");
                return new(PlacementKind.Slot, offset.IsNumeric ? (ulong)(offset.Number & ((Int128)AddressSpaces.SlotSize - 1)) : 0);
            default:
                if (!value.IsNumeric) throw new EvaluationException($"{value} is no address");
                return value.Number == 0 ? new(PlacementKind.Kernel, 0) : new(PlacementKind.Address, (ulong)(value.Number & ulong.MaxValue));
        }
    }

    /// <summary>kill(2) by what the signal does when nobody catches it.</summary>
    private KernelTask<long> Kill(int target, string? signal) => signal switch
    {
        null => new(-Errno.EINVAL),
        "" or "SIGCHLD" or "SIGCONT" => new(target == 0 || world.Processes.All[target].Reaped ? -Errno.ESRCH : 0),
        "SIGSTOP" or "SIGTSTP" => throw new EvaluationException("the emulator does not stop processes yet"),
        _ => world.Processes.Kill(target, Names.Key(signal)),
    };

    /// <summary>The name of a signal; empty for 0, null where there is none.</summary>
    private static string? SignalName(Value value) => value.Kind == ValueKind.Text ? value.Text
        : value.IsNumeric && value.Number == 0 ? "" : Catalog.Signals.Numbers.FirstOrDefault(s => s.Value == value.Number).Key;

    /// <summary>The operands of a step by name.</summary>
    private readonly struct Arguments(Step step, Value[] operands)
    {
        public Value this[string name]
        {
            get
            {
                for (var i = 0; i < operands.Length; i++) if (step.Operands[i].Name == name) return operands[i];
                return Value.Absent;
            }
        }

        /// <summary>First address of a range, or an address alone.</summary>
        public ulong Start(string name) => this[name] is { Kind: ValueKind.Range } r ? r.Start : Bytes(name);

        /// <summary>Bytes of a range.</summary>
        public ulong Length(string name) => this[name] is { Kind: ValueKind.Range } r ? r.Length : 0;

        public Int128 Integer(string name) => this[name] is { IsNumeric: true } v ? v.Number : throw new EvaluationException($"{name} is {this[name]}, which is no number");

        public ulong Bytes(string name) => (ulong)(Integer(name) & ulong.MaxValue);

        public string Text(string name) => this[name] is { Kind: ValueKind.Text } v ? v.Text : throw new EvaluationException($"{name} is {this[name]}, which is no word");
    }
}
