using Platform.Campaigns;
using Platform.EmbeddedMongo;
using Platform.Generation;
using Platform.Hosting;
using Platform.Minting;
using Platform.Moderation;
using Platform.RoyaltyIndexer;
using Platform.Storage;

namespace Platform.Embedded;

/// <summary>All services in one process, with the database and the chain they stand on.</summary>
internal sealed class EmbeddedPlatform : IAsyncDisposable
{
    private readonly DataFolder folder;
    private readonly EmbeddedMongoServer mongo;
    private readonly Anvil anvil;
    private readonly WebApplication app;
    private readonly HttpClient chainHttp;

    private EmbeddedPlatform(
        EmbeddedOptions options, DataFolder folder, EmbeddedMongoServer mongo, Anvil anvil, WebApplication app, HttpClient chainHttp)
    {
        Options = options;
        this.folder = folder;
        this.mongo = mongo;
        this.anvil = anvil;
        this.app = app;
        this.chainHttp = chainHttp;
    }

    public EmbeddedOptions Options { get; }

    public DataFolder Folder => folder;

    /// <param name="neighbours">Services beside the six, on the same bus.</param>
    public static async Task<EmbeddedPlatform> StartAsync(
        EmbeddedOptions options,
        Action<string> say,
        CancellationToken cancellation,
        params IReadOnlyList<IPlatformService> neighbours)
    {
        var stack = new Stack<IAsyncDisposable>();
        try
        {
            var folder = DataFolder.Open(options.Data, options.Fresh);
            stack.Push(new Release(folder));
            EnsureFree(options);
            var program = await AnvilInstallation.FindAsync(say, cancellation);
            var mongo = await StartMongoAsync(options, folder, cancellation);
            stack.Push(mongo);

            var chainHttp = Loopback.CreateClient();
            var anvil = await Anvil.StartAsync(
                program, folder.Chain, options.ChainPort, MinterKey.ReadOrCreate(folder), chainHttp, cancellation);
            stack.Push(anvil);

            var app = Build(options, folder, mongo, neighbours);
            await app.StartAsync(cancellation);
            await RunningFile.WriteAsync(folder, new RunningFile { Port = options.Port, Pid = Environment.ProcessId });
            return new EmbeddedPlatform(options, folder, mongo, anvil, app, chainHttp);
        }
        catch
        {
            foreach (var started in stack)
            {
                await started.DisposeAsync();
            }

            throw;
        }
    }

    public Task WaitForShutdownAsync(CancellationToken cancellation) => app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await anvil.DisposeAsync();
        await mongo.DisposeAsync();
        chainHttp.Dispose();
        folder.Dispose();
    }

    private static WebApplication Build(
        EmbeddedOptions options,
        DataFolder folder,
        EmbeddedMongoServer mongo,
        IReadOnlyList<IPlatformService> neighbours) =>
        PlatformHost.Build(
            [],
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Platform:Bus"] = "memory",
                    ["Platform:MongoDb"] = mongo.ConnectionString,
                    ["Platform:Port"] = $"{options.Port}",
                    ["Platform:Data"] = folder.Path,
                    ["Platform:TokenFile"] = folder.TokenFile,
                    ["Generation:Generator"] = options.Generator,
                    ["Minting:Rpc"] = $"{options.Rpc}",
                    // Ten times the base fee that anvil begins with: it only falls from there.
                    ["Minting:LeastMaxFeeGwei"] = "10",
                    ["Minting:KeyFile"] = folder.MinterKey,
                    ["Minting:LingerMilliseconds"] = $"{options.LingerMilliseconds}",
                    ["RoyaltyIndexer:Rpc"] = $"{options.Rpc}",
                });
                builder.Logging.ClearProviders();
                builder.Logging.SetMinimumLevel(LogLevel.Information);
                builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
                builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
                builder.Logging.AddFilter("Grpc", LogLevel.Warning);
                builder.Logging.AddProvider(new FileLoggerProvider(folder.In("logs", "platform.log")));
                if (options.LogToConsole)
                {
                    builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
                }
            },
            [
                new CampaignsService(),
                new GenerationService(),
                new ModerationService(),
                new StorageService(),
                new MintingService(),
                new RoyaltyIndexerService(),
                .. neighbours,
            ]);

    private static async Task<EmbeddedMongoServer> StartMongoAsync(
        EmbeddedOptions options, DataFolder folder, CancellationToken cancellation)
    {
        try
        {
            return await EmbeddedMongoServer.StartAsync(
                new EmbeddedMongoOptions { Path = folder.Database, Port = options.MongoPort }, cancellation);
        }
        catch (EmbeddedMongoException exception)
        {
            throw new UserErrorException(exception.Message);
        }
    }

    private static void EnsureFree(EmbeddedOptions options)
    {
        // The chain's port may be held by our own anvil that outlived a killed platform.
        foreach (var port in (ReadOnlySpan<int>)[options.Port, options.GrpcPort, options.MongoPort])
        {
            FreePort.Ensure(port);
        }
    }

    private sealed class Release(IDisposable held) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            held.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
