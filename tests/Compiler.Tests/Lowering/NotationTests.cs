using FsCheck;
using FsCheck.Fluent;
using MmSpec.Kernels;
using MmSpec.Testing;
using MmSpec.Testing.Notation;

namespace MmSpec.Tests.Lowering;

/// <summary>What the notation writes it reads back. Records with arrays have no equality of content, so texts are compared, and some trees by hand.</summary>
public class NotationTests
{
    private static readonly Gen<string> Names = Gen.Elements("a", "buf", "it's", "", "-", "n-1", "3", "(x)", "$1", "\n\u2028\"", "vm.nr_hugepages", "~", "true");

    private static readonly Gen<Value> Leaves = Gen.OneOf(
        Gen.Choose(-5, 1 << 20).Select(n => Value.OfNumber(n)), Gen.Choose(0, 1 << 30).Select(n => Value.OfSize((Int128)n << 40)), Gen.Choose(0, 100).Select(n => Value.OfTime(n)),
        Gen.Elements(Value.Absent, Value.OfTruth(true), Value.OfTruth(false), Value.OfPattern(7), Value.Poisoned(12), Value.OfRange(ulong.MaxValue, ulong.MaxValue), Value.OfNumber(Int128.MaxValue)),
        Names.Select(Value.OfText), Names.Select(n => Value.OfOutcome(new MmSpec.Testing.Outcome(OutcomeKind.Signal, n, "BUS_ADRERR", ulong.MaxValue, 3))));

    private static Gen<Value> Values(int size) => size <= 0 ? Leaves : Gen.OneOf(Leaves, Gen.ListOf(Values(size / 3), 3).Select(v => Value.OfTuple([.. v])));

    private static Gen<Condition> Conditions(int size)
    {
        var leaf = Gen.OneOf(Gen.Constant<Condition>(new Condition.Otherwise()), Names.Select(n => (Condition)new Condition.HasRule(n)), Names.Select(n => (Condition)new Condition.HasConfig(n)),
            Gen.Elements(KernelSetKind.Exact, KernelSetKind.From, KernelSetKind.Range, KernelSetKind.StableLine).SelectMany(kind => Names.Select(n => (Condition)new Condition.InSet(new(
                [new(kind, kind == KernelSetKind.Range ? null : new KernelVersion(2, 32, 5), kind == KernelSetKind.Range ? new KernelVersion(6, 8) : null, [n, "q"], n == "a"),
                 new(kind, new KernelVersion(6, 12), null, [])])))));
        return size <= 0 ? leaf : Gen.OneOf(leaf, Conditions(size / 2).Select(c => (Condition)new Condition.Not(c)));
    }

    private static Gen<OutcomePattern> Patterns(int size) => Gen.Elements(Enum.GetValues<OutcomeKind>()).SelectMany(kind => Names.SelectMany(name => Exprs(size / 2).Select(at =>
        name == "a" ? new OutcomePattern(kind) : name == "buf" ? new(kind, name) : name == "-" ? new(kind, null, null, null, at) : new OutcomePattern(kind, name, "C", at, null, [name, "p"]))));

    private static Gen<Expr> Exprs(int size)
    {
        var leaf = Gen.OneOf(Values(1).Select(v => (Expr)new Expr.Const(v)), Names.Select(n => (Expr)new Expr.Slot(n.Length, n)), Names.Select(n => (Expr)new Expr.LabelOutcome(n)),
            Names.Select(n => (Expr)new Expr.LabelValue(n)), Names.Select(n => (Expr)new Expr.Happened(n)));
        if (size <= 0) return leaf;
        var e = Exprs(size / 3);
        var two = e.SelectMany(a => e.Select(b => (a, b)));
        var view = Names.SelectMany(n => e.Select(a => new ViewCall(n, n == "a" ? null : n, [a], n.Length - 1)));
        return Gen.OneOf(leaf, two.SelectMany(p => Gen.Elements(Enum.GetValues<BinaryOperator>()).Select(o => (Expr)new Expr.Binary(o, p.a, p.b))),
            two.Select(p => (Expr)new Expr.Slice(p.a, p.b, null)), two.Select(p => (Expr)new Expr.Slice(p.a, p.b, p.a)), e.Select(a => (Expr)new Expr.Part(a, RangePart.End)),
            two.Select(p => (Expr)new Expr.MakeRange(p.a, p.b)), two.Select(p => (Expr)new Expr.Aligned(p.a, p.b)), e.Select(a => (Expr)new Expr.Unary(UnaryOperator.Not, a)),
            e.Select(a => (Expr)new Expr.Unary(UnaryOperator.Negate, a)), two.Select(p => (Expr)new Expr.TupleOf([p.a, p.b])), view.Select(v => (Expr)new Expr.View(v, null)),
            view.Select(v => (Expr)new Expr.View(v, "f'")), view.Select(v => (Expr)new Expr.CountEntries(v)), two.Select(p => (Expr)new Expr.CountTrue([p.a, p.b])),
            e.Select(a => (Expr)new Expr.Ever(a)), two.Select(p => (Expr)new Expr.Placed(p.a, null, p.b, null)), e.SelectMany(a => Patterns(size / 3).Select(p => (Expr)new Expr.Matches(a, p))),
            two.SelectMany(p => Conditions(2).Select(c => (Expr)new Expr.Choice([new(c, p.a), new(new Condition.Otherwise(), p.b)]))));
    }

    private static Gen<Step> Steps => Names.SelectMany(n => Exprs(4).SelectMany(a => Exprs(4).SelectMany(b => Conditions(2).SelectMany(c => Patterns(3).Select(p =>
        new Step(1, 2, n, n, "mmap", [new(n, a), new("x", b)])
        {
            Result = n.Length - 1,
            Thread = n == "a" ? null : n,
            Expected = n == "3" ? default : [new(c, new([p, p]))],
            Content = n == "buf" ? b : null,
            Faults = n == "-" ? a : null,
            Label = n == "(x)" ? n : null,
            Base = n == "$1" ? a : null,
        })))));

    [Test]
    public void Steps_come_back() => Check(Steps, NotationWriter.Write, text => NotationReader.Step(1, 2, "t", text));

    [Test]
    public void Expressions_come_back() => Check(Exprs(12), NotationWriter.Write, NotationReader.Expr);

    [Test]
    public void Conditions_come_back() => Check(Conditions(4), NotationWriter.Write, NotationReader.Condition);

    [Test]
    public void Values_come_back_equal() => Check(Values(6).Select(v => (Expr)new Expr.Const(v)), NotationWriter.Write, text =>
    {
        var back = NotationReader.Expr(text);
        Assert.That(back, Is.InstanceOf<Expr.Const>());
        return back;
    });

    [Test]
    public void Expectations_come_back()
    {
        Check(Exprs(6).SelectMany(e => Names.Select(n => new Expectation(1, 2, "t") { View = new(n, null, [e]), Fields = [new(3, 4, n, BinaryOperator.Has, e)] })),
            NotationWriter.Write, text => NotationReader.Expectation(1, 2, "t", text));
        Check(Exprs(6).SelectMany(e => Names.Select(n => new Expectation(1, 2, "t")
        {
            View = new("pages", n, [e]),
            Entries = [new(3, 4, e, e, [new(new Condition.Otherwise(), [new PageAttribute(n, e, true), new PageAttribute("x", null, false)])])],
        })), NotationWriter.Write, text => NotationReader.Expectation(1, 2, "t", text));
        Check(Exprs(6).Select(e => new Expectation(1, 2, "t") { Condition = e }), NotationWriter.Write, text => NotationReader.Expectation(1, 2, "t", text));
    }

    [Test]
    public void Judgements_come_back()
    {
        Check(Exprs(6).Select(e => new Judgement(1, 2, "t", e, [new(new Condition.Otherwise(), Verdict.Sometimes)], [], [])), NotationWriter.Write, text => NotationReader.Judgement(1, 2, "t", text));
        Check(Patterns(4).SelectMany(p => Names.Select(n => new Judgement(1, 2, "t", null, [], [n, "w"],
            [new(new Condition.Otherwise(), [[p, p], [p, new OutcomePattern(OutcomeKind.Ok)]])]))), NotationWriter.Write, text => NotationReader.Judgement(1, 2, "t", text));
    }

    [Test]
    public void Machines_and_patches_come_back()
    {
        Check(Values(3).SelectMany(v => Names.Select(n => new Machine([new(n, v, 1, [new(n, v), new("nr", v)]), new("swap", Value.Absent, -1, [])]))), NotationWriter.Write, NotationReader.Machine);
        Check(Names.Select(n => new Patch("p", new([new(KernelSetKind.From, new KernelVersion(6, 9), null, [])]), [n, "a.b"], [n])), NotationWriter.Write, text => NotationReader.Patch("p", text));
    }

    [Test]
    public void A_step_is_the_step_it_was()
    {
        var step = new Step(3, 4, "text", "p", "mmap", [new("length", new Expr.Const(Value.OfSize(8 << 20))), new("fd", new Expr.Slot(2, "f"))])
        {
            Result = 5,
            Expected = [new(new Condition.Otherwise(), new([new(OutcomeKind.Errno, "ENOMEM")]))],
        };
        var text = NotationWriter.Write(step);
        Assert.That(text, Is.EqualTo("p mmap (length 8388608b) (fd $2 f) (:into 5) (:expect (otherwise (errno ENOMEM)))"));
        var back = NotationReader.Step(3, 4, "text", text);
        Assert.Multiple(() =>
        {
            Assert.That(back.Operands, Is.EqualTo(step.Operands));
            Assert.That(back with { Operands = step.Operands, Expected = step.Expected }, Is.EqualTo(step));
            Assert.That(back.Expected.Single().Then.AnyOf.Single(), Is.EqualTo(new OutcomePattern(OutcomeKind.Errno, "ENOMEM")));
        });
    }

    [Test]
    public void A_long_chain_is_no_deep_recursion()
    {
        Expr sum = new Expr.Const(Value.OfNumber(1));
        for (var i = 0; i < 100_000; i++) sum = new Expr.Binary(i % 2 == 0 ? BinaryOperator.Add : BinaryOperator.Subtract, sum, new Expr.Const(Value.OfNumber(i)));
        var text = NotationWriter.Write(sum);
        Assert.That(NotationWriter.Write(NotationReader.Expr(text)), Is.EqualTo(text));
    }

    private static void Check<T>(Gen<T> gen, Func<T, string> write, Func<string, T> read) => Prop.ForAll(gen.ToArbitrary(), value =>
    {
        var text = write(value);
        return (write(read(text)) == text).Label(text);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
