using MassTransit;
using Platform.Mongo;

namespace Platform.Hosting;

/// <summary>Publishes a decided message with the id and the trace its document gave it.</summary>
internal sealed class BusAnnouncer(IBus bus) : IAnnouncer
{
    public Task AnnounceAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation) =>
        bus.Publish(
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
