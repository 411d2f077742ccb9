using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Contracts.Tests;

/// <summary>The documents for those who know nothing of .NET: made, not written, and held to their own standards.</summary>
public sealed class AsyncApiTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "contracts", "events");
    private static readonly string Schemas = Path.Combine(Folder, "schemas");

    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void The_documents_are_what_the_records_are()
    {
        var now = JsonSchemas.All().ToDictionary(
            each => Path.Combine(Schemas, $"{each.Key}.schema.json"), each => Text(each.Value));
        now[Path.Combine(Folder, "asyncapi.json")] = Text(AsyncApi.Document());
        if (Environment.GetEnvironmentVariable("PLATFORM_UPDATE_LOCK") == "1")
        {
            Directory.CreateDirectory(Schemas);
            foreach (var stale in Directory.GetFiles(Schemas).Except(now.Keys))
            {
                File.Delete(stale);
            }

            foreach (var (path, text) in now)
            {
                File.WriteAllText(path, text);
            }
        }

        Assert.Equal(now.Keys.Where(path => path.StartsWith(Schemas, StringComparison.Ordinal)).Order(), Directory.GetFiles(Schemas).Order());
        foreach (var (path, text) in now)
        {
            Assert.True(
                File.ReadAllText(path) == text,
                $"{Path.GetRelativePath(Repository.Root, path)} is not what the records are: PLATFORM_UPDATE_LOCK=1 writes it anew.");
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "asyncapi.json")))!;

        var references = References(document).ToList();

        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var (file, pointer) = reference.Split('#') is [var path, var rest] ? (path, rest) : (reference, "");
            var node = file.Length == 0 ? document : JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
            foreach (var part in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                node = node[part];
                Assert.True(node is not null, $"{reference}: there is no {part}.");
            }
        }
    }

    /// <summary>AsyncAPI's own meta-schema and ajv, neither of them ours (MIT and Apache-2.0, 11 MB, kept in the user's cache).</summary>
    [Fact]
    public async Task The_documents_are_valid_by_the_standards_own_validator()
    {
        var home = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "imprimatur", "asyncapi-validator-1");
        if (!File.Exists(Path.Combine(home, "installed")))
        {
            var (code, said) = await RunAsync(
                "npm", "install", "--prefix", home, "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock",
                "ajv@8.20.0", "ajv-formats@3.0.1", "@asyncapi/specs@6.11.1");
            Assert.SkipUnless(code == 0, $"npm did not bring the validator: {said.Trim().Split('\n')[0]}");
            await File.WriteAllTextAsync(Path.Combine(home, "installed"), "");
        }

        var (valid, told) = await RunAsync(
            "node", Path.Combine(Repository.Root, "tests", "Contracts.Tests", "validate.mjs"), home, Repository.Root);

        Assert.True(valid == 0, told);
        Assert.Contains($"{JsonSchemas.All().Count} schemas", told);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject some => some.SelectMany(each =>
            each.Key == "$ref" ? [(string)each.Value!] : References(each.Value)),
        JsonArray some => some.SelectMany(References),
        _ => [],
    };

    private static string Text(JsonNode node) => node.ToJsonString(Written) + "\n";

    private static async Task<(int Code, string Said)> RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
