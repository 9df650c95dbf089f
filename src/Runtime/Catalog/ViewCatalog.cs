using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace MmSpec.Catalog;

/// <summary>Every view of the language (LANGUAGE §7).</summary>
public static class ViewCatalog
{
    /// <summary>All views.</summary>
    public static ImmutableArray<View> All { get; } = [.. SystemViews.All, .. ProcessViews.All, .. ModelViews.All];

    private static readonly Dictionary<string, View> ByName = All.ToDictionary(v => v.Name, StringComparer.Ordinal);

    /// <summary>Looks a view up.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out View? view) => ByName.TryGetValue(name, out view);

    /// <summary>A field that may stand without its view: <c>HugePages_Rsvd</c> for <c>meminfo.HugePages_Rsvd</c>.</summary>
    public static bool TryGetBare(string name, [NotNullWhen(true)] out View? view, [NotNullWhen(true)] out ViewField? field)
    {
        view = ByName["meminfo"];
        field = name.StartsWith("HugePages_", StringComparison.Ordinal) ? view.Find(name) : null;
        return field is not null;
    }

    /// <summary>The view whose name resembles a misspelt one most, or null.</summary>
    public static string? Suggest(string name) => Catalog.Suggest.Nearest(name, ByName.Keys);

    /// <param name="type">What it holds.</param>
    /// <param name="path">View and field, <c>smaps.Anonymous</c>: fields of one name may differ in age between views.</param>
    /// <param name="since">First release.</param>
    /// <param name="until">Last release.</param>
    internal static ViewField F(FieldType type, string path, string? since = null, string? until = null) =>
        new(path[(path.IndexOf('.', StringComparison.Ordinal) + 1)..], type, Availability.Of(path, since, until, kind: "field"));

    internal static ImmutableArray<ViewField> Fs(FieldType type, params ReadOnlySpan<string> names)
    {
        var fields = ImmutableArray.CreateBuilder<ViewField>(names.Length);
        foreach (var name in names) fields.Add(new(name, type, Availability.Always));
        return fields.MoveToImmutable();
    }
}
