using MongoDB.Driver;
using Platform.EmbeddedMongo;
using Platform.Generation.Tests;
using Platform.Mongo;

[assembly: AssemblyFixture(typeof(MongoServer))]

namespace Platform.Generation.Tests;

/// <summary>One server for all tests, a database of its own for each.</summary>
public sealed class MongoServer : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("generation-tests-").FullName;
    private EmbeddedMongoServer? server;
    private MongoClient? client;
    private int databases;

    internal IMongoDatabase NewDatabase() => client!.GetDatabase($"generation_{Interlocked.Increment(ref databases)}");

    public async ValueTask InitializeAsync()
    {
        server = await EmbeddedMongoServer.StartAsync(new() { Path = Path.Combine(folder, "mongo.db"), FullSync = false });
        client = new MongoClient(Conventions.Settings(server.ConnectionString));
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        await server!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
