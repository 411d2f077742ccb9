using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.EmbeddedMongo;
using Platform.Grpc.Campaigns;
using Platform.Hosting;
using Platform.Storage.Tests;

[assembly: AssemblyFixture(typeof(StorageHost))]

namespace Platform.Storage.Tests;

/// <summary>The service as it ships: its bus, its database, its Kestrel; only campaigns is a neighbour of one definition.</summary>
public sealed class StorageHost : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("storage-tests-").FullName;
    private EmbeddedMongoServer? mongo;
    private WebApplication? app;

    internal Wiretap Wire { get; } = new();

    internal string Data => Path.Combine(folder, "data");

    internal Uri Address { get; private set; } = null!;

    internal T Get<T>()
        where T : notnull => app!.Services.GetRequiredService<T>();

    internal HttpClient Client()
    {
        var client = Get<IHttpClientFactory>().CreateClient();
        client.BaseAddress = Address;
        return client;
    }

    /// <summary>Delivers a message and waits until its consumer is done with it; answers what was announced meanwhile.</summary>
    internal async Task DeliverAsync<T>(T message, string? traceParent = null)
        where T : class
    {
        var id = Guid.CreateVersion7();
        var done = Wire.Done(id);
        await Get<IBus>().Publish(message, context =>
        {
            context.MessageId = id;
            if (traceParent is not null)
            {
                context.Headers.Set("traceparent", traceParent);
            }
        });
        await done.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask InitializeAsync()
    {
        var server = Environment.GetEnvironmentVariable("PLATFORM_TEST_MONGODB");
        if (server is null)
        {
            mongo = await EmbeddedMongoServer.StartAsync(new()
            {
                Path = Path.Combine(folder, "mongo.db"),
                FullSync = false,
            });
            server = mongo.ConnectionString;
        }

        var port = TwoFreePorts();
        app = PlatformHost.Build(
            [],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Platform:Port"] = port.ToString(),
                    ["Platform:Data"] = Data,
                    ["Platform:MongoDb"] = server,
                });
            },
            new StorageService(),
            new Neighbours());
        await app.StartAsync();
        Address = new Uri($"http://127.0.0.1:{port}");
        Get<IBus>().ConnectPublishObserver(Wire);
        Get<IBus>().ConnectConsumeObserver(Wire);
    }

    public async ValueTask DisposeAsync()
    {
        await app!.StopAsync();
        await app.DisposeAsync();
        if (mongo is not null)
        {
            await mongo.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static int TwoFreePorts()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                using var second = new TcpListener(IPAddress.Loopback, port + 1);
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // The next one is taken: try another pair.
            }
        }
    }

    private sealed class Neighbours : IPlatformService
    {
        public string Name => "neighbours";

        public void Register(IHostApplicationBuilder host) =>
            host.Services.AddPlatformClient<Grpc.Storage.Storage.StorageClient>(_ => null);

        public void Subscribe(IBusRegistrationConfigurator bus)
        {
        }

        public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<OneCampaign>();
    }

    /// <summary>Versions 1 and 2 of <see cref="Situations.Campaign"/>, and no other.</summary>
    private sealed class OneCampaign : Campaigns.CampaignsBase
    {
        public override Task<CampaignVersion> GetCampaign(GetCampaignRequest request, ServerCallContext context) =>
            request is { Name: Situations.Campaign, Version: 1 or 2 }
                ? Task.FromResult(new CampaignVersion { Version = request.Version, Definition = Situations.ADefinition() })
                : throw new RpcException(new Status(StatusCode.NotFound, "There is no such version."));
    }
}

/// <summary>Hears what is published and which messages are done with.</summary>
internal sealed class Wiretap : IPublishObserver, IConsumeObserver
{
    private readonly ConcurrentQueue<(object Message, string? TraceParent)> published = new();
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> done = new();
    private readonly ConcurrentDictionary<TaskCompletionSource, Func<object, bool>> awaited = new();

    public IReadOnlyList<T> Published<T>(Func<T, bool> which) => [.. published.Select(each => each.Message).OfType<T>().Where(which)];

    public string? TraceOf<T>(Func<T, bool> which) =>
        published.Last(each => each.Message is T message && which(message)).TraceParent;

    /// <summary>Waits until such a message has been published.</summary>
    public async Task HeardAsync<T>(Func<T, bool> which)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        awaited[waiting] = message => message is T heard && which(heard);
        if (Published(which).Count == 0)
        {
            await waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public Task Done(Guid messageId) => done.GetOrAdd(messageId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        published.Enqueue((context.Message, context.Headers.Get<string>("traceparent")));
        foreach (var (waiting, _) in awaited.Where(each => each.Value(context.Message)))
        {
            waiting.TrySetResult();
        }

        return Task.CompletedTask;
    }

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class => CompleteAsync(context.MessageId);

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class
    {
        if (context.MessageId is { } id && done.TryGetValue(id, out var waiting))
        {
            waiting.TrySetException(exception);
        }

        return Task.CompletedTask;
    }

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    private Task CompleteAsync(Guid? messageId)
    {
        if (messageId is { } id && done.TryGetValue(id, out var waiting))
        {
            waiting.TrySetResult();
        }

        return Task.CompletedTask;
    }
}
