using Platform.Events;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns;

/// <summary>How far an asset is; only ever goes up.</summary>
internal enum Stage
{
    Received = 0,
    Admitted = 1,
    Generated = 2,
    Approved = 3,
    Pinned = 4,
    Minted = 5,
}

/// <summary>How an admission stands.</summary>
internal enum Outcome
{
    Open,
    Waiting,
    Minted,
    Rejected,
    Failed,
    Stalled,
}

/// <summary>Where an admission waits for its turn.</summary>
internal enum Lane
{
    /// <summary>Somebody waits for the answer: before all others.</summary>
    Interactive,
    Bulk,
}

/// <summary>One asset that a campaign event led to, from its arrival until it is known how it ended.</summary>
/// <remarks>Of the person only the address is here; the event and its prompt salt are digests under the subject's key.</remarks>
internal sealed record Admission
{
    /// <summary>The next check of what nobody is asked about yet.</summary>
    public static readonly DateTimeOffset Never = DateTimeOffset.FromUnixTimeSeconds(253_402_214_400); // the last day of 9999

    public required string Campaign { get; init; }

    public required int CampaignVersion { get; init; }

    public required string Variant { get; init; }

    public required string Recipient { get; init; }

    public required string Prompt { get; init; }

    public required string EventDigest { get; init; }

    public required string PromptDigest { get; init; }

    public required int Stage { get; init; }

    public required Outcome Outcome { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required DateTimeOffset StageAt { get; init; }

    public required DateTimeOffset NextCheckAt { get; init; }

    public int Checks { get; init; }

    /// <summary>Where it waits for its turn; null once it was released.</summary>
    public Lane? Queue { get; init; }

    /// <summary>W3C traceparent of the event's arrival.</summary>
    public string? TraceParent { get; init; }

    public IReadOnlyList<string>? Reasons { get; init; }

    public string? Content { get; init; }

    public string? Cid { get; init; }

    public long? ChainId { get; init; }

    public string? Contract { get; init; }

    public string? TokenId { get; init; }

    public int? Index { get; init; }

    public string? MetadataCid { get; init; }

    public string? CustodyCid { get; init; }

    public string? TransactionHash { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>What it became and nobody was told of yet; set only where somebody listens, in the write that says it became so.</summary>
    public IReadOnlyList<string>? Untold { get; init; }

    public string Status => Outcome switch
    {
        Outcome.Open => ((Stage)Stage).ToString().ToLowerInvariant(),
        var outcome => outcome.ToString().ToLowerInvariant(),
    };

    /// <summary>Its turn has come: it is at work from now on, and watched.</summary>
    public Admission Release(DateTimeOffset now, TimeSpan firstCheck) => this with
    {
        Stage = (int)Campaigns.Stage.Admitted,
        StageAt = now,
        NextCheckAt = now + firstCheck,
        Queue = null,
    };

    public GenerationRequested ToEvent(Guid assetId, CampaignDefinition definition) => new()
    {
        AssetId = assetId,
        Iteration = 0,
        Campaign = Campaign,
        CampaignVersion = CampaignVersion,
        Recipient = Recipient,
        Prompt = Prompt,
        Art = definition.ToArt(),
        Policy = definition.Policy,
        Custody = new() { EventDigest = EventDigest, PromptDigest = PromptDigest },
        RequestedAt = ReceivedAt,
    };
}
