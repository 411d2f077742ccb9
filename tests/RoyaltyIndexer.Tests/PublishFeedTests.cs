using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Platform.Chain.Local;
using Platform.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>The feed on the broker: plain JSON, in order, whatever becomes of the publisher and of the broker.</summary>
public sealed class PublishFeedTests(Anvil anvil, RabbitMq rabbit) : IClassFixture<Anvil>
{
    [Fact]
    public async Task Publishes_every_entry_once_confirmed_and_another_replica_goes_on()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        await using var store = await Store.OpenAsync(anvil);
        await using var audience = await Audience.JoinAsync(rabbit.Address, "#");
        var spring = await issuer.CreateCollectionAsync("spring");
        await using var second = await StartAfterAsync();
        await issuer.MintAsync(spring, 2);
        var rest = await audience.NextAsync(upTo: 263); // minted, each final

        var page = JsonNode.Parse(await second.Http.GetStringAsync("/v1/feed?limit=1000"))!["events"]!.AsArray();
        Assert.Equal(page.Select(each => each!.ToJsonString()), rest.Select(each => each.Body.ToJsonString()));
        Assert.All(rest, each => Assert.Equal("application/cloudevents+json", each.ContentType));
        Assert.All(
            rest.Where(each => each.Body["data"]!["contract"] is not null),
            each => Assert.Equal($"token.transferred.31337.{spring.ToLowerHex()}", each.RoutingKey));
        Assert.All(
            rest.Where(each => each.Body["data"]!["contract"] is null),
            each => Assert.Equal("chain.finalised.31337", each.RoutingKey));

        // The first publishes and stops; the second is there from the beginning and takes its place.
        async Task<ARunningIndexer> StartAfterAsync()
        {
            var first = await ARunningIndexer.StartAsync(anvil, store, rabbit.Address);
            var waiting = await ARunningIndexer.StartAsync(anvil, store, rabbit.Address);
            await issuer.MintAsync(spring, 259);
            await audience.SeeAsync(200);
            await first.DisposeAsync();
            return waiting;
        }
    }

    [Fact]
    public async Task Goes_on_when_the_broker_comes_back()
    {
        Assert.SkipUnless(PrivateBroker.IsInstalled, "There is no installed RabbitMQ to kill.");
        var issuer = await Issuer.EnterAsync(anvil);
        await using var broker = await PrivateBroker.StartAsync();
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(
            anvil, store, broker.Address, "--RoyaltyIndexer:Confirmations=50");
        var spring = await issuer.CreateCollectionAsync("spring");
        await using (var audience = await Audience.JoinAsync(broker.Address, "token.#"))
        {
            await issuer.MintAsync(spring, 3);
            Assert.Equal(3, (await audience.NextAsync(upTo: 3)).Count);
        }

        await broker.KillAsync();
        await issuer.MintAsync(spring, 2);
        using var following = indexer.Client.Follow(new() { Cursor = "3" }, indexer.Credentials);
        Assert.Equal(2, (await FollowTests.NextAsync(following, 2)).Count); // the feed itself needs no broker
        await broker.StartAgainAsync();
        await using var back = await Audience.JoinAsync(broker.Address, "token.#", durable: true);

        Assert.Equal([4, 5], (await back.NextAsync(upTo: 5)).Select(each => each.Sequence).Where(each => each > 3));
    }
}

/// <summary>A consumer that knows nothing of us but the exchange's name.</summary>
internal sealed class Audience : IAsyncDisposable
{
    private readonly IConnection connection;
    private readonly Channel<Heard> heard = Channel.CreateUnbounded<Heard>();
    private readonly List<Heard> all = [];

    private Audience(IConnection connection) => this.connection = connection;

    public static async Task<Audience> JoinAsync(Uri broker, string key, bool durable = true)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var audience = new Audience(connection);
        var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync("imprimatur.feed", ExchangeType.Topic, durable: true);
        var queue = await channel.QueueDeclareAsync("audience", durable, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(queue.QueueName, "imprimatur.feed", key);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivered) => await audience.heard.Writer.WriteAsync(new(
            delivered.RoutingKey,
            delivered.BasicProperties.ContentType!,
            JsonNode.Parse(Encoding.UTF8.GetString(delivered.Body.Span))!));
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return audience;
    }

    public async Task SeeAsync(long upTo)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (all.Count == 0 || all[^1].Sequence < upTo)
        {
            var next = await heard.Reader.ReadAsync(deadline.Token);
            if (all.Count == 0 || next.Sequence > all[^1].Sequence)
            {
                all.Add(next); // else a repeat, which at least once allows
            }
        }
    }

    public async Task<IReadOnlyList<Heard>> NextAsync(long upTo)
    {
        await SeeAsync(upTo);
        return all;
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();
}

internal sealed record Heard(string RoutingKey, string ContentType, JsonNode Body)
{
    public long Sequence => long.Parse((string)Body["sequence"]!);
}
