using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace MmSpec.Lowering;

/// <summary>
/// The few C# forms that generated code consists of, each with the trivia it needs. Nothing is normalised afterwards (that would double the time of a
/// compilation), so the tree must come out as valid text from here.
/// </summary>
internal static class CSharpWriter
{
    private static readonly SyntaxTrivia NewLine = EndOfLine("\n");
    private static readonly SyntaxTriviaList LineEnd = TriviaList(NewLine);
    private static readonly SyntaxTriviaList Blank = TriviaList(Space);
    private static readonly SyntaxToken SemicolonEnd = Token(default, SyntaxKind.SemicolonToken, LineEnd);
    private static readonly SyntaxToken CommaBlank = Token(default, SyntaxKind.CommaToken, Blank);
    private static readonly SyntaxToken OpenBraceEnd = Token(default, SyntaxKind.OpenBraceToken, LineEnd);
    private static readonly SyntaxToken CloseBraceEnd = Token(default, SyntaxKind.CloseBraceToken, LineEnd);
    private static readonly SyntaxToken DotToken = Token(SyntaxKind.DotToken), OpenParen = Token(SyntaxKind.OpenParenToken), CloseParen = Token(SyntaxKind.CloseParenToken);
    private static readonly SyntaxToken Hash = Token(SyntaxKind.HashToken), Line = Token(default, SyntaxKind.LineKeyword, Blank);
    private static readonly SyntaxToken MinusBlanks = Token(Blank, SyntaxKind.MinusToken, Blank), EndOfDirective = Token(default, SyntaxKind.EndOfDirectiveToken, LineEnd);
    private static readonly SyntaxToken CloseParenBlank = Token(default, SyntaxKind.CloseParenToken, Blank);
    private static readonly LineDirectiveTriviaSyntax HiddenDirective = LineDirectiveTrivia(Token(SyntaxKind.HashToken), Keyword(SyntaxKind.LineKeyword),
        Token(SyntaxKind.HiddenKeyword), default, Token(default, SyntaxKind.EndOfDirectiveToken, LineEnd), true);
    private static readonly SyntaxToken CloseBraceHidden = Token(TriviaList(Trivia(HiddenDirective)), SyntaxKind.CloseBraceToken, LineEnd);
    private static readonly SyntaxToken EqualsBlanks = Token(Blank, SyntaxKind.EqualsToken, Blank);

    /// <summary>A token with a blank behind it.</summary>
    public static SyntaxToken Keyword(SyntaxKind kind) => Token(default, kind, Blank);

    /// <summary>A simple name.</summary>
    public static IdentifierNameSyntax Name(string name) => IdentifierName(Identifier(name));

    /// <summary>A type name that something follows.</summary>
    public static IdentifierNameSyntax TypeName(string name) => IdentifierName(Identifier(default, name, Blank));

    /// <summary>A predefined type that something follows.</summary>
    public static PredefinedTypeSyntax Predefined(SyntaxKind kind) => PredefinedType(Keyword(kind));

    /// <summary>
    /// A string literal with everything escaped that could end it or a line. Escapes are written here: the factory's own form leaves some line
    /// separators as they are.
    /// </summary>
    public static LiteralExpressionSyntax Quote(string value) => LiteralExpression(SyntaxKind.StringLiteralExpression, Literal(Escape(value), value));

    /// <summary>A string literal or null.</summary>
    public static ExpressionSyntax QuoteOrNull(string? value) => value is null ? LiteralExpression(SyntaxKind.NullLiteralExpression) : Quote(value);

    /// <summary>An integer literal.</summary>
    public static ExpressionSyntax Number(int value) => value < 0
        ? PrefixUnaryExpression(SyntaxKind.UnaryMinusExpression, LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(-value)))
        : LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(value));

    /// <summary>A long literal, not negative.</summary>
    public static ExpressionSyntax Long(long value) => LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(value));

    /// <summary><c>type.member</c></summary>
    public static ExpressionSyntax Member(string type, string member) => MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, Name(type), Name(member));

    /// <summary><c>target.method(arguments)</c>; without target <c>method(arguments)</c>.</summary>
    public static InvocationExpressionSyntax Call(string? target, string method, params ReadOnlySpan<ExpressionSyntax> arguments) =>
        Call(target is null ? Name(method) : Member(target, method), arguments);

    /// <summary><c>target.method(arguments)</c> under a directive. Trivia that comes with the first token spares a rewriting of the whole statement.</summary>
    public static InvocationExpressionSyntax CallAt(SyntaxTriviaList place, string target, string method, params ReadOnlySpan<ExpressionSyntax> arguments) => Call(
        MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, IdentifierName(Identifier(place, target, default)), DotToken, Name(method)), arguments);

    private static InvocationExpressionSyntax Call(ExpressionSyntax callee, ReadOnlySpan<ExpressionSyntax> arguments)
    {
        var list = new SyntaxNodeOrToken[Math.Max(0, arguments.Length * 2 - 1)];
        for (var i = 0; i < arguments.Length; i++)
        {
            if (i > 0) list[i * 2 - 1] = CommaBlank;
            list[i * 2] = Argument(arguments[i]);
        }
        return InvocationExpression(callee, ArgumentList(OpenParen, SeparatedList<ArgumentSyntax>(list), CloseParen));
    }

    /// <summary><c>new T[] { items }</c></summary>
    public static ExpressionSyntax Array(TypeSyntax element, IReadOnlyList<ExpressionSyntax> items)
    {
        var list = new SyntaxNodeOrToken[Math.Max(0, items.Count * 2 - 1)];
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) list[i * 2 - 1] = CommaBlank;
            list[i * 2] = items[i];
        }
        var type = ArrayType(element, SingletonList(ArrayRankSpecifier(SingletonSeparatedList<ExpressionSyntax>(OmittedArraySizeExpression()))));
        var initializer = InitializerExpression(SyntaxKind.ArrayInitializerExpression, Token(Blank, SyntaxKind.OpenBraceToken, Blank),
            SeparatedList<ExpressionSyntax>(list), Token(Blank, SyntaxKind.CloseBraceToken, default));
        return ArrayCreationExpression(Keyword(SyntaxKind.NewKeyword), type, initializer);
    }

    /// <summary><c>new string[] { items }</c></summary>
    public static ExpressionSyntax QuoteAll(IEnumerable<string> items) =>
        Array(PredefinedType(Token(SyntaxKind.StringKeyword)), [.. items.Select(Quote)]);

    /// <summary>An expression as a statement on a line of its own.</summary>
    public static StatementSyntax Statement(ExpressionSyntax expression) => ExpressionStatement(default, expression, SemicolonEnd);

    /// <summary><c>T name = value;</c></summary>
    public static StatementSyntax Local(string type, string name, ExpressionSyntax value) => LocalDeclarationStatement(default, default, default, default,
        VariableDeclaration(TypeName(type), SingletonSeparatedList(VariableDeclarator(Identifier(name), null, EqualsValueClause(EqualsBlanks, value)))), SemicolonEnd);

    /// <summary><c>private static readonly T name = value;</c></summary>
    public static MemberDeclarationSyntax Field(string type, string name, ExpressionSyntax value) => FieldDeclaration(default,
        TokenList(Keyword(SyntaxKind.PrivateKeyword), Keyword(SyntaxKind.StaticKeyword), Keyword(SyntaxKind.ReadOnlyKeyword)),
        VariableDeclaration(TypeName(type), SingletonSeparatedList(VariableDeclarator(Identifier(name), null, EqualsValueClause(EqualsBlanks, value)))), SemicolonEnd);

    /// <summary><c>return value;</c></summary>
    public static StatementSyntax Return(ExpressionSyntax value) => ReturnStatement(default, Keyword(SyntaxKind.ReturnKeyword), value, SemicolonEnd);

    /// <summary><c>break;</c></summary>
    public static StatementSyntax Break() => BreakStatement(default, Token(SyntaxKind.BreakKeyword), SemicolonEnd);

    /// <summary>A block. Its opening brace stays on the line of what it belongs to, and so in its place; the closing one has no place.</summary>
    public static BlockSyntax Block(IEnumerable<StatementSyntax> statements) => SyntaxFactory.Block(default, OpenBraceEnd, List(statements), CloseBraceHidden);

    /// <summary><c>if (condition) { } else { }</c></summary>
    public static StatementSyntax If(ExpressionSyntax condition, BlockSyntax then, BlockSyntax? otherwise) => IfStatement(default, Keyword(SyntaxKind.IfKeyword),
        Token(SyntaxKind.OpenParenToken), condition, CloseParenBlank, then,
        otherwise is null ? null : ElseClause(Keyword(SyntaxKind.ElseKeyword), otherwise));

    /// <summary><c>while (condition) { }</c></summary>
    public static StatementSyntax While(ExpressionSyntax condition, BlockSyntax body) => WhileStatement(default, Keyword(SyntaxKind.WhileKeyword),
        Token(SyntaxKind.OpenParenToken), condition, CloseParenBlank, body);

    /// <summary><c>do { } while (condition);</c>; its condition has no place.</summary>
    public static StatementSyntax DoWhile(BlockSyntax body, ExpressionSyntax condition) => DoStatement(default, Keyword(SyntaxKind.DoKeyword), body,
        Keyword(SyntaxKind.WhileKeyword), Token(SyntaxKind.OpenParenToken), condition, Token(SyntaxKind.CloseParenToken), SemicolonEnd);

    /// <summary><c>switch (value) { case 0: … }</c>; the last section is the default.</summary>
    public static StatementSyntax Switch(ExpressionSyntax value, IReadOnlyList<IReadOnlyList<StatementSyntax>> sections)
    {
        var list = new SwitchSectionSyntax[sections.Count];
        for (var i = 0; i < sections.Count; i++)
        {
            var colon = Token(default, SyntaxKind.ColonToken, LineEnd);
            SwitchLabelSyntax label = i == sections.Count - 1
                ? DefaultSwitchLabel(Token(SyntaxKind.DefaultKeyword), colon)
                : CaseSwitchLabel(Keyword(SyntaxKind.CaseKeyword), Number(i), colon);
            list[i] = SwitchSection(SingletonList(label), List(sections[i]));
        }
        return SwitchStatement(default, Keyword(SyntaxKind.SwitchKeyword), Token(SyntaxKind.OpenParenToken), value,
            CloseParenBlank, OpenBraceEnd, List(list), CloseBraceEnd);
    }

    /// <summary><c>[name(arguments)]</c>, on the line of what it belongs to.</summary>
    public static AttributeListSyntax Attribute(string name, IReadOnlyList<ExpressionSyntax> arguments)
    {
        var list = new SyntaxNodeOrToken[Math.Max(0, arguments.Count * 2 - 1)];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (i > 0) list[i * 2 - 1] = CommaBlank;
            list[i * 2] = AttributeArgument(arguments[i]);
        }
        var attribute = SyntaxFactory.Attribute(Name(name), AttributeArgumentList(SeparatedList<AttributeArgumentSyntax>(list)));
        return AttributeList(Token(SyntaxKind.OpenBracketToken), null, SingletonSeparatedList(attribute), Token(default, SyntaxKind.CloseBracketToken, Blank));
    }

    /// <summary>A parameter list.</summary>
    public static ParameterListSyntax Parameters(params ReadOnlySpan<(TypeSyntax Type, string Name)> parameters)
    {
        var list = new SyntaxNodeOrToken[Math.Max(0, parameters.Length * 2 - 1)];
        for (var i = 0; i < parameters.Length; i++)
        {
            if (i > 0) list[i * 2 - 1] = CommaBlank;
            list[i * 2] = Parameter(default, default, parameters[i].Type, Identifier(parameters[i].Name), null);
        }
        return ParameterList(Token(SyntaxKind.OpenParenToken), SeparatedList<ParameterSyntax>(list), CloseParenBlank);
    }

    /// <summary>A method.</summary>
    public static MethodDeclarationSyntax Method(AttributeListSyntax? attribute, SyntaxKind[] modifiers, TypeSyntax returns, string name, ParameterListSyntax parameters, BlockSyntax body) =>
        MethodDeclaration(attribute is null ? default : SingletonList(attribute), TokenList(modifiers.Select(Keyword)), returns, null, Identifier(name), null,
            parameters, default, body, null, default);

    /// <summary>A sealed class with a base.</summary>
    public static ClassDeclarationSyntax Class(IEnumerable<AttributeListSyntax> attributes, string name, string baseName, IEnumerable<MemberDeclarationSyntax> members) => ClassDeclaration(
        List(attributes), TokenList(Keyword(SyntaxKind.PublicKeyword), Keyword(SyntaxKind.SealedKeyword)), Keyword(SyntaxKind.ClassKeyword), Identifier(name), null,
        BaseList(Token(Blank, SyntaxKind.ColonToken, Blank), SingletonSeparatedList<BaseTypeSyntax>(SimpleBaseType(Name(baseName)))).WithTrailingTrivia(NewLine),
        default, OpenBraceEnd, List(members), CloseBraceEnd, default);

    /// <summary>The node, with what stands at (line, column) of a file as its place. Every following line belongs to it until the next directive.</summary>
    public static T At<T>(this T node, int line, int column, int length, string path) where T : SyntaxNode =>
        node.WithLeadingTrivia(Place(line, column, length, path));

    /// <summary>The directive that gives a place to what follows it.</summary>
    public static SyntaxTriviaList Place(int line, int column, int length, string path) => TriviaList(Trivia(LineSpan(line, column, length, path)));

    /// <summary>The node, and what follows it, as code without a place.</summary>
    public static T Hidden<T>(this T node) where T : SyntaxNode => node.WithLeadingTrivia(Trivia(HiddenDirective));

    /// <summary>The span form maps columns as well; its end is what a debugger marks, so a text of unknown shape may be given by its length alone.</summary>
    private static LineSpanDirectiveTriviaSyntax LineSpan(int line, int column, int length, string path)
    {
        // The language allows columns up to 65,536 only; a longer line loses the exact column, not the line.
        var from = Math.Clamp(column, 1, 65000);
        var to = Math.Clamp((long)from + Math.Max(length, 1), from + 1, 65001);
        return LineSpanDirectiveTrivia(Hash, Line, Position(line, from), MinusBlanks, Position(line, (int)to), default,
            Literal(Blank, "\"" + path + "\"", path, default), EndOfDirective, true);
    }

    private static LineDirectivePositionSyntax Position(int line, int column) => LineDirectivePosition(OpenParen,
        Literal(Math.Clamp(line, 1, 16_000_000)), CommaBlank, Literal(column), CloseParen);

    private static string Escape(string value)
    {
        var plain = true;
        foreach (var c in value) plain &= c is >= ' ' and <= '~' and not ('"' or '\\');
        if (plain) return "\"" + value + "\"";
        var result = new System.Text.StringBuilder(value.Length + 16).Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') result.Append('\\').Append(c);
            else if (c == '\n') result.Append("\\n");
            else if (c is >= ' ' and <= '~') result.Append(c);
            else if (char.IsLetterOrDigit(c)) result.Append(c);
            else result.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        }
        return result.Append('"').ToString();
    }
}
