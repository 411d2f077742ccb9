using System.Security.Cryptography;
using System.Text;
using Platform.Chain;

namespace Platform.Campaigns;

/// <summary>An event that fits its campaign.</summary>
internal sealed record FittingEvent(IncomingEvent Event, Address Recipient, IReadOnlyDictionary<string, FactValue> Facts);

/// <summary>An asset that a request would admit.</summary>
internal sealed record Candidate(Guid AssetId, string EventId, Lane Lane, Admission Admission);

/// <summary>Events that are admitted whole or not at all, under one version of their campaign.</summary>
internal sealed class AdmissionRequest(PublishedCampaign campaign, IReadOnlyList<FittingEvent> events)
{
    public PublishedCampaign Campaign => campaign;

    public IEnumerable<string> Subjects => events.Select(each => each.Event.Subject);

    public IEnumerable<Guid> AssetIds => events.SelectMany(each => campaign.Definition.VariantNames, (each, variant) =>
        AdmitEvents.AssetIdOf(campaign.Name, each.Event.Source, each.Event.Id, variant));

    /// <exception cref="PromptRenderException">A prompt cannot be made of the facts.</exception>
    public IReadOnlyList<Candidate> Candidates(IReadOnlyDictionary<string, byte[]> keys, DateTimeOffset now) =>
        [.. events.SelectMany(each => Candidates(each, keys[each.Event.Subject], now))];

    private IEnumerable<Candidate> Candidates(FittingEvent fitting, byte[] key, DateTimeOffset now)
    {
        var incoming = fitting.Event;
        foreach (var variant in campaign.Definition.VariantNames)
        {
            var assetId = AdmitEvents.AssetIdOf(campaign.Name, incoming.Source, incoming.Id, variant);
            var prompt = campaign.Template.Render(fitting.Facts, variant, incoming.Time ?? now);
            var salt = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"prompt|{assetId}"));
            var lane = incoming.IsInteractive ? Lane.Interactive : Lane.Bulk;
            yield return new Candidate(assetId, incoming.Id, lane, new Admission
            {
                Campaign = campaign.Name,
                CampaignVersion = campaign.Version,
                Variant = variant,
                Recipient = fitting.Recipient.ToString(),
                Prompt = prompt,
                EventDigest = Convert.ToHexStringLower(HMACSHA256.HashData(key, incoming.CanonicalData)),
                PromptDigest = Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(prompt)])),
                Stage = (int)Stage.Received,
                Outcome = Outcome.Open,
                Queue = lane,
                ReceivedAt = now,
                StageAt = now,
                NextCheckAt = Admission.Never,
                TraceParent = incoming.TraceParent,
            });
        }
    }
}
