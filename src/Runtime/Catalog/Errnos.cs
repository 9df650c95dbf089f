using System.Diagnostics.CodeAnalysis;

namespace MmSpec.Catalog;

/// <summary>Error numbers, by name.</summary>
public static class Errnos
{
    /// <summary>Number of each error on x86-64.</summary>
    public static IReadOnlyDictionary<string, int> Numbers { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["EPERM"] = 1,
        ["ENOENT"] = 2,
        ["ESRCH"] = 3,
        ["EINTR"] = 4,
        ["EIO"] = 5,
        ["ENXIO"] = 6,
        ["E2BIG"] = 7,
        ["ENOEXEC"] = 8,
        ["EBADF"] = 9,
        ["ECHILD"] = 10,
        ["EAGAIN"] = 11,
        ["EWOULDBLOCK"] = 11,
        ["ENOMEM"] = 12,
        ["EACCES"] = 13,
        ["EFAULT"] = 14,
        ["ENOTBLK"] = 15,
        ["EBUSY"] = 16,
        ["EEXIST"] = 17,
        ["EXDEV"] = 18,
        ["ENODEV"] = 19,
        ["ENOTDIR"] = 20,
        ["EISDIR"] = 21,
        ["EINVAL"] = 22,
        ["ENFILE"] = 23,
        ["EMFILE"] = 24,
        ["ENOTTY"] = 25,
        ["ETXTBSY"] = 26,
        ["EFBIG"] = 27,
        ["ENOSPC"] = 28,
        ["ESPIPE"] = 29,
        ["EROFS"] = 30,
        ["EMLINK"] = 31,
        ["EPIPE"] = 32,
        ["EDOM"] = 33,
        ["ERANGE"] = 34,
        ["EDEADLK"] = 35,
        ["ENAMETOOLONG"] = 36,
        ["ENOLCK"] = 37,
        ["ENOSYS"] = 38,
        ["ENOTEMPTY"] = 39,
        ["ELOOP"] = 40,
        ["ENODATA"] = 61,
        ["ETIME"] = 62,
        ["EPROTO"] = 71,
        ["EOVERFLOW"] = 75,
        ["EILSEQ"] = 84,
        ["EOPNOTSUPP"] = 95,
        ["ENOTSUP"] = 95,
        ["ENOBUFS"] = 105,
        ["ETIMEDOUT"] = 110,
        ["EALREADY"] = 114,
        ["EINPROGRESS"] = 115,
        ["ESTALE"] = 116,
        ["EDQUOT"] = 122,
        ["ECANCELED"] = 125,
        ["EOWNERDEAD"] = 130,
        ["ENOTRECOVERABLE"] = 131,
        ["EHWPOISON"] = 133,
    };

    /// <summary>Whether it is the name of an error.</summary>
    public static bool IsErrno(string name) => Numbers.ContainsKey(name);

    /// <summary>The name that results carry, where an error has two: EAGAIN for EWOULDBLOCK, EOPNOTSUPP for ENOTSUP.</summary>
    /// <returns>False where the name is no error.</returns>
    public static bool TryGetCanonical(string name, [NotNullWhen(true)] out string? canonical)
    {
        canonical = name switch { "EWOULDBLOCK" => "EAGAIN", "ENOTSUP" => "EOPNOTSUPP", _ => name };
        return Numbers.ContainsKey(name);
    }

    /// <summary>The error whose name resembles a misspelt one most, or null.</summary>
    public static string? Suggest(string name) => Catalog.Suggest.Nearest(name, Numbers.Keys);
}
