using System.Text.Json;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>What became of an asset, as a CloudEvent for whoever sent its event.</summary>
/// <remarks>
/// The event's own id and source are not in it: an admission keeps neither, because they may name a person. The ingest
/// answered the publisher each event's asset ids, and the same event sent again is answered the same ones.
/// </remarks>
internal sealed record AssetNews(
    Guid AssetId,
    string Campaign,
    int CampaignVersion,
    string Variant,
    string Status,
    IReadOnlyList<string> Reasons,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? ClosedAt,
    string? Token,
    AssetLinks Links)
{
    public static readonly IReadOnlyList<string> Statuses = ["minted", "rejected", "failed", "waiting", "stalled"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string StatusOf(Outcome outcome) => outcome.ToString().ToLowerInvariant();

    /// <summary>The same for one asset's one status, at whatever endpoint and however often: by it receivers drop repeats.</summary>
    public static string WebhookIdOf(Guid assetId, string status) => $"msg_{DerivedGuid.From($"{assetId}|webhook|{status}"):n}";

    /// <summary>Structured CloudEvents 1.0 JSON.</summary>
    public static string ToCloudEvent(Guid assetId, Admission admission, string status, Uri gateway, DateTimeOffset now)
    {
        var links = AssetLinks.Of(admission, gateway);
        return JsonSerializer.Serialize(
            new
            {
                specversion = "1.0",
                id = WebhookIdOf(assetId, status),
                source = $"/v1/campaigns/{admission.Campaign}",
                type = $"imprimatur.asset.{status}.v1",
                subject = assetId.ToString(),
                time = now,
                datacontenttype = "application/json",
                data = new AssetNews(
                    assetId,
                    admission.Campaign,
                    admission.CampaignVersion,
                    admission.Variant,
                    status,
                    admission.Reasons ?? [],
                    admission.ReceivedAt,
                    admission.ClosedAt,
                    links.Token,
                    links),
            },
            Json);
    }
}
