using System.Text.Json;

namespace MmSpec.Tests;

/// <summary>What the repository itself promises to those who build it.</summary>
public sealed class RepositoryTests
{
    [Test]
    public void The_antlr_tool_is_pinned_by_version_and_integrity_and_names_no_download_address()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "grammar", "package.json")));
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "grammar", "package-lock.json")));
        var entries = document.RootElement.GetProperty("packages").EnumerateObject().Where(entry => entry.Name != "").ToArray();

        Assert.That(entries.Select(entry => entry.Name), Is.EqualTo(new[] { "node_modules/antlr4ng-cli" }));
        var pinned = entries[0].Value;
        Assert.Multiple(() =>
        {
            Assert.That(package.RootElement.GetProperty("devDependencies").GetProperty("antlr4ng-cli").GetString(), Is.EqualTo("2.0.0"));
            Assert.That(pinned.GetProperty("version").GetString(), Is.EqualTo("2.0.0"));
            Assert.That(pinned.GetProperty("integrity").GetString(), Does.StartWith("sha512-"));
            Assert.That(pinned.TryGetProperty("resolved", out _), Is.False, "the address of a registry does not belong into the repository");
        });
    }
}
