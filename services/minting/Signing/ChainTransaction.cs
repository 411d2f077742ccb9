namespace Platform.Minting;

/// <summary>What a transaction is for.</summary>
internal enum Purpose
{
    DeployFactory,
    CreateCollection,
    MintBatch,
}

internal enum TransactionState
{
    /// <summary>Recorded; sent, or about to be.</summary>
    Signed,

    /// <summary>In a block.</summary>
    Included,

    /// <summary>In a block, and refused by the contract; its nonce and gas are spent.</summary>
    Reverted,
}

/// <summary>A transaction as it was signed: recorded before it is sent, so that a restart sends the same bytes.</summary>
internal sealed record ChainTransaction
{
    /// <summary>Transaction hash.</summary>
    public required string Id { get; init; }

    public required string Signer { get; init; }

    public required long Nonce { get; init; }

    public required long ChainId { get; init; }

    public required byte[] Raw { get; init; }

    public required Purpose Purpose { get; init; }

    /// <summary>Campaign or batch id; empty for the factory.</summary>
    public required string Subject { get; init; }

    /// <summary>The batch's number in its collection; absent for other purposes.</summary>
    public long? Number { get; init; }

    public required TransactionState State { get; init; }

    public required DateTimeOffset SignedAt { get; init; }
}
