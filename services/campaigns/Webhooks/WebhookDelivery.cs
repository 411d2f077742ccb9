namespace Platform.Campaigns;

/// <summary>How a delivery stands.</summary>
internal enum DeliveryState
{
    Due,
    Delivered,
    Dead,
}

/// <summary>One piece of news for one endpoint, until it was taken or given up.</summary>
internal sealed record WebhookDelivery
{
    /// <summary>Derived from endpoint, asset and status: news that is noted twice is one delivery.</summary>
    public required Guid Id { get; init; }

    public required string EndpointId { get; init; }

    public required Guid AssetId { get; init; }

    public required string Campaign { get; init; }

    public required string Status { get; init; }

    public required string WebhookId { get; init; }

    /// <summary>As it is sent, each time alike.</summary>
    public required string Body { get; init; }

    public required DeliveryState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is sent next; while it is being sent, when somebody else may take it up.</summary>
    public required DateTimeOffset NextAt { get; init; }

    public required DateTimeOffset GiveUpAt { get; init; }

    public int Attempts { get; init; }

    public string? LastAnswer { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Of what has ended.</summary>
    public DateTimeOffset? ForgetAt { get; init; }
}
