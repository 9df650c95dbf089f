using MmSpec.Text;

namespace MmSpec.Diagnostics;

/// <summary>MM9xxx: files that cannot be read, or not be emitted, as a whole.</summary>
public sealed partial class DiagnosticBag
{
    /// <summary>There is no such file.</summary>
    public void FileMissing(SourceText source) => Error("MM9001", source, default, "there is no such file");

    /// <summary>The system refuses to read it.</summary>
    public void FileUnreadable(SourceText source, string reason) => Error("MM9002", source, default, $"the file cannot be read: {reason}");

    /// <summary>Bytes that are no UTF-8.</summary>
    public void FileNotUtf8(SourceText source, TextSpan span, long offset) =>
        Error("MM9003", source, span, $"the file is not UTF-8: the byte at offset {offset} is part of no character");

    /// <summary>Larger than any spec.</summary>
    public void FileTooLarge(SourceText source, long limit) => Error("MM9004", source, default, $"the file is larger than {limit >> 20} MiB");

    /// <summary>A NUL, so probably no text at all.</summary>
    public void FileHasNul(SourceText source, TextSpan span) => Error("MM9005", source, span, "the file contains a NUL character; is it a text file?");

    /// <summary>A pipe, socket or device: reading it may never end, and cannot be done twice.</summary>
    public void FileNotRegular(SourceText source, string kind) => Error("MM9007", source, default, $"this is {kind}, not a regular file");

    /// <summary>The C# made of it is beyond the limits of the C# compiler.</summary>
    public void NotEmitted(SourceText source, string reason) =>
        Error("MM9006", source, default, $"this file cannot be made into an assembly; split it into smaller ones ({reason})");
}
