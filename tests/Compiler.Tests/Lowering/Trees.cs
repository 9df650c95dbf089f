using System.Collections.Immutable;
using MmSpec.Binding;
using MmSpec.Kernels;
using MmSpec.Lowering;
using MmSpec.NUnit;
using MmSpec.Testing;

namespace MmSpec.Tests.Lowering;

/// <summary>Bound trees by hand.</summary>
internal static class Trees
{
    public static readonly Kernel Old = new(new KernelVersion(5, 10));
    public static readonly Kernel New = new(new KernelVersion(6, 12));

    private static readonly Lazy<SpecEmitter> Emitter = new(() => new SpecEmitter(SpecReferences.Paths));

    public static Step Step(int line, string operation, params Operand[] operands) => new(line, 9, $"{operation}()", "p", operation, [.. operands]);

    public static BoundStep Do(int line, string operation) => new(Step(line, operation));

    public static Expr Number(long n) => new Expr.Const(Value.OfNumber(n));

    public static BoundExpect Expect(int line, Expr condition) => new(new Expectation(line, 9, $"expect line {line}") { Condition = condition });

    public static Expr Equal(Expr a, Expr b) => new Expr.Binary(BinaryOperator.Equal, a, b);

    public static BoundRow Row(string name, params BoundNode[] body) => new(name, Machine.Default, 8, [.. body]);

    public static BoundScenario Scenario(string title, int line, params BoundRow[] rows) =>
        new(title, null, ["hugetlb"], line, new KernelSet([]), [], [.. rows], []);

    public static BoundFile File(string path, params BoundScenario[] scenarios) => new(path, [.. scenarios]);

    public static ImmutableArray<Kernel> Both(BoundScenario scenario) => [Old, New];

    public static ImmutableArray<Kernel> One(BoundScenario scenario) => [New];

    public static EmittedAssembly Emit(KernelChoice kernels, params BoundFile[] files) => Emitter.Value.Emit("Test", files, kernels);

    /// <summary>Emits, loads and runs everything on the fake target.</summary>
    public static List<CaseResult> Run(KernelChoice kernels, List<string> log, params BoundFile[] files)
    {
        var emitted = Emit(kernels, files);
        using var assembly = new SpecAssembly(emitted.Dll, emitted.Pdb);
        return [.. assembly.Cases().Select(new SpecRunner(_ => new FakeTargets(log), new RunOptions()).Run)];
    }

    public static CaseResult RunOne(List<string> log, params BoundNode[] body) => Run(One, log, File("specs/a.mmspec", Scenario("t", 3, Row("", body)))).Single();
}
