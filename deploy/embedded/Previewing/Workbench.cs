using System.Net;
using System.Net.Sockets;
using Platform.EmbeddedMongo;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>A few services for a moment, on free ports: no chain, and nothing is left of them.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    private readonly string folder;
    private readonly EmbeddedMongoServer mongo;
    private readonly WebApplication app;

    private Workbench(string folder, int port, EmbeddedMongoServer mongo, WebApplication app)
    {
        this.folder = folder;
        this.mongo = mongo;
        this.app = app;
        Options = new EmbeddedOptions { Data = folder, Port = port };
    }

    public EmbeddedOptions Options { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<Workbench> StartAsync(
        IReadOnlyList<IPlatformService> services, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("imprimatur-").FullName;
        EmbeddedMongoServer? mongo = null;
        try
        {
            mongo = await EmbeddedMongoServer.StartAsync(
                new EmbeddedMongoOptions { Path = Path.Combine(folder, "platform.db"), FullSync = false }, cancellation);
            InstallationToken.ReadOrCreate(Path.Combine(folder, "token"));
            var port = FreePort();
            var app = Build(folder, port, mongo, services);
            await app.StartAsync(cancellation);
            return new Workbench(folder, port, mongo, app);
        }
        catch
        {
            if (mongo is not null)
            {
                await mongo.DisposeAsync();
            }

            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        await mongo.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static WebApplication Build(
        string folder, int port, EmbeddedMongoServer mongo, IReadOnlyList<IPlatformService> services) => PlatformHost.Build(
        [],
        builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Platform:Bus"] = "memory",
                ["Platform:MongoDb"] = mongo.ConnectionString,
                ["Platform:Port"] = $"{port}",
                ["Platform:Data"] = folder,
                ["Platform:TokenFile"] = Path.Combine(folder, "token"),
            });
            builder.Logging.ClearProviders();
        },
        services);

    /// <summary>A port that is free now, and so is the next: HTTP and gRPC.</summary>
    private static int FreePort()
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
            catch (Exception taken) when (taken is SocketException or ArgumentOutOfRangeException)
            {
                // Look for another pair.
            }
        }
    }
}
