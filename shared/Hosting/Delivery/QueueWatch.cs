using System.Collections.Concurrent;
using MassTransit;

namespace Platform.Hosting;

/// <summary>Remembers, for each endpoint, when the message was sent that it took last.</summary>
/// <remarks>A queue is first in, first out: what still waits was sent after that, but for what came back to it.</remarks>
internal sealed class QueueWatch(TimeProvider clock) : IFilter<ConsumeContext>
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> lastTaken = new();

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.SentTime is { } sent)
        {
            lastTaken[ReceivedLetter.EndpointOf(context.ReceiveContext)] = new DateTimeOffset(sent.ToUniversalTime());
        }

        await next.Send(context);
    }

    /// <summary>The most that the oldest waiting message can be old; null when this process took none yet.</summary>
    public TimeSpan? OldestAtMost(string endpoint) =>
        lastTaken.TryGetValue(endpoint, out var sent) ? clock.GetUtcNow() - sent : null;

    public void Probe(ProbeContext context) => context.CreateFilterScope("queueWatch");
}
