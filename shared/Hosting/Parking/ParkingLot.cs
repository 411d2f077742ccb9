using System.Security.Cryptography;
using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Hosting;

/// <summary>The parked messages of one service, in its own database.</summary>
/// <remarks>Parking may run twice for one message, before and after a crash: the second finds the first's document.</remarks>
internal sealed class ParkingLot(
    string service, IMongoCollection<ParkedLetter> collection, LetterSeal seal, TimeProvider clock, int days) : IIndexed
{
    /// <summary>A document holds 16 MiB; what is larger is parked without its body.</summary>
    private const int LargestSealed = 15 * 1024 * 1024;

    public string Service => service;

    public async Task EnsureIndexesAsync(CancellationToken cancellation)
    {
        var keys = Builders<ParkedLetter>.IndexKeys;
        await collection.Indexes.CreateManyAsync(
            [
                new(keys.Ascending(letter => letter.ExpiresAt), new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero }),
                new(keys.Ascending(letter => letter.State).Ascending(letter => letter.Id), new CreateIndexOptions { Name = "state" }),
            ],
            cancellation);
    }

    public async Task<Guid> ParkAsync(Letter letter, ParkingReason reason, CancellationToken cancellation)
    {
        var envelope = Envelope.Read(letter.Body);
        var digest = Convert.ToHexStringLower(SHA256.HashData(letter.Body.Span));
        var id = DerivedGuid.From($"{letter.Endpoint}|{letter.MessageId}|{digest}");
        var now = clock.GetUtcNow();
        var update = Builders<ParkedLetter>.Update
            .SetOnInsert(parked => parked.Endpoint, letter.Endpoint)
            .SetOnInsert(parked => parked.MessageId, letter.MessageId.Length > 0 ? letter.MessageId : envelope.MessageId ?? "")
            .SetOnInsert(parked => parked.MessageTypes, envelope.MessageTypes)
            .SetOnInsert(parked => parked.ContentType, letter.ContentType)
            .SetOnInsert(parked => parked.Headers, PlainHeaders.Of(letter.Headers))
            .SetOnInsert(parked => parked.FirstParkedAt, now)
            .SetOnInsert(parked => parked.Size, letter.Body.Length)
            .SetOnInsert(parked => parked.Digest, digest)
            .Set(parked => parked.Sealed, letter.Body.Length <= LargestSealed ? seal.Close(id, letter) : null)
            .Set(parked => parked.TraceParent, envelope.TraceParent ?? letter.Headers.GetValueOrDefault(TraceHeader.Name))
            .Set(parked => parked.SentAt, envelope.SentAt)
            .Set(parked => parked.Reason, reason.Kind)
            .Set(parked => parked.ReasonMessage, reason.Message)
            .Set(parked => parked.ExceptionType, reason.ExceptionType)
            .Set(parked => parked.State, ParkedLetter.Parked)
            .Set(parked => parked.ParkedAt, now)
            .Set(parked => parked.ExpiresAt, now.AddDays(days))
            .Inc(parked => parked.Times, 1);
        try
        {
            await UpsertAsync(id, update, cancellation);
        }
        catch (MongoWriteException exception) when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            await UpsertAsync(id, update, cancellation); // another replica parked the same one just now
        }

        return id;
    }

    public async Task<ParkedLetter?> FindAsync(Guid id, CancellationToken cancellation) =>
        await collection.Find(parked => parked.Id == id).FirstOrDefaultAsync(cancellation);

    /// <summary>In the order of their ids, from the one after <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<ParkedLetter>> ListAsync(
        ParkedQuery query, Guid? after, int limit, CancellationToken cancellation)
    {
        var filter = Builders<ParkedLetter>.Filter;
        var conditions = new List<FilterDefinition<ParkedLetter>> { filter.Eq(parked => parked.State, query.State) };
        if (after is { } last)
        {
            conditions.Add(filter.Gt(parked => parked.Id, last));
        }

        if (query.Endpoint.Length > 0)
        {
            conditions.Add(filter.Eq(parked => parked.Endpoint, query.Endpoint));
        }

        if (query.Reason.Length > 0)
        {
            conditions.Add(filter.Or(
                filter.Eq(parked => parked.Reason, query.Reason), filter.Eq(parked => parked.ExceptionType, query.Reason)));
        }

        return await collection.Find(filter.And(conditions)).SortBy(parked => parked.Id).Limit(limit)
            .Project<ParkedLetter>(Builders<ParkedLetter>.Projection.Exclude(parked => parked.Sealed))
            .ToListAsync(cancellation);
    }

    public Letter Open(ParkedLetter parked) => seal.Open(parked);

    public Task MarkReplayedAsync(ParkedLetter replayed, CancellationToken cancellation) =>
        collection.UpdateOneAsync(
            // It may have failed and been parked again already: then it is what it was.
            parked => parked.Id == replayed.Id && parked.Times == replayed.Times && parked.State == ParkedLetter.Parked,
            Builders<ParkedLetter>.Update
                .Set(parked => parked.State, ParkedLetter.Replayed)
                .Set(parked => parked.ReplayedAt, clock.GetUtcNow()),
            cancellationToken: cancellation);

    /// <summary>Gives the body up and keeps the reason, until it expires.</summary>
    public Task DiscardAsync(Guid id, CancellationToken cancellation) =>
        collection.UpdateOneAsync(
            parked => parked.Id == id,
            Builders<ParkedLetter>.Update
                .Set(parked => parked.State, ParkedLetter.Discarded)
                .Unset(parked => parked.Sealed),
            cancellationToken: cancellation);

    private Task UpsertAsync(Guid id, UpdateDefinition<ParkedLetter> update, CancellationToken cancellation) =>
        collection.UpdateOneAsync(
            Builders<ParkedLetter>.Filter.Eq(parked => parked.Id, id), update, new UpdateOptions { IsUpsert = true }, cancellation);
}

/// <summary>Which parked messages; an empty text means any.</summary>
/// <param name="Reason">A kind of reason, or the full name of an exception.</param>
internal sealed record ParkedQuery(string State, string Endpoint, string Reason);
