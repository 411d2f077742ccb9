using System.Diagnostics;
using System.Text;
using Platform.Chain;
using Platform.Grpc.Campaigns;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Admits personalization events: each once, whole or not at all; what is to be generated is announced later.</summary>
/// <remarks>
/// Ids are derived from the event, so the same event meets its own admissions and answers as before. Requests that come
/// while a command is under way share the next one, so under load commands grow and not queues; large requests have a
/// lane of their own, so that a small one does not wait for many of them.
/// </remarks>
internal sealed class AdmitEvents(CampaignHeads campaigns, AdmitTogether admit)
{
    private const int EventsOfALargeRequest = 50;

    private readonly Together<AdmissionRequest, IReadOnlyDictionary<AdmissionRequest, Admittance>> small =
        new(admit.AdmitAsync, limit: 200);

    private readonly Together<AdmissionRequest, IReadOnlyDictionary<AdmissionRequest, Admittance>> large =
        new(admit.AdmitAsync, limit: 2);

    public async Task<Admittance> AdmitAsync(
        string campaignName, IReadOnlyList<IncomingEvent> events, CancellationToken cancellation)
    {
        var campaign = await campaigns.FindAsync(campaignName, cancellation);
        if (campaign is null)
        {
            return Admittance.Refuse(404, "Unknown campaign", $"There is no campaign '{campaignName}'; publish it first.");
        }

        if (campaign.Paused)
        {
            return Admittance.Refuse(
                409, "Campaign paused", $"Campaign '{campaignName}' is paused; resume it and send the event again.");
        }

        var (fitting, errors) = Fit(events, campaign.Newest.Definition);
        if (errors.Count > 0)
        {
            return Admittance.Refuse(400, "Invalid event", "The event does not fit the campaign; nothing was admitted.", errors);
        }

        var request = new AdmissionRequest(campaign.Newest, fitting);
        var lane = events.Count < EventsOfALargeRequest ? small : large;
        return (await lane.JoinAsync(request).WaitAsync(cancellation))[request];
    }

    /// <summary>UUIDv8 over campaign, source, event id and variant: the same event is the same asset, for ever.</summary>
    public static Guid AssetIdOf(string campaign, string source, string eventId, string variant)
    {
        var text = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)[campaign, source, eventId, variant])
        {
            // Length-prefixed, so that no two tuples are written alike.
            text.Append(Encoding.UTF8.GetByteCount(part)).Append(':').Append(part);
        }

        return DerivedGuid.From(text.ToString());
    }

    private static (IReadOnlyList<FittingEvent> Fitting, IReadOnlyList<FieldError> Errors) Fit(
        IReadOnlyList<IncomingEvent> events, CampaignDefinition definition)
    {
        var fitting = new List<FittingEvent>(events.Count);
        var errors = new List<FieldError>();
        for (var index = 0; index < events.Count; index++)
        {
            var prefix = events.Count == 1 ? "" : $"[{index}].";
            var (values, wrong) = FactRules.Read(events[index].Facts, definition.Facts);
            errors.AddRange(wrong.Select(error => error with { Field = prefix + error.Field }));
            if (!Address.TryParse(events[index].Recipient, out var recipient, out var problem))
            {
                errors.Add(new FieldError($"{prefix}data.recipient", problem!));
            }

            // The request's trace is taken here: the command that admits it is many requests' own.
            var traced = events[index] with { TraceParent = events[index].TraceParent ?? Activity.Current?.Id };
            fitting.Add(new FittingEvent(traced, recipient, values));
        }

        return (fitting, errors);
    }
}
