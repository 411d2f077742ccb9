using System.Globalization;
using System.Text;
using MassTransit;
using MassTransit.RabbitMqTransport;
using RabbitMQ.Client;

namespace Platform.Hosting;

/// <summary>Takes the letter out of what a transport delivered.</summary>
internal static class ReceivedLetter
{
    public static Letter Of(ReceiveContext context)
    {
        var headers = context.TransportHeaders.GetAll()
            .Where(header => IsTheSenders(header.Key))
            .Select(header => (header.Key, Value: Text(header.Value)))
            .Where(header => header.Value is not null)
            .ToDictionary(header => header.Key, header => header.Value!);
        if (RoutingKeys.Of(context) is { Length: > 0 } routingKey)
        {
            headers[LetterHeaders.RoutingKey] = routingKey; // it comes back under its queue's name
        }

        return new Letter
        {
            Endpoint = EndpointOf(context),
            ContentType = context.ContentType?.ToString() ?? "application/octet-stream",
            Headers = headers,
            Body = context.Body.GetBytes(),
            MessageId = MessageId(context),
        };
    }

    public static string EndpointOf(ReceiveContext context) => context.InputAddress.Segments[^1].Trim('/');

    private static string MessageId(ReceiveContext context) =>
        context.TransportHeaders.Get<string>(MessageHeaders.MessageId)
            ?? (context.TryGetPayload(out ConsumeContext? consumed) ? consumed.MessageId?.ToString() : null)
            ?? "";

    /// <summary>What a broker adds on the way (deaths, deliveries) would mislead it on the next one.</summary>
    private static bool IsTheSenders(string name) =>
        name is not (RabbitMqHeaders.Exchange or RabbitMqHeaders.RoutingKey or RabbitMqHeaders.DeliveryTag
            or RabbitMqHeaders.ConsumerTag or MessageHeaders.MessageId or "CorrelationId")
        && !name.StartsWith("x-", StringComparison.OrdinalIgnoreCase);

    private static string? Text(object? value) => value switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        AmqpTimestamp time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime).ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };
}
