namespace MmSpec.Mm;

/// <summary>Error numbers that the model returns, as negative results.</summary>
internal static class Errno
{
#pragma warning disable CS1591
    public const int EPERM = 1, ENOENT = 2, ESRCH = 3, EIO = 5, EBADF = 9, ECHILD = 10, ENOMEM = 12, EACCES = 13, EFAULT = 14, EBUSY = 16, EEXIST = 17, ENODEV = 19,
        ENOTDIR = 20, EISDIR = 21, EINVAL = 22, EMFILE = 24, EFBIG = 27, ENOSPC = 28, EROFS = 30, EOVERFLOW = 75, EOPNOTSUPP = 95, EHWPOISON = 133, ENOSYS = 38;
#pragma warning restore CS1591

    private static readonly Dictionary<int, string> Names = Catalog.Errnos.Numbers
        .Where(n => n.Key is not ("EWOULDBLOCK" or "ENOTSUP")).ToDictionary(n => n.Value, n => n.Key);

    /// <summary>The name of an error number.</summary>
    public static string Name(long number) => Names.TryGetValue((int)number, out var name) ? name : $"errno {number}";
}
