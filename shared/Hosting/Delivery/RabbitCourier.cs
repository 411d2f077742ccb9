using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Hosting;

/// <summary>RabbitMQ's courier: letters wait in durable queues, one for each delay, and go home when their time is up.</summary>
/// <remarks>
/// No plugin: a delay queue's time to live is its delay, and it dead-letters through the default exchange, where the
/// letter's own routing key names the endpoint's queue. All letters of a queue wait equally long, so none waits behind
/// one that waits longer.
/// </remarks>
internal sealed class RabbitCourier(RabbitLink link, PlatformOptions options) : ICourier
{
    public static string DelayName(TimeSpan delay) => $"imprimatur.delay.{(long)delay.TotalSeconds}s";

    public Task SendAsync(Letter letter, CancellationToken cancellation) =>
        PublishAsync(exchange: "", letter, cancellation);

    public Task HoldAsync(Letter letter, TimeSpan delay, CancellationToken cancellation) =>
        PublishAsync(DelayName(delay), letter, cancellation);

    public async Task<QueueLength?> MeasureAsync(string endpoint, CancellationToken cancellation)
    {
        await using var channel = await link.AskingAsync(cancellation);
        try
        {
            var queue = await channel.QueueDeclarePassiveAsync(endpoint, cancellation);
            return new QueueLength(queue.MessageCount, queue.ConsumerCount);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    private async Task PublishAsync(string exchange, Letter letter, CancellationToken cancellation)
    {
        var channel = await link.PublishingAsync(ready => DeclareAsync(ready, cancellation), cancellation);
        var properties = new BasicProperties
        {
            Persistent = true,
            ContentType = letter.ContentType,
            Headers = letter.Headers.ToDictionary(header => header.Key, header => (object?)header.Value),
        };
        if (letter.MessageId.Length > 0)
        {
            properties.MessageId = letter.MessageId;
        }

        // Mandatory and confirmed: it lies in a queue when this returns, on a majority's disks.
        await channel.BasicPublishAsync(exchange, letter.Endpoint, mandatory: true, properties, letter.Body, cancellation);
    }

    private async Task DeclareAsync(IChannel channel, CancellationToken cancellation)
    {
        foreach (var delay in options.Delays)
        {
            var name = DelayName(delay);
            await channel.ExchangeDeclareAsync(
                name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation);
            await channel.QueueDeclareAsync(
                name,
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?>
                {
                    ["x-queue-type"] = "quorum",
                    ["x-message-ttl"] = (long)delay.TotalMilliseconds,
                    ["x-dead-letter-exchange"] = "",
                    ["x-dead-letter-strategy"] = "at-least-once",
                    ["x-overflow"] = "reject-publish",
                },
                cancellationToken: cancellation);
            await channel.QueueBindAsync(name, name, "", cancellationToken: cancellation);
        }
    }
}
