using System.Collections.Immutable;
using static MmSpec.Catalog.FieldType;
using static MmSpec.Catalog.ViewCatalog;

namespace MmSpec.Catalog;

/// <summary>Views that only the model can show.</summary>
internal static class ModelViews
{
    private static readonly Parameter Region = new("range", ParameterType.Range);

    internal static readonly ImmutableArray<View> All =
    [
        new("ptes", [Region]) { HasEntries = true, OfProcess = true, Observable = false },
        new("resv_map", [new("file", ParameterType.Any)]) { HasEntries = true, Whole = FieldType.Tuple, OfProcess = true, Observable = false, Supported = true },
        new("vma", [Region]) { Fields = [F(Truth, "vma.hgm")], OfProcess = true, Observable = false },
        new("pmd_shared", [Region]) { Whole = Truth, OfProcess = true, Observable = false },
        new("pmd_refs", [Region]) { Whole = Count, OfProcess = true, Observable = false },
        new("locks", []) { OpenFields = true, Observable = false },
    ];
}
