using System.Collections.Immutable;
using System.Text;
using MmSpec.Diagnostics;

namespace MmSpec.Lowering;

/// <summary>A file that another one imports, with the content it had.</summary>
internal sealed record CachedImport(string Path, ContentHash Content);

/// <summary>A warning as the cache keeps it: the text around it is read again when it is printed.</summary>
internal sealed record CachedDiagnostic(string Code, Severity Severity, string Path, int Start, int Length, string Message);

/// <summary>What is known of a file that compiled: what else it depends on, the assembly that holds its fixture, and what there was to warn of.</summary>
internal sealed record CacheEntry(string Assembly, ImmutableArray<CachedImport> Imports, ImmutableArray<CachedDiagnostic> Diagnostics)
{
    /// <summary>As bytes.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Assembly);
        writer.Write(Imports.Length);
        foreach (var import in Imports)
        {
            writer.Write(import.Path);
            writer.Write(import.Content.High);
            writer.Write(import.Content.Low);
        }
        writer.Write(Diagnostics.Length);
        foreach (var d in Diagnostics)
        {
            writer.Write(d.Code);
            writer.Write((byte)d.Severity);
            writer.Write(d.Path);
            writer.Write(d.Start);
            writer.Write(d.Length);
            writer.Write(d.Message);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>From bytes that have been checked.</summary>
    public static CacheEntry Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var assembly = reader.ReadString();
        var imports = ImmutableArray.CreateBuilder<CachedImport>();
        for (var n = reader.ReadInt32(); n > 0; n--) imports.Add(new(reader.ReadString(), new(reader.ReadUInt64(), reader.ReadUInt64())));
        var diagnostics = ImmutableArray.CreateBuilder<CachedDiagnostic>();
        for (var n = reader.ReadInt32(); n > 0; n--)
            diagnostics.Add(new(reader.ReadString(), (Severity)reader.ReadByte(), reader.ReadString(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadString()));
        return new(assembly, imports.DrainToImmutable(), diagnostics.DrainToImmutable());
    }
}
