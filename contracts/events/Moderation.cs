namespace Platform.Events;

/// <summary>Moderation found nothing wrong with the asset; it may be stored and minted.</summary>
public sealed record AssetApproved
{
    public required Guid AssetId { get; init; }

    /// <summary>Counts refinements from 0; consumers ignore an iteration older than the one they know.</summary>
    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    public required int CampaignVersion { get; init; }

    /// <summary>EIP-55 address that will own the token.</summary>
    public required string Recipient { get; init; }

    /// <summary>SHA-256 of the bytes, lower-case hex: the key under which the content store holds them.</summary>
    public required string Content { get; init; }

    public required string MediaType { get; init; }

    /// <summary>What is known of the asset's making so far; storage writes the custody record from it.</summary>
    public required CustodyFacts Custody { get; init; }

    public required DateTimeOffset ApprovedAt { get; init; }
}

/// <summary>The asset may not go on; its bytes are not stored or minted.</summary>
public sealed record AssetRejected
{
    public required Guid AssetId { get; init; }

    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    /// <summary>Codes, such as <c>prompt.term</c> or <c>image.near-duplicate</c>.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public string? Reviewer { get; init; }

    public required DateTimeOffset RejectedAt { get; init; }
}

/// <summary>A person must look at the asset before it can go on.</summary>
public sealed record AssetWaiting
{
    public required Guid AssetId { get; init; }

    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Nobody needs to ask again before this time.</summary>
    public required DateTimeOffset Until { get; init; }
}
