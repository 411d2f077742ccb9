using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Chain;

/// <summary>Which block a question is about: a number, or one of the names nodes know.</summary>
/// <param name="Text">As JSON-RPC writes it.</param>
public readonly record struct BlockTag(string Text)
{
    /// <summary>The newest block the node has; it may be reorganised away.</summary>
    public static BlockTag Latest => new("latest");

    /// <summary>The newest block that cannot go away but for an attack on the whole of Ethereum.</summary>
    public static BlockTag Finalized => new("finalized");

    /// <summary>The newest block justified by the validators.</summary>
    public static BlockTag Safe => new("safe");

    /// <summary>The latest block with what the node's pool would add.</summary>
    public static BlockTag Pending => new("pending");

    /// <summary>The genesis block.</summary>
    public static BlockTag Earliest => new("earliest");

    public static BlockTag Number(ulong number) => new($"0x{number.ToString("x", CultureInfo.InvariantCulture)}");

    public static implicit operator BlockTag(ulong number) => Number(number);

    public override string ToString() => Text ?? "latest";
}

/// <summary>A block without its transactions.</summary>
/// <param name="Number">The height.</param>
/// <param name="Hash">The block itself.</param>
/// <param name="ParentHash">The one before; how a reorganisation is noticed.</param>
/// <param name="Timestamp">The producer's clock, in whole seconds.</param>
/// <param name="BaseFeePerGas">EIP-1559; null on a chain without it.</param>
public sealed record BlockHeader(
    ulong Number, Hash32 Hash, Hash32 ParentHash, DateTimeOffset Timestamp, Wei? BaseFeePerGas)
{
    public ulong GasLimit { get; init; }

    public ulong GasUsed { get; init; }

    /// <summary>256 bytes in hex, of emitters and topics of all its logs; null where the node gives none.</summary>
    public string? LogsBloom { get; init; }
}

/// <summary>One event that a contract emitted.</summary>
/// <param name="Address">The contract.</param>
/// <param name="Topics">Up to four; the first is the event, the others its indexed arguments.</param>
/// <param name="Data">The other arguments.</param>
/// <param name="BlockNumber">The height it is at.</param>
/// <param name="BlockHash">The block it is in.</param>
/// <param name="TxHash">The transaction that caused it.</param>
/// <param name="LogIndex">Its place in the block.</param>
/// <param name="TransactionIndex">The transaction's place in the block.</param>
/// <param name="Removed">Whether a reorganisation took it away.</param>
public sealed record Log(
    Address Address,
    ImmutableArray<Hash32> Topics,
    ReadOnlyMemory<byte> Data,
    ulong BlockNumber,
    Hash32 BlockHash,
    Hash32 TxHash,
    ulong LogIndex,
    ulong TransactionIndex,
    bool Removed)
{
    /// <summary>Reads an event of the bindings; null where the log is another one.</summary>
    public TEvent? As<TEvent>()
        where TEvent : class, IContractEvent<TEvent> => TEvent.TryDecode(this);

    public bool Equals(Log? other) =>
        other is not null
        && (Address, BlockNumber, BlockHash, TxHash) == (other.Address, other.BlockNumber, other.BlockHash, other.TxHash)
        && (LogIndex, TransactionIndex, Removed) == (other.LogIndex, other.TransactionIndex, other.Removed)
        && Topics.SequenceEqual(other.Topics)
        && Data.Span.SequenceEqual(other.Data.Span);

    public override int GetHashCode() => HashCode.Combine(BlockHash, LogIndex);
}

/// <summary>Which logs are asked for.</summary>
public sealed record LogFilter
{
    /// <summary>Contracts; none are all.</summary>
    public ImmutableArray<Address> Addresses { get; init; } = [];

    /// <summary>For each place: null is any, several are alternatives.</summary>
    public ImmutableArray<ImmutableArray<Hash32>?> Topics { get; init; } = [];

    public BlockTag FromBlock { get; init; } = BlockTag.Earliest;

    public BlockTag ToBlock { get; init; } = BlockTag.Latest;

    /// <summary>
    /// EIP-234: one block by its hash, instead of a range; an unknown block is then an error and not "no
    /// logs".
    /// </summary>
    public Hash32? BlockHash { get; init; }
}

/// <summary>What came of a transaction.</summary>
/// <param name="TxHash">The transaction.</param>
/// <param name="BlockNumber">The height it is at.</param>
/// <param name="BlockHash">The block it is in.</param>
/// <param name="Success">False where it reverted; it paid its gas all the same.</param>
/// <param name="GasUsed">Units of gas.</param>
/// <param name="EffectiveGasPrice">Wei a unit, base fee and tip.</param>
/// <param name="ContractAddress">The contract it made, if it did.</param>
/// <param name="Logs">What it emitted, in order.</param>
public sealed record Receipt(
    Hash32 TxHash,
    ulong BlockNumber,
    Hash32 BlockHash,
    bool Success,
    ulong GasUsed,
    Wei EffectiveGasPrice,
    Address? ContractAddress,
    ImmutableArray<Log> Logs)
{
    public ulong TransactionIndex { get; init; }

    public Address From { get; init; }

    public Address? To { get; init; }

    /// <summary>What the sender paid for gas.</summary>
    public Wei Fee => EffectiveGasPrice * GasUsed;

    public bool Equals(Receipt? other) =>
        other is not null
        && (TxHash, BlockNumber, BlockHash) == (other.TxHash, other.BlockNumber, other.BlockHash)
        && (Success, ContractAddress) == (other.Success, other.ContractAddress)
        && (GasUsed, EffectiveGasPrice) == (other.GasUsed, other.EffectiveGasPrice)
        && (TransactionIndex, From, To) == (other.TransactionIndex, other.From, other.To)
        && Logs.SequenceEqual(other.Logs);

    public override int GetHashCode() => HashCode.Combine(TxHash, BlockHash);
}

/// <summary>A call as eth_call and eth_estimateGas take it.</summary>
public sealed record CallRequest
{
    public Address? From { get; init; }

    /// <summary>Null makes a contract.</summary>
    public required Address? To { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public Wei Value { get; init; }

    /// <summary>Units; null is the node's own cap.</summary>
    public ulong? Gas { get; init; }

    public Wei? MaxFeePerGas { get; init; }

    public Wei? MaxPriorityFeePerGas { get; init; }
}

/// <summary>What a transaction should offer a unit of gas, in wei.</summary>
/// <param name="BaseFee">The next block's.</param>
/// <param name="MaxPriorityFeePerGas">The median tip of recent blocks, or the least wanted.</param>
/// <param name="MaxFeePerGas">Twice the base fee and the tip: room for six full blocks in a row.</param>
public sealed record SuggestedFees(Wei BaseFee, Wei MaxPriorityFeePerGas, Wei MaxFeePerGas);

/// <summary>Recent blocks' fees (eth_feeHistory).</summary>
/// <param name="OldestBlock">The first of them.</param>
/// <param name="BaseFees">One a block and the next block's, in wei.</param>
/// <param name="Rewards">A block's tips at the percentiles asked for, in wei.</param>
public sealed record FeeHistory(
    ulong OldestBlock, ImmutableArray<Wei> BaseFees, ImmutableArray<ImmutableArray<Wei>> Rewards);

/// <summary>What a node did with a transaction's bytes.</summary>
public enum SendOutcome
{
    /// <summary>New to the node's pool.</summary>
    Accepted,

    /// <summary>The very same bytes are there already: as good as accepted.</summary>
    AlreadyKnown,

    /// <summary>
    /// The sender's transaction with this nonce is in a block already: this one (ask for its receipt) or
    /// another.
    /// </summary>
    NonceTooLow,

    /// <summary>
    /// The nonce is so far ahead that the node does not keep it; those before must come first.
    /// </summary>
    NonceTooHigh,

    /// <summary>
    /// Another transaction with this nonce is in the pool, and this does not pay enough more to replace it.
    /// </summary>
    ReplacementUnderpriced,

    /// <summary>Less than the node's minimum, or less than the block's base fee.</summary>
    Underpriced,

    /// <summary>The sender cannot pay value and gas at the highest price.</summary>
    InsufficientFunds,

    /// <summary>
    /// The gas limit is below what the bytes alone cost, or above what a block or transaction may have.
    /// </summary>
    GasLimitRefused,

    /// <summary>The pool is full, or the sender's share of it is.</summary>
    PoolFull,
}

/// <summary>The outcome with the transaction's hash, which is known whatever the node says.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Hash">Keccak-256 of the bytes.</param>
/// <param name="NodesMessage">The node's own words, where it did not accept.</param>
public sealed record SendResult(SendOutcome Outcome, Hash32 Hash, string? NodesMessage)
{
    /// <summary>Whether the node has the transaction in its pool.</summary>
    public bool IsInPool => Outcome is SendOutcome.Accepted or SendOutcome.AlreadyKnown;
}
