using System.Buffers.Binary;

namespace MmSpec.Lowering;

/// <summary>
/// Emitted assemblies by the hash of what they were made from. Everything in it can be made again: a file that is damaged or missing is a miss, and a
/// folder that cannot be read or written, or that others may write to, makes every look-up a miss, never an error.
/// </summary>
/// <remarks>Files are written beside their place and renamed, so that several processes may use one folder at the same time.</remarks>
public sealed class AssemblyCache
{
    // Part of every name: a change of the format leaves the old files to be evicted.
    private const string Version = "1";
    private const int HeaderLength = 16;

    private readonly string _folder;
    private readonly long _limit;
    private bool? _ours;

    /// <param name="folder">Folder; made when the first entry is stored.</param>
    /// <param name="limit">Bytes that may stay; beyond them the oldest files go.</param>
    public AssemblyCache(string folder, long limit = 256 << 20) => (_folder, _limit) = (folder, limit);

    /// <summary><c>$XDG_CACHE_HOME/mmspec</c>, else <c>~/.cache/mmspec</c>; null where there is no home either.</summary>
    public static string? DefaultFolder
    {
        get
        {
            var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            // The XDG specification: a relative path there is to be ignored.
            if (!string.IsNullOrEmpty(root) && Path.IsPathRooted(root)) return Path.Combine(root, "mmspec");
            var home = Environment.GetEnvironmentVariable("HOME");
            return string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".cache", "mmspec");
        }
    }

    internal CacheEntry? Find(ContentHash key)
    {
        if (Read(EntryPath(key)) is not { } bytes) return null;
        try
        {
            return CacheEntry.Read(bytes);
        }
        catch (Exception x) when (x is EndOfStreamException or FormatException)
        {
            return null;
        }
    }

    internal EmittedAssembly? Load(string name)
    {
        if (!IsName(name) || Read(AssemblyPath(name)) is not { Length: >= 4 } bytes) return null;
        var dll = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (dll < 0 || dll > bytes.Length - 4) return null;
        return new(name, bytes[4..(4 + dll)], bytes[(4 + dll)..]);
    }

    internal void Store(EmittedAssembly assembly)
    {
        var bytes = new byte[4 + assembly.Dll.Length + assembly.Pdb.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, assembly.Dll.Length);
        assembly.Dll.CopyTo(bytes, 4);
        assembly.Pdb.CopyTo(bytes, 4 + assembly.Dll.Length);
        Write(AssemblyPath(assembly.Name), bytes);
        Evict();
    }

    internal void Store(ContentHash key, CacheEntry entry) => Write(EntryPath(key), entry.ToBytes());

    private string EntryPath(ContentHash key) => Path.Combine(_folder, $"{key}.{Version}.entry");

    private string AssemblyPath(string name) => Path.Combine(_folder, $"{name}.{Version}.assembly");

    // What an entry names must not lead out of the folder, even if somebody wrote into it.
    private static bool IsName(string name) => name.Length is > 0 and < 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>The content of a file whose checksum is right; null otherwise.</summary>
    private byte[]? Read(string path)
    {
        try
        {
            if (!File.Exists(path) || !IsOurs()) return null;
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length < HeaderLength) return null;
            var content = bytes.AsSpan(HeaderLength);
            var sum = new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)));
            if (sum != ContentHash.Of(content)) return null;
            // The time of a file's last use decides what is evicted; a day is exact enough, and spares a write at every run.
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > TimeSpan.FromDays(1)) File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return content.ToArray();
        }
        catch (Exception x) when (x is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What lies here is loaded and run: nobody else may write to it.</summary>
    private void Make()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_folder);
        else Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private bool IsOurs() => OperatingSystem.IsWindows() || (_ours ??= (File.GetUnixFileMode(_folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0) == true;

    private void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            Make();
            if (!IsOurs()) return;
            var sum = ContentHash.Of(content);
            var header = new byte[HeaderLength];
            BinaryPrimitives.WriteUInt64LittleEndian(header, sum.High);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), sum.Low);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(header);
                stream.Write(content);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception x) when (x is IOException or UnauthorizedAccessException)
        {
            try
            {
                File.Delete(temporary);
            }
            catch (Exception y) when (y is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    /// <summary>Deletes the files that were not used for longest until the rest fits, with some room to spare.</summary>
    private void Evict()
    {
        try
        {
            var files = new DirectoryInfo(_folder).GetFiles();
            var total = files.Sum(f => f.Length);
            if (total <= _limit) return;
            Array.Sort(files, (a, b) => a.LastWriteTimeUtc.CompareTo(b.LastWriteTimeUtc));
            foreach (var file in files)
            {
                if (total <= _limit * 3 / 4) return;
                total -= file.Length;
                file.Delete();
            }
        }
        catch (Exception x) when (x is IOException or UnauthorizedAccessException)
        {
        }
    }
}
