using System.Diagnostics;

namespace MmSpec.Tests;

/// <summary>A build on a machine without Java or npm says so, once, and names what to install.</summary>
public sealed class MissingToolTests
{
    private static readonly string NotThere = Path.Combine(Path.GetTempPath(), "mmspec-test-no-such-folder");
    private string _bare = null!;

    /// <summary>A folder with a shell, which MSBuild needs to run anything, and with nothing else.</summary>
    [OneTimeSetUp]
    public void MakePath()
    {
        _bare = Directory.CreateTempSubdirectory("mmspec-test-").FullName;
        File.CreateSymbolicLink(Path.Combine(_bare, "sh"), "/bin/sh");
    }

    [OneTimeTearDown]
    public void RemovePath() => Directory.Delete(_bare, recursive: true);

    [Test]
    public void Without_java_the_build_names_it() =>
        Expect("MMB0003", "install a Java runtime", Build("src/Compiler/MmSpec.Compiler.csproj", "-t:MmSpecCheckJava"));

    [Test]
    public void Without_npm_the_build_names_it() =>
        Expect("MMB0001", "install Node.js with npm", Build("build/AntlrTool.proj", $"-p:AntlrToolPath={Path.Combine(NotThere, "antlr.jar")}"));

    [Test]
    public void A_jar_that_is_named_but_not_there_is_an_error_of_its_own() =>
        Expect("MMB0004", "antlr.jar", Build("src/Compiler/MmSpec.Compiler.csproj", "-t:MmSpecRestoreAntlr", $"-p:AntlrToolPath={Path.Combine(NotThere, "antlr.jar")}", "-p:AntlrJava=true"));

    private static void Expect(string code, string remedy, (int ExitCode, string Output) build)
    {
        var errors = build.Output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(build.ExitCode, Is.EqualTo(1));
            Assert.That(errors, Has.Length.EqualTo(1), build.Output);
            Assert.That(errors, Has.One.Contains($"error {code}: ").And.One.Contains(remedy));
        });
    }

    /// <summary>Builds with nothing but a shell on PATH.</summary>
    private (int ExitCode, string Output) Build(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["msbuild", "-nologo", "-noAutoResponse", "-nodeReuse:false", "-v:quiet", "-tl:off", .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["PATH"] = _bare;
        start.Environment.Remove("JAVA_HOME");
        start.Environment.Remove("AntlrToolPath");
        // The test host's own settings must not leak into a build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the build does not end");
        }
        return (process.ExitCode, output + error.Result);
    }
}
