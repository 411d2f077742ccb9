using System.Net.Http.Headers;
using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Chain;
using Platform.Chain.Local;
using Platform.EmbeddedMongo;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.CrashPoints.Tests;

/// <summary>What outlives a process: its data folder, its database, its chain, and the time; and the process of the moment.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("crash-points-").FullName;
    private readonly Func<IPlatformService[]> services;
    private readonly Anvil? anvil;
    private EmbeddedMongoServer mongo = null!;
    private MongoClient client = null!;
    private EthereumKey minter = null!;

    private World(Anvil? anvil, Func<IPlatformService[]> services)
    {
        this.anvil = anvil;
        this.services = services;
        Clock = new WorldClock(Saboteur);
    }

    public Saboteur Saboteur { get; } = new();

    public WorldClock Clock { get; }

    public Journal Journal { get; } = new();

    /// <summary>The process that runs now.</summary>
    public PlatformProcess Process { get; private set; } = null!;

    /// <summary>How many processes have died.</summary>
    public int Deaths { get; private set; }

    public Anvil Chain => anvil ?? throw new InvalidOperationException("This world has no chain.");

    public Address Minter => minter.Address;

    public static async Task<World> BeginAsync(bool withChain, Func<IPlatformService[]> services)
    {
        var world = new World(withChain ? new Anvil() : null, services);
        world.mongo = await EmbeddedMongoServer.StartAsync(
            new() { Path = Path.Combine(world.folder, "mongo.db"), FullSync = false });
        world.client = new MongoClient(Conventions.Settings(world.mongo.ConnectionString));
        world.minter = EthereumKey.FromHex(RandomNumberGenerator.GetHexString(64, lowercase: true));
        await File.WriteAllTextAsync(
            world.KeyFile, Convert.ToHexStringLower(world.minter.ExportPrivateKey()));
        if (world.anvil is not null)
        {
            await world.anvil.InitializeAsync();
            await world.anvil.EndowAsync(world.minter.Address);
        }

        await world.StartProcessAsync();
        return world;
    }

    /// <summary>The store as it lies there, past the saboteur.</summary>
    public IMongoCollection<BsonDocument> Raw(string service, string collection) =>
        client.GetDatabase($"imprimatur_{service}").GetCollection<BsonDocument>(collection);

    /// <summary>Puts a new process in the place of one that died.</summary>
    public async Task ReviveAsync()
    {
        while (Process.Life.IsDead)
        {
            Deaths++;
            await Process.DisposeAsync();
            await StartProcessAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Process.Life.Die();
        await Process.DisposeAsync();
        await Clock.DisposeAsync();
        await (anvil?.DisposeAsync() ?? ValueTask.CompletedTask);
        client.Dispose();
        await mongo.DisposeAsync();
        minter.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private string KeyFile => Path.Combine(folder, "minter.key");

    private async Task StartProcessAsync()
    {
        var chain = anvil?.Address ?? new Uri("http://127.0.0.1:1");
        Process = PlatformProcess.Build(
            new Life(Saboteur),
            Clock,
            Journal,
            new Dictionary<string, string?>
            {
                ["Platform:Data"] = folder,
                ["Platform:MongoDb"] = mongo.ConnectionString,
                ["Generation:Generator"] = "null",
                ["Minting:Rpc"] = $"{chain}",
                ["Minting:LeastMaxFeeGwei"] = "10",
                ["Minting:KeyFile"] = KeyFile,
                ["Minting:LingerMilliseconds"] = "0",
                ["RoyaltyIndexer:Rpc"] = $"{chain}",
            },
            services());
        await Process.StartAsync();
    }
}

/// <summary>One process of the platform: from its start to its death.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly int port;
    private GrpcChannel? channel;

    private PlatformProcess(WebApplication app, Life life, int port, string data)
    {
        this.app = app;
        this.port = port;
        Life = life;
        Data = data;
        Http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}/"),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public Life Life { get; }

    public HttpClient Http { get; }

    public CallInvoker Grpc => (channel ??= GrpcChannel.ForAddress($"http://127.0.0.1:{port + 1}")).Intercept(metadata =>
    {
        metadata.Add("authorization", $"Bearer {Token}");
        return metadata;
    });

    private string Data { get; }

    private string Token => File.ReadAllText(Path.Combine(Data, "token")).Trim();

    public static PlatformProcess Build(
        Life life, WorldClock clock, Journal journal, Dictionary<string, string?> settings, IPlatformService[] services)
    {
        var port = Ports.Next();
        settings["Platform:Port"] = $"{port}";
        var app = PlatformHost.Build(
            [],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(settings);
                builder.Logging.ClearProviders();
                builder.Logging.SetMinimumLevel(LogLevel.Warning);
                builder.Logging.AddProvider(journal);
                builder.Host.UseServiceProviderFactory(new SabotagedContainer(life, clock));
            },
            [.. services, new SabotagedBus(life)]);
        return new PlatformProcess(app, life, port, settings["Platform:Data"]!);
    }

    public async Task StartAsync()
    {
        try
        {
            await app.StartAsync();
            Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }
        catch (ProcessDiedException)
        {
            // It was killed while it started: the next one does it.
        }
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Takes away what a dead process leaves in this one: its sockets, threads and timers.</summary>
    public async ValueTask DisposeAsync()
    {
        using var noGrace = new CancellationTokenSource();
        await noGrace.CancelAsync();
        await app.StopAsync(noGrace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync();
        channel?.Dispose();
        Http.Dispose();
        Life.Dispose();
    }
}
