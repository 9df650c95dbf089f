using System.Collections.Immutable;
using MmSpec.Testing;

namespace MmSpec.Catalog;

/// <summary>What an operand of a step is.</summary>
public enum ParameterType
{
    /// <summary>A range: start and length.</summary>
    Range,
    /// <summary>An address in bytes; a range stands for its start.</summary>
    Address,
    /// <summary>Bytes.</summary>
    Size,
    /// <summary>A plain count.</summary>
    Count,
    /// <summary>A plain number that is neither bytes nor a count: an offset of bits, a mode, an id, an exit code.</summary>
    Number,
    /// <summary>A file descriptor.</summary>
    Fd,
    /// <summary>A path in quotes.</summary>
    Path,
    /// <summary>A string.</summary>
    Text,
    /// <summary>Constants of the group in <see cref="Parameter.Group"/>, or'ed.</summary>
    Flags,
    /// <summary>One constant of the group in <see cref="Parameter.Group"/>.</summary>
    Constant,
    /// <summary>The name of a process.</summary>
    Process,
    /// <summary>The name of a signal.</summary>
    Signal,
    /// <summary>Contents of memory: a byte or <c>pattern(n)</c>.</summary>
    Content,
    /// <summary>A list of node numbers.</summary>
    Nodes,
    /// <summary>A list of ranges or numbers.</summary>
    List,
    /// <summary>What a sysctl or sysfs file takes: a number, a size or a word.</summary>
    Setting,
    /// <summary>Any value.</summary>
    Any,
}

/// <summary>What a step returns.</summary>
public enum ResultType
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>A range.</summary>
    Range,
    /// <summary>A file descriptor.</summary>
    Fd,
    /// <summary>A plain number.</summary>
    Number,
    /// <summary>Bytes.</summary>
    Size,
    /// <summary>A byte of memory.</summary>
    Byte,
    /// <summary>Constants, or'ed.</summary>
    Flags,
    /// <summary>A record with fields (<c>r.ioctls</c>).</summary>
    Record,
}

/// <summary>Who can perform an operation.</summary>
public enum Performer
{
    /// <summary>A process or one of its threads.</summary>
    Process,
    /// <summary>The administrator, <c>root:</c>.</summary>
    Root,
    /// <summary>One of the kernel's own actors, in a thread <c>kernel.X</c>.</summary>
    Kernel,
    /// <summary>The administrator or one of the kernel's own actors.</summary>
    RootOrKernel,
}

/// <summary>A parameter of an operation.</summary>
/// <param name="Name">As a named argument spells it.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Group">For flags and constants: the group (or, parted by <c>|</c>, groups) of <see cref="Constants"/>.</param>
/// <param name="Default">What it is when left out; null: it must be given. <see cref="Value.Absent"/>: left to the target.</param>
public sealed record Parameter(string Name, ParameterType Type, string? Group = null, Value? Default = null)
{
    /// <summary>It can only be given by name.</summary>
    public bool NamedOnly { get; init; }
    /// <summary>Kernels in which the parameter has meaning.</summary>
    public Availability AvailableIn { get; init; } = Availability.Always;
}

/// <summary>Something that a step can do.</summary>
/// <param name="Name">As a specification spells it; that of the manual's section 2 for system calls.</param>
/// <param name="Parameters">In positional order; address and length of a region are one Range.</param>
/// <param name="Result">What it returns.</param>
public sealed record Operation(string Name, ImmutableArray<Parameter> Parameters, ResultType Result)
{
    /// <summary>Who performs it.</summary>
    public Performer Performer { get; init; } = Performer.Process;
    /// <summary>Kernels that have it.</summary>
    public Availability AvailableIn { get; init; } = Availability.Always;
    /// <summary>Whether the model gives it meaning today; otherwise a specification that uses it gets "not supported yet".</summary>
    public bool Supported { get; init; }
    /// <summary>It is no system call: a memory access, or a statement of its own form (<c>load</c>, <c>fork</c>, <c>sysctl</c>).</summary>
    public bool HasOwnForm { get; init; }
    /// <summary>Whether its outcome may carry contents to compare (<c>== BYTE</c>).</summary>
    public bool ReadsContent { get; init; }

    /// <summary>The parameter of that name, or null.</summary>
    public Parameter? Find(string name)
    {
        foreach (var parameter in Parameters) if (parameter.Name == name) return parameter;
        return null;
    }
}
