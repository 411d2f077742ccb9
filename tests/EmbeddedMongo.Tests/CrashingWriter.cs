using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>What the test executable is when it is started to be killed: 32 writers that tell what is acknowledged.</summary>
internal static class CrashingWriter
{
    public const string Argument = "--write-until-killed";
    private const int Writers = 32;

    public static async Task RunAsync(string path, bool fullSync)
    {
        var server = await EmbeddedMongoServer.StartAsync(new EmbeddedMongoOptions { Path = path, FullSync = fullSync });
        using var client = new MongoClient(server.ConnectionString);
        var writes = client.GetDatabase("crash").GetCollection<BsonDocument>("writes");
        await writes.Indexes.CreateManyAsync(
        [
            new CreateIndexModel<BsonDocument>("{n: 1}"),
            new CreateIndexModel<BsonDocument>("{l: 1}", new CreateIndexOptions { Sparse = true }),
        ]);
        var writing = Enumerable.Range(0, Writers).Select(writer => WriteAsync(writes, writer));

        // The input ends with the parent: this process must not outlive it.
        await Task.WhenAny(Task.WhenAll(writing), Console.In.ReadLineAsync());
    }

    private static async Task WriteAsync(IMongoCollection<BsonDocument> writes, int writer)
    {
        for (var turn = 0; ; turn++)
        {
            var id = (turn * Writers) + writer;
            await writes.InsertOneAsync(new BsonDocument { ["_id"] = id, ["n"] = 0 });
            Tell(id, 0);
            await writes.UpdateOneAsync(
                new BsonDocument("_id", id),
                new BsonDocument { ["$inc"] = new BsonDocument("n", 1), ["$push"] = new BsonDocument("l", id) });
            Tell(id, 1);
        }
    }

    /// <summary>One write a line, with a mark at its end: a line cut by the kill is no promise.</summary>
    private static void Tell(int id, int number)
    {
        Console.Out.Write($"{id} {number}.\n");
        Console.Out.Flush();
    }
}
