using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>MongoDB's semantics, held against this server and, when one is named, against another.</summary>
public abstract class ConformanceTests(IConformanceServer server)
{
    private static int _collections;

    [Theory]
    [MemberData(nameof(ConformanceCases.Filters), MemberType = typeof(ConformanceCases))]
    public async Task Meets_what_MongoDB_meets(string filter, string documents, string expected)
    {
        var collection = await ACollectionOfAsync(documents);

        var found = await collection.Find(Text.Document(filter)).ToListAsync();

        Check($"filter {filter}", Text.Ids(expected), [.. found.Select(static one => one["_id"].AsInt32).Order()]);
        Assert.Equal(found.Count, await collection.CountDocumentsAsync(Text.Document(filter)));
    }

    [Theory]
    [MemberData(nameof(ConformanceCases.Filters), MemberType = typeof(ConformanceCases))]
    public async Task Meets_the_same_by_an_index(string filter, string documents, string expected)
    {
        var collection = await ACollectionOfAsync(documents);
        await collection.Indexes.CreateManyAsync(
        [
            new CreateIndexModel<BsonDocument>("{a: 1}"),
            new CreateIndexModel<BsonDocument>("{'a.b': -1}", new CreateIndexOptions { Sparse = true }),
            new CreateIndexModel<BsonDocument>("{a: -1, b: 1}"),
        ]);

        var found = await collection.Find(Text.Document(filter)).ToListAsync();

        Check($"filter {filter}", Text.Ids(expected), [.. found.Select(static one => one["_id"].AsInt32).Order()]);
        Assert.Equal(found.Count, await collection.CountDocumentsAsync(Text.Document(filter)));
    }

    [Theory]
    [MemberData(nameof(ConformanceCases.Sorts), MemberType = typeof(ConformanceCases))]
    public async Task Sorts_as_MongoDB_sorts(string sort, string documents, string expected)
    {
        var collection = await ACollectionOfAsync(documents);

        var found = await collection.Find("{}").Sort(Text.Document(sort)).ToListAsync();
        await collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(Text.Document(sort)));
        var indexed = await collection.Find("{}").Sort(Text.Document(sort)).ToListAsync();

        Check($"sort {sort}", Text.Ids(expected), [.. found.Select(static one => one["_id"].AsInt32)]);
        Check($"sort {sort}", Text.Ids(expected), [.. indexed.Select(static one => one["_id"].AsInt32)]);
    }

    [Theory]
    [MemberData(nameof(ConformanceCases.Updates), MemberType = typeof(ConformanceCases))]
    public async Task Updates_as_MongoDB_updates(string document, string update, string? expected)
    {
        var collection = await ACollectionOfAsync($"[{document}]");

        var reply = await UpdateAsync(collection, new BsonDocument("_id", 0), update, upsert: false);

        var after = await collection.Find("{}").SingleAsync();
        Check($"update {update}", Text.Numbered($"[{expected ?? document}]")[0], after);
        Check($"update {update}", new BsonDocument { ["n"] = 1, ["nModified"] = expected is null ? 0 : 1 }, Numbers(reply));
    }

    [Theory]
    [MemberData(nameof(ConformanceCases.Upserts), MemberType = typeof(ConformanceCases))]
    public async Task Upserts_as_MongoDB_upserts(string filter, string update, string expected)
    {
        var collection = await ACollectionOfAsync("[]");

        var reply = await UpdateAsync(collection, Text.Document(filter), update, upsert: true);

        Check($"update {update}", Text.Document(expected), await collection.Find("{}").SingleAsync());
        Assert.Equal(Text.Document(expected)["_id"], reply["upserted"][0]["_id"]);
    }

    [Theory]
    [MemberData(nameof(ConformanceCases.Refusals), MemberType = typeof(ConformanceCases))]
    public async Task Refuses_commands_with_MongoDBs_code(string command, int code)
    {
        var collection = await ACollectionOfAsync("[]");
        await collection.InsertOneAsync(BsonDocument.Parse("{_id: 1, a: 'x', l: [1]}"));
        await collection.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>("{present: 1}", new CreateIndexOptions { Name = "present" }));
        var text = command.Replace("'c'", $"'{collection.CollectionNamespace.CollectionName}'", StringComparison.Ordinal);

        var error = await Assert.ThrowsAnyAsync<MongoCommandException>(
            () => server.Database.RunCommandAsync<BsonDocument>(text));

        Check($"command {command}", code, error.Code);
    }

    [Theory]
    [MemberData(nameof(ConformanceCases.RefusedUpdates), MemberType = typeof(ConformanceCases))]
    public async Task Refuses_updates_with_MongoDBs_code(string update, int code)
    {
        var collection = await ACollectionOfAsync("[]");
        await collection.InsertOneAsync(BsonDocument.Parse("{_id: 1, a: 'x', l: [1]}"));

        var reply = await UpdateAsync(collection, new BsonDocument("_id", 1), update, upsert: false);

        Check($"update {update}", code, reply["writeErrors"][0]["code"].AsInt32);
        Assert.Equal(BsonDocument.Parse("{_id: 1, a: 'x', l: [1]}"), await collection.Find("{}").SingleAsync());
    }

    [Fact]
    public async Task Refuses_the_same_element_of_a_unique_array_twice()
    {
        var collection = await ACollectionOfAsync("[]");
        await collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(
            "{members: 1}", new CreateIndexOptions { Unique = true, Sparse = true, Name = "members" }));
        var (first, second) = (Member(), Member());

        await collection.InsertOneAsync(new BsonDocument { ["_id"] = 1, ["members"] = new BsonArray { first, second, first } });
        await collection.InsertManyAsync([new BsonDocument("_id", 2), new BsonDocument("_id", 3)]);
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => collection.InsertOneAsync(
            new BsonDocument { ["_id"] = 4, ["members"] = new BsonArray { Member(), second } }));
        await collection.UpdateOneAsync("{_id: 1}", new BsonDocument("$pull", new BsonDocument("members", second)));
        await collection.InsertOneAsync(new BsonDocument { ["_id"] = 5, ["members"] = new BsonArray { second } });

        Assert.Equal(ServerErrorCategory.DuplicateKey, error.WriteError.Category);
        Assert.Equal(4, await collection.CountDocumentsAsync("{}"));

        static BsonBinaryData Member() => new(Guid.CreateVersion7(), GuidRepresentation.Standard);
    }

    [Fact]
    public async Task Holds_missing_fields_of_a_unique_index_for_equal()
    {
        var collection = await ACollectionOfAsync("[{}]");
        await collection.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>("{a: 1}", new CreateIndexOptions { Unique = true }));

        var error = await Assert.ThrowsAsync<MongoWriteException>(
            () => collection.InsertOneAsync(new BsonDocument("_id", 9)));

        Assert.Equal(11000, error.WriteError.Code);
    }

    [Fact]
    public async Task Goes_on_behind_a_duplicate_only_when_unordered()
    {
        var collection = await ACollectionOfAsync("[{}]");
        var documents = new[] { new BsonDocument("_id", 1), new BsonDocument("_id", 0), new BsonDocument("_id", 2) };

        var ordered = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(
            () => collection.InsertManyAsync(documents));
        await collection.DeleteOneAsync("{_id: 1}");
        var unordered = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(
            () => collection.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = false }));

        Assert.Equal(1, ordered.Result.InsertedCount);
        Assert.Equal(2, unordered.Result.InsertedCount);
        Assert.Equal(1, Assert.Single(unordered.WriteErrors).Index);
    }

    [Fact]
    public async Task Keeps_documents_out_of_a_partial_unique_index()
    {
        var collection = await ACollectionOfAsync("[{a: 1}, {a: 1}]");
        await collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(
            "{a: 1}",
            new CreateIndexOptions<BsonDocument> { Unique = true, PartialFilterExpression = "{open: true}" }));

        await collection.UpdateOneAsync("{_id: 0}", "{$set: {open: true}}");
        var error = await Assert.ThrowsAsync<MongoWriteException>(
            () => collection.UpdateOneAsync("{_id: 1}", "{$set: {open: true}}"));

        Assert.Equal(11000, error.WriteError.Code);
    }

    [Theory]
    [InlineData("{a: 1}", "{_id: 0, a: [{b: 1, c: 2}, 3]}")]
    [InlineData("{'a.b': 1, _id: 0}", "{a: [{b: 1}]}")]
    [InlineData("{'a.b': 0}", "{_id: 0, a: [{c: 2}, 3], d: {e: 1}}")]
    [InlineData("{_id: 1}", "{_id: 0}")]
    [InlineData("{_id: 0}", "{a: [{b: 1, c: 2}, 3], d: {e: 1}}")]
    [InlineData("{d: {e: 1}}", "{_id: 0, d: {e: 1}}")]
    public async Task Projects_as_MongoDB_projects(string projection, string expected)
    {
        var collection = await ACollectionOfAsync("[{a: [{b: 1, c: 2}, 3], d: {e: 1}}]");

        var found = await collection.Find("{}").Project(Text.Document(projection)).SingleAsync();

        Check($"projection {projection}", Text.Document(expected), found);
    }

    private async Task<IMongoCollection<BsonDocument>> ACollectionOfAsync(string documents)
    {
        var name = $"c{Interlocked.Increment(ref _collections)}";
        await server.Database.CreateCollectionAsync(name);
        var collection = server.Database.GetCollection<BsonDocument>(name);
        var numbered = Text.Numbered(documents);
        if (numbered.Count > 0)
        {
            await collection.InsertManyAsync(numbered);
        }

        return collection;
    }

    private Task<BsonDocument> UpdateAsync(
        IMongoCollection<BsonDocument> collection, BsonDocument filter, string update, bool upsert) =>
        server.Database.RunCommandAsync<BsonDocument>(new BsonDocument
        {
            ["update"] = collection.CollectionNamespace.CollectionName,
            ["updates"] = new BsonArray
            {
                new BsonDocument { ["q"] = filter, ["u"] = BsonDocument.Parse(update), ["upsert"] = upsert },
            },
        });

    private static BsonDocument Numbers(BsonDocument reply) =>
        new() { ["n"] = reply["n"].ToInt32(), ["nModified"] = reply["nModified"].ToInt32() };

    /// <summary>Equal, unless the other engine is known to differ in this case.</summary>
    private void Check<T>(string name, T expected, T actual)
    {
        if (server is External && External.Differences.TryGetValue(name, out var reason))
        {
            Assert.Skip($"Known difference: {reason}");
        }

        Assert.Equal(Exactly(expected), Exactly(actual));
    }

    /// <summary>Documents by their text with types: to the driver an int and a long of one value are equal.</summary>
    private static object? Exactly<T>(T value) => value is BsonDocument document
        ? document.ToJson(new JsonWriterSettings { OutputMode = JsonOutputMode.CanonicalExtendedJson })
        : value;
}
