using MmSpec.Testing.Notation;

namespace MmSpec.Testing;

/// <summary>
/// The two statements that specifications consist of, straight from their notation: one call instead of two where the C# compiler and the JIT spend
/// their time.
/// </summary>
public sealed partial class ScenarioRun
{
    /// <summary>See <see cref="Do"/> and <see cref="S.Step"/>.</summary>
    public void Step(int line, int column, string text, string data) => Do(NotationReader.Step(line, column, text, data));

    /// <summary>See <see cref="Expect"/> and <see cref="S.Expect"/>.</summary>
    public void Check(int line, int column, string text, string data) => Expect(NotationReader.Expectation(line, column, text, data));
}
