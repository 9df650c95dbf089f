using System.Collections.Immutable;

namespace MmSpec.Catalog;

/// <summary>What a field, or a view that is one value, holds.</summary>
public enum FieldType
{
    /// <summary>Bytes.</summary>
    Size,
    /// <summary>A plain count.</summary>
    Count,
    /// <summary>Words, for <c>has</c> (VmFlags).</summary>
    Set,
    /// <summary>One word.</summary>
    Text,
    /// <summary>Several values.</summary>
    Tuple,
    /// <summary>An identity: only compared.</summary>
    Identity,
    /// <summary>True or false.</summary>
    Truth,
}

/// <summary>A field of a view.</summary>
/// <param name="Name">As <c>/proc</c> or sysfs spells it.</param>
/// <param name="Type">What it holds.</param>
/// <param name="AvailableIn">Kernels that print it.</param>
public sealed record ViewField(string Name, FieldType Type, Availability AvailableIn);

/// <summary>What an expectation can look at (LANGUAGE §7).</summary>
/// <param name="Name">As a specification spells it.</param>
/// <param name="Parameters">Arguments, in order.</param>
public sealed record View(string Name, ImmutableArray<Parameter> Parameters)
{
    /// <summary>Fields that are known by name.</summary>
    public ImmutableArray<ViewField> Fields { get; init; } = [];
    /// <summary>It has fields that this table does not list (<c>vmstat</c>, <c>cgroup</c>); their values are counts or sizes.</summary>
    public bool OpenFields { get; init; }
    /// <summary>It has stretches of a region as entries.</summary>
    public bool HasEntries { get; init; }
    /// <summary>Type of the whole, for a view that is a value by itself; null: it is none.</summary>
    public FieldType? Whole { get; init; }
    /// <summary>It belongs to a process: the one whose block it stands in, or the one that qualifies its argument.</summary>
    public bool OfProcess { get; init; }
    /// <summary>A real kernel shows it; otherwise only the model can.</summary>
    public bool Observable { get; init; } = true;
    /// <summary>Only a judgement can name it.</summary>
    public bool OnlyInJudge { get; init; }
    /// <summary>Kernels that have it.</summary>
    public Availability AvailableIn { get; init; } = Availability.Always;
    /// <summary>Whether the model shows it today; otherwise a specification that uses it gets "not supported yet".</summary>
    public bool Supported { get; init; }

    /// <summary>The listed field of that name, or null.</summary>
    public ViewField? Find(string field)
    {
        foreach (var f in Fields) if (f.Name == field) return f;
        return null;
    }
}
