using System.Globalization;
using System.Text;

namespace MmSpec.Lowering;

/// <summary>Names of generated types and paths as C# can hold them. They depend on one path alone, so that files can be generated one by one.</summary>
public static class Names
{
    /// <summary>The namespace of every generated fixture.</summary>
    public const string Namespace = "MmSpec.Specs";

    /// <summary>
    /// The fixture's class: <c>specs/hugetlb/a-b.mmspec</c> gives <c>specs__hugetlb__a_b_mmspec</c>. A path with characters that this mapping would
    /// merge with others gets a hash of the path behind it.
    /// </summary>
    public static string ClassOf(string path)
    {
        const string extension = ".mmspec";
        var unusual = !path.EndsWith(extension, StringComparison.Ordinal);
        var stem = unusual ? path : path[..^extension.Length];
        var name = new StringBuilder();
        for (var i = 0; i < stem.Length; i++)
        {
            var c = stem[i];
            if (c == '/') name.Append("__");
            else if (char.IsAsciiLetterOrDigit(c)) name.Append(c);
            else name.Append('_');
            var next = i + 1 < stem.Length ? stem[i + 1] : '\0';
            unusual |= !char.IsAsciiLetterOrDigit(c) && (c is not ('/' or '-') || next is '/' or '-');
        }
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) name.Insert(0, '_');
        if (unusual) name.Append('_').Append(ContentHash.Of(path).High.ToString("x16", CultureInfo.InvariantCulture));
        return name.Append("_mmspec").ToString();
    }

    /// <summary>
    /// A path for <c>#line</c>, which knows no escapes: quotes, line ends and other control characters are written as <c>%XX</c>, so that no path can end
    /// the directive.
    /// </summary>
    public static string LinePath(string path)
    {
        if (!path.AsSpan().ContainsAny('"', '\u2028', '\u2029') && !path.Any(char.IsControl)) return path;
        var result = new StringBuilder();
        foreach (var c in path)
        {
            if (c is '"' or '\u2028' or '\u2029' || char.IsControl(c)) result.Append('%').Append(((int)c).ToString("X2", CultureInfo.InvariantCulture));
            else result.Append(c);
        }
        return result.ToString();
    }
}
