using System.Reflection;

namespace MmSpec.NUnit;

/// <summary>Which file a fixture comes from.</summary>
internal static class SpecFile
{
    public static string Of(Type fixture) => fixture.GetCustomAttribute<SpecFixtureAttribute>()?.File ?? fixture.Name;
}
