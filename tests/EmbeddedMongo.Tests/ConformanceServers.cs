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

    /// <summary>Cases that tools/documentdb's engine answers otherwise than MongoDB does.</summary>
    public static readonly Dictionary<string, string> Differences = new()
    {
        ["update {a: 1}"] = "it counts a replacement by the same document as modified",
        ["update {$set: {c: 1, b: 1}, $inc: {a: 1}}"] = "it adds new fields in the order of the update",
        ["update {$push: {a: {$each: []}}}"] = "it does not make the empty array",
        ["update {$addToSet: {a: {$each: []}}}"] = "it does not make the empty array",
        ["update {$pop: {a: 1}}"] = "it answers 2 where MongoDB answers 14",
        ["update {$set: {'': 1}}"] = "it answers 8 where MongoDB answers 56",
        ["command {find: 'c', nonsense: 1}"] = "it answers 2 where MongoDB answers 40415",
        ["command {find: 'c', projection: {a: 0, b: 1}}"] = "it answers 31254 where MongoDB answers 31253",
        ["command {createIndexes: 'c', indexes: [{key: {a: 'x'}, name: 'n', nonsense: 1}]}"] =
            "it answers 8 where MongoDB answers 197",
    };
}

public sealed class EmbeddedConformanceTests(Embedded server) : ConformanceTests(server), IClassFixture<Embedded>;

public sealed class ExternalConformanceTests(External server) : ConformanceTests(server), IClassFixture<External>;

/// <summary>Reads the texts of the cases.</summary>
internal static class Text
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
