using System.Text;
using System.Text.Json.Nodes;
using Platform.Chain.Local;
using Platform.Testing;
using RabbitMQ.Client;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>What we tell others to run, run.</summary>
public sealed class ExamplesTests(Anvil anvil, RabbitMq rabbit) : IClassFixture<Anvil>
{
    [Theory]
    [InlineData("node", "follow-feed.mjs")]
    [InlineData("python", "follow_feed.py")]
    public async Task The_feed_is_followed_from_what_was_before_the_queue_to_what_happens_now(string language, string program)
    {
        using var programs = new ExamplePrograms();
        var issuer = await Issuer.EnterAsync(anvil);
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(
            anvil, store, rabbit.Address, "--RoyaltyIndexer:Confirmations=50");
        var spring = await issuer.CreateCollectionAsync("spring");
        var token = (await issuer.MintAsync(spring, 3))[0];
        using var following = indexer.Client.Follow(new(), indexer.Credentials);
        await FollowTests.NextAsync(following, 3);
        string[] where =
        [
            "--amqp", $"{rabbit.Address}", "--queue", $"example-{language}-{Guid.CreateVersion7():N}",
            "--http", indexer.Http.BaseAddress!.ToString().TrimEnd('/'), "--token-file", Path.Combine(store.Folder, "token"),
        ];

        var before = await programs.RunAsync(language, program, [.. where, "--count", "3"]);
        var friend = Issuer.AStranger();
        await issuer.GiveAsync(spring, token, friend);
        await issuer.MintAsync(spring);
        var then = await programs.RunAsync(language, program, [.. where, "--after", "3", "--count", "2"]);

        Assert.Equal([1, 2, 3], before.Select(each => (int)each["sequence"]!));
        Assert.All(before, each => Assert.Equal("http", (string)each["via"]!));
        Assert.Equal([4, 5], then.Select(each => (int)each["sequence"]!));
        Assert.Equal(friend.ToString(), (string)then[0]["to"]!);
        Assert.Equal($"eip155:31337/erc721:{spring}/{token}", (string)then[0]["subject"]!);
    }

    [Theory]
    [InlineData("node", "follow-feed.mjs")]
    [InlineData("python", "follow_feed.py")]
    public async Task The_feed_is_followed_live_with_nothing_but_the_broker(string language, string program)
    {
        using var programs = new ExamplePrograms();
        await using var publisher = await rabbit.ConnectAsync();
        await using var channel = await publisher.CreateChannelAsync();
        var queue = $"example-live-{language}-{Guid.CreateVersion7():N}";
        var issuer = await Issuer.EnterAsync(anvil);
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(
            anvil, store, rabbit.Address, "--RoyaltyIndexer:Confirmations=50");
        var spring = await issuer.CreateCollectionAsync("spring");

        var running = programs.RunAsync(
            language, program, "--amqp", $"{rabbit.Address}", "--queue", queue, "--key", $"token.transferred.31337.{spring.ToLowerHex()}",
            "--count", "3");
        while (!running.IsCompleted && !await channel.HasConsumerAsync(publisher, queue))
        {
            await Task.Delay(50);
        }

        await issuer.MintAsync(spring, 3);
        var heard = await running;

        Assert.Equal([1, 2, 3], heard.Select(each => (int)each["sequence"]!));
        Assert.All(heard, each => Assert.Equal("amqp", (string)each["via"]!));
    }

    [Theory]
    [InlineData("node", "publish.mjs")]
    [InlineData("python", "publish.py")]
    public async Task Events_are_published_in_the_three_ways(string language, string program)
    {
        using var programs = new ExamplePrograms();
        await using var connection = await rabbit.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync("imprimatur.events", ExchangeType.Fanout, durable: true);
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, "imprimatur.events", $"kaffa-{language}");

        var published = await programs.RunAsync(
            language, program, "--amqp", $"{rabbit.Address}", "--campaign", $"kaffa-{language}", "--count", "6", ExamplePrograms.Events);

        var sent = File.ReadLines(ExamplePrograms.Events).Take(6).Select(line => JsonNode.Parse(line)!).ToList();
        sent.ForEach(each => each["campaign"] = $"kaffa-{language}");
        Assert.Equal(sent.Select(each => (string)each["id"]!), published.Select(each => (string)each["published"]!));
        for (var i = 0; i < sent.Count; i++)
        {
            var got = (await channel.BasicGetAsync(queue, autoAck: true))!;
            var body = JsonNode.Parse(Encoding.UTF8.GetString(got.Body.Span))!;
            var (type, expected) = (i % 3) switch
            {
                0 => ("application/cloudevents+json", sent[i]),
                1 => ("application/json", sent[i]["data"]!),
                _ => ("application/json", Plain(sent[i], $"kaffa-{language}")),
            };
            Assert.Equal(type, got.BasicProperties.ContentType);
            Assert.True(JsonNode.DeepEquals(expected, body), $"{expected.ToJsonString()}\n{body.ToJsonString()}");
            if (i % 3 == 1)
            {
                Assert.Equal(
                    sent[i].AsObject().Where(each => each.Key is not ("data" or "datacontenttype"))
                        .Select(each => ($"cloudEvents:{each.Key}", (string)each.Value!)).Order(),
                    got.BasicProperties.Headers!.Select(each => (each.Key, Encoding.UTF8.GetString((byte[])each.Value!))).Order());
            }
            else
            {
                Assert.DoesNotContain(
                    got.BasicProperties.Headers ?? new Dictionary<string, object?>(),
                    each => each.Key.StartsWith("cloudEvents", StringComparison.Ordinal));
            }
        }
    }

    private static JsonObject Plain(JsonNode sent, string campaign) => new()
    {
        ["campaign"] = campaign,
        ["source"] = sent["source"]!.DeepClone(),
        ["eventId"] = sent["id"]!.DeepClone(),
        ["recipient"] = sent["data"]!["recipient"]!.DeepClone(),
        ["subject"] = sent["data"]!["subject"]!.DeepClone(),
        ["facts"] = sent["data"]!["facts"]!.DeepClone(),
        ["occurredAt"] = sent["time"]!.DeepClone(),
    };
}

internal static class BrokerExtensions
{
    public static Task<IConnection> ConnectAsync(this RabbitMq rabbit) =>
        new ConnectionFactory { Uri = rabbit.Address }.CreateConnectionAsync();

    /// <summary>Whether somebody reads a queue; asking for one that is not there closes the channel it is asked on.</summary>
    public static async Task<bool> HasConsumerAsync(this IChannel open, IConnection connection, string queue)
    {
        await using var asking = await connection.CreateChannelAsync();
        try
        {
            return (await asking.QueueDeclarePassiveAsync(queue)).ConsumerCount > 0 && open.IsOpen;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }
}
