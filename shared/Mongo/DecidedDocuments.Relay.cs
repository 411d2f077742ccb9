using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.Mongo;

/// <summary>What a crash left pending is announced, by one of all replicas; what is announced is pulled.</summary>
public sealed partial class DecidedDocuments<TId, TState>
{
    private const int AtATime = 200;

    // Bounds how much of a broken bus' time one round may cost.
    private const int AtOnce = 16;

    private static readonly TimeSpan LeftBehind = TimeSpan.FromSeconds(5);

    // For so long a document that one replica set about relaying is left alone, by itself too if that failed.
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);

    // A time further ahead than this was written by a clock that has jumped since: it counts as long ago.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    public async Task<int> RelayAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var left = await FindLeftBehindAsync(now, cancellation);
        var relayed = 0;
        List<Exception> failures = [];
        foreach (var documents in left.Chunk(AtOnce))
        {
            var relaying = documents.Select(document => RelayAsync(document, now, cancellation)).ToList();
            await ((Task)Task.WhenAll(relaying)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            foreach (var done in relaying.Where(each => each.IsCompletedSuccessfully))
            {
                relayed += await done;
            }

            failures.AddRange(relaying.Where(each => !each.IsCompletedSuccessfully).Select(each =>
                each.Exception?.InnerException ?? new TimeoutException("announcing it took too long.")));
        }

        await PullAsync(cancellation);
        return failures.Count == 0
            ? relayed
            : throw new RelayFailedException(
                $"{failures.Count} of {left.Count} documents of {collection.CollectionNamespace.CollectionName} hold messages that "
                + $"could not be announced and are tried again after {Claim.TotalSeconds:0} s; the first: {failures[0].Message}",
                failures[0]);
    }

    public async Task PullAsync(CancellationToken cancellation)
    {
        while (pulls.Reader.TryPeek(out _))
        {
            var batch = new List<WriteModel<Decided<TId, TState>>>();
            while (batch.Count < 500 && pulls.Reader.TryRead(out var pull))
            {
                batch.Add(new UpdateOneModel<Decided<TId, TState>>(
                    Builders<Decided<TId, TState>>.Filter.Eq(document => document.Id, pull.Id),
                    Builders<Decided<TId, TState>>.Update.PullFilter(
                        "pending", Builders<BsonDocument>.Filter.In("_id", pull.Messages.Select(ToBson)))));
            }

            await collection.BulkWriteAsync(batch, new BulkWriteOptions { IsOrdered = false }, cancellation);
        }
    }

    private static BsonValue ToBson(Guid id) => new BsonBinaryData(id, GuidRepresentation.Standard);

    private static FilterDefinition<Decided<TId, TState>> Unclaimed(DateTimeOffset now)
    {
        var filter = Builders<Decided<TId, TState>>.Filter;
        return filter.Exists("relayedAt", exists: false)
            | filter.Lt("relayedAt", (now - Claim).UtcDateTime)
            | filter.Gt("relayedAt", (now + Ahead).UtcDateTime);
    }

    private async Task<IReadOnlyList<Decided<TId, TState>>> FindLeftBehindAsync(
        DateTimeOffset now, CancellationToken cancellation)
    {
        var filter = Builders<Decided<TId, TState>>.Filter;
        List<Decided<TId, TState>> left = [];
        foreach (var when in new[]
        {
            filter.Lt("pending.at", (now - LeftBehind).UtcDateTime),
            filter.Gt("pending.at", (now + Ahead).UtcDateTime),
        })
        {
            left.AddRange(await collection
                .Find(filter.Exists("pending.at") & when & Unclaimed(now))
                .Limit(AtATime)
                .ToListAsync(cancellation));
        }

        return [.. left.DistinctBy(document => document.Id)];
    }

    private async Task<int> RelayAsync(Decided<TId, TState> document, DateTimeOffset now, CancellationToken cancellation)
    {
        var filter = Builders<Decided<TId, TState>>.Filter;
        var claimed = await collection.UpdateOneAsync(
            filter.Eq(each => each.Id, document.Id) & Unclaimed(now),
            Builders<Decided<TId, TState>>.Update.Set("relayedAt", now.UtcDateTime),
            cancellationToken: cancellation);
        if (claimed.MatchedCount == 0)
        {
            return 0;
        }

        foreach (var message in document.Pending)
        {
            var type = Type.GetType(message.Type)
                ?? throw new InvalidOperationException($"document {document.Id} holds a message of unknown type {message.Type}.");
            await announcer.AnnounceAsync(
                JsonSerializer.Deserialize(message.Body, type)!, message.Id, message.TraceParent, cancellation);
        }

        pulls.Writer.TryWrite((document.Id, [.. document.Pending.Select(message => message.Id)]));
        return document.Pending.Count;
    }
}
