using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Chain;

/// <summary>JSON-RPC's shapes and their generated serialisers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(QuantityJsonConverter), typeof(BigQuantityJsonConverter), typeof(DataJsonConverter)])]
[JsonSerializable(typeof(RpcError))]
[JsonSerializable(typeof(RpcBlock))]
[JsonSerializable(typeof(RpcReceipt))]
[JsonSerializable(typeof(RpcLog[]))]
[JsonSerializable(typeof(RpcFeeHistory))]
[JsonSerializable(typeof(Hash32))]
[JsonSerializable(typeof(ulong))]
[JsonSerializable(typeof(BigInteger))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ChainJson : JsonSerializerContext;

internal sealed record RpcError(int Code, string? Message = null, JsonElement? Data = null);

internal sealed record RpcBlock(
    ulong Number,
    Hash32 Hash,
    Hash32 ParentHash,
    ulong Timestamp,
    ulong GasLimit,
    ulong GasUsed,
    BigInteger? BaseFeePerGas = null,
    string? LogsBloom = null)
{
    public BlockHeader ToHeader() => new(
        Number,
        Hash,
        ParentHash,
        DateTimeOffset.FromUnixTimeSeconds((long)Timestamp),
        BaseFeePerGas is { } fee ? new Wei(fee) : null)
    {
        GasLimit = GasLimit,
        GasUsed = GasUsed,
        LogsBloom = LogsBloom,
    };
}

internal sealed record RpcLog(
    Address Address,
    Hash32[] Topics,
    byte[] Data,
    ulong BlockNumber,
    Hash32 BlockHash,
    Hash32 TransactionHash,
    ulong LogIndex,
    ulong TransactionIndex,
    bool Removed = false)
{
    public Log ToLog() => new(
        Address, [.. Topics], Data, BlockNumber, BlockHash, TransactionHash, LogIndex, TransactionIndex, Removed);
}

internal sealed record RpcReceipt(
    Hash32 TransactionHash,
    ulong BlockNumber,
    Hash32 BlockHash,
    ulong TransactionIndex,
    ulong GasUsed,
    ulong Status,
    Address From,
    RpcLog[] Logs,
    BigInteger? EffectiveGasPrice = null,
    Address? To = null,
    Address? ContractAddress = null)
{
    public Receipt ToReceipt() => new(
        TransactionHash,
        BlockNumber,
        BlockHash,
        Status == 1,
        GasUsed,
        new Wei(EffectiveGasPrice ?? BigInteger.Zero),
        ContractAddress,
        [.. Logs.Select(log => log.ToLog())])
    {
        TransactionIndex = TransactionIndex,
        From = From,
        To = To,
    };
}

internal sealed record RpcFeeHistory(ulong OldestBlock, BigInteger[] BaseFeePerGas, BigInteger[][]? Reward = null)
{
    public FeeHistory ToHistory() => new(
        OldestBlock,
        [.. BaseFeePerGas.Select(fee => new Wei(fee))],
        [.. (Reward ?? []).Select(block => block.Select(tip => new Wei(tip)).ToImmutableArray())]);
}
