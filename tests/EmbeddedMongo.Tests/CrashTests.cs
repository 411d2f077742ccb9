using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>A process of its own, killed in the middle of its writes: what it was told is kept must be there.</summary>
public sealed class CrashTests
{
    private const int Acknowledged = 1500;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Loses_no_acknowledged_write_to_a_kill(bool fullSync)
    {
        var folder = Directory.CreateTempSubdirectory("embedded-mongo-").FullName;
        var path = Path.Combine(folder, "store.db");

        var told = await KillInTheMiddleAsync(path, fullSync);

        using (var store = Store.Open(new EmbeddedMongoOptions { Path = path }))
        {
            store.Read((sqlite, catalog) =>
            {
                Assert.Equal("ok", sqlite.Scalar<string>("PRAGMA integrity_check"));
                Assert.Empty(Consistency.Check(sqlite, catalog.Find(new Namespace("crash", "writes"))!));
                return 0;
            });
        }

        await using (var server = await EmbeddedMongoServer.StartAsync(new EmbeddedMongoOptions { Path = path }))
        {
            using var client = new MongoClient(server.ConnectionString);
            var writes = client.GetDatabase("crash").GetCollection<BsonDocument>("writes");
            var kept = (await writes.Find("{}").ToListAsync()).ToDictionary(static one => one["_id"].AsInt32);
            Assert.All(told, one => Assert.True(kept[one.Key]["n"].AsInt32 >= one.Value));
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <returns>The last acknowledged number of each document.</returns>
    private static async Task<Dictionary<int, int>> KillInTheMiddleAsync(string path, bool fullSync)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(CrashTests).Assembly.GetName().Name!))
        {
            ArgumentList = { CrashingWriter.Argument, path, fullSync ? "full" : "normal" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var child = Process.Start(start)!;
        var told = new Dictionary<int, int>();
        var lines = 0;
        try
        {
            while (await child.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.EndsWith('.') && line[..^1].Split(' ') is [var id, var number])
                {
                    told[int.Parse(id)] = Math.Max(told.GetValueOrDefault(int.Parse(id)), int.Parse(number));
                }

                // Reading goes on behind the kill: what is still in the pipe was acknowledged, too.
                if (++lines == Acknowledged)
                {
                    child.Kill();
                }
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }

        Assert.True(lines >= Acknowledged, $"only {lines} writes were acknowledged");
        return told;
    }
}
