using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace MmSpec.Syntax;

/// <summary>What the text of a number says it is.</summary>
public enum NumberUnit
{ /// <summary>A bare whole number: a count, a byte, bytes where a size is expected.</summary>
    None, /// <summary><c>4K 2M 1G 1T</c>, in bytes.</summary>
    Size, /// <summary><c>10ns 5us 1.5ms 2s</c>, in nanoseconds.</summary>
    Time, /// <summary><c>6.12</c>, <c>6.12.48</c>.</summary>
    Version
}

/// <summary>The meaning of a NUMBER token.</summary>
/// <param name="Unit">What it is.</param>
/// <param name="Value">The number, bytes or nanoseconds; 0 for a version.</param>
/// <param name="Version">The parts of a version; empty for the others.</param>
public readonly record struct NumberLiteral(NumberUnit Unit, BigInteger Value, ImmutableArray<int> Version)
{
    private static readonly (string Unit, NumberUnit Kind, long Factor)[] Units =
    [
        ("K", NumberUnit.Size, 1L << 10), ("M", NumberUnit.Size, 1L << 20), ("G", NumberUnit.Size, 1L << 30), ("T", NumberUnit.Size, 1L << 40),
        ("ns", NumberUnit.Time, 1), ("us", NumberUnit.Time, 1_000), ("ms", NumberUnit.Time, 1_000_000), ("s", NumberUnit.Time, 1_000_000_000),
    ];

    /// <summary>Digits beyond which a literal cannot be below 2^64 (octal needs 22, underscores and zeros aside); also bounds the work.</summary>
    private const int MaxLength = 100;

    /// <summary>Reads a NUMBER token.</summary>
    /// <param name="text">As written.</param>
    /// <param name="literal">What it means.</param>
    /// <param name="problem">What is wrong and what would be right, as the end of a sentence; null on success.</param>
    public static bool TryParse(string text, out NumberLiteral literal, [NotNullWhen(false)] out string? problem)
    {
        literal = new(NumberUnit.None, 0, []);
        problem = Read(text, ref literal);
        return problem is null;
    }

    private static string? Read(string text, ref NumberLiteral literal)
    {
        if (text.Length > MaxLength) return "it is longer than any number below 2^64";
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return Radix(text, 16, "hexadecimal", ref literal);
        if (text.StartsWith("0o", StringComparison.Ordinal)) return Radix(text, 8, "octal", ref literal);
        if (text.StartsWith("0b", StringComparison.OrdinalIgnoreCase)) return "there are no binary numbers: write it in hexadecimal";

        var split = 0;
        while (split < text.Length && (char.IsAsciiDigit(text[split]) || text[split] is '_' or '.')) split++;
        var (digits, unit) = (text[..split], text[split..]);
        if (digits.EndsWith('_') || digits.Contains("__") || digits.Contains("_.") || digits.Contains("._")) return "'_' stands between two digits";
        if (digits.StartsWith('.') || digits.EndsWith('.') || digits.Contains("..")) return "'.' stands between two digits";
        if (unit.Length == 0 && digits.Contains('.')) return ReadVersion(digits, ref literal);

        var parts = digits.Replace("_", "").Split('.');
        if (parts.Length > 2) return "a version has no unit";
        if (parts[0].Length > 1 && parts[0][0] == '0')
            return unit.Length == 0 && parts[0].TrimStart('0') is { Length: > 0 } octal && octal.All(c => c is >= '0' and <= '7') ? $"a leading zero does not make it octal: write '0o{octal}' or drop the zero" : "drop the leading zero";
        if (unit.Length == 0) return Bounded(BigInteger.Parse(parts[0], CultureInfo.InvariantCulture), NumberUnit.None, ref literal);

        var (name, kind, factor) = Array.Find(Units, u => u.Unit == unit);
        if (name is null) return UnitHint(unit);
        var value = BigInteger.Parse(parts[0], CultureInfo.InvariantCulture) * factor;
        if (parts.Length == 2)
        {
            var fraction = BigInteger.DivRem(BigInteger.Parse(parts[1], CultureInfo.InvariantCulture) * factor, BigInteger.Pow(10, parts[1].Length), out var rest);
            if (kind == NumberUnit.Size) return rest.IsZero ? $"a size is a whole number: write '{Shorter(value + fraction)}'" : "a size is a whole number";
            if (!rest.IsZero) return "times are whole nanoseconds";
            value += fraction;
        }

        return Bounded(value, kind, ref literal);
    }

    private static string? Bounded(BigInteger value, NumberUnit unit, ref NumberLiteral literal)
    {
        if (value > ulong.MaxValue) return "a literal reaches 2^64-1";
        literal = new(unit, value, []);
        return null;
    }

    private static string? ReadVersion(string digits, ref NumberLiteral literal)
    {
        if (digits.Contains('_')) return "a version has no '_'";
        var version = ImmutableArray.CreateBuilder<int>();
        foreach (var part in digits.Split('.'))
        {
            if (part.Length > 1 && part[0] == '0') return "a part of a version has no leading zero";
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return "a part of a version is too large";
            version.Add(number);
        }

        if (version.Count > 4) return "a version has at most four parts";
        literal = new(NumberUnit.Version, 0, version.ToImmutable());
        return null;
    }

    private static string? Radix(string text, int radix, string name, ref NumberLiteral literal)
    {
        if (text[1] == 'X') return $"write '0x{text[2..]}'";
        var digits = text[2..];
        if (digits.Length == 0 || digits.StartsWith('_') || digits.EndsWith('_') || digits.Contains("__")) return "digits are missing";
        var value = BigInteger.Zero;
        foreach (var c in digits)
        {
            if (c == '_') continue;
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix) return c is 'K' or 'M' or 'G' or 'T' ? $"a {name} number has no unit" : $"'{c}' is no {name} digit";
            value = value * radix + digit;
        }

        return Bounded(value, NumberUnit.None, ref literal);
    }

    private static string UnitHint(string unit) => unit.ToLowerInvariant() switch
    {
        "k" or "kb" or "kib" => "write 'K' for 1024 bytes",
        "m" or "mb" or "mib" => "write 'M' for 2^20 bytes",
        "g" or "gb" or "gib" => "write 'G' for 2^30 bytes",
        "t" or "tb" or "tib" => "write 'T' for 2^40 bytes",
        "b" => "bytes have no unit",
        "sec" or "secs" => "write 's' for seconds",
        "msec" => "write 'ms' for milliseconds",
        "usec" => "write 'us' for microseconds",
        "nsec" => "write 'ns' for nanoseconds",
        "u" or "ul" or "l" or "ull" or "ll" => "numbers have no suffix for a type",
        _ => $"'{unit}' is no unit; there are K, M, G, T and ns, us, ms, s",
    };

    private static string Shorter(BigInteger bytes)
    {
        foreach (var (unit, kind, factor) in Units.Reverse())
            if (kind == NumberUnit.Size && bytes % factor == 0) return bytes / factor + unit;
        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
