using System.Collections.Immutable;
using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using MmSpec.Diagnostics;
using MmSpec.Parsing.Generated;
using MmSpec.Syntax;
using MmSpec.Text;

namespace MmSpec.Parsing;

/// <summary>
/// Text to syntax tree. One slip gives one message: members are read one by one, and the first error in a member ends it. Where the next
/// member starts is then told by the words that can start nothing else, whatever the brackets say. A member with an error becomes a
/// <see cref="BrokenMemberSyntax"/>, so that nobody downstream meets half a statement.
/// </summary>
public static class Parser
{
    /// <summary>Reads a file. It never throws, whatever the text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="diagnostics">Receives MM1xxx.</param>
    /// <returns>The whole file; where <paramref name="diagnostics"/> got errors, some of its parts are missing.</returns>
    public static FileSyntax Parse(SourceText source, DiagnosticBag diagnostics) => Parse(source, diagnostics, PredictionMode.SLL);

    internal static FileSyntax Parse(SourceText source, DiagnosticBag diagnostics, PredictionMode mode)
    {
        var whole = new TextSpan(0, source.Content.Length);
        var tokens = Tokens.Read(source, diagnostics, out var broken);
        if (NestingCheck.FirstTooDeep(tokens) is { } bracket)
        {
            diagnostics.NestedTooDeep(source, new TextSpan(bracket.StartIndex, 1), NestingCheck.MaxDepth);
            return new FileSyntax(whole, source, []);
        }

        var members = ImmutableArray.CreateBuilder<MemberSyntax>();
        for (var next = 0; next < tokens.Count;)
        {
            if (ReadMembers(source, tokens, next, tokens.Count, mode, diagnostics, members) is not { } stuck) break;
            var end = MemberStarts.Next(tokens, stuck.Start);
            // Once more without what follows: a bracket that is missing is then missed where the member ends, not in the middle of the next one.
            var error = ReadMembers(source, tokens, stuck.Start, end, mode, diagnostics, members) ?? stuck;
            var last = tokens[Math.Max(error.Start, end - 1)];
            var span = new TextSpan(tokens[error.Start].StartIndex, Math.Max(0, last.StopIndex + 1 - tokens[error.Start].StartIndex));
            if (!broken.Exists(b => span.Start <= b && b <= span.End)) SyntaxErrorMessage.Report(source, tokens, error, diagnostics);
            members.Add(new BrokenMemberSyntax(span, MemberStarts.Name(tokens, error.Start)));
            next = Math.Max(end, stuck.Start + 1);
        }

        return new FileSyntax(whole, source, members.ToImmutable());
    }

    /// <summary>Reads members from one token to another until an error; what it read it adds.</summary>
    private static StuckAt? ReadMembers(SourceText source, IReadOnlyList<IToken> tokens, int start, int end, PredictionMode mode, DiagnosticBag diagnostics,
        ImmutableArray<MemberSyntax>.Builder members)
    {
        var stream = new CommonTokenStream(new TokenRange(tokens, start, end));
        var parser = new MmSpecParser(stream, TextWriter.Null, TextWriter.Null) { ErrorHandler = new SyntaxErrorStrategy() };
        parser.RemoveErrorListeners();
        parser.Interpreter.PredictionMode = mode;
        var builder = new TreeBuilder(source, stream, diagnostics);
        while (parser.CurrentToken.Type != TokenConstants.EOF)
        {
            var first = start + parser.CurrentToken.TokenIndex;
            try
            {
                members.Add(builder.Member(parser.member()));
            }
            catch (SyntaxErrorException e)
            {
                return new StuckAt(first, e.Token, start + e.Token.TokenIndex, e.Expected);
            }
        }

        return null;
    }
}
