using System.Collections.Immutable;
using System.Numerics;

namespace Platform.Chain;

/// <summary>Storage that a transaction says beforehand it will touch (EIP-2930).</summary>
public sealed record AccessListEntry(Address Address, ImmutableArray<Hash32> StorageKeys)
{
    public bool Equals(AccessListEntry? other) =>
        other is not null && Address == other.Address && StorageKeys.SequenceEqual(other.StorageKeys);

    public override int GetHashCode() => HashCode.Combine(Address, StorageKeys.Length);
}

/// <summary>A type 2 transaction (EIP-1559, in EIP-2718's envelope), not yet signed.</summary>
public sealed record Eip1559Transaction
{
    /// <summary>EIP-2718's type byte.</summary>
    public const byte TypeByte = 0x02;

    /// <summary>EIP-155's id: on another chain the signature is worth nothing.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>How many transactions the sender sent before.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>A unit of gas's tip for the block's producer, at most.</summary>
    public required Wei MaxPriorityFeePerGas { get; init; }

    /// <summary>A unit of gas's price with base fee and tip, at most.</summary>
    public required Wei MaxFeePerGas { get; init; }

    public required ulong GasLimit { get; init; }

    /// <summary>Null makes a contract, of which <see cref="Data"/> is the init code.</summary>
    public required Address? To { get; init; }

    public Wei Value { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    public ImmutableArray<AccessListEntry> AccessList { get; init; } = [];

    /// <summary>What the sender signs: keccak256(0x02 ‖ rlp(fields)).</summary>
    public Hash32 SigningHash() => Keccak.Hash256(Encode());

    /// <summary>Signs; the same transaction and key always give the same bytes.</summary>
    /// <exception cref="ArgumentException">No node would take it: see <see cref="Fault"/>.</exception>
    public SignedTransaction Sign(EthereumKey key)
    {
        ArgumentNullException.ThrowIfNull(key);

        if (Fault() is { } fault)
        {
            throw new ArgumentException(fault);
        }

        return SignedTransaction.Of(this, key.Sign(SigningHash()), key.Address);
    }

    /// <summary>The same transaction with both fees raised enough to replace it in a node's pool.</summary>
    /// <param name="percent">Geth and others ask for 10 percent; rounded up, and at least one wei.</param>
    public Eip1559Transaction WithRaisedFees(int percent = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 1);

        return this with { MaxPriorityFeePerGas = Raise(MaxPriorityFeePerGas), MaxFeePerGas = Raise(MaxFeePerGas) };

        Wei Raise(Wei fee) => new(BigInteger.Max(fee.Value + 1, ((fee.Value * (100 + percent)) + 99) / 100));
    }

    /// <summary>What it can cost at most: value, and the gas limit at the highest price.</summary>
    public Wei MaxCost() => Value + (MaxFeePerGas * GasLimit);

    /// <summary>What makes it invalid on every chain, whatever the state; null where nothing does.</summary>
    public string? Fault() =>
        MaxPriorityFeePerGas > MaxFeePerGas ? "The tip is above the highest price (EIP-1559)."
        : (MaxFeePerGas * GasLimit).Value.GetBitLength() > 256 ? "Gas limit times price is above 2^256."
        : Nonce == ulong.MaxValue ? "The nonce is 2^64-1 (EIP-2681)."
        : null;

    public bool Equals(Eip1559Transaction? other) =>
        other is not null && Encode().AsSpan().SequenceEqual(other.Encode());

    public override int GetHashCode() =>
        HashCode.Combine(ChainId, Nonce, MaxFeePerGas, GasLimit, To, Value, Data.Length);

    internal byte[] Encode(params ReadOnlySpan<Rlp.Item> signature) => Rlp.Encode([TypeByte], Rlp.List(
    [
        Rlp.Integer(ChainId),
        Rlp.Integer(Nonce),
        Amount(MaxPriorityFeePerGas, nameof(MaxPriorityFeePerGas)),
        Amount(MaxFeePerGas, nameof(MaxFeePerGas)),
        Rlp.Integer(GasLimit),
        Rlp.Bytes(To?.ToArray() ?? []),
        Amount(Value, nameof(Value)),
        Rlp.Bytes(Data),
        Rlp.List([.. AccessList.Select(Entry)]),
        .. signature,
    ]));

    private static Rlp.Item Entry(AccessListEntry entry) => Rlp.List(
        Rlp.Bytes(entry.Address.ToArray()),
        Rlp.List([.. entry.StorageKeys.Select(key => Rlp.Bytes(key.ToArray()))]));

    private static Rlp.Item Amount(Wei amount, string name) =>
        amount.Value.Sign >= 0 && amount.Value.GetBitLength() <= 256
            ? Rlp.Integer(amount.Value)
            : throw new ArgumentException($"{name} must be 0 to 2^256-1 wei, not {amount}.", name);
}
