using MassTransit;

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

        if (refusal.RetryAfter is { } wait)
        {
            throw new IntakeFullException(refusal.Detail, wait);
        }

        LogRefused(EventRules.Shown(campaign), refusal.Title, string.Join("; ", refusal.Errors.Select(error => error.Field)));
        throw new PersonalizationRefusedException(refusal);
    }

    /// <summary>Past the disk budget the broker keeps what it has: the event waits there, and comes back.</summary>
    public static void RetryWhileFull(IRetryConfigurator retry) => retry
        .Exponential(int.MaxValue, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1))
        .Handle<IntakeFullException>();

    [LoggerMessage(1, LogLevel.Warning, "Refused an event of campaign {Campaign}: {Title} ({Fields})")]
    private partial void LogRefused(string campaign, string title, string fields);
}

/// <summary>As much waits on disk as may: the event is well, and comes back later.</summary>
internal sealed class IntakeFullException(string detail, TimeSpan retryAfter) : Exception(detail)
{
    public TimeSpan RetryAfter => retryAfter;
}

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
