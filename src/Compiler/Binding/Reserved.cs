namespace MmSpec.Binding;

/// <summary>Words that name nothing else (LANGUAGE §2).</summary>
internal static class Reserved
{
    /// <summary>Words that name no process, thread or label.</summary>
    public static readonly IReadOnlySet<string> Everywhere =
        new HashSet<string>(["as", "at", "and", "or", "not", "in", "has", "since", "faults", "to", "until", "of", "every"], StringComparer.Ordinal);

    /// <summary>Words that name no process besides.</summary>
    public static readonly IReadOnlySet<string> Processes = new HashSet<string>(["root", "kernel"], StringComparer.Ordinal);

    /// <summary>Words that are values by themselves and name no other.</summary>
    public static readonly IReadOnlySet<string> Values = new HashSet<string>(["NULL", "absent", "true", "false"], StringComparer.Ordinal);
}
