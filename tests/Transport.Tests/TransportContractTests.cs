using System.Diagnostics;
using System.Text;
using MassTransit;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Grpc.Operations;
using Platform.Hosting;
using Platform.Mongo;
using Platform.Testing;

namespace Platform.Transport.Tests;

/// <summary>What holds on either bus.</summary>
public abstract class TransportContractTests(Testing.Mongo mongo)
{
    protected abstract Uri? Rabbit { get; }

    public static TheoryData<string, string, string> BadInput => new()
    {
        { "not JSON at all", "hello", ParkingReason.NotUnderstood },
        { "JSON that breaks off", """{"messageType":["urn:""", ParkingReason.NotUnderstood },
        { "a list", "[1,2,3]", ParkingReason.NotUnderstood },
        { "no type", """{"message":{"id":"1"}}""", ParkingReason.UnknownType },
        { "an unknown type", APost.Envelope("""{"id":"a57d0b68-6f3b-4cb5-8f11-6c0c41e7ad65"}""", "Unordered"), ParkingReason.UnknownType },
        { "a missing property", APost.Envelope("""{"id":"a57d0b68-6f3b-4cb5-8f11-6c0c41e7ad65"}"""), ParkingReason.NotUnderstood },
        { "a wrong-typed property", APost.Envelope("""{"id":"a57d0b68-6f3b-4cb5-8f11-6c0c41e7ad65","amount":"many"}"""), ParkingReason.NotUnderstood },
        { "a property that is an object", APost.Envelope("""{"id":{"a":1},"amount":1}"""), ParkingReason.NotUnderstood },
        { "a million elements", APost.Envelope($$"""{"id":[{{string.Join(',', Enumerable.Repeat("1", 1_000_000))}}],"amount":1}"""), ParkingReason.TooLarge },
        { "half a million elements", APost.Envelope($$"""{"id":[{{string.Join(',', Enumerable.Repeat("1", 500_000))}}],"amount":1}"""), ParkingReason.NotUnderstood },
        { "a body over the limit", APost.Envelope($$"""{"id":"a57d0b68-6f3b-4cb5-8f11-6c0c41e7ad65","amount":1,"remark":"{{new string('x', 2_000_000)}}"}"""), ParkingReason.TooLarge },
    };

    [Fact]
    public async Task Parks_bad_input_with_its_reason_and_keeps_nobody_waiting()
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        foreach (var row in BadInput)
        {
            var (what, body, reason) = row.Data;
            var before = Guid.CreateVersion7();
            var after = Guid.CreateVersion7();
            await post.PublishAsync(new Ordered { Id = before, Amount = 1 });
            var bad = await post.PutAsync(body);
            await post.PublishAsync(new Ordered { Id = after, Amount = 1 });

            await post.Script.DoneAsync(before, seconds: 15);
            await post.Script.DoneAsync(after, seconds: 15);
            var parked = await post.ParkedAsync(message => message.MessageId == bad);
            Assert.True(reason == parked.Reason, $"{what}: {parked.Reason}, {parked.ReasonMessage}");
            Assert.Equal(post.Queue, parked.Endpoint);
            Assert.Equal(Encoding.UTF8.GetByteCount(body), parked.Size);
            Assert.NotEmpty(parked.ReasonMessage);
        }
    }

    [Fact]
    public async Task Parks_a_poison_message_sealed_and_replays_it_when_it_is_mended()
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        var id = Guid.CreateVersion7();
        post.Script.Play = (played, _) => played == id ? throw new InvalidOperationException("No such shelf.") : Task.CompletedTask;
        var put = await post.PutAsync(APost.Envelope($$"""{"id":"{{id}}","amount":1,"remark":"for Ada Lovelace"}"""));

        var parked = await post.ParkedAsync(message => message.MessageId == put);

        Assert.Equal(
            (ParkingReason.ConsumerFailed, "System.InvalidOperationException", "No such shelf."),
            (parked.Reason, parked.ExceptionType, parked.ReasonMessage));
        Assert.Equal(["urn:message:Platform.Transport.Tests:Ordered"], parked.MessageTypes);
        Assert.Equal("north", parked.Headers["shop"]);
        Assert.DoesNotContain("X-Api-Token", parked.Headers.Keys);
        var document = (await post.Parked.Find(new BsonDocument()).SingleAsync()).ToBson();
        Assert.Equal(-1, document.AsSpan().IndexOf("Ada Lovelace"u8));
        Assert.Equal(-1, document.AsSpan().IndexOf("do-not-keep"u8));
        var opened = await post.CallAsync(client =>
            client.GetParkedAsync(new GetParkedRequest { Id = parked.Id, WithBody = true }, post.Bearer()).ResponseAsync);
        Assert.Contains("Ada Lovelace", opened.Body.ToStringUtf8(), StringComparison.Ordinal);

        post.Script.Play = (_, _) => Task.CompletedTask;
        Assert.True(await ReplayAsync(post, parked.Id));
        await post.Script.DoneAsync(id);
        Assert.False(await ReplayAsync(post, parked.Id));
        Assert.Equal(3, post.Script.Tries(id)); // tried, tried alone, replayed
    }

    [Fact]
    public async Task Parks_once_what_fails_again_after_a_replay_by_reason()
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        post.Script.Play = (_, _) => throw new NotSupportedException("Never.");
        var put = await post.PutAsync(APost.Envelope($$"""{"id":"{{Guid.CreateVersion7()}}","amount":1}"""));
        await post.ParkedAsync(message => message.MessageId == put);

        var replayed = await post.CallAsync(client => client.ReplayAllParkedAsync(
            new ReplayAllParkedRequest { Reason = "System.NotSupportedException" }, post.Bearer()).ResponseAsync);

        Assert.Equal((1, 0), (replayed.Sent, replayed.Failed.Count));
        var again = await post.ParkedAsync(message => message.Times == 2);
        Assert.Equal(put, again.MessageId);
        Assert.Equal(1, await post.Parked.CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task Parks_of_a_batch_only_what_is_wrong()
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        var ids = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToList();
        post.Script.Play = (id, _) => id == ids[7] ? throw new InvalidOperationException("Seven.") : Task.CompletedTask;

        await Task.WhenAll(ids.Select(id => post.PublishAsync(new OrderedInBulk { Id = id })));

        await Task.WhenAll(ids.Where(id => id != ids[7]).Select(id => post.Script.DoneAsync(id)));
        await post.ParkedAsync(message => message.ReasonMessage == "Seven.");
        Assert.Equal(1, await post.Parked.CountDocumentsAsync(new BsonDocument()));
        Assert.False(post.Script.IsDone(ids[7]));
    }

    [Theory]
    [InlineData("a service's own outage")]
    [InlineData("a call that took too long")]
    [InlineData("a timeout")]
    public async Task Delivers_again_and_again_over_an_outage_and_parks_nothing(string outage)
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        var id = Guid.CreateVersion7();
        var neighbour = Guid.CreateVersion7();
        var isOver = false;
        post.Script.Play = (played, _) => isOver || played == neighbour ? Task.CompletedTask : throw (outage switch
        {
            "a call that took too long" => new TaskCanceledException("The request was canceled due to the configured timeout."),
            "a timeout" => new TimeoutException(),
            _ => new WarehouseClosedException(),
        });
        await post.PublishAsync(new Ordered { Id = id, Amount = 1 });
        // Held at least twice: far more tries than the ones within one delivery.
        await Eventually.Async(() => post.Script.Tries(id) > 11 || (outage[2] == 'c' && post.Script.Tries(id) > 2));
        await post.PublishAsync(new Ordered { Id = neighbour, Amount = 1 });
        await post.Script.DoneAsync(neighbour, seconds: 10);

        isOver = true;

        await post.Script.DoneAsync(id);
        Assert.Equal(0, await post.Parked.CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task Refuses_to_send_what_is_larger_than_a_message_may_be()
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        var large = new Ordered { Id = Guid.CreateVersion7(), Amount = 1, Remark = new string('x', 1_100_000) };

        var refusal = await Assert.ThrowsAsync<MessageTooLargeException>(() => post.PublishAsync(large));

        Assert.Contains("content store", refusal.Message, StringComparison.Ordinal);
        var after = Guid.CreateVersion7();
        await post.PublishAsync(new Ordered { Id = after, Amount = 1 });
        await post.Script.DoneAsync(after, seconds: 15);
    }

    [Fact]
    public async Task Relays_past_what_cannot_be_announced()
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        var orders = post.Get<DecidedDocuments<Guid, Order>>();
        var (unknown, good) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var (id, type) in new[] { (unknown, "Gone.Message, Gone"), (good, $"{typeof(Accepted).FullName}, {typeof(Accepted).Assembly.GetName().Name}") })
        {
            await orders.Collection.InsertOneAsync(new Decided<Guid, Order>
            {
                Id = id,
                Version = 1,
                State = new Order { Amount = 1 },
                Pending = [new PendingMessage { Id = id, Type = type, Body = $$"""{"Id":"{{id}}"}""", At = TimeProvider.System.GetUtcNow().AddMinutes(-1) }],
            });
        }

        await post.Script.DoneAsync(good);
    }

    [Fact]
    public async Task Lets_a_running_consumer_finish_before_it_ends()
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        var (began, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource());
        post.Script.Play = async (_, cancellation) =>
        {
            began.SetResult();
            await mayEnd.Task.WaitAsync(cancellation);
        };
        var id = Guid.CreateVersion7();
        await post.PublishAsync(new Ordered { Id = id, Amount = 1 });
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var stopping = post.StopAsync();
        Assert.False(stopping.IsCompleted);
        mayEnd.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(post.Script.IsDone(id));
    }

    [Fact]
    public async Task Tells_the_queues_and_asks_for_the_token()
    {
        await using var post = await APost.OpenAsync(Rabbit, mongo.ConnectionString);
        var id = Guid.CreateVersion7();
        await post.PublishAsync(new Ordered { Id = id, Amount = 1 });
        await post.Script.DoneAsync(id);

        var queues = await post.CallAsync(client => client.ListQueuesAsync(new ListQueuesRequest(), post.Bearer()).ResponseAsync);

        var queue = Assert.Single(queues.Queues, queue => queue.Name == post.Queue);
        Assert.Equal(post.Name, queue.Service);
        Assert.InRange(queue.OldestAtMost.ToTimeSpan(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(Rabbit is not null, queue.HasWaiting);
        var refused = await Assert.ThrowsAsync<global::Grpc.Core.RpcException>(() =>
            post.CallAsync(client => client.ListQueuesAsync(new ListQueuesRequest()).ResponseAsync));
        Assert.Equal(global::Grpc.Core.StatusCode.Unauthenticated, refused.StatusCode);
    }

    private static async Task<bool> ReplayAsync(APost post, string id) =>
        (await post.CallAsync(client => client.ReplayParkedAsync(new ReplayParkedRequest { Id = id }, post.Bearer()).ResponseAsync)).Sent;
}

public sealed class MemoryTransportTests(Testing.Mongo mongo) : TransportContractTests(mongo)
{
    protected override Uri? Rabbit => null;
}

public sealed class RabbitTransportTests(Testing.Mongo mongo, RabbitMq rabbit) : TransportContractTests(mongo)
{
    protected override Uri? Rabbit => rabbit.Address;
}

/// <summary>Waits for a fact that nobody announces.</summary>
internal static class Eventually
{
    public static async Task Async(Func<bool> fact, int seconds = 60)
    {
        var patience = Stopwatch.StartNew();
        while (!fact())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(seconds), $"It was not so within {seconds} s.");
            await Task.Delay(25);
        }
    }

    public static async Task AsyncTask(Func<Task<bool>> fact, int seconds = 60)
    {
        var patience = Stopwatch.StartNew();
        while (!await fact())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(seconds), $"It was not so within {seconds} s.");
            await Task.Delay(25);
        }
    }
}
