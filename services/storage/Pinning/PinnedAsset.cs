using Platform.Content;
using Platform.Events;

namespace Platform.Storage;

/// <summary>An approved asset on the content network, and all that its records are written from.</summary>
internal sealed record PinnedAsset
{
    /// <summary>The choices that decide the CID, and so are recorded beside it.</summary>
    public static UnixFsProfile CurrentProfile => UnixFsProfile.V1_2025;

    public required Guid Id { get; init; }

    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    public required int CampaignVersion { get; init; }

    public required string Recipient { get; init; }

    /// <summary>SHA-256 of the bytes, lower-case hex.</summary>
    public required string Content { get; init; }

    public required string MediaType { get; init; }

    public required string Cid { get; init; }

    public required string CidProfile { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    public required CustodyFacts Custody { get; init; }

    /// <summary>W3C trace context of the approval.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset PinnedAt { get; init; }

    public static PinnedAsset From(
        AssetApproved approved, DagRoot root, string? traceParent, DateTimeOffset now) => new()
    {
        Id = approved.AssetId,
        Iteration = approved.Iteration,
        Campaign = approved.Campaign,
        CampaignVersion = approved.CampaignVersion,
        Recipient = approved.Recipient,
        Content = approved.Content,
        MediaType = approved.MediaType,
        Cid = root.Cid.ToString(),
        CidProfile = CurrentProfile.Name,
        Size = root.Size,
        Custody = approved.Custody,
        TraceParent = traceParent,
        PinnedAt = now.WholeMilliseconds,
    };

    public AssetPinned ToEvent() => new()
    {
        AssetId = Id,
        Iteration = Iteration,
        Campaign = Campaign,
        CampaignVersion = CampaignVersion,
        Recipient = Recipient,
        Content = Content,
        Cid = Cid,
        Size = Size,
        PinnedAt = PinnedAt,
    };
}
