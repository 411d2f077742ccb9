using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Platform.Content;
using Platform.Events;

namespace Platform.Campaigns;

/// <summary>Admits an event that came over the bus, by the rules of the one that comes over HTTP.</summary>
/// <remarks>May run twice: the event's assets have derived ids, and a second time meets them.</remarks>
internal sealed class AdmitRequestedPersonalization(AdmitDelivered admit) : IConsumer<PersonalizationRequested>
{
    public Task Consume(ConsumeContext<PersonalizationRequested> context)
    {
        EnsureWellFormed(context.Message);
        return admit.AdmitAsync(context.Message.Campaign, Read(context.Message), context.CancellationToken);
    }

    /// <summary>What the reader of CloudEvents refuses at the door over HTTP.</summary>
    private static void EnsureWellFormed(PersonalizationRequested requested)
    {
        (string Field, string? Error)[] checks =
        [
            ("source", EventRules.CheckSource(requested.Source)),
            ("id", EventRules.CheckId(requested.EventId)),
            ("data.subject", EventRules.CheckSubject(requested.Subject)),
            ("priority", EventRules.CheckPriority(requested.Priority)),
        ];
        List<FieldError> errors = [.. checks
            .Where(check => check.Error is not null)
            .Select(check => new FieldError(check.Field, check.Error!))];
        PersonalizationRefusedException.ThrowIfAny(errors);
    }

    private static IncomingEvent Read(PersonalizationRequested requested) => new()
    {
        Source = requested.Source,
        Id = requested.EventId,
        Time = requested.OccurredAt,
        Recipient = requested.Recipient,
        Subject = requested.Subject,
        Facts = requested.Facts,
        IsInteractive = requested.Priority is not null,
        TraceParent = Activity.Current?.Id,
        CanonicalData = CanonicalJson.Serialize(JsonSerializer.SerializeToElement(
            new { recipient = requested.Recipient, subject = requested.Subject, facts = requested.Facts })),
    };

    internal sealed class Endpoint : ConsumerDefinition<AdmitRequestedPersonalization>
    {
        public Endpoint() => EndpointName = "campaigns.admit-requested-personalization";

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<AdmitRequestedPersonalization> consumer,
            IRegistrationContext context) =>
            endpoint.PrefetchCount = 200; // what comes at once is admitted in one command
    }
}
