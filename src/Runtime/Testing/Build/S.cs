using System.Collections.Immutable;
using MmSpec.Kernels;
using MmSpec.Testing.Notation;

namespace MmSpec.Testing;

/// <summary>
/// What generated code calls to make the data of its statements. Short names and no overloads: there are several of these calls in every line that
/// the C# compiler reads.
/// </summary>
public static class S
{
    /// <summary>A step. Line and column are 1-based, text is as the specification writes it, data is its notation.</summary>
    public static Step Step(int line, int column, string text, string data) => NotationReader.Step(line, column, text, data);

    /// <summary>An expectation.</summary>
    public static Expectation Expect(int line, int column, string text, string data) => NotationReader.Expectation(line, column, text, data);

    /// <summary>An expression.</summary>
    public static Expr Expr(string data) => NotationReader.Expr(data);

    /// <summary>A condition of <c>when kernel</c>.</summary>
    public static Condition On(string data) => NotationReader.Condition(data);

    /// <summary>The views of a snapshot.</summary>
    public static ViewCall[] Views(string data) => NotationReader.Views(data);

    /// <summary>A machine.</summary>
    public static Machine Machine(string data) => NotationReader.Machine(data);

    /// <summary>A patch that the file defines.</summary>
    public static Patch Patch(string name, string data) => NotationReader.Patch(name, data);

    /// <summary>The patches that the file defines, over those in the box.</summary>
    public static PatchTable Patches(Patch[] own) => new(own);

    /// <summary>A thread of a concurrent block.</summary>
    public static ThreadProgram Thread(string process, string name, Step[] steps) => new(process, name, ImmutableArray.Create(steps));

    /// <summary>A line of <c>judge</c>.</summary>
    public static Judgement Judge(int line, int column, string text, string data) => NotationReader.Judgement(line, column, text, data);

    /// <summary>A concurrent block.</summary>
    public static ParallelBlock Parallel(int line, int column, ThreadProgram[] threads, Judgement[] judgements) =>
        new(line, column, ImmutableArray.Create(threads), ImmutableArray.Create(judgements));
}
