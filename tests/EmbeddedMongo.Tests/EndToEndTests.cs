using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>The ordinary driver with typed documents, as the services use it.</summary>
public sealed class EndToEndTests(AServer server) : IClassFixture<AServer>
{
    private sealed record Message([property: BsonGuidRepresentation(GuidRepresentation.Standard)] Guid Id, DateTime At);

    private sealed record Batch
    {
        [BsonId]
        [BsonGuidRepresentation(GuidRepresentation.Standard)]
        public Guid Id { get; init; }

        public int Version { get; init; }

        [BsonIgnoreIfNull]
        public List<Message>? Pending { get; init; }
    }

    [Fact]
    public async Task Keeps_a_decider_and_its_outbox()
    {
        var batches = server.Database.GetCollection<Batch>("batches");
        await batches.Indexes.CreateOneAsync(new CreateIndexModel<Batch>(
            new BsonDocument("Pending.At", 1),
            new CreateIndexOptions<Batch>
            {
                Name = "pending",
                PartialFilterExpression = new BsonDocument("Pending.At", new BsonDocument("$exists", true)),
            }));
        var id = Guid.CreateVersion7();
        var message = new Message(Guid.CreateVersion7(), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await batches.InsertOneAsync(new Batch { Id = id, Version = 1, Pending = [message] });
        var replaced = await batches.ReplaceOneAsync(
            one => one.Id == id && one.Version == 1, new Batch { Id = id, Version = 2, Pending = [message] });
        var late = await batches.ReplaceOneAsync(
            one => one.Id == id && one.Version == 1, new Batch { Id = id, Version = 2 });
        var due = await batches.Find(new BsonDocument("Pending.At", new BsonDocument
        {
            ["$exists"] = true,
            ["$lt"] = new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        })).ToListAsync();
        await batches.UpdateOneAsync(
            one => one.Id == id, Builders<Batch>.Update.PullFilter(one => one.Pending, one => one.Id == message.Id));

        Assert.Equal(1, replaced.ModifiedCount);
        Assert.Equal(0, late.MatchedCount);
        Assert.Equal(id, Assert.Single(due).Id);
        Assert.Empty((await batches.Find(one => one.Id == id).SingleAsync()).Pending!);
        Assert.Equal(1, await batches.CountDocumentsAsync(FilterDefinition<Batch>.Empty));
        Assert.Equal(1, await batches.EstimatedDocumentCountAsync());
    }

    [Fact]
    public async Task Fetches_a_long_result_in_batches()
    {
        var numbers = server.NewCollection();
        await numbers.InsertManyAsync(Enumerable.Range(0, 1000).Select(static n => new BsonDocument("n", n)));

        var found = await numbers.Find("{}").Sort("{n: -1}").Skip(10).Limit(900)
            .Project("{n: 1, _id: 0}").ToListAsync();
        await numbers.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{n: -1}"));
        var again = await numbers.Find("{}", new FindOptions { BatchSize = 7 }).Sort("{n: -1}").Skip(10).Limit(900)
            .Project("{n: 1, _id: 0}").ToListAsync();

        Assert.Equal(Enumerable.Range(90, 900).Reverse(), found.Select(static one => one["n"].AsInt32));
        Assert.Equal(found, again);
    }

    [Fact]
    public async Task Keeps_what_it_was_told_over_a_restart()
    {
        await using var own = new AServer();
        await own.InitializeAsync();
        await own.Database.GetCollection<BsonDocument>("c").InsertOneAsync(new BsonDocument("_id", 1));
        await own.Database.GetCollection<BsonDocument>("c").Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>("{a: 1}", new CreateIndexOptions { Unique = true }));

        await own.StopAsync();
        await own.InitializeAsync();

        var collection = own.Database.GetCollection<BsonDocument>("c");
        Assert.Equal(1, await collection.CountDocumentsAsync("{}"));
        var error = await Assert.ThrowsAsync<MongoWriteException>(() => collection.InsertOneAsync(new BsonDocument("_id", 2)));
        Assert.Equal(ServerErrorCategory.DuplicateKey, error.WriteError.Category);
    }

    [Fact]
    public async Task Commits_what_many_callers_write_at_once()
    {
        var collection = server.NewCollection();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(n =>
            collection.InsertOneAsync(new BsonDocument("_id", n))));
        var result = await collection.BulkWriteAsync(
            Enumerable.Range(0, 250).Select(n => new UpdateOneModel<BsonDocument>(
                new BsonDocument("_id", n), new BsonDocument("$inc", new BsonDocument("n", 1))) { IsUpsert = n >= 225 }),
            new BulkWriteOptions { IsOrdered = false });

        Assert.Equal(200, result.ModifiedCount);
        Assert.Equal(25, result.Upserts.Count);
        Assert.Equal(225, await collection.CountDocumentsAsync("{n: 1}"));
    }

    [Fact]
    public async Task Gives_back_what_it_changed()
    {
        var collection = server.NewCollection();
        await collection.InsertManyAsync([new BsonDocument("_id", 1), new BsonDocument("_id", 2)]);

        var after = await collection.FindOneAndUpdateAsync<BsonDocument>(
            "{}",
            "{$set: {a: 1}}",
            new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After, Sort = "{_id: -1}" });
        var made = await collection.FindOneAndReplaceAsync<BsonDocument>(
            "{_id: 3}",
            BsonDocument.Parse("{b: 1}"),
            new FindOneAndReplaceOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After });
        var gone = await collection.FindOneAndDeleteAsync<BsonDocument>("{_id: 1}");
        var nothing = await collection.FindOneAndDeleteAsync<BsonDocument>("{_id: 1}");

        Assert.Equal(BsonDocument.Parse("{_id: 2, a: 1}"), after);
        Assert.Equal(BsonDocument.Parse("{_id: 3, b: 1}"), made);
        Assert.Equal(BsonDocument.Parse("{_id: 1}"), gone);
        Assert.Null(nothing);
        Assert.Equal(1, (await collection.DeleteManyAsync("{_id: {$lt: 3}}")).DeletedCount);
    }
}
