namespace MmSpec.Cli.Output;

/// <summary>The two streams of the process: results go to <see cref="Out"/>, diagnostics to <see cref="Error"/>. Colours only where a terminal is.</summary>
public sealed class Terminal
{
    private readonly bool _colourOut, _colourError;

    /// <param name="output">For results.</param>
    /// <param name="error">For diagnostics.</param>
    /// <param name="outIsTerminal">Whether results are drawn on a terminal.</param>
    /// <param name="errorIsTerminal">Whether diagnostics are drawn on a terminal.</param>
    public Terminal(TextWriter output, TextWriter error, bool outIsTerminal, bool errorIsTerminal)
    {
        (Out, Error, OutIsTerminal, ErrorIsTerminal) = (output, error, outIsTerminal, errorIsTerminal);
        var colour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        (_colourOut, _colourError) = (colour && outIsTerminal, colour && errorIsTerminal);
        CanRedraw = outIsTerminal && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
    }

    /// <summary>The streams of this process, buffered; <see cref="Flush"/> ends them.</summary>
    public static Terminal OfProcess() => new(
        new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(false), 16384),
        new StreamWriter(Console.OpenStandardError(), new System.Text.UTF8Encoding(false), 4096),
        !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    /// <summary>For results.</summary>
    public TextWriter Out { get; }
    /// <summary>For diagnostics.</summary>
    public TextWriter Error { get; }
    /// <summary>Whether results are drawn on a terminal.</summary>
    public bool OutIsTerminal { get; }
    /// <summary>Whether diagnostics are drawn on a terminal.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>Whether a line of results can be drawn over.</summary>
    public bool CanRedraw { get; }

    /// <summary>Green on a terminal.</summary>
    public string Good(string text) => Colour(text, "32", _colourOut);
    /// <summary>Red on a terminal.</summary>
    public string Bad(string text) => Colour(text, "1;31", _colourOut);
    /// <summary>Yellow on a terminal.</summary>
    public string Doubtful(string text) => Colour(text, "33", _colourOut);
    /// <summary>Faint on a terminal.</summary>
    public string Faint(string text) => Colour(text, "2", _colourOut);
    /// <summary>Red, on the stream of diagnostics.</summary>
    public string BadError(string text) => Colour(text, "1;31", _colourError);
    /// <summary>Yellow, on the stream of diagnostics.</summary>
    public string DoubtfulError(string text) => Colour(text, "33", _colourError);

    /// <summary>A message of the tool itself, about no place in a file.</summary>
    public void Complain(string text) => Error.WriteLine($"mmspec: {BadError("error")}: {PlainText.Escape(text)}");

    /// <summary>Writes out what is buffered, as far as that can be done.</summary>
    public void Flush()
    {
        foreach (var stream in new[] { Out, Error })
        {
            try
            {
                stream.Flush();
            }
            catch (Exception x) when (x is IOException or UnauthorizedAccessException)
            {
            }
        }
    }

    private static string Colour(string text, string code, bool on) => on ? $"\e[{code}m{text}\e[0m" : text;
}
