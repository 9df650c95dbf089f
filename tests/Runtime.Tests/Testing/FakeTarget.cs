using System.Collections.Immutable;
using MmSpec.Kernels;
using MmSpec.Testing;

namespace MmSpec.Tests.Testing;

/// <summary>A target that answers what a test told it to answer, and remembers what it was asked.</summary>
internal sealed class FakeTarget(Kernel kernel, bool tracing) : ITarget, ISelfChecking
{
    public Dictionary<string, Func<Value[], StepResult>> Steps { get; } = [];
    public Dictionary<string, Func<ViewRequest, Observation>> Views { get; } = [];
    public List<(string Text, bool SignalExpected)> Asked { get; } = [];
    public List<FakeState> States { get; } = [];
    public List<FakeState> Finals { get; } = [];
    public ConcurrentReport Report { get; set; } = new(true, null, 1, 1, 1);
    public List<string> Inconsistencies { get; } = [];
    public bool Disposed { get; private set; }

    public Kernel Kernel => kernel;

    public bool Holds(Condition condition) => condition switch
    {
        Condition.InSet s => s.Set.Contains(kernel),
        Condition.Otherwise => true,
        Condition.Not n => !Holds(n.Inner),
        _ => false,
    };

    public StepResult Run(Step step, Value[] operands, Value? content, bool signalExpected)
    {
        Asked.Add((step.Text, signalExpected));
        return Steps.TryGetValue(step.Text, out var answer) ? answer(operands) : new StepResult(Outcome.Ok, Value.Absent, 0);
    }

    public Observation Observe(ViewRequest request) => Views.TryGetValue(request.Name, out var view) ? view(request) : new Observation { Error = $"no view {request.Name}" };

    public ConcurrentReport Concurrent(IReadOnlyList<ThreadProgram> threads, Value[] slots, IConcurrentObserver observer)
    {
        if (observer.WantsEveryState) foreach (var state in States) foreach (var final in Finals) final.Seen |= observer.State(state);
        foreach (var final in Finals) observer.Final(final);
        return Report;
    }

    public IReadOnlyList<string> Explain(ViewRequest request, string? field) => tracing ? [$"why {request.Name}.{field}"] : [];

    public IReadOnlyList<string> FindInconsistencies() => Inconsistencies;

    public void Dispose() => Disposed = true;
}

/// <summary>A final state with given outcomes.</summary>
internal sealed class FakeState : IFinalState
{
    public Dictionary<string, Outcome> Labels { get; init; } = [];
    public Dictionary<(int, int), Outcome> Outcomes { get; init; } = [];
    public HashSet<string> Events { get; init; } = [];
    public Dictionary<string, Observation> Views { get; init; } = [];
    public string Name { get; init; } = "schedule";
    public ulong Seen { get; set; }

    public Outcome OutcomeOf(string label) => Labels[label];
    public Value ValueOf(string label) => Value.Absent;
    public bool Happened(string name) => Events.Contains(name);
    public Outcome OutcomeAt(int thread, int step) => Outcomes.GetValueOrDefault((thread, step), Outcome.Ok);
    public Value Slot(int index) => Value.Poisoned(0);
    public IReadOnlyList<string> Schedule() => [Name];
    public Observation Observe(ViewRequest request) => Views[request.Name];
}

/// <summary>Makes fake targets and keeps them.</summary>
internal sealed class FakeFactory(Action<FakeTarget> prepare) : ITargetFactory
{
    public List<FakeTarget> Made { get; } = [];

    public ITarget Create(Kernel kernel, Machine machine, bool tracing)
    {
        var target = new FakeTarget(kernel, tracing);
        prepare(target);
        Made.Add(target);
        return target;
    }
}

/// <summary>Short forms of the records that a compiler would emit.</summary>
internal static class Build
{
    public static readonly Kernel Kernel = new(new KernelVersion(6, 12));

    public static Expr N(long n) => new Expr.Const(Value.OfNumber(n));
    public static Expr Size(long n) => new Expr.Const(Value.OfSize(n));
    public static Expr Field(string view, string? field) => new Expr.View(new ViewCall(view, null, []), field);
    public static Expr Op(BinaryOperator op, Expr a, Expr b) => new Expr.Binary(op, a, b);
    public static Condition Otherwise { get; } = new Condition.Otherwise();

    public static Step Step(int line, string text, params Expr[] operands) =>
        new(line, 5, text, "p", text.Split(' ')[0], [.. operands.Select((o, i) => new Operand("o" + i, o))]);

    public static Step Allows(this Step step, params OutcomePattern[] anyOf) =>
        step with { Expected = [new Arm<OutcomeSet>(Otherwise, new OutcomeSet([.. anyOf]))] };

    public static Expectation Expect(int line, Expr condition) => new(line, 5, "expect") { Condition = condition };

    public static Judgement Judge(int line, Verdict verdict, Expr property) =>
        new(line, 5, "judgement", property, [new Arm<Verdict>(Otherwise, verdict)], [], []);

    public static RunResult Run(FakeFactory factory, Action<ScenarioRun> body, RunOptions? options = null)
    {
        var run = new ScenarioRun(factory, Kernel, Machine.Default, "a.mmspec", 8, options ?? new RunOptions());
        do body(run);
        while (run.Again());
        return run.Result;
    }

    public static Observation Fields(params (string Name, Value Value)[] fields) => new() { Fields = fields.ToImmutableDictionary(f => f.Name, f => f.Value) };
}
