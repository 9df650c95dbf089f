using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MmSpec.Testing;

namespace MmSpec.Catalog;

/// <summary>Every operation of the language (LANGUAGE §5 and §6).</summary>
public static class Operations
{
    /// <summary>All operations, in no particular order.</summary>
    public static ImmutableArray<Operation> All { get; } =
        [.. MappingOperations.All, .. FileOperations.All, .. ProcessOperations.All, .. UserfaultfdOperations.All, .. AdministratorOperations.All];

    private static readonly Dictionary<string, Operation> ByName = All.ToDictionary(o => o.Name, StringComparer.Ordinal);

    /// <summary>Looks an operation up.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out Operation? operation) => ByName.TryGetValue(name, out operation);

    /// <summary>The operation whose name resembles a misspelt one most, or null.</summary>
    public static string? Suggest(string name) => Catalog.Suggest.Nearest(name, ByName.Keys);

    internal static Operation Op(string name, ResultType result, params ReadOnlySpan<Parameter> parameters) => new(name, [.. parameters], result);

    internal static Operation Since(this Operation operation, string version) => operation with { AvailableIn = Availability.Of(operation.Name, version) };

    internal static Operation Until(this Operation operation, string version) => operation with { AvailableIn = Availability.Of(operation.Name, until: version) };

    internal static Operation Supported(this Operation operation) => operation with { Supported = true };

    internal static Operation By(this Operation operation, Performer performer) => operation with { Performer = performer };

    internal static Operation OwnForm(this Operation operation) => operation with { HasOwnForm = true };

    internal static Parameter Range(string name = "range") => new(name, ParameterType.Range);

    internal static Parameter Size(string name) => new(name, ParameterType.Size);

    internal static Parameter Fd(string name = "fd") => new(name, ParameterType.Fd);

    internal static Parameter Path(string name = "path") => new(name, ParameterType.Path);

    internal static Parameter Number(string name) => new(name, ParameterType.Number);

    internal static Parameter Flags(string group, string name = "flags") => new(name, ParameterType.Flags, group, Value.OfNumber(0));

    internal static Parameter Constant(string group, string name) => new(name, ParameterType.Constant, group);

    internal static Parameter Or(this Parameter parameter, Int128 value) =>
        parameter with { Default = parameter.Type is ParameterType.Size ? Value.OfSize(value) : Value.OfNumber(value) };

    internal static Parameter Optional(this Parameter parameter) => parameter with { Default = Value.Absent };

    internal static Parameter Required(this Parameter parameter) => parameter with { Default = null };

    internal static Parameter Named(this Parameter parameter) => parameter with { NamedOnly = true };
}
