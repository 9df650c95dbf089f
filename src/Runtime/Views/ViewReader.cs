using MmSpec.Catalog;
using MmSpec.Mm;
using MmSpec.State;
using MmSpec.Testing;

namespace MmSpec.Views;

/// <summary>Shows views: what Linux would print, in its units. Nothing here changes the world.</summary>
[SharedImmutable]
internal sealed class ViewReader(World world)
{
    /// <summary>What a view shows now.</summary>
    public Observation Observe(ViewRequest request)
    {
        var arguments = request.Arguments;
        switch (request.Name)
        {
            case "pool":
                return SizeOf(arguments) is { } p ? PoolViews.Pool(p) : Missing("this kernel has no huge pages of that size");
            case "meminfo":
                return Fields("meminfo", PoolViews.Meminfo(world));
            case "hugepages":
                return SizeOf(arguments) is { } h ? Fields("hugepages", PoolViews.Directory(h)) : Missing("this kernel has no huge pages of that size");
            case "node":
                return arguments is [{ IsNumeric: true } n] && n.Number >= 0 && n.Number < world.Memory.Nodes
                    ? Fields("node", PoolViews.Node(world, (int)n.Number)) : Missing("there is no such node");
        }
        var process = request.Process is null ? 0 : world.Processes.Find(request.Process);
        if (request.Name is "state" or "rusage" or "maps" && arguments is [{ Kind: ValueKind.Text } name]) process = world.Processes.Find(name.Text);
        if (process == 0) return Missing("there is no such process");
        switch (request.Name)
        {
            case "state":
                return new() { Whole = Value.OfText(world.Processes.All[process].State switch { ProcessState.Running => "running", ProcessState.Exited => "exited", _ => "killed" }) };
            case "rusage":
                return Fields("rusage", new() { ["minflt"] = Value.OfNumber(world.Processes.All[process].MinorFaults), ["majflt"] = Value.OfNumber(0), ["maxrss"] = Value.OfSize(0) });
        }
        if (request.Name is "stat" or "resv_map")
        {
            var file = arguments is [{ IsNumeric: true } fd] ? world.Files.Descriptor(process, fd.Number) : 0;
            if (file == 0) return Missing("there is no such open file");
            return request.Name == "stat" ? Fields("stat", FileViews.Stat(world, file)) : FileViews.ReserveMap(world, file);
        }
        var mm = world.Processes.All[process].Mm;
        if (mm == 0) return Missing($"{Names.Of(world.Processes.All[process].Name)} has no address space any more");
        if (request.Name == "maps") return MappingViews.Maps(world, mm);
        if (arguments is not [{ Kind: ValueKind.Range } range]) return Missing($"{request.Name} needs a range");
        return request.Name switch
        {
            "smaps" => SmapsView.Show(world, mm, range, f => Fields("smaps", f)),
            "vmas" => MappingViews.Vmas(world, mm, range),
            "pages" => PageViews.Pages(world, mm, range),
            "page" => PageViews.Identity(world, mm, range.Start),
            "byte" => PageViews.Byte(world, mm, range.Start),
            _ => Missing($"the emulator does not show {request.Name} yet"),
        };
    }

    /// <summary>A view that cannot be answered.</summary>
    public static Observation Missing(string why) => new() { Error = why };

    private Hugetlb.Hstate? SizeOf(Value[] arguments) =>
        arguments.Length == 0 || arguments[0].Kind == ValueKind.Absent ? world.Hstates[0] : arguments[0].IsNumeric ? world.HstateOf(arguments[0].Number) : null;

    /// <summary>Leaves out fields that this kernel does not print.</summary>
    private Observation Fields(string view, Dictionary<string, Value> fields)
    {
        if (ViewCatalog.TryGet(view, out var known))
        {
            foreach (var field in known.Fields)
                if (field.AvailableIn.Rule is { } rule && !world.Traits[rule]) fields.Remove(field.Name);
        }
        return new() { Fields = fields };
    }
}
