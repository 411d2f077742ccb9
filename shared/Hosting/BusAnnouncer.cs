using MassTransit;
using Platform.Mongo;

namespace Platform.Hosting;

/// <summary>Publishes a decided message with the id and the trace its document gave it.</summary>
internal sealed class BusAnnouncer(IBus bus, BusReadiness readiness) : IAnnouncer
{
    public async Task AnnounceAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation)
    {
        // Loops run before the bus does: the clock, the signer, and what a crash left them to say.
        await readiness.WaitAsync(cancellation);
        await bus.Publish(
            message,
            message.GetType(),
            Pipe.Execute<PublishContext>(context =>
            {
                context.MessageId = messageId;
                if (traceParent is not null)
                {
                    context.Headers.Set(TraceHeader.Name, traceParent);
                }
            }),
            cancellation);
    }
}
