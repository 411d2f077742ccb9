using MongoDB.Driver;
using Platform.EmbeddedMongo;
using Platform.Minting.Tests;
using Platform.Mongo;

[assembly: AssemblyFixture(typeof(Mongo))]

namespace Platform.Minting.Tests;

/// <summary>One server for all tests, a database of its own for each.</summary>
public sealed class Mongo : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("minting-tests-").FullName;
    private EmbeddedMongoServer? server;
    private MongoClient? client;
    private int databases;

    internal IMongoDatabase NewDatabase() => client!.GetDatabase($"minting_{Interlocked.Increment(ref databases)}");

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
