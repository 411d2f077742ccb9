using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>The programs of deploy/examples, with what they need; a test is skipped, and says why, where that cannot be had.</summary>
internal sealed class ExamplePrograms : IDisposable
{
    private static readonly string Examples = Path.Combine(Here(), "../../deploy/examples");

    private readonly string folder = Directory.CreateTempSubdirectory("examples-").FullName;

    public static string Events => Path.Combine(Here(), "../../deploy/embedded/sample/events.ndjson");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it printed: one JSON object a line.</returns>
    public async Task<IReadOnlyList<JsonNode>> RunAsync(string language, string program, params IReadOnlyList<string> arguments)
    {
        var (code, output, error) = language == "node"
            ? await StartAsync("node", [Path.Combine(await NodeFolderAsync(), program), .. arguments])
            : await StartAsync("/usr/bin/python3", [Path.Combine(await PythonFolderAsync(), program), .. arguments]);
        Assert.True(code == 0, $"{program} ended with {code}: {error}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static async Task<string> PythonFolderAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "There is no /usr/bin/python3.");
        var (code, _, _) = await StartAsync("/usr/bin/python3", ["-c", "import pika"]);
        Assert.SkipUnless(code == 0, "Python has no pika: apt-get install python3-pika.");
        return Path.Combine(Examples, "python");
    }

    /// <summary>The programs beside the packages that package.json names; those stay in the user's cache.</summary>
    private async Task<string> NodeFolderAsync()
    {
        var cache = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "imprimatur", "examples-node-1");
        if (!File.Exists(Path.Combine(cache, "installed")))
        {
            Directory.CreateDirectory(cache);
            File.Copy(Path.Combine(Examples, "node", "package.json"), Path.Combine(cache, "package.json"), overwrite: true);
            var (code, _, error) = await StartAsync(
                "npm", ["install", "--prefix", cache, "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]);
            Assert.SkipUnless(code == 0, $"npm did not bring amqplib: {error.Trim().Split('\n')[0]}");
            await File.WriteAllTextAsync(Path.Combine(cache, "installed"), "");
        }

        foreach (var program in Directory.GetFiles(Path.Combine(Examples, "node"), "*.mjs"))
        {
            File.Copy(program, Path.Combine(folder, Path.GetFileName(program)), overwrite: true);
        }

        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), Path.Combine(cache, "node_modules"));
        }

        return folder;
    }

    private static async Task<(int Code, string Output, string Error)> StartAsync(string program, IReadOnlyList<string> arguments)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
