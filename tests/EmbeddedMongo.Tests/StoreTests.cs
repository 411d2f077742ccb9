using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.EmbeddedMongo.Tests;

public sealed class StoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-mongo-").FullName;

    private string StorePath => Path.Combine(_folder, "store.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Refuses_a_file_that_is_in_use()
    {
        await using var first = await StartAsync();

        var error = await Assert.ThrowsAsync<EmbeddedMongoException>(StartAsync);

        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_file_of_another_version_and_leaves_it_alone()
    {
        await (await StartAsync()).DisposeAsync();
        Execute("PRAGMA user_version = 99");

        var error = await Assert.ThrowsAsync<EmbeddedMongoException>(StartAsync);

        Assert.Contains("format 99", error.Message, StringComparison.Ordinal);
        Execute("PRAGMA user_version = 1");
        await (await StartAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Refuses_a_database_of_another_program()
    {
        Execute("CREATE TABLE other(x)");

        var error = await Assert.ThrowsAsync<EmbeddedMongoException>(StartAsync);

        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_file_that_is_no_database()
    {
        await File.WriteAllTextAsync(StorePath, new string('x', 5000));

        var error = await Assert.ThrowsAsync<EmbeddedMongoException>(StartAsync);

        Assert.Contains("not a store", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_folder_it_cannot_write()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "");

        var error = await Assert.ThrowsAsync<EmbeddedMongoException>(() => EmbeddedMongoServer.StartAsync(
            new EmbeddedMongoOptions { Path = Path.Combine(_folder, "file", "store.db") }));

        Assert.Contains("not writable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_port_that_is_taken()
    {
        await using var first = await StartAsync();

        var error = await Assert.ThrowsAsync<EmbeddedMongoException>(() => EmbeddedMongoServer.StartAsync(
            new EmbeddedMongoOptions { Path = Path.Combine(_folder, "other.db"), Port = first.Port }));

        Assert.Contains($"Port {first.Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_no_log_behind_when_it_closes()
    {
        await (await StartAsync()).DisposeAsync();

        Assert.False(File.Exists(StorePath + "-wal"));
    }

    [Fact]
    public async Task Deletes_documents_past_their_time()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var options = new EmbeddedMongoOptions { Path = StorePath, Clock = clock, FullSync = false };
        using var store = Store.Open(options);
        var engine = new Engine(store, clock);
        var name = new Namespace("tests", "expiring");
        await store.WriteAsync(session =>
        {
            var collection = session.AddIndex(session.Create(name), Index.Parse(1, Generators.Raw(
                BsonDocument.Parse("{key: {at: 1}, name: 'at', expireAfterSeconds: 60}"))));
            foreach (var document in new[]
            {
                "{_id: 1, at: ISODate('2026-01-01T00:00:00Z')}",
                "{_id: 2, at: [ISODate('2026-01-01T00:00:00Z'), ISODate('2027-01-01T00:00:00Z')]}",
                "{_id: 3, at: ISODate('2026-01-01T00:00:30Z')}",
                "{_id: 4, at: 5}",
                "{_id: 5}",
            })
            {
                session.Insert(collection, BsonDocument.Parse(document).ToBson());
            }
        });

        await new Maintenance(engine).ExpireAsync(TestContext.Current.CancellationToken);
        var before = Ids(store, name);
        clock.Advance(TimeSpan.FromSeconds(61));
        await new Maintenance(engine).ExpireAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3, 4, 5], before);
        Assert.Equal([3, 4, 5], Ids(store, name));
    }

    [Fact]
    public async Task Undoes_a_batch_that_breaks_and_goes_on()
    {
        using var store = Store.Open(new EmbeddedMongoOptions { Path = StorePath, FullSync = false });
        var name = new Namespace("tests", "broken");
        await store.WriteAsync(session => session.Create(name));

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync(session =>
        {
            session.Insert(session.GetOrCreate(name), new BsonDocument("_id", 1).ToBson());
            session.GetOrCreate(new Namespace("tests", "never"));
            throw new InvalidOperationException("a fault");
        }));
        await store.WriteAsync(session => session.Insert(session.GetOrCreate(name), new BsonDocument("_id", 2).ToBson()));

        Assert.Equal([2], Ids(store, name));
        Assert.Null(store.Catalog.Find(new Namespace("tests", "never")));
    }

    [Fact]
    public async Task Ends_a_cursor_whose_collection_was_dropped()
    {
        await using var server = await StartAsync();
        using var client = new MongoClient(server.ConnectionString);
        var collection = client.GetDatabase("tests").GetCollection<BsonDocument>("c");
        await collection.InsertManyAsync(Enumerable.Range(0, 10).Select(static n => new BsonDocument("_id", n)));
        using var cursor = await collection.Find("{}", new FindOptions { BatchSize = 3 }).ToCursorAsync();
        await cursor.MoveNextAsync();

        await client.GetDatabase("tests").DropCollectionAsync("c");
        await collection.InsertOneAsync(new BsonDocument("_id", 100));

        var error = await Assert.ThrowsAnyAsync<MongoCommandException>(() => cursor.MoveNextAsync());
        Assert.Equal(175, error.Code);
    }

    private static List<int> Ids(Store store, Namespace name) => store.Read((sqlite, catalog) =>
        new Query(sqlite, catalog.Find(name)!, Filter.Everything, null, new Deadline(TimeProvider.System, null))
            .ToList(null)
            .ConvertAll(static one =>
                MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(one.Document)["_id"].AsInt32));

    private Task<EmbeddedMongoServer> StartAsync() =>
        EmbeddedMongoServer.StartAsync(new EmbeddedMongoOptions { Path = StorePath, FullSync = false });

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
