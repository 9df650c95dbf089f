using System.Collections.Immutable;
using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using MmSpec.Parsing.Generated;
using static MmSpec.Parsing.Generated.MmSpecLexer;

namespace MmSpec.Parsing;

/// <summary>A set of token types in the words of somebody who writes a spec.</summary>
internal static class Expectation
{
    /// <summary>More alternatives than these help nobody.</summary>
    private const int MaxListed = 5;

    /// <summary>Keywords that begin a statement or follow a finished one, for hints.</summary>
    public static readonly ImmutableArray<string> StatementWords =
    [
        .. new[]
        {
            PROCESS, NEW, START, JOIN, FORK, LET, LOAD, STORE, EXPECT, WHEN, ELSE, FOR, REPEAT, EACH, RETURN, KNOWN_GAP, INJECT, PARALLEL, JUDGE, TIMED, KERNEL, MACHINE,
            SYSCTL, SYSFS, KHUGEPAGED, DROP_CACHES, POISON, MIGRATE, MOUNT, UMOUNT, PIN, UNPIN, GUP_FAST, RECLAIM, MEMORY_FAILURE, FAULTS, SINCE, UNTIL, EVERY,
        }.Select(Text),
    ];

    /// <summary>The keywords of a set.</summary>
    public static IEnumerable<string> Words(IntervalSet set) => set.ToArray().Where(IsWord).Select(Text);

    /// <summary>"a value", "'}' or a statement", "',' or ')'".</summary>
    /// <param name="set">Token types.</param>
    /// <param name="afterKeyword">Whether a keyword stands before: that it might name a process as well is then not worth a word.</param>
    public static string Describe(IntervalSet set, bool afterKeyword)
    {
        var has = set.ToArray().ToHashSet();
        if (!afterKeyword && has.IsSupersetOf([LPAREN, COLON, DOT]) && has.Count == 3) return "'(' of a call or ':' of a process's step";
        if (afterKeyword && has.Count > 1) has.Remove(COLON);
        var parts = new List<string>();
        if (has.IsSupersetOf([NUMBER, LPAREN, NAME])) parts.Add("a value");
        else if (has.IsSupersetOf([NAME, SIGNAL_CODE])) parts.Add("a name");
        else if (has.Contains(LET)) parts.Add("a statement");
        else if (has.Contains(SCENARIO)) parts.Add("'scenario', 'machine', 'def', 'patch', 'kernel' or 'import'");
        if (parts.Count > 0)
        {
            has.RemoveWhere(t => IsWord(t) || t is NAME or SIGNAL or SIGNAL_CODE or TAG);
            if (parts[0] is "a value") has.ExceptWith([NUMBER, LPAREN, LBRACKET, MINUS, STRING, LBRACE]);
        }

        if (has.IsSupersetOf([PLUS, STAR]))
        {
            has.ExceptWith([PLUS, MINUS, STAR, SLASH, PERCENT, BAR, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, IN, HAS, AND, OR, DOT, LBRACKET, LPAREN, SINCE]);
            if (has.Count == 0 && parts.Count == 0) parts.Add("an operator");
        }

        if (has.Remove(STRING)) parts.Add("a text in quotes");
        if (has.Remove(NUMBER)) parts.Add(has.Contains(VERSION_FROM) ? "a kernel version" : "a number");
        if (has.Remove(SIGNAL)) parts.Add("a signal");
        has.ExceptWith([VERSION_FROM, VERSION_LINE, NAME, TAG, TokenConstants.EPSILON, TokenConstants.EOF]);
        if (has.Count > 1) has.ExceptWith([INTO, ONLY]);
        parts.AddRange(has.OrderBy(IsWord).ThenBy(t => t).Select(t => $"'{Text(t)}'"));
        if (parts.Count > MaxListed) parts = [.. parts.Take(MaxListed - 1), "something else"];
        return parts switch
        {
            [] => "something else",
            [var one] => one,
            _ => $"{string.Join(", ", parts.Take(parts.Count - 1))} or {parts[^1]}",
        };
    }

    /// <summary>Whether it is a keyword.</summary>
    public static bool IsWord(int type) => type > 0 && char.IsAsciiLetter(Text(type)[0]);

    /// <summary>A keyword or sign as it is written; the empty name of a class of tokens is a blank.</summary>
    private static string Text(int type) => MmSpecParser.DefaultVocabulary.GetLiteralName(type) is { } literal ? literal[1..^1] : " ";
}
