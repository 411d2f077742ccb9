using System.Globalization;
using System.Text;
using MassTransit;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Stands for whatever was published to the exchange of events; what was, is read from the message itself.</summary>
internal sealed record PublishedEvent;

/// <summary>Admits the events that systems publish to RabbitMQ without knowing .NET: plain JSON, or CloudEvents.</summary>
/// <remarks>
/// May run twice: the event's assets have derived ids. Delivered one by one and admitted many in one command, so that
/// each is refused and parked on its own.
/// </remarks>
internal sealed class TakeEvents(AdmitDelivered admit) : IConsumer<PublishedEvent>
{
    /// <summary>A durable topic exchange; the routing key is the campaign's name.</summary>
    public const string Exchange = "imprimatur.events";

    // AMQP binding 1.0, 3.1.3.1: a colon, or an underscore for those whose names may not have one.
    private static readonly string[] Prefixes = ["cloudEvents:", "cloudEvents_"];

    public Task Consume(ConsumeContext<PublishedEvent> context)
    {
        var (delivered, errors) = PublishedEventReader.Read(Message(context.ReceiveContext));
        PersonalizationRefusedException.ThrowIfAny(errors);
        return admit.AdmitAsync(delivered!.Campaign!, delivered, context.CancellationToken);
    }

    private static PublishedMessage Message(ReceiveContext context)
    {
        var basic = context.TryGetPayload<RabbitMqBasicConsumeContext>(out var rabbit) ? rabbit.Properties : null;
        return new PublishedMessage(
            basic?.ContentType is "application/octet-stream" ? null : basic?.ContentType, // what a held one bears that had none
            RoutingKeys.Of(context),
            [.. Attributes(basic?.Headers)],
            string.IsNullOrEmpty(basic?.MessageId) ? null : basic.MessageId,
            context.Body.GetBytes());
    }

    private static IEnumerable<(string Name, string? Value)> Attributes(IDictionary<string, object?>? headers) =>
        from header in headers ?? new Dictionary<string, object?>()
        let prefix = Array.Find(Prefixes, each => header.Key.StartsWith(each, StringComparison.Ordinal))
        where prefix is not null && header.Value is not null
        select (header.Key[prefix.Length..], Text(header.Value));

    private static string? Text(object value) => value switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes), // how RabbitMQ hands a long string over
        RabbitMQ.Client.AmqpTimestamp time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime).ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        bool or int or long or short or byte => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    internal sealed class Endpoint : ConsumerDefinition<TakeEvents>
    {
        public Endpoint() => EndpointName = "campaigns.take-events";

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<TakeEvents> consumer,
            IRegistrationContext context)
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.PrefetchCount = 200; // what comes at once is admitted in one command
            endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
            if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
            {
                rabbit.Bind(Exchange, exchange =>
                {
                    exchange.ExchangeType = RabbitMQ.Client.ExchangeType.Topic;
                    exchange.RoutingKey = "#";
                });
            }
        }
    }
}
