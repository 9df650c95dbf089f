using MmSpec.Mm;
using MmSpec.Testing;

namespace MmSpec.Views;

/// <summary>Which notes of a trace are about a view's field.</summary>
internal static class Explanations
{
    /// <summary>Lines about a field; for <c>outcome</c>, about the latest step.</summary>
    public static IReadOnlyList<string> Of(World world, ViewRequest request, string? field)
    {
        var trace = world.Trace!;
        if (request.Name == "outcome") return trace.Latest();
        var scope = request.Arguments is [{ IsNumeric: true } size] && request.Name is "pool" or "hugepages" ? world.HstateOf(request.Arguments[0].Number)?.Number ?? 0 : 1;
        return trace.Lines(Counters(request.Name, field), scope);
    }

    private static Counter[] Counters(string view, string? field) => view switch
    {
        "rusage" => [Counter.Faults],
        "smaps" or "pages" or "page" or "byte" => [Counter.Mapped],
        "stat" => [Counter.Size],
        "state" => [Counter.Outcome],
        _ => field switch
        {
            "Rsvd" or "HugePages_Rsvd" or "resv_hugepages" => [Counter.Reserved, Counter.Consumed],
            "Free" or "HugePages_Free" or "free_hugepages" => [Counter.Free],
            "Total" or "HugePages_Total" or "nr_hugepages" or "Hugetlb" => [Counter.Total],
            "Surp" or "HugePages_Surp" or "surplus_hugepages" => [Counter.Surplus],
            _ => [Counter.Total, Counter.Free, Counter.Reserved, Counter.Surplus, Counter.Consumed],
        },
    };
}
