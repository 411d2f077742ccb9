using System.Collections.Concurrent;
using MongoDB.Driver;
using Platform.Content;
using Platform.Mongo;

namespace Platform.Storage;

/// <summary>Where a block lies: in which CAR, from which byte, how long.</summary>
internal readonly record struct BlockPlace(string Car, long Offset, int Length);

/// <summary>Remembers where each block lies.</summary>
/// <remarks>
/// The same block lies in several CARs with the same bytes; the place written last is kept, for its CAR has just been
/// flushed: so pinning again heals a damaged CAR.
/// </remarks>
internal sealed class BlockIndex(ServiceDatabase<StorageService> database)
{
    private readonly IMongoCollection<Document> blocks = database.Collection<Document>("blocks");

    private readonly Recent<Cid, BlockPlace> recent = new(capacity: 20_000);

    public async Task AddAsync(IReadOnlyList<(Cid Cid, BlockPlace Place)> places, CancellationToken cancellation)
    {
        var documents = places
            .Select(each => Document.Of(each.Cid.ToV1(), each.Place))
            .DistinctBy(document => Convert.ToHexString(document.Id))
            .ToList();
        if (documents.Count == 0)
        {
            return;
        }

        try
        {
            await blocks.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = false }, cancellation);
        }
        catch (MongoBulkWriteException<Document> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            await ReplaceAsync(exception.WriteErrors.Select(error => documents[error.Index]), cancellation);
        }

        foreach (var (cid, place) in places)
        {
            recent.Set(cid.ToV1(), place);
        }
    }

    public async ValueTask<BlockPlace?> FindAsync(Cid cid, CancellationToken cancellation)
    {
        var key = cid.ToV1();
        if (recent.TryGet(key, out var place))
        {
            return place;
        }

        var id = key.ToArray();
        var document = await blocks.Find(each => each.Id == id).FirstOrDefaultAsync(cancellation);
        if (document is null)
        {
            return null;
        }

        place = new BlockPlace(document.Car, document.Offset, document.Length);
        recent.Set(key, place);
        return place;
    }

    private async Task ReplaceAsync(IEnumerable<Document> known, CancellationToken cancellation) =>
        await blocks.BulkWriteAsync(
            known.Select(document => new ReplaceOneModel<Document>(
                Builders<Document>.Filter.Eq(each => each.Id, document.Id), document)),
            new BulkWriteOptions { IsOrdered = false },
            cancellation);

    private sealed record Document
    {
        /// <summary>The CIDv1's bytes.</summary>
        public required byte[] Id { get; init; }

        public required string Car { get; init; }

        public required long Offset { get; init; }

        public required int Length { get; init; }

        public static Document Of(Cid cid, BlockPlace place) =>
            new() { Id = cid.ToArray(), Car = place.Car, Offset = place.Offset, Length = place.Length };
    }

    /// <summary>The entries last set: each full generation displaces the one before.</summary>
    private sealed class Recent<TKey, TValue>(int capacity)
        where TKey : notnull
    {
        private ConcurrentDictionary<TKey, TValue> young = new();
        private ConcurrentDictionary<TKey, TValue> old = new();
        private int sets;

        public bool TryGet(TKey key, out TValue value) =>
            young.TryGetValue(key, out value!) || old.TryGetValue(key, out value!);

        public void Set(TKey key, TValue value)
        {
            young[key] = value;
            if (Interlocked.Increment(ref sets) % capacity == 0)
            {
                (old, young) = (young, new());
            }
        }
    }
}
