namespace MmSpec.Binding;

/// <summary>Kinds of types that expressions of the language have.</summary>
internal enum TypeKind
{
    /// <summary>Already diagnosed; fits everywhere and is silent.</summary>
    Error,
    /// <summary>A bare number: fits wherever a number of any kind is expected.</summary>
    Number,
    /// <summary>How many of something.</summary>
    Count,
    /// <summary>Bytes.</summary>
    Size,
    /// <summary>Nanoseconds.</summary>
    Time,
    /// <summary>A place in an address space.</summary>
    Address,
    /// <summary>Start and length.</summary>
    Range,
    /// <summary>A file descriptor.</summary>
    Fd,
    /// <summary>A process id.</summary>
    Pid,
    /// <summary>A value of a group of named constants (<c>prot</c>, <c>map</c>).</summary>
    Flags,
    /// <summary>A word or string; also a symbol of a row.</summary>
    Text,
    /// <summary>True or false.</summary>
    Truth,
    /// <summary>Several values.</summary>
    Tuple,
    /// <summary>A list in brackets, for loops.</summary>
    List,
    /// <summary>A row of a list.</summary>
    Row,
    /// <summary><c>pattern(n)</c>.</summary>
    Pattern,
    /// <summary>How a step came out.</summary>
    Outcome,
    /// <summary>What <c>page(R)</c> shows: compared, never printed.</summary>
    Identity,
    /// <summary>A set of words (<c>VmFlags</c>).</summary>
    Words,
    /// <summary><c>let t = snapshot</c>.</summary>
    Snapshot,
    /// <summary>The kernel lacks the field.</summary>
    Absent,
    /// <summary>A view that has fields or entries and is no value by itself.</summary>
    View,
}

/// <summary>A type, with the group of named constants for flags.</summary>
internal sealed record SpecType(TypeKind Kind, string? Group = null)
{
#pragma warning disable CS1591
    public static readonly SpecType Error = new(TypeKind.Error), Number = new(TypeKind.Number), Count = new(TypeKind.Count), Size = new(TypeKind.Size), Time = new(TypeKind.Time),
        Address = new(TypeKind.Address), Range = new(TypeKind.Range), Fd = new(TypeKind.Fd), Pid = new(TypeKind.Pid), Text = new(TypeKind.Text), Truth = new(TypeKind.Truth),
        Tuple = new(TypeKind.Tuple), List = new(TypeKind.List), Row = new(TypeKind.Row), Pattern = new(TypeKind.Pattern), Outcome = new(TypeKind.Outcome),
        Identity = new(TypeKind.Identity), Words = new(TypeKind.Words), Snapshot = new(TypeKind.Snapshot), Absent = new(TypeKind.Absent), View = new(TypeKind.View);
#pragma warning restore CS1591

    /// <summary>A value of a group of named constants.</summary>
    public static SpecType Flags(string? group) => new(TypeKind.Flags, group);

    /// <summary>Whether values are numbers that can be computed with.</summary>
    public bool IsNumeric => Kind is TypeKind.Number or TypeKind.Count or TypeKind.Size or TypeKind.Time or TypeKind.Address or TypeKind.Fd or TypeKind.Pid or TypeKind.Flags;

    /// <summary>Whether it was diagnosed already.</summary>
    public bool IsError => Kind == TypeKind.Error;

    /// <summary>As diagnostics name it, with an article.</summary>
    public override string ToString() => Kind switch
    {
        TypeKind.Number => "a number",
        TypeKind.Count => "a count",
        TypeKind.Size => "a size",
        TypeKind.Time => "a time",
        TypeKind.Address => "an address",
        TypeKind.Range => "a range",
        TypeKind.Fd => "a file descriptor",
        TypeKind.Pid => "a process id",
        TypeKind.Flags => Group is null ? "flags" : $"a value of {Group}",
        TypeKind.Text => "a word",
        TypeKind.Truth => "a truth value",
        TypeKind.Tuple => "several values",
        TypeKind.List => "a list",
        TypeKind.Row => "a row",
        TypeKind.Pattern => "a pattern",
        TypeKind.Outcome => "an outcome",
        TypeKind.Identity => "the identity of a page",
        TypeKind.Words => "a set of words",
        TypeKind.Snapshot => "a snapshot",
        TypeKind.Absent => "absent",
        TypeKind.View => "a view",
        _ => "a value",
    };

    /// <summary>Whether two values can be compared for equality; with order, whether one can be less than the other.</summary>
    public static bool Comparable(SpecType a, SpecType b, bool order)
    {
        if (a.IsError || b.IsError) return true;
        if (!order && (a.Kind == TypeKind.Absent || b.Kind == TypeKind.Absent)) return true;
        if (a.IsNumeric && b.IsNumeric) return Unify(a, b) is not null;
        return a.Kind == b.Kind && (!order || a.IsNumeric) && a.Kind is not (TypeKind.List or TypeKind.Row or TypeKind.Snapshot or TypeKind.View);
    }

    /// <summary>The type of a sum, of arms or of list members of these numeric types; null where they do not go together.</summary>
    public static SpecType? Unify(SpecType a, SpecType b)
    {
        if (a.IsError || b.IsError) return Error;
        if (a == b) return a;
        if (a.Kind == TypeKind.Absent) return b;
        if (b.Kind == TypeKind.Absent) return a;
        if (a.Kind == TypeKind.Number && b.IsNumeric) return b;
        if (b.Kind == TypeKind.Number && a.IsNumeric) return a;
        if ((a.Kind, b.Kind) is (TypeKind.Address, TypeKind.Size) or (TypeKind.Size, TypeKind.Address)) return Address;
        if (a.Kind == TypeKind.Flags && b.Kind == TypeKind.Flags) return a.Group is null || b.Group is null ? Flags(null) : null;
        return null;
    }
}
