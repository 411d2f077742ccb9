namespace Platform.Hosting;

/// <summary>Puts letters into endpoints' queues, now or later, and looks how long the queues are.</summary>
internal interface ICourier
{
    /// <summary>Returns when the bus has the letter.</summary>
    Task SendAsync(Letter letter, CancellationToken cancellation);

    /// <summary>Keeps the letter out of the way and puts it into its queue after the delay; returns when it is kept.</summary>
    Task HoldAsync(Letter letter, TimeSpan delay, CancellationToken cancellation);

    /// <summary>Messages that wait, and who listens; null when there is no such queue or the bus does not tell.</summary>
    Task<QueueLength?> MeasureAsync(string endpoint, CancellationToken cancellation);
}

/// <summary>Messages that wait in a queue, without those a consumer holds, and how many consumers it has.</summary>
internal sealed record QueueLength(long Waiting, long Consumers);
