using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Platform.Cli.Tests;

/// <summary>A validator that is not ours (ajv, by node): judges JSON against the published schemas.</summary>
internal static class SchemaValidator
{
    private static readonly SemaphoreSlim Installing = new(1);

    private static readonly string Folder = Repository.In("tests", "Cli.Tests", "node");

    /// <summary>For each value null where it is valid, else why it is not.</summary>
    public static async Task<IReadOnlyList<string?>> JudgeAsync(
        string schema, IEnumerable<JsonNode> values, CancellationToken cancellation)
    {
        await InstallAsync(cancellation);
        var question = new JsonObject
        {
            ["schemas"] = new JsonObject
            {
                [schema] = JsonNode.Parse(await File.ReadAllTextAsync(
                    Repository.In("contracts", "http", $"{schema}.schema.json"), cancellation)),
            },
            ["cases"] = new JsonArray(
                [.. values.Select(value => new JsonObject { ["schema"] = schema, ["value"] = value.DeepClone() })]),
        };
        var (code, output, error) = await RunAsync("node", ["validate.mjs"], question.ToJsonString(), cancellation);
        Assert.True(code == 0, error);
        return [.. JsonNode.Parse(output)!.AsArray().Select(answer =>
            (bool)answer!["valid"]! ? null : (string?)answer["why"])];
    }

    private static async Task InstallAsync(CancellationToken cancellation)
    {
        await Installing.WaitAsync(cancellation);
        try
        {
            if (Directory.Exists(Path.Combine(Folder, "node_modules", "ajv")))
            {
                return;
            }

            var (code, _, error) = await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], "", cancellation);
            Assert.SkipWhen(code != 0, $"npm could not install ajv: {error}");
        }
        catch (Win32Exception)
        {
            Assert.Skip("npm and node are not on the PATH.");
        }
        finally
        {
            Installing.Release();
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        string program, string[] arguments, string input, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await error);
    }
}
