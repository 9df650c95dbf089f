using MmSpec.Kernels;

namespace MmSpec.Testing;

/// <summary>An expression has no value here: a view cannot be answered, a division by zero, an ordering of what has none. The message is for the user.</summary>
public sealed class EvaluationException(string message) : Exception(message);

/// <summary>What the names in an expression mean at one moment.</summary>
public abstract class EvaluationScope
{
    /// <summary>The value of a slot.</summary>
    public abstract Value Slot(int index);

    /// <summary>Whether an arm's condition holds on this kernel.</summary>
    public abstract bool Holds(Condition condition);

    /// <summary>What a view shows now.</summary>
    public abstract Observation Observe(ViewRequest request);

    /// <summary>What a view showed when the snapshot in the slot was taken.</summary>
    /// <exception cref="EvaluationException">There is no such snapshot.</exception>
    public virtual Observation Before(int slot, ViewRequest request) => throw new EvaluationException("the snapshot was not taken");

    /// <summary>The final state that a judgement looks at; null outside of one.</summary>
    public virtual IFinalState? State => null;

    /// <summary>Whether the property held in some state of the run.</summary>
    /// <exception cref="EvaluationException">Not in a judgement.</exception>
    public virtual bool Ever(Expr.Ever ever) => throw new EvaluationException("ever(…) has a value in a judgement only");
}

/// <summary>The scope of sequential statements: a target and an array of slots.</summary>
public class TargetScope(ITarget target, Value[] slots) : EvaluationScope
{
    /// <inheritdoc />
    public override Value Slot(int index) => slots[index];
    /// <inheritdoc />
    public override bool Holds(Condition condition) => target.Holds(condition);
    /// <inheritdoc />
    public override Observation Observe(ViewRequest request) => target.Observe(request);
}
