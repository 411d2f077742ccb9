using System.Diagnostics;
using System.Net;
using System.Text.Json;
using MassTransit;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.EmbeddedMongo;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Shared.Tests;

/// <summary>The host over a real Kestrel, a real bus in memory and a real database.</summary>
public sealed class PlatformHostTests(MongoServer mongo) : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{Trace}-b7ad6b7169203331-01";

    private AHost host = null!;

    [Fact]
    public async Task Lets_in_who_bears_the_installations_token()
    {
        var token = (await File.ReadAllTextAsync(host.TokenFile, TestContext.Current.CancellationToken)).Trim();

        Assert.Equal("installation-operator", await (await host.GetAsync("/who", $"Bearer {token}")).Content.ReadAsStringAsync(default));
        Assert.Equal("installation-operator", await (await host.GetAsync("/who", $"bearer  {token} ")).Content.ReadAsStringAsync(default));
    }

    [Theory]
    [InlineData(null, "Send the installation's token")]
    [InlineData("Basic YTpi", "Send the installation's token")]
    [InlineData("Bearer", "Send the installation's token")]
    [InlineData("Bearer 0000000000000000000000000000000000000000000000000000000000000000", "The token is not this installation's")]
    public async Task Keeps_out_who_does_not(string? bearer, string why)
    {
        using var answer = await host.GetAsync("/who", bearer);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer realm=\"imprimatur\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Contains(why, await answer.Content.ReadAsStringAsync(default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/healthy")]
    [InlineData("/ipfsx/who")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    public async Task Keeps_a_stranger_out_of_everything_that_is_not_open(string path)
    {
        using var answer = await host.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Lets_a_stranger_verify_and_knows_him_for_one()
    {
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/health/live")).StatusCode);
        Assert.Equal("nobody", await (await host.GetAsync("/ipfs/who")).Content.ReadAsStringAsync(default));
        Assert.Equal("nobody", await (await host.GetAsync("/ipfs/who", "Bearer wrong")).Content.ReadAsStringAsync(default));
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:99", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("imprimatur.example", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    public async Task Answers_only_for_hosts_it_knows(string name, HttpStatusCode status)
    {
        using var answer = await host.GetAsync("/health/live", host: name);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Is_ready_when_database_and_bus_answer()
    {
        using var answer = await host.GetAsync("/health/ready");

        using var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(default));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Healthy", report.RootElement.GetProperty("status").GetString());
        Assert.Equal(["masstransit-bus", "mongodb"],
            report.RootElement.GetProperty("checks").EnumerateObject().Select(check => check.Name).Order());
    }

    [Fact]
    public async Task Is_not_ready_and_still_alive_when_the_database_is_gone()
    {
        var folder = Directory.CreateTempSubdirectory("gone-").FullName;
        var server = await EmbeddedMongoServer.StartAsync(
            new() { Path = Path.Combine(folder, "mongo.db"), FullSync = false }, TestContext.Current.CancellationToken);
        await using var other = await AHost.StartAsync(server.ConnectionString);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/health/ready")).StatusCode);

        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        var asked = Stopwatch.StartNew();
        using var answer = await other.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("\"mongodb\":\"Unhealthy\"", await answer.Content.ReadAsStringAsync(default), StringComparison.Ordinal);
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(15), $"The answer took {asked.Elapsed}.");
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Is_not_ready_when_the_bus_is_down()
    {
        await host.Get<IBusControl>().StopAsync(TestContext.Current.CancellationToken);

        using var answer = await host.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("\"masstransit-bus\":\"Unhealthy\"", await answer.Content.ReadAsStringAsync(default), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Carries_a_trace_through_what_a_consumer_publishes(bool watched)
    {
        using var watcher = watched ? Watch() : null;
        var id = Guid.CreateVersion7();

        await PublishAsync(new Called(id));

        Assert.Equal(Trace, (await host.Heard.Async($"call {id}")).Trace);
        Assert.Equal(Trace, (await host.Heard.Async($"echo {id}")).Trace);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Carries_a_trace_through_what_a_decider_announces(bool watched)
    {
        using var watcher = watched ? Watch() : null;
        var id = Guid.CreateVersion7();

        await PublishAsync(new Proposed(id));

        Assert.Equal(Trace, (await host.Heard.Async($"call {id}")).Trace);
        Assert.Equal(Trace, (await host.Heard.Async($"echo {id}")).Trace);
    }

    [Fact]
    public async Task Carries_a_trace_out_of_a_document_that_a_crash_left_behind()
    {
        var id = Guid.CreateVersion7();
        var now = TimeProvider.System.GetUtcNow();
        await host.Get<DecidedDocuments<Guid, Tally>>().Collection.InsertOneAsync(
            new Decided<Guid, Tally>
            {
                Id = id,
                Version = 1,
                State = new Tally { Value = 1 },
                Pending =
                [
                    new()
                    {
                        Id = id,
                        Type = $"{typeof(Echoed).FullName}, {typeof(Echoed).Assembly.GetName().Name}",
                        Body = JsonSerializer.Serialize(new Echoed(id)),
                        TraceParent = TraceParent,
                        At = now.AddSeconds(-6),
                    },
                ],
            },
            cancellationToken: TestContext.Current.CancellationToken);

        var heard = await host.Heard.Async($"echo {id}"); // the relay's next round

        Assert.Equal((Trace, "b7ad6b7169203331"), heard);
    }

    [Fact]
    public async Task Pulls_what_is_on_the_bus_out_of_the_documents()
    {
        var id = Guid.CreateVersion7();
        await PublishAsync(new Proposed(id));
        await host.Heard.Async($"echo {id}");

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var documents = host.Get<DecidedDocuments<Guid, Tally>>().Collection;
        while (await documents.CountDocumentsAsync(
            Builders<Decided<Guid, Tally>>.Filter.Eq(document => document.Id, id)
            & Builders<Decided<Guid, Tally>>.Filter.Size("pending", 0),
            cancellationToken: deadline.Token) == 0)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    public async ValueTask InitializeAsync() => host = await AHost.StartAsync(mongo.ConnectionString);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>As an OpenTelemetry exporter would: every source is listened to.</summary>
    private static ActivityListener Watch()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private Task PublishAsync<T>(T message)
        where T : class => host.Get<IBus>().Publish(message, context => context.Headers.Set(TraceHeader.Name, TraceParent));
}
