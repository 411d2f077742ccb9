namespace Platform.Campaigns;

/// <summary>A campaign system that wants to be told what became of its events.</summary>
internal sealed record WebhookEndpoint
{
    public required string Id { get; init; }

    public required string Url { get; init; }

    /// <summary>Only these; none means all.</summary>
    public required IReadOnlyList<string> Campaigns { get; init; }

    /// <summary>Only these of <see cref="AssetNews.Statuses"/>; none means all.</summary>
    public required IReadOnlyList<string> Statuses { get; init; }

    public required byte[] SealedSecret { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>It answered that it is gone.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    public bool Wants(string campaign, string status) => DisabledAt is null
        && (Campaigns.Count == 0 || Campaigns.Contains(campaign))
        && (Statuses.Count == 0 || Statuses.Contains(status));
}
