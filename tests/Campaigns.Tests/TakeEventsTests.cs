using System.Text;
using Platform.Grpc.Campaigns;
using Platform.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Campaigns.Tests;

/// <summary>Publishers that know nothing of .NET, over a real broker.</summary>
public sealed class TakeEventsTests(RabbitMq broker) : IClassFixture<RabbitMq>, IAsyncLifetime
{
    private AStore? store;

    [Fact]
    public async Task Takes_one_event_once_in_whatever_mode_it_comes()
    {
        await using var host = await StartAsync();
        var campaign = $"modes-{Guid.CreateVersion7():n}"[..30];
        await host.PublishAsync(campaign);
        await using var publisher = await Publisher.ConnectAsync(broker.Address);
        var data = $$"""{"recipient":"{{Samples.Recipient}}","subject":"e","facts":{"city":"Lisbon"} }""";

        await publisher.SendAsync(
            $$"""{"campaign":"{{campaign}}","source":"/crm/eu","eventId":"e","recipient":"{{Samples.Recipient}}","subject":"e","facts":{"city":"Lisbon"} }""",
            null);
        foreach (var prefix in (string[])["cloudEvents:", "cloudEvents_"])
        {
            await publisher.SendAsync(data, "application/json", new()
            {
                [$"{prefix}specversion"] = "1.0",
                [$"{prefix}type"] = CloudEventReader.Type,
                [$"{prefix}source"] = "/crm/eu",
                [$"{prefix}id"] = "e",
                [$"{prefix}campaign"] = campaign,
                [$"{prefix}time"] = new AmqpTimestamp(1_777_777_777),
                ["other"] = 7,
            });
        }

        await publisher.SendAsync(Samples.AnEvent(data, "e", $$""","campaign":"{{campaign}}" """), "application/cloudevents+json");
        await publisher.SendAsync(Samples.AnEvent(data, "e"), "application/cloudevents+json", routingKey: campaign);
        await publisher.SendAsync(Samples.AnEvent(data, "last", $$""","campaign":"{{campaign}}" """), "text/plain");

        await Eventually.BecomesAsync(2, () => CountAsync(host, campaign));
        await Eventually.BecomesAsync(0u, () => publisher.CountAsync("campaigns.take-events"));
    }

    [Fact]
    public async Task What_cannot_be_taken_delays_nothing_else()
    {
        await using var host = await StartAsync();
        var campaign = $"mixed-{Guid.CreateVersion7():n}"[..30];
        await host.PublishAsync(campaign);
        await using var publisher = await Publisher.ConnectAsync(broker.Address);
        string[] wrong =
        [
            "not json",
            "[" + string.Join(",", Enumerable.Repeat("1", 300_000)) + "]",
            """{"campaign":"nobody-published-this","source":"/s","eventId":"1","recipient":"0x00","subject":"s","facts":{}}""",
            "{}",
            "",
        ];

        for (var number = 0; number < 100; number++)
        {
            await publisher.SendAsync(wrong[number % wrong.Length], "application/json");
            await publisher.SendAsync(
                $$"""{"campaign":"{{campaign}}","source":"/crm/eu","eventId":"{{number}}","recipient":"{{Samples.Recipient}}","subject":"e","facts":{"city":"Lisbon"} }""",
                "application/json");
        }

        await Eventually.BecomesAsync(100, () => CountAsync(host, campaign));
    }

    public async ValueTask InitializeAsync() => store = await AStore.OpenAsync();

    public async ValueTask DisposeAsync() => await store!.DisposeAsync();

    private static async Task<int> CountAsync(CampaignsHost host, string campaign) =>
        (await host.Client.ListAssetsAsync(new ListAssetsRequest { Campaign = campaign })).Assets.Count;

    private Task<CampaignsHost> StartAsync() => CampaignsHost.StartAsync(
        store!, null, ("Platform:Bus", "rabbitmq"), ("Platform:RabbitMq", broker.Address.ToString()));

    private sealed class Publisher(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        public static async Task<Publisher> ConnectAsync(Uri address)
        {
            var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
            var open = await OpenAsync(connection);
            await Eventually.BecomesAsync(true, async () =>
            {
                // A publisher does not create the exchange: the platform does, when it starts.
                try
                {
                    await open.ExchangeDeclarePassiveAsync(TakeEvents.Exchange);
                    await open.QueueDeclarePassiveAsync("campaigns.take-events");
                    return true;
                }
                catch (OperationInterruptedException)
                {
                    open = await OpenAsync(connection);
                    return false;
                }
            });
            return new Publisher(connection, open);
        }

        public Task SendAsync(string body, string? contentType, Dictionary<string, object?>? headers = null, string routingKey = "") =>
            Eventually.BecomesAsync(true, async () =>
            {
                // Mandatory and confirmed: until the queue is bound the broker gives it back, and a publisher sends it again.
                try
                {
                    await channel.BasicPublishAsync(
                        TakeEvents.Exchange,
                        routingKey,
                        mandatory: true,
                        new BasicProperties { ContentType = contentType, Headers = headers, Persistent = true },
                        Encoding.UTF8.GetBytes(body));
                    return true;
                }
                catch (PublishReturnException)
                {
                    return false;
                }
            });

        public async Task<uint> CountAsync(string queue) => (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;

        public async ValueTask DisposeAsync()
        {
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        }

        private static Task<IChannel> OpenAsync(IConnection connection) => connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
    }
}
