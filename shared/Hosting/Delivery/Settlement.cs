using MassTransit;
using Microsoft.Extensions.Logging;

namespace Platform.Hosting;

/// <summary>Settles what was not done: holds it over an outage, parks everything else with its reason.</summary>
/// <remarks>
/// Returns when the message is safe elsewhere, so that it may be acknowledged; fails when neither way worked, so that the
/// broker keeps it. A crash in between settles it twice: parking is one document, and holding makes a second delivery.
/// </remarks>
internal sealed partial class Settlement(
    ICourier courier, ParkingLots lots, PlatformOptions options, ILogger<Settlement> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task FailedAsync(ReceiveContext context, Exception exception)
    {
        var letter = ReceivedLetter.Of(context);
        if (DeadLetters.Is(letter.Endpoint))
        {
            await ParkAsync(context, DeadLetters.Reason);
        }
        else if (Outages.Contains(exception))
        {
            using var patience = Patiently(context);
            await HoldAsync(letter, exception, patience.Token);
        }
        else if (ParkingReason.Of(exception) is var reason && reason.Kind == ParkingReason.ConsumerFailed && !letter.IsAlone)
        {
            // A batch fails as one: taken alone, only what is wrong fails again.
            using var patience = Patiently(context);
            await courier.SendAsync(letter.Alone(), patience.Token);
        }
        else
        {
            await ParkAsync(context, reason);
        }
    }

    public async Task ParkAsync(ReceiveContext context, ParkingReason reason)
    {
        using var patience = Patiently(context);
        var received = ReceivedLetter.Of(context);
        var letter = DeadLetters.Is(received.Endpoint) ? DeadLetters.Home(received, context) : received;
        try
        {
            var id = await lots.Of(letter.Endpoint).ParkAsync(letter, reason, patience.Token);
            LogParked(letter.MessageId, letter.Endpoint, id, reason.Kind, reason.ExceptionType, reason.Message);
        }
        catch (Exception exception) when (Outages.Contains(exception))
        {
            // The store is away. The message waits where the broker keeps it, and comes to be parked again.
            var waiting = DeadLetters.Is(received.Endpoint) ? DeadLetters.Remember(letter, received.Endpoint) : letter;
            using var another = Patiently(context);
            await HoldAsync(waiting, exception, another.Token);
        }
    }

    /// <summary>Each delay twice, then the longest for ever.</summary>
    private async Task HoldAsync(Letter letter, Exception outage, CancellationToken cancellation)
    {
        var delays = options.Delays;
        var delay = delays[Math.Min(letter.Holds / 2, delays.Count - 1)];
        await courier.HoldAsync(letter.HeldOnceMore(), delay, cancellation);
        LogHeld(letter.MessageId, letter.Endpoint, delay.TotalSeconds, letter.Holds + 1, outage.GetType().Name, outage.Message);
    }

    private static CancellationTokenSource Patiently(ReceiveContext context)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        patience.CancelAfter(Patience);
        return patience;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Held message {MessageId} of {Endpoint} for {Seconds} s, for the {Times}. time: {Outage}, {Reason}")]
    private partial void LogHeld(
        string messageId, string endpoint, double seconds, int times, string outage, string reason);

    [LoggerMessage(2, LogLevel.Error,
        "Parked message {MessageId} of {Endpoint} as {ParkedId}: {Kind}, {ExceptionType}, {Reason}")]
    private partial void LogParked(
        string messageId, string endpoint, Guid parkedId, string kind, string? exceptionType, string reason);
}
