using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>A server to hold the conformance cases against.</summary>
public interface IConformanceServer
{
    /// <summary>A database nobody else uses, or the reason why there is none.</summary>
    IMongoDatabase Database { get; }
}

/// <summary>The server of this project.</summary>
public sealed class Embedded : IConformanceServer, IAsyncLifetime
{
    private readonly AServer _server = new();

    public IMongoDatabase Database => _server.Database;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

/// <summary>The engine that PLATFORM_TEST_MONGODB names, when it names one.</summary>
public sealed class External : IConformanceServer, IAsyncLifetime
{
    public const string Variable = "PLATFORM_TEST_MONGODB";

    private MongoClient? _client;
    private IMongoDatabase? _database;

    public IMongoDatabase Database
    {
        get
        {
            Assert.SkipWhen(_database is null, $"{Variable} names no server to compare with.");
            return _database!;
        }
    }

    public ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address)
        {
            _client = new MongoClient(address);
            _database = _client.GetDatabase($"conformance-{Guid.CreateVersion7():n}");
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _client!.DropDatabaseAsync(_database.DatabaseNamespace.DatabaseName);
            _client.Dispose();
        }
    }

    /// <summary>Cases that engine answers otherwise than MongoDB does, with the reason.</summary>
    public static readonly Dictionary<string, string> Differences = [];
}

public sealed class EmbeddedConformanceTests(Embedded server) : ConformanceTests(server), IClassFixture<Embedded>;

public sealed class ExternalConformanceTests(External server) : ConformanceTests(server), IClassFixture<External>;

/// <summary>Shows a case by its text, so that the list of differences can name it.</summary>
internal static class Shown
{
    public static BsonDocument Document(string text) => BsonDocument.Parse(text);

    public static List<BsonDocument> Numbered(string documents)
    {
        var list = BsonDocument.Parse($"{{d: {documents}}}")["d"].AsBsonArray;
        return [.. list.Select(static (one, id) => new BsonDocument("_id", id).AddRange(one.AsBsonDocument))];
    }

    public static List<int> Ids(string ids) =>
        [.. BsonDocument.Parse($"{{d: {ids}}}")["d"].AsBsonArray.Select(static id => id.AsInt32)];
}
