using System.Security;
using System.Text;
using MmSpec.Diagnostics;
using MmSpec.Text;

namespace MmSpec.Parsing;

/// <summary>Reads spec files. Whatever is wrong with one becomes a diagnostic.</summary>
public static class SourceFile
{
    /// <summary>Bytes. A spec of 100,000 lines has about 5 MiB.</summary>
    public const long MaxBytes = 16 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="displayPath">How diagnostics and <c>#line</c> show it.</param>
    /// <param name="diagnostics">Receives MM9xxx.</param>
    /// <returns>Its text without a byte order mark; null after a diagnostic.</returns>
    public static SourceText? Read(string path, string displayPath, DiagnosticBag diagnostics)
    {
        var nothing = new SourceText(displayPath, "");
        byte[] bytes;
        try
        {
            // Before it is opened: to open a pipe waits for somebody who writes to it.
            if (FileType.OtherThanRegular(path) is { } kind)
            {
                diagnostics.FileNotRegular(nothing, kind);
                return null;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (ReadBounded(file) is not { } content)
            {
                diagnostics.FileTooLarge(nothing, MaxBytes);
                return null;
            }

            bytes = content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            diagnostics.FileMissing(nothing);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException or ArgumentException)
        {
            diagnostics.FileUnreadable(nothing, Directory.Exists(path) ? "it is a directory" : e is UnauthorizedAccessException or SecurityException ? "permission denied" : Reason(e));
            return null;
        }

        return Decode(bytes, displayPath, diagnostics);
    }

    /// <summary>The bytes of a file, for whoever wants to know whether it changed.</summary>
    /// <param name="path">Where it is.</param>
    /// <returns>Null where it cannot be read, is too large, or is no regular file.</returns>
    public static byte[]? TryReadBytes(string path)
    {
        try
        {
            if (FileType.OtherThanRegular(path) is not null) return null;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return ReadBounded(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Decodes the bytes of a file.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="displayPath">How diagnostics show the file.</param>
    /// <param name="diagnostics">Receives MM9003 and MM9005.</param>
    /// <returns>The text, or null after a diagnostic.</returns>
    public static SourceText? Decode(ReadOnlySpan<byte> bytes, string displayPath, DiagnosticBag diagnostics)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        var valid = ValidLength(bytes);
        var source = new SourceText(displayPath, Encoding.UTF8.GetString(bytes[..valid]));
        if (valid < bytes.Length)
        {
            diagnostics.FileNotUtf8(source, new TextSpan(source.Content.Length, 0), valid);
            return null;
        }

        var nul = source.Content.IndexOf('\0');
        if (nul < 0) return source;
        diagnostics.FileHasNul(source, new TextSpan(nul, 1));
        return null;
    }

    /// <summary>Without trust in the length that the file claims: the files of /proc have none.</summary>
    private static byte[]? ReadBounded(FileStream file)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int count; (count = file.Read(buffer)) > 0;)
        {
            if (content.Length + count > MaxBytes) return null;
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (bytes[at] < 0x80)
            {
                var next = bytes[at..].IndexOfAnyExceptInRange((byte)0, (byte)0x7f);
                if (next < 0) return bytes.Length;
                at += next;
            }

            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) != System.Buffers.OperationStatus.Done) return at;
            at += length;
        }

        return at;
    }

    private static string Reason(Exception e) => e.Message.Split('\n')[0].TrimEnd('.', '\r');
}
