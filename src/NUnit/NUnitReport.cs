using System.Globalization;
using System.Text;
using MmSpec.Testing;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace MmSpec.NUnit;

/// <summary>Tells NUnit how a case ended.</summary>
internal static class NUnitReport
{
    private static int s_ran, s_ignored;

    /// <summary>Records every failure of the case with the specification's line as the only frame; throws for a case that is not applicable.</summary>
    public static void Report(RunResult result, string method)
    {
        var context = TestExecutionContext.CurrentContext;
        if (result.Verdict == CaseVerdict.NotApplicable)
        {
            var ignored = Interlocked.Increment(ref s_ignored);
            var reason = "not applicable: " + result.Reason;
            // An assembly in which everything was ignored has tested nothing, and must not look as if it had. The last case of the assembly says so.
            if (Volatile.Read(ref s_ran) > 0 || ignored < Total(context.CurrentTest)) throw new IgnoreException(reason);
            Fail(context, $"Not one case of this assembly was applicable. The last one is {reason}", "");
            return;
        }
        Interlocked.Increment(ref s_ran);
        foreach (var failure in result.Failures) Fail(context, Message(failure), Frames(failure, method));
        foreach (var gap in result.Gaps.Where(gap => gap.Held))
            context.CurrentResult.RecordAssertion(AssertionStatus.Warning, $"line {gap.Place.Line}: the known gap holds on {result.Kernel}: {gap.Reason}", Frame(method, gap.Place));
        if (result.Verdict == CaseVerdict.Undecided) Fail(context, "undecided: " + result.Reason, "");
        foreach (var skip in result.Skips) TestContext.Out.WriteLine($"line {skip.Place.Line}: skipped: {skip.Reason}");
        foreach (var note in result.Notes) TestContext.Out.WriteLine($"line {note.Place.Line}: note: {note.Text}");
        if (!result.Unconfirmed.IsEmpty) TestContext.Out.WriteLine($"note: no real kernel has confirmed {string.Join(", ", result.Unconfirmed)}");
    }

    private static void Fail(TestExecutionContext context, string message, string stack) =>
        context.CurrentResult.RecordAssertion(AssertionStatus.Failed, message, stack);

    private static string Message(Failure failure)
    {
        var message = new StringBuilder(failure.Message).Append("\n  ").Append(failure.Place.Text);
        foreach (var line in failure.Explanation) message.Append("\n  ").Append(line);
        return message.ToString();
    }

    /// <summary>A stack of the specification's own frames. The call of a def comes first: the scenario is where a reader starts.</summary>
    private static string Frames(Failure failure, string method)
    {
        var frames = new StringBuilder();
        foreach (var call in failure.Calls) frames.Append(Frame(method, call)).Append('\n');
        return frames.Append(Frame(failure.Calls.IsEmpty ? method : method + ".def", failure.Place)).ToString();
    }

    private static string Frame(string method, SpecPlace place) => string.Create(CultureInfo.InvariantCulture, $"   at {method}() in {place.File}:line {place.Line}");

    private static int Total(ITest test)
    {
        while (test.Parent is { } parent) test = parent;
        return test.TestCaseCount;
    }
}
