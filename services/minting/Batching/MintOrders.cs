using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Every asset's mint order; which batch it is in, the batch says.</summary>
internal sealed class MintOrders(ServiceDatabase<MintingService> database) : IIndexed
{
    private readonly IMongoCollection<MintOrder> orders = database.Collection<MintOrder>("orders");

    private static FilterDefinitionBuilder<MintOrder> Where => Builders<MintOrder>.Filter;

    public Task EnsureIndexesAsync(CancellationToken cancellation) => orders.Indexes.CreateOneAsync(
        new CreateIndexModel<MintOrder>(
            Builders<MintOrder>.IndexKeys
                .Ascending(order => order.State).Ascending(order => order.QueuedAt),
            new CreateIndexOptions { Name = "queue" }),
        cancellationToken: cancellation);

    public async Task<IReadOnlyDictionary<Guid, MintOrder>> FindAsync(
        IEnumerable<Guid> assetIds, CancellationToken cancellation) =>
        (await orders.Find(Where.In(order => order.Id, assetIds)).ToListAsync(cancellation))
            .ToDictionary(order => order.Id);

    /// <summary>In order of asset id, from after a given one.</summary>
    public async Task<IReadOnlyList<MintOrder>> ListAsync(Guid? after, int limit, CancellationToken cancellation) =>
        await orders.Find(after is { } last ? Where.Gt(order => order.Id, last) : Where.Empty)
            .SortBy(order => order.Id).Limit(limit).ToListAsync(cancellation);

    /// <summary>Queues what is not ordered yet; an order that exists stays as it is.</summary>
    public async Task AddAsync(IReadOnlyCollection<MintOrder> added, CancellationToken cancellation)
    {
        if (added.Count == 0)
        {
            return;
        }

        try
        {
            await orders.InsertManyAsync(added, new InsertManyOptions { IsOrdered = false }, cancellation);
        }
        catch (MongoBulkWriteException<MintOrder> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // Delivered before: the first order stands.
        }
    }

    /// <summary>The orders that have waited longest.</summary>
    public async Task<IReadOnlyList<MintOrder>> QueuedAsync(int limit, CancellationToken cancellation) =>
        await orders.Find(Where.Eq(order => order.State, OrderState.Queued))
            .SortBy(order => order.QueuedAt).Limit(limit).ToListAsync(cancellation);

    public Task MarkBatchedAsync(string batchId, IEnumerable<Guid> assetIds, CancellationToken cancellation) =>
        orders.UpdateManyAsync(
            Where.In(order => order.Id, assetIds),
            Builders<MintOrder>.Update.Set(order => order.State, OrderState.Batched).Set(order => order.BatchId, batchId),
            cancellationToken: cancellation);

    public Task MarkMintedAsync(IEnumerable<Guid> assetIds, CancellationToken cancellation) =>
        orders.UpdateManyAsync(
            Where.In(order => order.Id, assetIds),
            Builders<MintOrder>.Update.Set(order => order.State, OrderState.Minted),
            cancellationToken: cancellation);

    /// <summary>Queues what a dissolved batch released; an order that is in another batch by now stays there.</summary>
    public Task QueueAgainAsync(string batchId, IEnumerable<Guid> assetIds, CancellationToken cancellation) =>
        orders.UpdateManyAsync(
            Where.In(order => order.Id, assetIds) & Where.Eq(order => order.BatchId, batchId),
            Builders<MintOrder>.Update.Set(order => order.State, OrderState.Queued).Unset(order => order.BatchId),
            cancellationToken: cancellation);

    public Task RemoveQueuedAsync(Guid assetId, CancellationToken cancellation) => orders.DeleteOneAsync(
        Where.Eq(order => order.Id, assetId) & Where.Eq(order => order.State, OrderState.Queued), cancellation);

    /// <summary>Removes what a dissolved batch could not mint, unless it is in another batch by now.</summary>
    public Task RemoveAsync(string batchId, IEnumerable<Guid> assetIds, CancellationToken cancellation) =>
        orders.DeleteManyAsync(
            Where.In(order => order.Id, assetIds)
            & (Where.Eq(order => order.BatchId, batchId) | Where.Eq(order => order.State, OrderState.Queued)),
            cancellation);
}
