namespace Platform.Minting;

/// <summary>One asset that is to become a token.</summary>
internal sealed record MintOrder
{
    public required Guid Id { get; init; }

    public required string Campaign { get; init; }

    public required int CampaignVersion { get; init; }

    /// <summary>EIP-55.</summary>
    public required string Recipient { get; init; }

    public required OrderState State { get; init; }

    public required DateTimeOffset QueuedAt { get; init; }

    public string? BatchId { get; init; }

    public string? TraceParent { get; init; }
}

internal enum OrderState
{
    Queued,
    Batched,
    Minted,
}
