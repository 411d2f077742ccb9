using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Platform.Content;
using Platform.Events;

namespace Platform.Campaigns;

/// <summary>Admits an event that came over the bus, by the rules of the one that comes over HTTP.</summary>
/// <remarks>May run twice: the event's assets have derived ids, and a second time meets them.</remarks>
internal sealed partial class AdmitRequestedPersonalization(AdmitEvents admit, ILogger<AdmitRequestedPersonalization> logger)
    : IConsumer<PersonalizationRequested>
{
    public async Task Consume(ConsumeContext<PersonalizationRequested> context)
    {
        var requested = context.Message;
        var admittance = await admit.AdmitAsync(requested.Campaign, [Read(requested)], context.CancellationToken);
        if (admittance is Admittance.Refused { Refusal: var refusal })
        {
            LogRefused(requested.Campaign, refusal.Title, string.Join("; ", refusal.Errors.Select(error => error.Field)));
            throw new PersonalizationRefusedException(refusal);
        }
    }

    private static IncomingEvent Read(PersonalizationRequested requested) => new()
    {
        Source = requested.Source,
        Id = requested.EventId,
        Time = requested.OccurredAt,
        Recipient = requested.Recipient,
        Subject = requested.Subject,
        Facts = requested.Facts,
        TraceParent = Activity.Current?.Id,
        CanonicalData = CanonicalJson.Serialize(JsonSerializer.SerializeToElement(
            new { recipient = requested.Recipient, subject = requested.Subject, facts = requested.Facts })),
    };

    [LoggerMessage(1, LogLevel.Warning, "Refused an event of campaign {Campaign}: {Title} ({Fields})")]
    private partial void LogRefused(string campaign, string title, string fields);

    internal sealed class Endpoint : ConsumerDefinition<AdmitRequestedPersonalization>
    {
        public Endpoint() => EndpointName = "campaigns.admit-requested-personalization";
    }
}

/// <summary>An event from the bus cannot be admitted as it is; it is parked with the reason.</summary>
internal sealed class PersonalizationRefusedException(Refusal refusal) : Exception(
    $"{refusal.Title}: {refusal.Detail} {string.Join(" ", refusal.Errors.Select(error => $"{error.Field}: {error.Message}"))}");
