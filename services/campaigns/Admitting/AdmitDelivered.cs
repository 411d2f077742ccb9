using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Admits an event that a broker delivered: what cannot be admitted is refused with the reason, and parked with it.</summary>
internal sealed partial class AdmitDelivered(AdmitEvents admit, ILogger<AdmitDelivered> logger)
{
    public async Task AdmitAsync(string campaign, IncomingEvent delivered, CancellationToken cancellation)
    {
        if (await admit.AdmitAsync(campaign, [delivered], cancellation) is not Admittance.Refused { Refusal: var refusal })
        {
            return;
        }

        if (refusal.RetryAfter is not null)
        {
            throw new IntakeFullException(refusal.Detail);
        }

        LogRefused(EventRules.Shown(campaign), refusal.Title, string.Join("; ", refusal.Errors.Select(error => error.Field)));
        throw new PersonalizationRefusedException(refusal);
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused an event of campaign {Campaign}: {Title} ({Fields})")]
    private partial void LogRefused(string campaign, string title, string fields);
}

/// <summary>As much waits on disk as may: the event is well, is held, and comes back until there is room.</summary>
internal sealed class IntakeFullException(string detail) : Exception(detail), IOutage;

/// <summary>An event from the bus cannot be admitted as it is; it is parked with the reason.</summary>
internal sealed class PersonalizationRefusedException(Refusal refusal) : Exception(
    $"{refusal.Title}: {refusal.Detail} {string.Join(" ", refusal.Errors.Select(error => $"{error.Field}: {error.Message}"))}")
{
    public static void ThrowIfAny(IReadOnlyList<FieldError> errors)
    {
        if (errors.Count > 0)
        {
            throw new PersonalizationRefusedException(
                new Refusal(400, "Invalid event", "The event is not well formed; nothing was admitted.", errors));
        }
    }
}
