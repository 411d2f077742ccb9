namespace Platform.Events;

/// <summary>An admitted event's artwork is to be made.</summary>
public sealed record GenerationRequested
{
    public required Guid AssetId { get; init; }

    /// <summary>Counts refinements from 0; consumers ignore an iteration older than the one they know.</summary>
    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    public required int CampaignVersion { get; init; }

    /// <summary>EIP-55 address that will own the token.</summary>
    public required string Recipient { get; init; }

    /// <summary>Rendered once by campaigns; holds no personal fact.</summary>
    public required string Prompt { get; init; }

    public required ArtDirection Art { get; init; }

    /// <summary>Moderation policy, name and version, such as <c>brand-safe@1</c>.</summary>
    public required string Policy { get; init; }

    public required CustodyFacts Custody { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }
}

/// <summary>The campaign's own taste: what every picture of it shares.</summary>
public sealed record ArtDirection
{
    /// <summary>Families the artist may choose from; empty leaves the choice to the seed.</summary>
    public required IReadOnlyList<string> Families { get; init; }

    /// <summary>One to eight colours, <c>#RRGGBB</c>.</summary>
    public required IReadOnlyList<string> Palette { get; init; }

    public string? Headline { get; init; }

    public string? Line { get; init; }

    public string? Wordmark { get; init; }

    /// <summary>Width and height in pixels.</summary>
    public required int Size { get; init; }
}

/// <summary>The artwork's bytes are in the content store.</summary>
public sealed record GenerationCompleted
{
    public required Guid AssetId { get; init; }

    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    public required int CampaignVersion { get; init; }

    public required string Recipient { get; init; }

    public required string Prompt { get; init; }

    public required string Policy { get; init; }

    /// <summary>SHA-256 of the bytes, lower-case hex: the key under which the content store holds them.</summary>
    public required string Content { get; init; }

    public required string MediaType { get; init; }

    public required CustodyFacts Custody { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }
}

/// <summary>No artwork can be made of this request; trying again would not help.</summary>
public sealed record GenerationFailed
{
    public required Guid AssetId { get; init; }

    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    /// <summary><c>filtered</c>, <c>refused</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset FailedAt { get; init; }
}
