using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Grpc.Campaigns;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>One asset of one event, and how it stands.</summary>
internal sealed record AdmittedAsset(string Event, string Variant, Guid AssetId, string Status);

/// <summary>Why events were not admitted; nothing of the request was kept.</summary>
internal sealed record Refusal(int StatusCode, string Title, string Detail, IReadOnlyList<FieldError> Errors);

/// <summary>What became of a request: its assets, or why there are none.</summary>
internal abstract record Admittance
{
    public sealed record Accepted(IReadOnlyList<AdmittedAsset> Assets) : Admittance;

    public sealed record Refused(Refusal Refusal) : Admittance;
}

/// <summary>Admits personalization events: each once, whole or not at all, and announces what is to be generated.</summary>
/// <remarks>Ids are derived from the event, so the same event meets its own admissions and answers as before.</remarks>
internal sealed class AdmitEvents(
    PublishedCampaigns campaigns,
    Subjects subjects,
    Admissions admissions,
    IOptions<CampaignsOptions> options,
    TimeProvider clock)
{
    public async Task<Admittance> AdmitAsync(
        string campaignName, IReadOnlyList<IncomingEvent> events, CancellationToken cancellation)
    {
        var campaign = await campaigns.FindNewestAsync(campaignName, cancellation);
        if (campaign is null)
        {
            return Refuse(404, "Unknown campaign", $"There is no campaign '{campaignName}'; publish it first.");
        }

        if (await campaigns.IsPausedAsync(campaignName, cancellation))
        {
            return Refuse(409, "Campaign paused", $"Campaign '{campaignName}' is paused; resume it and send the event again.");
        }

        var (read, errors) = ReadAll(events, campaign.Definition);
        if (errors.Count > 0)
        {
            return Refuse(400, "Invalid event", "The event does not fit the campaign; nothing was admitted.", errors);
        }

        return await AdmitAsync(campaign, read, cancellation);
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

    private static (IReadOnlyList<Reading> Read, IReadOnlyList<FieldError> Errors) ReadAll(
        IReadOnlyList<IncomingEvent> events, CampaignDefinition definition)
    {
        var read = new List<Reading>(events.Count);
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

            read.Add(new Reading(events[index], recipient, values));
        }

        return (read, errors);
    }

    private async Task<Admittance> AdmitAsync(
        PublishedCampaign campaign, IReadOnlyList<Reading> events, CancellationToken cancellation)
    {
        var keys = await subjects.KeysAsync([.. events.Select(each => each.Event.Subject)], cancellation);
        List<Candidate> candidates;
        try
        {
            candidates = [.. events.SelectMany(each => Candidates(campaign, each, keys[each.Event.Subject]))];
        }
        catch (PromptRenderException exception)
        {
            return Refuse(400, "Prompt not rendered", exception.Message);
        }

        var known = await admissions.FindManyAsync(candidates.Select(each => each.AssetId), cancellation);
        if (FindConflict(candidates, known) is { } conflict)
        {
            return conflict;
        }

        var fresh = candidates.Where(each => !known.ContainsKey(each.AssetId)).DistinctBy(each => each.AssetId).ToList();
        var budget = campaign.Definition.Budget;
        if (budget > 0 && fresh.Count > 0
            && !await campaigns.TryReserveAsync(campaign.Name, budget, fresh.Count, cancellation))
        {
            return Refuse(409, "Budget used up",
                $"Campaign '{campaign.Name}' may make {budget} assets in all, and fewer than {fresh.Count} are left.");
        }

        return await AddAsync(campaign, candidates, fresh, known, cancellation);
    }

    private async Task<Admittance> AddAsync(
        PublishedCampaign campaign,
        List<Candidate> candidates,
        List<Candidate> fresh,
        IReadOnlyDictionary<Guid, Admission> known,
        CancellationToken cancellation)
    {
        if (fresh.Count > 0)
        {
            var added = await admissions.Documents.AddAsync(
                [.. fresh.Select(each => (each.AssetId, new Decision<Admission>(
                    each.Admission, each.Admission.ToEvent(each.AssetId, campaign.Definition))))],
                cancellation);
            PlatformTelemetry.Stage.Add(added.Count, new KeyValuePair<string, object?>("stage", "received"));
            if (added.Count < fresh.Count)
            {
                // Another request with the same events came in between: its admissions are the ones that count.
                if (campaign.Definition.Budget > 0)
                {
                    await campaigns.GiveBackAsync(campaign.Name, fresh.Count - added.Count, cancellation);
                }

                known = await admissions.FindManyAsync(candidates.Select(each => each.AssetId), cancellation);
                if (FindConflict(candidates, known) is { } conflict)
                {
                    return conflict;
                }
            }
        }

        return new Admittance.Accepted(
            [.. candidates.Select(each => new AdmittedAsset(
                each.EventId,
                each.Admission.Variant,
                each.AssetId,
                known.TryGetValue(each.AssetId, out var earlier) ? earlier.Status : each.Admission.Status))]);
    }

    private IEnumerable<Candidate> Candidates(PublishedCampaign campaign, Reading reading, byte[] key)
    {
        var now = clock.GetUtcNow();
        var incoming = reading.Event;
        foreach (var variant in campaign.Definition.VariantNames)
        {
            var assetId = AssetIdOf(campaign.Name, incoming.Source, incoming.Id, variant);
            var prompt = campaign.Template.Render(reading.Facts, variant, incoming.Time ?? now);
            var salt = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"prompt|{assetId}"));
            yield return new Candidate(assetId, incoming.Id, new Admission
            {
                Campaign = campaign.Name,
                CampaignVersion = campaign.Version,
                Variant = variant,
                Recipient = reading.Recipient.ToString(),
                Prompt = prompt,
                EventDigest = Convert.ToHexStringLower(HMACSHA256.HashData(key, incoming.CanonicalData)),
                PromptDigest = Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(prompt)])),
                Stage = (int)Stage.Admitted,
                Outcome = Outcome.Open,
                ReceivedAt = now,
                StageAt = now,
                NextCheckAt = now + TimeSpan.FromSeconds(options.Value.FirstCheckSeconds),
                TraceParent = incoming.TraceParent ?? Activity.Current?.Id,
            });
        }
    }

    private static Admittance.Refused? FindConflict(
        List<Candidate> candidates, IReadOnlyDictionary<Guid, Admission> known)
    {
        // Two events of one request may claim one id as well.
        var first = candidates.GroupBy(each => each.AssetId)
            .ToDictionary(group => group.Key, group => group.First().Admission.EventDigest);
        var conflicts = candidates
            .Where(each => each.Admission.EventDigest
                != (known.TryGetValue(each.AssetId, out var earlier) ? earlier.EventDigest : first[each.AssetId]))
            .Select(each => new FieldError("id", $"Event '{each.EventId}' was received before with another body."))
            .Distinct()
            .ToList();
        return conflicts.Count == 0
            ? null
            : Refuse(409, "Event id used with another body",
                "An event id names one event for ever; send the changed event under an id of its own.", conflicts);
    }

    private static Admittance.Refused Refuse(
        int statusCode, string title, string detail, IReadOnlyList<FieldError>? errors = null) =>
        new(new Refusal(statusCode, title, detail, errors ?? []));

    private sealed record Reading(IncomingEvent Event, Address Recipient, IReadOnlyDictionary<string, FactValue> Facts);

    private sealed record Candidate(Guid AssetId, string EventId, Admission Admission);
}
