using Microsoft.Data.Sqlite;

namespace Platform.EmbeddedMongo;

/// <summary>Deletes documents past their time and closes cursors nobody asks any more.</summary>
internal sealed class Maintenance(Engine engine)
{
    /// <summary>Documents a turn of the writer, so that commands get in between.</summary>
    private const int Batch = 500;

    /// <summary>Rounds that did not come to their end.</summary>
    public int Failures { get; private set; }

    public async Task RunAsync(TimeSpan interval, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, engine.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                engine.Cursors.CloseIdle();
                await TryExpireAsync(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The server goes.
        }
    }

    /// <summary>What is due now is due at the next round, too: a full disk must not end the rounds.</summary>
    private async Task TryExpireAsync(CancellationToken cancellation)
    {
        try
        {
            await ExpireAsync(cancellation);
        }
        catch (Exception error) when (error is SqliteException or MongoError)
        {
            Failures++;
        }
    }

    public async Task ExpireAsync(CancellationToken cancellation)
    {
        foreach (var collection in engine.Store.Catalog.Collections.Values)
        {
            foreach (var index in collection.Indexes)
            {
                var deleted = Batch;
                while (index.ExpireAfterSeconds is { } seconds && deleted == Batch)
                {
                    cancellation.ThrowIfCancellationRequested();
                    deleted = await ExpireAsync(collection.Name, index, seconds);
                }
            }
        }
    }

    /// <summary>The earliest date of an array counts, and what is no date stays: as a range on dates has it.</summary>
    private async Task<int> ExpireAsync(Namespace name, Index index, long seconds)
    {
        var before = engine.Clock.GetUtcNow().ToUnixTimeMilliseconds() - (seconds * 1000);
        var date = new RawValue(BsonType.DateTime, BitConverter.GetBytes(before));
        Filter due = new PathFilter(index.Pattern.Fields[0].Path, new Compared(Relation.LessOrEqual, date));
        var filter = index.Partial is null ? due : new AllOf([due, index.Partial]);
        var deleted = 0;
        await engine.Store.WriteAsync(session =>
        {
            if (session.Catalog.Find(name) is not { } collection)
            {
                return;
            }

            var deadline = new Deadline(engine.Clock, null);
            foreach (var (rid, document) in session.Find(collection, filter, null, Batch, deadline))
            {
                session.Delete(collection, rid, document);
                deleted++;
            }
        });
        return deleted;
    }
}
