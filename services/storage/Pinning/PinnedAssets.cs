using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Storage;

/// <summary>Remembers which assets are pinned, each at its newest iteration.</summary>
internal sealed class PinnedAssets(ServiceDatabase<StorageService> database)
{
    private readonly IMongoCollection<PinnedAsset> pins = database.Collection<PinnedAsset>("pins");

    public async Task<PinnedAsset?> FindAsync(Guid id, CancellationToken cancellation) =>
        await pins.Find(pin => pin.Id == id).FirstOrDefaultAsync(cancellation);

    public async Task<IReadOnlyDictionary<Guid, PinnedAsset>> FindAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellation) =>
        (await pins.Find(Builders<PinnedAsset>.Filter.In(pin => pin.Id, ids)).ToListAsync(cancellation))
            .ToDictionary(pin => pin.Id);

    /// <summary>In order of asset id, from after a given one.</summary>
    public async Task<IReadOnlyList<PinnedAsset>> ListAsync(Guid? after, int limit, CancellationToken cancellation)
    {
        var where = Builders<PinnedAsset>.Filter;
        return await pins.Find(after is { } last ? where.Gt(pin => pin.Id, last) : where.Empty)
            .SortBy(pin => pin.Id).Limit(limit).ToListAsync(cancellation);
    }

    /// <summary>Records many in one command; an older iteration is replaced, the same or a newer one stays.</summary>
    /// <returns>What is recorded now: where another consumer was first, its record.</returns>
    public async Task<IReadOnlyList<PinnedAsset>> AddAsync(
        IReadOnlyList<PinnedAsset> assets, CancellationToken cancellation)
    {
        if (assets.Count == 0)
        {
            return assets;
        }

        try
        {
            await pins.BulkWriteAsync(
                assets.Select(ReplaceOlder), new BulkWriteOptions { IsOrdered = false }, cancellation);
            return assets;
        }
        catch (MongoBulkWriteException<PinnedAsset> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            var late = exception.WriteErrors.Select(error => assets[error.Index].Id).ToHashSet();
            var first = await FindAsync(late, cancellation);
            return [.. assets.Select(asset => late.Contains(asset.Id) ? first[asset.Id] : asset)];
        }
    }

    /// <remarks>Where nothing older is there it inserts, and finds a duplicate where something is.</remarks>
    private static ReplaceOneModel<PinnedAsset> ReplaceOlder(PinnedAsset asset) => new(
        Builders<PinnedAsset>.Filter.Where(pin => pin.Id == asset.Id && pin.Iteration < asset.Iteration), asset)
    {
        IsUpsert = true,
    };
}
