using System.Globalization;

namespace MmSpec.Kernels;

/// <summary>
/// A Linux version. A mainline release is <c>6.12</c> (and <c>2.6.27</c>: the 2.6 series counts as two parts); a point release
/// carries one number more (<c>6.12.48</c>, <c>2.6.32.5</c>).
/// </summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number; for 2.6.x the third (2.6.27 has Minor 27, and Major 2).</param>
/// <param name="Point">Point release, 0 for the mainline release itself.</param>
public readonly record struct KernelVersion(int Major, int Minor, int Point = 0) : IComparable<KernelVersion>
{
    /// <summary>The mainline release that this version belongs to.</summary>
    public KernelVersion Series => this with { Point = 0 };

    /// <inheritdoc />
    public int CompareTo(KernelVersion other) =>
        Major != other.Major ? Major.CompareTo(other.Major) : Minor != other.Minor ? Minor.CompareTo(other.Minor) : Point.CompareTo(other.Point);

    /// <summary>Reads <c>6.12</c>, <c>6.12.48</c>, <c>2.6.27</c>, <c>2.6.32.5</c>.</summary>
    /// <returns>False where the text is no version; 2.4 and older, and 2.6 without a third number, are none.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out KernelVersion version)
    {
        version = default;
        Span<int> numbers = stackalloc int[4];
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            if (count == 4 || !int.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[count++])) return false;
        }
        var old = numbers[0] == 2;
        if (old)
        {
            if (count < 3 || numbers[1] != 6) return false;
            version = new(2, numbers[2], count == 4 ? numbers[3] : 0);
            return true;
        }
        if (count is < 2 or > 3 || numbers[0] < 3) return false;
        version = new(numbers[0], numbers[1], count == 3 ? numbers[2] : 0);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => (Major == 2 ? "2.6." : Major.ToString(CultureInfo.InvariantCulture) + ".") + Minor.ToString(CultureInfo.InvariantCulture)
        + (Point == 0 ? "" : "." + Point.ToString(CultureInfo.InvariantCulture));

    /// <summary>Order of releases.</summary>
    public static bool operator <(KernelVersion a, KernelVersion b) => a.CompareTo(b) < 0;
    /// <summary>Order of releases.</summary>
    public static bool operator >(KernelVersion a, KernelVersion b) => a.CompareTo(b) > 0;
    /// <summary>Order of releases.</summary>
    public static bool operator <=(KernelVersion a, KernelVersion b) => a.CompareTo(b) <= 0;
    /// <summary>Order of releases.</summary>
    public static bool operator >=(KernelVersion a, KernelVersion b) => a.CompareTo(b) >= 0;
}
