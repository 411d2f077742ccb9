using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Verify.Tests;

[assembly: AssemblyFixture(typeof(LocalChain))]

namespace Platform.Verify.Tests;

/// <summary>Foundry's local node with the canonical factory, on a port of its own; it mines when it is told to.</summary>
public sealed partial class LocalChain : IAsyncLifetime
{
    private static readonly JsonTypeInfo<JsonElement> AnyJson =
        (JsonTypeInfo<JsonElement>)JsonSerializerOptions.Web.GetTypeInfo(typeof(JsonElement));

    private readonly HttpClient http = new(new SocketsHttpHandler());
    private readonly SemaphoreSlim oneAtATime = new(1); // one account's nonces, and one miner
    private readonly string home = Directory.CreateTempSubdirectory("anvil-").FullName;
    private Process? process;
    private Uri? address;

    /// <summary>The first account of Foundry's well-known mnemonic, which anvil endows.</summary>
    public static EthereumKey Rich { get; } =
        EthereumKey.FromHex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

    internal Uri Rpc
    {
        get
        {
            Assert.SkipWhen(address is null, "There is no anvil: name it in PLATFORM_ANVIL, put it on PATH, or npm ci in contracts/solidity.");
            return address;
        }
    }

    internal EthereumClient Ethereum => new(Client);

    private JsonRpcClient Client => new(http, Rpc);

    public async ValueTask InitializeAsync()
    {
        if (Candidates().FirstOrDefault(File.Exists) is not { } program)
        {
            return;
        }

        var start = new ProcessStartInfo(program, ["--port", "0", "--accounts", "1", "--chain-id", "31337", "--no-mining"])
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
        await SendAsync(CanonicalFactory.Deployer, CanonicalFactory.DeploymentData);
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
        oneAtATime.Dispose();
        Directory.Delete(home, recursive: true);
    }

    /// <summary>Mines one transaction of the rich account.</summary>
    internal async Task<Receipt> SendAsync(Address? to, ReadOnlyMemory<byte> data)
    {
        await oneAtATime.WaitAsync();
        try
        {
            return await MineAsync(to, data);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Mines a call that another account makes: a token's first owner has no key here.</summary>
    internal async Task SendAsAsync(Address from, Address to, ContractCall call)
    {
        await oneAtATime.WaitAsync();
        try
        {
            await MineAsAsync(from, to, call);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task<Receipt> MineAsync(Address? to, ReadOnlyMemory<byte> data)
    {
        var chain = Ethereum;
        var signed = new Eip1559Transaction
        {
            ChainId = 31_337,
            Nonce = await chain.GetTransactionCountAsync(Rich.Address, BlockTag.Latest, CancellationToken.None),
            MaxPriorityFeePerGas = Wei.FromGwei(1),
            MaxFeePerGas = Wei.FromGwei(100),
            GasLimit = 12_000_000,
            To = to,
            Data = data,
        }.Sign(Rich);
        var sent = await chain.SendRawTransactionAsync(signed.Raw, CancellationToken.None);
        Assert.True(sent.IsInPool, sent.NodesMessage);
        await CallAsync("evm_mine");
        var receipt = await chain.GetReceiptAsync(signed.Hash, CancellationToken.None);
        Assert.True(receipt?.Success, "The transaction reverted.");
        return receipt!;
    }

    private async Task MineAsAsync(Address from, Address to, ContractCall call)
    {
        await CallAsync("anvil_impersonateAccount", from.ToString());
        await CallAsync("anvil_setBalance", from.ToString(), "0xde0b6b3a7640000");
        var hash = await CallAsync("eth_sendTransaction", new JsonObject
        {
            ["from"] = from.ToString(),
            ["to"] = to.ToString(),
            ["input"] = Hex.Encode(call.Data.Span),
            ["gas"] = "0x100000",
        });
        await CallAsync("evm_mine");
        Assert.True((await Ethereum.GetReceiptAsync(Hash32.Parse(hash.GetString()!), CancellationToken.None))?.Success, "The transaction reverted.");
    }

    private Task<JsonElement> CallAsync(string method, params JsonNode[] arguments) => Client.CallAsync(
        new JsonRpcCall(method, [.. arguments]), AnyJson, CancellationToken.None);

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

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(
                folder.FullName, "contracts", "solidity", "node_modules", "@foundry-rs", "anvil-linux-amd64", "bin", "anvil");
        }

        // Where the embedded program installs it for itself.
        yield return Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "imprimatur", "anvil-1.7.1",
            "node_modules", "@foundry-rs", "anvil-linux-amd64", "bin", "anvil");
    }

    [GeneratedRegex(@"Listening on 127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}
