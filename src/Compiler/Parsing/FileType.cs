using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MmSpec.Parsing;

/// <summary>What kind of file a path leads to, told without opening it.</summary>
internal static class FileType
{
    // statx(2): its structure is the same on every architecture.
    private const int CurrentFolder = -100;     // AT_FDCWD
    private const uint TypeWanted = 1;          // STATX_TYPE
    private const int ModeOffset = 28;          // stx_mode
    private const int StructureSize = 256;

    /// <summary>The kind of a file that is neither regular nor a folder, in words; null for those, and where it cannot be told.</summary>
    public static string? OtherThanRegular(string path)
    {
        if (!OperatingSystem.IsLinux() || path.Contains('\0', StringComparison.Ordinal)) return null;
        var buffer = new byte[StructureSize];
        try
        {
            if (StatX(CurrentFolder, path, 0, TypeWanted, buffer) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;    // a C library from before 2018
        }

        var mode = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(ModeOffset));
        if (!BitConverter.IsLittleEndian) mode = BinaryPrimitives.ReverseEndianness(mode);
        return (mode >> 12) switch
        {
            1 => "a named pipe",
            2 => "a character device",
            6 => "a block device",
            12 => "a socket",
            _ => null,
        };
    }

    [DllImport("libc", EntryPoint = "statx", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int StatX(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] result);
}
