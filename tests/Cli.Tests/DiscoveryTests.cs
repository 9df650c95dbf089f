using MmSpec.Cli;
using MmSpec.Cli.Checking;
using MmSpec.Cli.Output;

namespace MmSpec.Tests;

/// <summary>Which files of a tree are specifications.</summary>
public class DiscoveryTests
{
    private static List<string> Find(string root, params string[] below)
    {
        var code = ExitCodes.Ok;
        var files = SpecDiscovery.Find([.. below.Select(b => Path.Combine(root, b))], new Terminal(TextWriter.Null, TextWriter.Null, false, false), ref code);
        return [.. files.Select(f => Path.GetRelativePath(root, f))];
    }

    [Test]
    public void What_tools_write_and_fetch_is_passed_over_and_links_do_not_go_round()
    {
        using var workspace = new Workspace();
        foreach (var file in new[] { "a.mmspec", "deep/er/b.mmspec", "bin/x.mmspec", "deep/obj/x.mmspec", "node_modules/m/x.mmspec", ".git/x.mmspec", ".hidden.mmspec", "c.txt", "binary/d.mmspec" })
            workspace.With(file, "");
        Directory.CreateSymbolicLink(Path.Combine(workspace.Root, "deep/round"), workspace.Root);
        Directory.CreateDirectory(Path.Combine(workspace.Root, "folder.mmspec"));
        File.CreateSymbolicLink(Path.Combine(workspace.Root, "linked.mmspec"), Path.Combine(workspace.Root, "c.txt"));
        Assert.That(Find(workspace.Root, "."), Is.EqualTo(new[] { "a.mmspec", "binary/d.mmspec", "deep/er/b.mmspec", "linked.mmspec" }));
    }

    [Test]
    public void What_is_named_is_searched_whatever_its_name()
    {
        using var workspace = new Workspace().With("bin/specs/x.mmspec", "").With(".cache/y.mmspec", "");
        Assert.That(Find(workspace.Root, "bin/specs", ".cache", "bin/specs/x.mmspec"), Is.EqualTo(new[] { "bin/specs/x.mmspec", ".cache/y.mmspec" }));
    }

    [Test, CancelAfter(20_000)]
    public void A_big_tree_costs_little()
    {
        using var workspace = new Workspace();
        for (var i = 0; i < 200; i++)
            for (var j = 0; j < 5; j++)
                workspace.With($"node_modules/{i}/{j}.mmspec", "");
        workspace.With("a.mmspec", "");
        Assert.That(Find(workspace.Root, "."), Is.EqualTo(new[] { "a.mmspec" }));
    }
}
