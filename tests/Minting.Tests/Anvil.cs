using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Platform.Chain.Local;

/// <summary>Foundry's local node as a child process, on a port of its own.</summary>
public sealed partial class Anvil : IAsyncLifetime
{
    private static readonly JsonTypeInfo<JsonElement> Json =
        (JsonTypeInfo<JsonElement>)JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonElement));

    private readonly HttpClient http = new(new SocketsHttpHandler());
    private readonly string home = Directory.CreateTempSubdirectory("anvil-").FullName;
    private Process? process;
    private Uri? address;

    /// <summary>The test is skipped where there is no anvil.</summary>
    public Uri Address
    {
        get
        {
            Assert.SkipWhen(address is null, "There is no anvil: name it in PLATFORM_ANVIL, put it on PATH, or npm ci in contracts/solidity.");
            return address;
        }
    }

    internal EthereumClient Chain => new(new JsonRpcClient(http, Address));

    public async ValueTask InitializeAsync()
    {
        if (Candidates().FirstOrDefault(File.Exists) is not { } program)
        {
            return;
        }

        var start = new ProcessStartInfo(program, ["--port", "0", "--accounts", "1", "--chain-id", "31337", "--gas-limit", "60000000"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["HOME"] = home; // it spills a snapshot a block into ~/.foundry
        process = Process.Start(start)!;

        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                address = new Uri($"http://127.0.0.1:{match.Groups[1].Value}");
                break;
            }
        }

        _ = process.StandardOutput.ReadToEndAsync(); // a full pipe would stop it
        Assert.NotNull(address);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        http.Dispose();
        Directory.Delete(home, recursive: true);
    }

    /// <summary>Ten thousand ether for an account.</summary>
    internal Task EndowAsync(Address account) => CallAsync("anvil_setBalance", account.ToString(), "0x21e19e0c9bab2400000");

    internal Task MineAsync(int blocks = 1) => CallAsync("anvil_mine", $"0x{blocks:x}");

    /// <summary>Whether a transaction is put into a block as soon as it comes.</summary>
    internal Task AutomineAsync(bool automatic) => CallAsync("evm_setAutomine", automatic);

    internal async Task<string> SnapshotAsync() => (await CallAsync("evm_snapshot")).GetString()!;

    /// <summary>The chain loses everything since the snapshot.</summary>
    internal async Task RevertAsync(string snapshot) => Assert.True((await CallAsync("evm_revert", snapshot)).GetBoolean());

    /// <summary>Forgets what nodes are told and no block holds.</summary>
    internal Task EmptyPoolAsync() => CallAsync("anvil_dropAllTransactions");

    internal async Task<JsonElement> CallAsync(string method, params JsonNode?[] parameters) =>
        await new JsonRpcClient(http, Address).CallAsync(new JsonRpcCall(method, [.. parameters]), Json, default);

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_ANVIL") is { Length: > 0 } named)
        {
            yield return named;
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            yield return Path.Combine(folder, "anvil");
        }

        const string package = "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";
        yield return Path.Combine(Here(), "../../contracts/solidity", package);
        yield return Path.Combine( // where the embedded platform installs it
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/imprimatur/anvil-1.7.1", package);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"Listening on 127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}
