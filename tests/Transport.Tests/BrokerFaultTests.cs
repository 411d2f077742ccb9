using System.Collections.Concurrent;
using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.EmbeddedMongo;
using Platform.Grpc.Operations;
using Platform.Hosting;
using Platform.Mongo;
using Platform.Testing;
using RabbitMQ.Client;

namespace Platform.Transport.Tests;

/// <summary>What a broker, or the store beside it, does to us, and that nothing is lost by it.</summary>
public sealed class BrokerFaultTests(Testing.Mongo mongo)
{
    [Fact]
    public async Task Loses_nothing_when_the_broker_is_restarted_killed_and_cut_off_while_messages_flow()
    {
        await using var broker = await ABrokerAsync();
        await using var post = await APost.OpenAsync(broker.Address, mongo.ConnectionString);
        var orders = post.Get<DecidedDocuments<Guid, Order>>();
        var ids = new ConcurrentQueue<Guid>();
        using var ending = new CancellationTokenSource();
        var deciding = DecideUntilAsync(orders, ids, ending.Token);

        await Eventually.Async(() => ids.Count > 50);
        await broker.ControlAsync("close_all_connections", "cut");
        await broker.StopAsync();
        await broker.StartAgainAsync();
        var seen = ids.Count;
        await Eventually.Async(() => ids.Count > seen + 50);
        await broker.KillAsync();
        await broker.StartAgainAsync();
        seen = ids.Count;
        await Eventually.Async(() => ids.Count > seen + 50);
        await ending.CancelAsync();
        await deciding;

        await Task.WhenAll(ids.Select(id => post.Script.DoneAsync(id, seconds: 120)));
    }

    [Fact]
    public async Task Starts_before_its_broker_serves_meanwhile_and_goes_on_when_it_comes()
    {
        await using var broker = await ABrokerAsync();
        await broker.StopAsync();
        await using var post = await APost.OpenAsync(broker.Address, mongo.ConnectionString, ready: false);
        var id = Guid.CreateVersion7();

        using var http = new SocketsHttpHandler();
        using var client = new HttpMessageInvoker(http);
        using var live = new HttpRequestMessage(HttpMethod.Get, new Uri(post.Address, "/health/live"));
        using var ready = new HttpRequestMessage(HttpMethod.Get, new Uri(post.Address, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(live, default)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.SendAsync(ready, default)).StatusCode);
        await post.Get<DecidedDocuments<Guid, Order>>().DecideAsync(
            id, _ => new Decision<Order>(new Order { Amount = 1 }, new Accepted { Id = id }), default);
        await broker.StartAgainAsync();

        await post.Script.DoneAsync(id, seconds: 120);
    }

    [Fact]
    public async Task Waits_no_longer_than_told_for_a_broker_that_blocks_publishers_and_announces_later()
    {
        await using var broker = await ABrokerAsync();
        await using var post = await APost.OpenAsync(
            broker.Address, mongo.ConnectionString, settings: new() { ["Platform:AnnounceSeconds"] = "2" });
        var orders = post.Get<DecidedDocuments<Guid, Order>>();
        await broker.ControlAsync("set_vm_memory_high_watermark", "absolute", "1");
        var ids = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToList();
        var started = TimeProvider.System.GetTimestamp();

        foreach (var id in ids)
        {
            await orders.DecideAsync(id, _ => new Decision<Order>(new Order { Amount = 1 }, new Accepted { Id = id }), default);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(15));
        Assert.DoesNotContain(ids, post.Script.IsDone);
        await broker.ControlAsync("set_vm_memory_high_watermark", "absolute", "512MB");
        await Task.WhenAll(ids.Select(id => post.Script.DoneAsync(id, seconds: 120)));
    }

    [Fact]
    public async Task Parks_what_the_broker_gave_up_delivering_under_the_endpoint_where_it_died()
    {
        await using var broker = await ABrokerAsync();
        string name, put;
        await using (var post = await APost.OpenAsync(broker.Address, mongo.ConnectionString))
        {
            name = post.Name; // its queues are there now
        }

        // A consumer whose process dies each time, as the broker sees it: the channel closes, nothing is acknowledged.
        await using (var connection = await new ConnectionFactory { Uri = broker.Address }.CreateConnectionAsync())
        {
            await using var publisher = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            put = Guid.CreateVersion7().ToString();
            await publisher.BasicPublishAsync(
                "", $"{name}.take-order", true, new BasicProperties { Persistent = true, MessageId = put }, "killer"u8.ToArray());
            for (var deaths = 0; deaths <= 20; deaths++)
            {
                await using var channel = await connection.CreateChannelAsync();
                await Eventually.AsyncTask(async () => await channel.BasicGetAsync($"{name}.take-order", autoAck: false) is not null);
                await channel.CloseAsync();
            }
        }

        await using var again = await APost.OpenAsync(broker.Address, mongo.ConnectionString, name);
        var parked = await again.ParkedAsync(message => message.MessageId == put);
        Assert.Equal((ParkingReason.DeliveryLimit, again.Queue), (parked.Reason, parked.Endpoint));
    }

    [Fact]
    public async Task Gives_back_what_it_could_not_finish_in_time_and_another_does_it()
    {
        await using var broker = await ABrokerAsync();
        var name = APost.NewName();
        var id = Guid.CreateVersion7();
        await using (var first = await APost.OpenAsync(
            broker.Address, mongo.ConnectionString, name, settings: new() { ["Platform:FinishSeconds"] = "1" }))
        {
            var began = new TaskCompletionSource();
            first.Script.Play = (_, cancellation) =>
            {
                began.TrySetResult();
                return Task.Delay(Timeout.Infinite, cancellation);
            };
            await first.PublishAsync(new Ordered { Id = id, Amount = 1 });
            await began.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await first.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.False(first.Script.IsDone(id));
        }

        await using var second = await APost.OpenAsync(broker.Address, mongo.ConnectionString, name);
        await second.Script.DoneAsync(id);
        Assert.Equal(0, await second.Parked.CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task Keeps_a_poison_message_with_the_broker_while_the_store_is_away()
    {
        await using var broker = await ABrokerAsync();
        var folder = Directory.CreateTempSubdirectory("away-").FullName;
        using var port = FreePorts.Find(1);
        var options = new EmbeddedMongoOptions { Path = Path.Combine(folder, "mongo.db"), Port = port.First, FullSync = false };
        var store = await EmbeddedMongoServer.StartAsync(options);
        await using var post = await APost.OpenAsync(
            broker.Address, store.ConnectionString + "&serverSelectionTimeoutMS=1000&connectTimeoutMS=1000");
        post.Script.Play = (_, _) => throw new InvalidOperationException("Poison.");

        await store.DisposeAsync();
        var put = await post.PutAsync(APost.Envelope($$"""{"id":"{{Guid.CreateVersion7()}}","amount":1}"""));
        await Eventually.AsyncTask(async () => await WaitingAsync(broker, "imprimatur.delay.1s") > 0);
        await using var back = await EmbeddedMongoServer.StartAsync(options);

        var parked = await post.ParkedAsync(message => message.MessageId == put, seconds: 120);
        Assert.Equal((ParkingReason.ConsumerFailed, post.Queue), (parked.Reason, parked.Endpoint));
    }

    private static async Task<PrivateBroker> ABrokerAsync()
    {
        Assert.SkipUnless(PrivateBroker.IsInstalled, "needs an installed rabbitmq-server, to stop and starve it");
        return await PrivateBroker.StartAsync();
    }

    private static async Task DecideUntilAsync(
        DecidedDocuments<Guid, Order> orders, ConcurrentQueue<Guid> ids, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            var id = Guid.CreateVersion7();
            await orders.DecideAsync(
                id, _ => new Decision<Order>(new Order { Amount = 1 }, new Accepted { Id = id }), CancellationToken.None);
            ids.Enqueue(id);
            await Task.Delay(10, CancellationToken.None); // a publisher's own pace
        }
    }

    private static async Task<uint> WaitingAsync(PrivateBroker broker, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return 0; // not declared yet
        }
    }
}
