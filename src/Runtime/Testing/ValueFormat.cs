using System.Globalization;

namespace MmSpec.Testing;

/// <summary>Values as a specification writes them: sizes in the largest exact unit, ranges in hexadecimal.</summary>
public static class ValueFormat
{
    /// <summary>Formats one value.</summary>
    public static string Format(Value v) => v.Kind switch
    {
        ValueKind.Absent => "absent",
        ValueKind.Poisoned => "(no value)",
        ValueKind.Number => v.Number.ToString(CultureInfo.InvariantCulture),
        ValueKind.Size => Size(v.Number),
        ValueKind.Time => Time(v.Number),
        ValueKind.Truth => v.Number != 0 ? "true" : "false",
        ValueKind.Range => string.Create(CultureInfo.InvariantCulture, $"0x{v.Start:x} .. 0x{v.Start + v.Length:x}"),
        ValueKind.Text => v.Text.StartsWith('\0') ? "(an identity)" : v.Text,
        ValueKind.Pattern => string.Create(CultureInfo.InvariantCulture, $"pattern({v.Number})"),
        ValueKind.Tuple => "(" + string.Join(", ", v.Items.ToArray().Select(Format)) + ")",
        _ => v.Reference?.ToString() ?? "",
    };

    private static string Size(Int128 bytes)
    {
        foreach (var (shift, unit) in new[] { (40, "T"), (30, "G"), (20, "M"), (10, "K") })
        {
            var one = (Int128)1 << shift;
            if (bytes != 0 && bytes % one == 0) return (bytes / one).ToString(CultureInfo.InvariantCulture) + unit;
        }
        return bytes == 0 ? "0K" : bytes.ToString(CultureInfo.InvariantCulture);
    }

    private static string Time(Int128 ns)
    {
        foreach (var (one, unit) in new[] { (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us") })
            if (ns != 0 && ns % one == 0) return (ns / one).ToString(CultureInfo.InvariantCulture) + unit;
        return ns.ToString(CultureInfo.InvariantCulture) + "ns";
    }
}
