using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.Logging;

namespace Platform.Hosting;

/// <summary>The in-process bus's courier: what it holds dies with the process, as the queues do.</summary>
internal sealed class MemoryCourier(IBus bus, TimeProvider clock, ILogger<MemoryCourier> logger)
    : Forever(clock, logger), ICourier
{
    private readonly PriorityQueue<Letter, DateTimeOffset> held = new();
    private readonly Lock gate = new();

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(100);

    public async Task SendAsync(Letter letter, CancellationToken cancellation)
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"queue:{letter.Endpoint}"));
        await endpoint.Send(
            new Parcel(),
            Pipe.Execute<SendContext<Parcel>>(context =>
            {
                context.Serializer = new CopyBodySerializer(
                    new System.Net.Mime.ContentType(letter.ContentType), new BytesMessageBody(letter.Body.ToArray()));
                context.MessageId = Guid.TryParse(letter.MessageId, out var id) ? id : context.MessageId;
                foreach (var (name, value) in letter.Headers)
                {
                    context.Headers.Set(name, value);
                }
            }),
            cancellation);
    }

    public Task HoldAsync(Letter letter, TimeSpan delay, CancellationToken cancellation)
    {
        lock (gate)
        {
            held.Enqueue(letter, Clock.GetUtcNow() + delay);
        }

        return Task.CompletedTask;
    }

    public Task<QueueLength?> MeasureAsync(string endpoint, CancellationToken cancellation) =>
        Task.FromResult<QueueLength?>(null);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        while (Due() is { } letter)
        {
            await SendAsync(letter, cancellation);
        }

        return false;
    }

    private Letter? Due()
    {
        lock (gate)
        {
            return held.TryPeek(out _, out var due) && due <= Clock.GetUtcNow() ? held.Dequeue() : null;
        }
    }

    /// <summary>Stands for a message whose body is bytes that are known already.</summary>
    public sealed record Parcel;
}
