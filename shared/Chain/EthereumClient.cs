using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Chain;

/// <summary>The chain behind a node's JSON-RPC (the execution API's <c>eth_</c> methods).</summary>
public sealed class EthereumClient(JsonRpcClient rpc) : IEthereum
{
    public Task<ulong> ChainIdAsync(CancellationToken cancellation) =>
        AskAsync(new JsonRpcCall("eth_chainId"), ChainJson.Default.UInt64, cancellation);

    public Task<ulong> BlockNumberAsync(CancellationToken cancellation) =>
        AskAsync(new JsonRpcCall("eth_blockNumber"), ChainJson.Default.UInt64, cancellation);

    public async Task<BlockHeader?> GetBlockAsync(BlockTag block, CancellationToken cancellation)
    {
        try
        {
            return (await rpc.CallAsync(BlockCall(block), ChainJson.Default.RpcBlock, cancellation))?.ToHeader();
        }
        catch (JsonRpcException none) when (IsNoBlock(none))
        {
            return null;
        }
    }

    public async Task<BlockHeader?> GetBlockAsync(Hash32 hash, CancellationToken cancellation)
    {
        var call = new JsonRpcCall("eth_getBlockByHash", hash.ToString(), false);

        return (await rpc.CallAsync(call, ChainJson.Default.RpcBlock, cancellation))?.ToHeader();
    }

    public async Task<IReadOnlyList<BlockHeader?>> GetBlocksAsync(
        ulong first, int count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        JsonRpcCall[] calls = [.. Enumerable.Range(0, count).Select(i => BlockCall(first + (ulong)i))];
        var answers = await rpc.BatchAsync(calls, ChainJson.Default.RpcBlock, cancellation);

        return [.. answers.Select(answer => answer.ResultOrThrow()?.ToHeader())];
    }

    public Task<ulong> GetTransactionCountAsync(Address account, BlockTag block, CancellationToken cancellation) =>
        AskAsync(AccountCall("eth_getTransactionCount", account, block), ChainJson.Default.UInt64, cancellation);

    public async Task<Wei> GetBalanceAsync(Address account, BlockTag block, CancellationToken cancellation) =>
        new(await AskAsync(AccountCall("eth_getBalance", account, block), ChainJson.Default.BigInteger, cancellation));

    public async Task<ReadOnlyMemory<byte>> GetCodeAsync(
        Address account, BlockTag block, CancellationToken cancellation) =>
        await AskAsync(AccountCall("eth_getCode", account, block), ChainJson.Default.ByteArray, cancellation);

    public async Task<ReadOnlyMemory<byte>> CallAsync(
        CallRequest call, BlockTag block, CancellationToken cancellation)
    {
        var ask = new JsonRpcCall("eth_call", Json(call), block.ToString());

        return await RunAsync(ask, ChainJson.Default.ByteArray, cancellation);
    }

    public Task<ulong> EstimateGasAsync(CallRequest call, CancellationToken cancellation) =>
        RunAsync(new JsonRpcCall("eth_estimateGas", Json(call)), ChainJson.Default.UInt64, cancellation);

    public async Task<FeeHistory> GetFeeHistoryAsync(
        int blocks, BlockTag newest, IReadOnlyList<int> percentiles, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(percentiles);
        var call = new JsonRpcCall(
            "eth_feeHistory",
            Hex.Quantity(blocks),
            newest.ToString(),
            new JsonArray([.. percentiles.Select(percentile => (JsonNode)percentile)]));

        return (await AskAsync(call, ChainJson.Default.RpcFeeHistory, cancellation)).ToHistory();
    }

    public async Task<SendResult> SendRawTransactionAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellation)
    {
        var hash = Keccak.Hash256(raw.Span);

        try
        {
            var call = new JsonRpcCall("eth_sendRawTransaction", Hex.Encode(raw.Span));
            var answered = await AskAsync(call, ChainJson.Default.Hash32, cancellation);

            return answered == hash
                ? new SendResult(SendOutcome.Accepted, hash, null)
                : throw new ChainUnavailableException($"{rpc.Node} took {hash} and answered {answered}.");
        }
        catch (JsonRpcException refusal) when (SendRefusals.OutcomeOf(refusal) is { } outcome)
        {
            return new SendResult(outcome, hash, refusal.NodesMessage);
        }
    }

    public async Task<Receipt?> GetReceiptAsync(Hash32 hash, CancellationToken cancellation) =>
        (await rpc.CallAsync(ReceiptCall(hash), ChainJson.Default.RpcReceipt, cancellation))?.ToReceipt();

    public async Task<IReadOnlyList<Receipt?>> GetReceiptsAsync(
        IReadOnlyList<Hash32> hashes, CancellationToken cancellation)
    {
        JsonRpcCall[] calls = [.. hashes.Select(ReceiptCall)];
        var answers = await rpc.BatchAsync(calls, ChainJson.Default.RpcReceipt, cancellation);

        return [.. answers.Select(answer => answer.ResultOrThrow()?.ToReceipt())];
    }

    public async Task<bool> KnowsTransactionAsync(Hash32 hash, CancellationToken cancellation)
    {
        var call = new JsonRpcCall("eth_getTransactionByHash", hash.ToString());

        var transaction = await rpc.CallAsync(call, ChainJson.Default.JsonElement, cancellation);

        return transaction.ValueKind == JsonValueKind.Object;
    }

    public async Task<IReadOnlyList<Log>> GetLogsAsync(LogFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var ask = new JsonRpcCall("eth_getLogs", Json(filter));
        var logs = await AskAsync(ask, ChainJson.Default.RpcLogArray, cancellation);

        return [.. logs.Select(log => log.ToLog())];
    }

    private static JsonRpcCall BlockCall(BlockTag block) => new("eth_getBlockByNumber", block.ToString(), false);

    private static JsonRpcCall AccountCall(string method, Address account, BlockTag block) =>
        new(method, account.ToLowerHex(), block.ToString());

    private static JsonRpcCall ReceiptCall(Hash32 hash) => new("eth_getTransactionReceipt", hash.ToString());

    private async Task<T> AskAsync<T>(JsonRpcCall call, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        await rpc.CallAsync(call, type, cancellation)
        ?? throw new ChainUnavailableException($"{rpc.Node} answered {call.Method} with null.");

    private async Task<T> RunAsync<T>(JsonRpcCall call, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(call, type, cancellation);
        }
        catch (JsonRpcException error) when (IsRevert(error))
        {
            throw new ContractRevertedException(RevertData(error.NodesData), error);
        }
    }

    /// <summary>
    /// A chain that has not finalised anything has no such block: some nodes call that an error.
    /// </summary>
    private static bool IsNoBlock(JsonRpcException error) =>
        error.Code == -39001
        || error.NodesMessage.Contains("block not found", StringComparison.OrdinalIgnoreCase)
        || error.NodesMessage.Contains("unknown block", StringComparison.OrdinalIgnoreCase);

    private static bool IsRevert(JsonRpcException error) =>
        error.Code is 3 or -32015 || error.NodesMessage.Contains("revert", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Geth and anvil give the bytes as a string, Nethermind behind the word "Reverted", others in an object.
    /// </summary>
    private static ReadOnlyMemory<byte> RevertData(JsonElement? data)
    {
        var text = data switch
        {
            { ValueKind: JsonValueKind.String } plain => plain.GetString(),
            { ValueKind: JsonValueKind.Object } wrapped when wrapped.TryGetProperty("data", out var inner)
                && inner.ValueKind == JsonValueKind.String => inner.GetString(),
            _ => null,
        };
        var start = text?.IndexOf("0x", StringComparison.Ordinal) ?? -1;

        return start >= 0 && Hex.TryDecode(text![start..], out var bytes) ? bytes : default;
    }

    private static JsonObject Json(CallRequest call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var json = new JsonObject();
        Set(json, "from", call.From?.ToLowerHex());
        Set(json, "to", call.To?.ToLowerHex());
        Set(json, "input", call.Data.IsEmpty ? null : Hex.Encode(call.Data.Span));
        Set(json, "value", call.Value.Value.IsZero ? null : Hex.Quantity(call.Value.Value));
        Set(json, "gas", call.Gas is { } gas ? Hex.Quantity(gas) : null);
        Set(json, "maxFeePerGas", call.MaxFeePerGas is { } fee ? Hex.Quantity(fee.Value) : null);
        Set(json, "maxPriorityFeePerGas", call.MaxPriorityFeePerGas is { } tip ? Hex.Quantity(tip.Value) : null);

        return json;
    }

    private static JsonObject Json(LogFilter filter)
    {
        var json = new JsonObject();
        Set(json, "blockHash", filter.BlockHash?.ToString());
        Set(json, "fromBlock", filter.BlockHash is null ? filter.FromBlock.ToString() : null);
        Set(json, "toBlock", filter.BlockHash is null ? filter.ToBlock.ToString() : null);

        if (!filter.Addresses.IsDefaultOrEmpty)
        {
            json["address"] = Texts(filter.Addresses.Select(address => address.ToLowerHex()));
        }

        if (!filter.Topics.IsDefaultOrEmpty)
        {
            json["topics"] = new JsonArray([.. filter.Topics.Select(Alternatives)]);
        }

        return json;
    }

    private static JsonArray? Alternatives(ImmutableArray<Hash32>? topics) =>
        topics is { IsDefaultOrEmpty: false } some ? Texts(some.Select(topic => topic.ToString())) : null;

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static void Set(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
