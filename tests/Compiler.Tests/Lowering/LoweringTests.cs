using System.Reflection.Metadata;
using Microsoft.CodeAnalysis.CSharp;
using MmSpec.Binding;
using MmSpec.Kernels;
using MmSpec.Lowering;
using MmSpec.Testing;

namespace MmSpec.Tests.Lowering;

public class LoweringTests
{
    private static readonly Condition Is612 = new Condition.InSet(new([new(KernelSetKind.Exact, Trees.New.Version, null, [])]));

    [Test]
    public void Statements_run_in_order_with_their_values()
    {
        var log = new List<string>();
        var result = Trees.RunOne(log,
            new BoundStep(Trees.Step(5, "number", new Operand("n", Trees.Number(7))) with { Result = 1 }),
            new BoundLet(6, 9, "let y = x + 1", 2, new Expr.Binary(BinaryOperator.Add, new Expr.Slot(1, "x"), Trees.Number(1))),
            Trees.Expect(7, Trees.Equal(new Expr.Slot(2, "y"), Trees.Number(8))),
            new BoundRepeat(8, 9, 3, [Trees.Do(9, "ok")]),
            new BoundWhen(10, 9, Is612, [Trees.Do(11, "then")], [Trees.Do(12, "else")]),
            new BoundWhen(13, 9, new Condition.Not(Is612), [Trees.Do(14, "then2")], [Trees.Do(15, "else2")]),
            new BoundSnapshot(16, 9, "let t = snapshot", 3, [new ViewCall("meminfo", null, [])]),
            Trees.Do(17, "last"));
        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Is.Null);
            Assert.That(result.Result!.Verdict, Is.EqualTo(CaseVerdict.Passed), string.Join("\n", result.Result.Failures));
            Assert.That(log, Is.EqualTo(new[] { "number(7)", "ok()", "ok()", "ok()", "then()", "else2()", "last()" }));
        });
    }

    [Test]
    public void Every_mismatch_has_its_own_line_and_an_explanation()
    {
        var log = new List<string>();
        var result = Trees.RunOne(log, Trees.Do(5, "fail"), Trees.Do(6, "ok"), Trees.Expect(7, Trees.Equal(Trees.Number(1), Trees.Number(2)))).Result!;
        Assert.Multiple(() =>
        {
            Assert.That(result.Verdict, Is.EqualTo(CaseVerdict.Failed));
            Assert.That(result.Failures.Select(f => (f.Place.File, f.Place.Line)), Is.EqualTo(new[] { ("specs/a.mmspec", 5), ("specs/a.mmspec", 7) }));
            Assert.That(result.Failures[0].Explanation, Is.EqualTo(new[] { "because of outcome" }));
            Assert.That(log, Is.EqualTo(new[] { "fail()", "ok()", "fail()", "ok()" }), "run again with tracing");
        });
    }

    [Test]
    public void A_failure_in_a_def_names_the_call_and_the_place_in_the_other_file()
    {
        var inner = new BoundDefCall(4, 5, "inner()", "inner", "lib.mmspec", 8, [Trees.Do(9, "fail")]);
        var failure = Trees.RunOne([], new BoundDefCall(21, 9, "outer()", "outer", "lib.mmspec", 2, [Trees.Do(3, "ok"), inner]), Trees.Do(22, "ok")).Result!.Failures.Single();
        Assert.Multiple(() =>
        {
            Assert.That(failure.Calls.Select(c => (c.File, c.Line)), Is.EqualTo(new[] { ("specs/a.mmspec", 21), ("lib.mmspec", 4) }));
            Assert.That((failure.Place.File, failure.Place.Line), Is.EqualTo(("lib.mmspec", 9)));
        });
    }

    [Test]
    public void Rows_and_kernels_make_cases_with_machines_of_their_own()
    {
        MachineItem item = new("hugepages", Value.OfSize(2 << 20), -1, [new("nr", Value.OfNumber(4))]);
        var rsvd = new Expr.View(new ViewCall("meminfo", null, []), "HugePages_Rsvd");
        var rows = new[]
        {
            Trees.Row("none", Trees.Expect(5, Trees.Equal(rsvd, Trees.Number(0)))),
            Trees.Row("one", Trees.Expect(5, Trees.Equal(rsvd, Trees.Number(1)))) with { Machine = new([item]) },
            Trees.Row("impossible", Trees.Do(5, "ok")) with { Machine = new([item with { Kind = "impossible" }]) },
        };
        var results = Trees.Run(Trees.Both, [], Trees.File("a.mmspec", Trees.Scenario("t", 3, rows)));
        Assert.Multiple(() =>
        {
            Assert.That(results.Select(r => r.Case.Name), Is.EqualTo(new[]
            {
                "a.mmspec::t[none][5.10]", "a.mmspec::t[none][6.12]", "a.mmspec::t[one][5.10]", "a.mmspec::t[one][6.12]",
                "a.mmspec::t[impossible][5.10]", "a.mmspec::t[impossible][6.12]",
            }));
            Assert.That(results.Take(4).Select(r => r.Result!.Verdict), Is.All.EqualTo(CaseVerdict.Passed));
            Assert.That(results[5].Result!.Verdict, Is.EqualTo(CaseVerdict.NotApplicable));
            Assert.That(results[5].Result!.Reason, Is.EqualTo("this machine cannot be had"));
        });
    }

    [Test]
    public void What_a_broken_target_throws_is_an_error_of_its_case_alone()
    {
        var results = Trees.Run(Trees.One, [], Trees.File("a.mmspec", Trees.Scenario("x", 3, Trees.Row("", Trees.Do(4, "throw"))), Trees.Scenario("y", 6, Trees.Row("", Trees.Do(7, "ok")))));
        Assert.That(results[0].Error?.Message, Is.EqualTo("the target is broken"));
        Assert.That(results[1].Result?.Verdict, Is.EqualTo(CaseVerdict.Passed));
    }

    [Test]
    public void A_concurrent_block_is_handed_over_whole()
    {
        var log = new List<string>();
        var threads = new ThreadProgram[] { new("p", "a", [Trees.Step(5, "ok") with { Label = "w", Thread = "a" }]), new("p", "b", [Trees.Step(6, "ok"), Trees.Step(7, "ok")]) };
        var judgement = new Judgement(9, 5, "never deadlock", new Expr.Happened("deadlock"), [new(new Condition.Otherwise(), Verdict.Never)], [], []);
        Trees.RunOne(log, new BoundParallel(new ParallelBlock(4, 5, [.. threads], [judgement])));
        Assert.That(log, Does.Contain("concurrent p.a:1 p.b:2"));
    }

    [Test]
    public void A_known_gap_is_reported_as_such()
    {
        var result = Trees.RunOne([], new BoundKnownGap(4, 5, "not modelled", [Trees.Do(5, "fail")]), new BoundKnownGap(7, 5, "other", [Trees.Do(8, "ok")])).Result!;
        Assert.That(result.Failures, Is.Empty);
        Assert.That(result.Gaps.Select(g => (g.Reason, g.Held)), Is.EqualTo(new[] { ("not modelled", false), ("other", true) }));
    }

    [Test]
    public void Bytes_are_deterministic()
    {
        var file = Trees.File("specs/a.mmspec", Trees.Scenario("t", 3, Trees.Row("", Trees.Do(4, "ok"))));
        EmittedAssembly first = Trees.Emit(Trees.Both, file), second = Trees.Emit(Trees.Both, file with { Path = "specs/a.mmspec" });
        Assert.That(second.Dll, Is.EqualTo(first.Dll));
        Assert.That(second.Pdb, Is.EqualTo(first.Pdb));
    }

    [Test]
    public void A_method_maps_to_one_document_and_starts_at_its_header()
    {
        var emitted = Trees.Emit(Trees.One, Trees.File("specs/a.mmspec", Trees.Scenario("t", 3,
            Trees.Row("", Trees.Do(4, "ok"), new BoundDefCall(5, 9, "d()", "d", "lib.mmspec", 1, [Trees.Do(2, "ok")]), new BoundWhen(6, 9, Is612, [Trees.Do(7, "ok")], []), Trees.Do(8, "ok")))));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(emitted.Pdb));
        var pdb = provider.GetMetadataReader();
        var methods = pdb.MethodDebugInformation.Select(h => pdb.GetMethodDebugInformation(h))
            .Select(m => m.GetSequencePoints().Where(p => !p.IsHidden).Select(p => (File: pdb.GetString(pdb.GetDocument(p.Document).Name), p.StartLine)).ToList())
            .Where(points => points.Count > 0).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(methods, Has.Count.EqualTo(2), "the scenario and the def; glue has no lines");
            Assert.That(methods.Select(m => m.Select(p => p.File).Distinct().Single()), Is.EquivalentTo(new[] { "specs/a.mmspec", "lib.mmspec" }));
            var scenario = methods.Single(m => m[0].File == "specs/a.mmspec");
            Assert.That(scenario.Select(p => p.StartLine).Min(), Is.EqualTo(3));
            Assert.That(scenario.Select(p => p.StartLine), Is.SupersetOf(new[] { 3, 4, 5, 6, 7, 8 }));
        });
    }

    [Test]
    public void The_tree_is_the_same_as_its_text()
    {
        var file = Trees.File("specs/a.mmspec", Trees.Scenario("t", 3, Trees.Row("a", Trees.Do(4, "ok"), new BoundRepeat(5, 9, 2, [Trees.Do(6, "ok")])), Trees.Row("b",
            new BoundWhen(6, 9, Is612, [Trees.Do(7, "ok")], [Trees.Do(8, "ok")]), new BoundKnownGap(9, 9, "gap", [Trees.Do(10, "ok")]))));
        var text = SpecEmitter.ToCSharp(file, Trees.Both);
        var parsed = CSharpSyntaxTree.ParseText(text);
        Assert.That(parsed.GetDiagnostics(), Is.Empty, text);
        Assert.That(parsed.GetRoot().ToFullString(), Is.EqualTo(text));
    }
}
