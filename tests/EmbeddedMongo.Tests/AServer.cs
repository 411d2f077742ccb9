using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>A server on a file of its own, with a client, for one test or one class.</summary>
public sealed class AServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-mongo-").FullName;
    private MongoClient? _client;
    private int _collections;

    public EmbeddedMongoServer Server { get; private set; } = null!;

    public string Path => System.IO.Path.Combine(_folder, "store.db");

    public IMongoDatabase Database { get; private set; } = null!;

    public IMongoCollection<BsonDocument> NewCollection() =>
        Database.GetCollection<BsonDocument>($"c{Interlocked.Increment(ref _collections)}");

    public ValueTask InitializeAsync() => StartAsync(TimeProvider.System, TimeSpan.FromSeconds(60));

    public async ValueTask StartAsync(TimeProvider clock, TimeSpan ttlInterval)
    {
        Server = await EmbeddedMongoServer.StartAsync(new EmbeddedMongoOptions
        {
            Path = Path,
            FullSync = false,
            Clock = clock,
            TtlInterval = ttlInterval,
        });
        _client = new MongoClient(Server.ConnectionString);
        Database = _client.GetDatabase("tests");
    }

    public async ValueTask StopAsync()
    {
        _client?.Dispose();
        await Server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
