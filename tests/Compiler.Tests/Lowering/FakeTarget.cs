using MmSpec.Kernels;
using MmSpec.Testing;

namespace MmSpec.Tests.Lowering;

/// <summary>A target whose steps answer what their operation says: <c>ok</c>, <c>fail</c> (EINVAL), <c>number</c> (its first operand).</summary>
internal sealed class FakeTarget(Kernel kernel, Machine machine, bool tracing, List<string> log) : ITarget
{
    public Kernel Kernel => kernel;

    public bool Holds(Condition condition) => condition switch
    {
        Condition.InSet c => c.Set.Contains(kernel),
        Condition.Not c => !Holds(c.Inner),
        _ => condition is Condition.Otherwise,
    };

    public StepResult Run(Step step, Value[] operands, Value? content, bool signalExpected)
    {
        log.Add($"{step.Operation}({string.Join(", ", operands)})");
        return step.Operation switch
        {
            "fail" => new(Outcome.Errno("EINVAL"), Value.Absent, 0),
            "number" => new(Outcome.Ok, operands[0], 0),
            "throw" => throw new InvalidOperationException("the target is broken"),
            _ => new(Outcome.Ok, Value.Absent, 0),
        };
    }

    public Observation Observe(ViewRequest request) => new()
    {
        Fields = new Dictionary<string, Value> { ["HugePages_Rsvd"] = Value.OfNumber(machine.Items.Length) },
        Whole = Value.OfNumber(machine.Items.Length),
    };

    public ConcurrentReport Concurrent(IReadOnlyList<ThreadProgram> threads, Value[] slots, IConcurrentObserver observer)
    {
        log.Add("concurrent " + string.Join(" ", threads.Select(t => $"{t.Process}.{t.Name}:{t.Steps.Length}")));
        return new(true, null, 1, 1, 1);
    }

    public IReadOnlyList<string> Explain(ViewRequest request, string? field) => tracing ? [$"because of {request.Name}"] : [];

    public void Dispose() { }
}

internal sealed class FakeTargets(List<string> log) : ITargetFactory
{
    public ITarget Create(Kernel kernel, Machine machine, bool tracing) =>
        machine.Items.Any(i => i.Kind == "impossible") ? throw new NotSupportedException("this machine cannot be had") : new FakeTarget(kernel, machine, tracing, log);
}
