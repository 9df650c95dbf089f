using NUnit.Framework;

namespace MmSpec.NUnit;

/// <summary>Marks the fixture of a specification file.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SpecFixtureAttribute : TestFixtureAttribute
{
    /// <param name="file">The file, as shown.</param>
    public SpecFixtureAttribute(string file) => File = file;

    /// <summary>The file, as shown.</summary>
    public string File { get; }
}
