using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platform.Chain.Tests;

/// <summary>Foundry's local node as a child process, on a port of its own.</summary>
public sealed partial class Anvil : IAsyncLifetime
{
    private readonly HttpClient http = new(new SocketsHttpHandler());
    private readonly string home = Directory.CreateTempSubdirectory("anvil-").FullName;
    private Process? process;
    private Uri? address;

    /// <summary>The first account of Foundry's well-known mnemonic, which anvil endows.</summary>
    public static EthereumKey Rich { get; } =
        EthereumKey.FromHex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

    public static string? Program { get; } = Candidates().FirstOrDefault(File.Exists);

    /// <summary>A client of the node; the test is skipped where there is no anvil.</summary>
    internal JsonRpcClient Client()
    {
        Assert.SkipWhen(address is null, "There is no anvil: name it in PLATFORM_ANVIL, put it on PATH, or npm ci in contracts/solidity.");

        return new JsonRpcClient(http, address);
    }

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
        {
            return;
        }

        var start = new ProcessStartInfo(Program, ["--port", "0", "--accounts", "3", "--chain-id", "31337"])
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

        yield return Path.Combine(
            Vectors.Repository, "contracts", "solidity", "node_modules", "@foundry-rs", "anvil-linux-amd64", "bin", "anvil");
    }

    [GeneratedRegex(@"Listening on 127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}
