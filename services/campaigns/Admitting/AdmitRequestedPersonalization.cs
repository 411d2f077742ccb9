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
        EnsureWellFormed(requested);
        var admittance = await admit.AdmitAsync(requested.Campaign, [Read(requested)], context.CancellationToken);
        if (admittance is Admittance.Refused { Refusal: var refusal })
        {
            if (refusal.RetryAfter is { } wait)
            {
                throw new IntakeFullException(refusal.Detail, wait);
            }

            LogRefused(requested.Campaign, refusal.Title, string.Join("; ", refusal.Errors.Select(error => error.Field)));
            throw new PersonalizationRefusedException(refusal);
        }
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
        if (errors.Count > 0)
        {
            throw new PersonalizationRefusedException(
                new Refusal(400, "Invalid event", "The event is not well formed; nothing was admitted.", errors));
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
        IsInteractive = requested.Priority is not null,
        TraceParent = Activity.Current?.Id,
        CanonicalData = CanonicalJson.Serialize(JsonSerializer.SerializeToElement(
            new { recipient = requested.Recipient, subject = requested.Subject, facts = requested.Facts })),
    };

    [LoggerMessage(1, LogLevel.Warning, "Refused an event of campaign {Campaign}: {Title} ({Fields})")]
    private partial void LogRefused(string campaign, string title, string fields);

    internal sealed class Endpoint : ConsumerDefinition<AdmitRequestedPersonalization>
    {
        public Endpoint() => EndpointName = "campaigns.admit-requested-personalization";

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<AdmitRequestedPersonalization> consumer,
            IRegistrationContext context)
        {
            endpoint.PrefetchCount = 200; // what comes at once is admitted in one command
            endpoint.UseMessageRetry(retry => retry
                .Exponential(int.MaxValue, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1))
                .Handle<IntakeFullException>());
        }
    }
}

/// <summary>As much waits on disk as may: the event is well, and comes back later.</summary>
internal sealed class IntakeFullException(string detail, TimeSpan retryAfter) : Exception(detail)
{
    public TimeSpan RetryAfter => retryAfter;
}

/// <summary>An event from the bus cannot be admitted as it is; it is parked with the reason.</summary>
internal sealed class PersonalizationRefusedException(Refusal refusal) : Exception(
    $"{refusal.Title}: {refusal.Detail} {string.Join(" ", refusal.Errors.Select(error => $"{error.Field}: {error.Message}"))}");
