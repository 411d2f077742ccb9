namespace Platform.Events;

/// <summary>The asset's token exists on chain at the configured finality.</summary>
public sealed record TokenMinted
{
    public required Guid AssetId { get; init; }

    public required string Campaign { get; init; }

    /// <summary>EIP-55 address that received the token.</summary>
    public required string Recipient { get; init; }

    public required long ChainId { get; init; }

    /// <summary>EIP-55 address of the collection.</summary>
    public required string Contract { get; init; }

    /// <summary>Decimal.</summary>
    public required string TokenId { get; init; }

    public required string BatchId { get; init; }

    /// <summary>Index in the batch: names the files in both directories.</summary>
    public required int Index { get; init; }

    public required string MetadataCid { get; init; }

    public required string CustodyCid { get; init; }

    public required string TransactionHash { get; init; }

    public required long BlockNumber { get; init; }

    public required string BlockHash { get; init; }

    /// <summary>Gas of the whole transaction, divided by the batch's tokens.</summary>
    public required long GasPerToken { get; init; }

    public required DateTimeOffset MintedAt { get; init; }
}

/// <summary>The asset's token cannot be minted as it is; trying again would not help.</summary>
public sealed record MintFailed
{
    public required Guid AssetId { get; init; }

    public required string Campaign { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset FailedAt { get; init; }
}
