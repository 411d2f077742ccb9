using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>A token as the chain alone tells it.</summary>
/// <param name="Id">Decimal digits.</param>
/// <param name="Owner">Lower-case hex with 0x.</param>
public sealed record ChainToken(string Id, string Owner, Uri Uri, string MintedBy);

/// <summary>The chain by JSON-RPC and ABI by hand: knows nothing of the program's own code.</summary>
public sealed class Chain(Uri rpc, string contract)
{
    // Keccak-256 of Transfer(address,address,uint256).
    private const string Transfer = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    private const string OwnerOf = "0x6352211e";
    private const string TokenUri = "0xc87b56dd";

    // One client for all tests: they are few and short.
    private static readonly HttpClient Http = new(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Every token whose transfers the chain logged, with owner and address as the contract answers.</summary>
    public async Task<IReadOnlyList<ChainToken>> TokensAsync()
    {
        var tokens = new List<ChainToken>();
        foreach (var log in await MintsAsync())
        {
            var id = log!["topics"]![3]!.GetValue<string>();
            var owner = await CallContractAsync(OwnerOf + id[2..]);
            var uri = Text(await CallContractAsync(TokenUri + id[2..]));
            var number = UInt128.Parse(id.AsSpan()[^32..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            tokens.Add(new ChainToken(
                number.ToString(CultureInfo.InvariantCulture),
                $"0x{owner[^40..]}",
                new Uri(uri),
                log["transactionHash"]!.GetValue<string>()));
        }

        return tokens;
    }

    public async Task<int> CountAsync() => (await MintsAsync()).Count;

    /// <summary>Input of every transaction of every block.</summary>
    public async Task<IReadOnlyList<string>> InputsAsync()
    {
        var inputs = new List<string>();
        for (var number = 0L; number <= await BlockNumberAsync(); number++)
        {
            var block = await CallAsync("eth_getBlockByNumber", $"0x{number:x}", true);
            inputs.AddRange(block!["transactions"]!.AsArray().Select(each => each!["input"]!.GetValue<string>()));
        }

        return inputs;
    }

    public async Task<string> SenderAsync(string transaction) =>
        (await CallAsync("eth_getTransactionByHash", transaction))!["from"]!.GetValue<string>();

    public async Task<long> NonceAsync(string account) => Number(await CallAsync("eth_getTransactionCount", account, "latest"));

    public async Task<long> BlockNumberAsync() => Number(await CallAsync("eth_blockNumber"));

    private async Task<JsonArray> MintsAsync() => (await CallAsync("eth_getLogs", new JsonObject
    {
        ["address"] = contract,
        ["fromBlock"] = "0x0",
        ["toBlock"] = "latest",
        ["topics"] = new JsonArray(Transfer, $"0x{new string('0', 64)}"), // from nobody: a mint
    }))!.AsArray();

    private async Task<string> CallContractAsync(string data) =>
        (await CallAsync("eth_call", new JsonObject { ["to"] = contract, ["data"] = data }, "latest"))!.GetValue<string>();

    private async Task<JsonNode?> CallAsync(string method, params JsonNode[] parameters)
    {
        using var answer = await Http.PostAsJsonAsync(rpc, new JsonObject
        {
            ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = new JsonArray(parameters),
        });
        var body = await answer.Content.ReadFromJsonAsync<JsonNode>();
        Assert.True(body!["error"] is null, $"{method}: {body.ToJsonString()}");
        return body["result"];
    }

    private static long Number(JsonNode? hex) => Convert.ToInt64(hex!.GetValue<string>(), 16);

    /// <summary>One ABI-encoded string: offset, length, bytes.</summary>
    private static string Text(string hex)
    {
        var bytes = Convert.FromHexString(hex.AsSpan(2));
        var length = Convert.ToInt32(Convert.ToHexString(bytes.AsSpan(60, 4)), 16);
        return Encoding.UTF8.GetString(bytes, 64, length);
    }
}
