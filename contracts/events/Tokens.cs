namespace Platform.Events;

/// <summary>The chain moved a token: minted (from the zero address), transferred or burnt (to it).</summary>
public sealed record TokenTransferred
{
    public required long ChainId { get; init; }

    /// <summary>EIP-55 address of the collection.</summary>
    public required string Contract { get; init; }

    /// <summary>Decimal.</summary>
    public required string TokenId { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required long BlockNumber { get; init; }

    public required string BlockHash { get; init; }

    /// <summary>Orders the transfers of a block.</summary>
    public required long LogIndex { get; init; }

    public required string TransactionHash { get; init; }
}
