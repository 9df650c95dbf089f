using System.Globalization;
using System.Numerics;

namespace MmSpec.Binding;

/// <summary>Says what a NUMBER token is (LANGUAGE §2).</summary>
internal static class NumberReader
{
    private static readonly BigInteger Largest = ulong.MaxValue;

    private static readonly Dictionary<string, (SpecType Type, long Factor)> Units = new(StringComparer.Ordinal)
    {
        [""] = (SpecType.Number, 1),
        ["K"] = (SpecType.Size, 1L << 10), ["M"] = (SpecType.Size, 1L << 20), ["G"] = (SpecType.Size, 1L << 30), ["T"] = (SpecType.Size, 1L << 40),
        ["ns"] = (SpecType.Time, 1), ["us"] = (SpecType.Time, 1_000), ["ms"] = (SpecType.Time, 1_000_000), ["s"] = (SpecType.Time, 1_000_000_000),
    };

    /// <summary>Reads a token.</summary>
    /// <returns>Its value and type, or what is wrong with it, as a sentence with a hint.</returns>
    public static (TypedExpr? Value, string? Problem) Read(string text)
    {
        var t = text.Replace("_", "", StringComparison.Ordinal);
        if (t.Length > 1 && t[0] == '0' && t[1] is 'x' or 'X') return Radix(text, t[2..], 16);
        if (t.Length > 1 && t[0] == '0' && t[1] is 'o' or 'O') return Radix(text, t[2..], 8);
        var end = 0;
        while (end < t.Length && (char.IsAsciiDigit(t[end]) || t[end] == '.')) end++;
        var (number, unit) = (t[..end], t[end..]);
        var dots = number.Count(c => c == '.');
        if (unit.Length == 0 && dots > 0) return (null, $"'{text}' is a kernel version, which stands only in kernel sets");
        if (dots > 1 || number.Length == 0 || number[0] == '.' || number[^1] == '.') return (null, $"'{text}' is no number");
        if (number.Length > 1 && number[0] == '0' && number[1] != '.')
            return (null, $"'{text}' starts with a zero; write 0o{number.TrimStart('0').PadLeft(1, '0')} for an octal number, or leave the zero out");
        if (!Units.TryGetValue(unit, out var known)) return (null, UnitHint(text, number, unit));
        if (number.Length > 64) return (null, $"'{text}' is larger than 2^64 - 1");

        var dot = number.IndexOf('.');
        var digits = BigInteger.Parse(number.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * known.Factor;
        var scale = dot < 0 ? BigInteger.One : BigInteger.Pow(10, number.Length - dot - 1);
        if (!(digits % scale).IsZero) return (null, $"'{text}' is no whole number of {(known.Type.Kind == TypeKind.Time ? "nanoseconds" : "bytes")}");
        return Checked(text, known.Type, digits / scale);
    }

    private static (TypedExpr?, string?) Radix(string text, string digits, int radix)
    {
        var value = BigInteger.Zero;
        if (digits.Length is 0 or > 64) return (null, digits.Length == 0 ? $"'{text}' is no number" : $"'{text}' is larger than 2^64 - 1");
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix) return (null, $"'{text}' is no number: '{c}' is no digit of base {radix}");
            value = value * radix + digit;
        }
        return Checked(text, SpecType.Number, value);
    }

    private static (TypedExpr?, string?) Checked(string text, SpecType type, BigInteger value) =>
        value > Largest ? (null, $"'{text}' is larger than 2^64 - 1") : (TypedExpr.Number(type, value), null);

    private static string UnitHint(string text, string number, string unit)
    {
        var first = char.ToUpperInvariant(unit[0]);
        var lower = unit.ToLowerInvariant();
        if (lower is "k" or "kb" or "kib" or "m" or "mb" or "mib" or "g" or "gb" or "gib" or "t" or "tb" or "tib") return $"'{unit}' is no unit; write {number}{first}";
        if (lower is "b" or "byte" or "bytes") return $"'{unit}' is no unit; a bare number is bytes where a size is expected, write {number}";
        if (lower is "sec" or "secs" or "second" or "seconds") return $"'{unit}' is no unit; write {number}s";
        if (lower is "msec" or "usec" or "nsec") return $"'{unit}' is no unit; write {number}{lower[..2]}";
        if (lower is "ns" or "us" or "ms" or "s") return $"'{unit}' is no unit; write {number}{lower}";
        return $"'{text}' has the unknown unit '{unit}'; sizes end in K, M, G or T, times in ns, us, ms or s";
    }
}
