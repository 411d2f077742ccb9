using Docker.DotNet;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.EmbeddedMongo;
using Platform.Mongo;
using Testcontainers.MongoDb;
using Xunit;

namespace Platform.Testing;

/// <summary>
/// The MongoDB of a test assembly: the one that <c>PLATFORM_TEST_MONGODB</c> names, else a container, else EmbeddedMongo.
/// </summary>
public sealed class Mongo : IAsyncLifetime
{
    private const string DefaultImage = "mongo:8.0";

    private readonly string folder = Directory.CreateTempSubdirectory("mongo-").FullName;
    private MongoDbContainer? container;
    private EmbeddedMongoServer? embedded;
    private string? connectionString;
    private MongoClient? client;

    public string ConnectionString => connectionString!;

    public IMongoClient Client => client!;

    /// <summary>Whether the server outlives this run: then a test's databases must have names of their own, and go.</summary>
    public bool IsGiven { get; private set; }

    public async ValueTask InitializeAsync()
    {
        (connectionString, var how) = await FindAsync();
        client = new MongoClient(Conventions.Settings(connectionString));
        var build = await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("buildInfo", 1));
        ChosenServers.Say($"MongoDB {build["version"].AsString}, {how}");
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (container is not null)
        {
            await container.DisposeAsync();
        }

        if (embedded is not null)
        {
            await embedded.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task<(string ConnectionString, string How)> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_TEST_MONGODB") is { Length: > 0 } given)
        {
            IsGiven = true;
            return (given, "named by PLATFORM_TEST_MONGODB");
        }

        var why = "";
        if (await DockerDaemon.IsAnsweringAsync())
        {
            (var contained, why) = await TryContainerAsync();
            if (contained is not null)
            {
                return (contained, why);
            }
        }

        embedded = await EmbeddedMongoServer.StartAsync(new() { Path = Path.Combine(folder, "mongo.db"), FullSync = false });
        return (embedded.ConnectionString, $"EmbeddedMongo{why}");
    }

    private async Task<(string? ConnectionString, string How)> TryContainerAsync()
    {
        var image = Environment.GetEnvironmentVariable("PLATFORM_TEST_MONGODB_IMAGE") ?? DefaultImage;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            container = new MongoDbBuilder(image).Build();
            await container.StartAsync(patience.Token);
            return (container.GetConnectionString(), $"container of {image}");
        }
        catch (Exception exception)
            when (exception is DockerApiException or HttpRequestException or OperationCanceledException or TimeoutException)
        {
            return (null, $" (Docker did not bring {image}: {exception.Message.ReplaceLineEndings(" ").Trim()})");
        }
    }
}
