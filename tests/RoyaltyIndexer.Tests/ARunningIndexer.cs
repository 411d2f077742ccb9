using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Platform.Chain.Local;
using Platform.EmbeddedMongo;
using Platform.Hosting;
using Platform.Testing;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>The service as it runs, in a host of its own, over a database that others may share.</summary>
internal sealed class ARunningIndexer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly FreePorts ports;
    private readonly GrpcChannel channel;
    private readonly string token;

    private ARunningIndexer(WebApplication app, FreePorts ports, string token)
    {
        (this.app, this.ports, this.token) = (app, ports, token);
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports.First + 1}");
        Http = new(new SocketsHttpHandler()) { BaseAddress = new($"http://127.0.0.1:{ports.First}") };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public HttpClient Http { get; }

    public global::Platform.Grpc.RoyaltyIndexer.RoyaltyIndexer.RoyaltyIndexerClient Client => new(channel);

    public Metadata Credentials => new() { { "authorization", $"Bearer {token}" } };

    public static async Task<ARunningIndexer> StartAsync(
        Anvil anvil, Store store, Uri? broker = null, params IReadOnlyList<string> settings)
    {
        var ports = FreePorts.Find(2);
        var tokenFile = Path.Combine(store.Folder, "token");
        var app = PlatformHost.Build(
            [.. settings],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Platform:Bus"] = broker is null ? "memory" : "rabbitmq",
                    ["Platform:RabbitMq"] = $"{broker ?? new("amqp://localhost")}",
                    ["Platform:MongoDb"] = store.Server.ConnectionString,
                    ["Platform:Port"] = $"{ports.First}",
                    ["Platform:Data"] = store.Folder,
                    ["Platform:TokenFile"] = tokenFile,
                    ["RoyaltyIndexer:Rpc"] = $"{anvil.Address}",
                    ["RoyaltyIndexer:FromBlock"] = $"{store.FromBlock}",
                });
                builder.Logging.ClearProviders();
            },
            new RoyaltyIndexerService());
        await app.StartAsync();
        return new ARunningIndexer(app, ports, (await File.ReadAllTextAsync(tokenFile)).Trim());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        channel.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        ports.Dispose();
    }
}

/// <summary>What the replicas of a service have in common.</summary>
internal sealed class Store : IAsyncDisposable
{
    private Store(EmbeddedMongoServer server, string folder, long fromBlock) =>
        (Server, Folder, FromBlock) = (server, folder, fromBlock);

    public EmbeddedMongoServer Server { get; }

    public string Folder { get; }

    public long FromBlock { get; }

    public static async Task<Store> OpenAsync(Anvil anvil)
    {
        var folder = Directory.CreateTempSubdirectory("feed-").FullName;
        return new Store(
            await EmbeddedMongoServer.StartAsync(new() { Path = Path.Combine(folder, "mongo.db"), FullSync = false }),
            folder,
            (long)await anvil.Chain.BlockNumberAsync(default) + 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
