using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>How far the chain was read, and which blocks that were.</summary>
internal sealed record IndexedBlock
{
    /// <summary>Number.</summary>
    public required long Id { get; init; }

    public required string Hash { get; init; }
}

/// <summary>The cursor: every block that was read, by hash, so that a reorganisation is noticed at any depth that matters.</summary>
/// <remarks>The newest recorded block is the cursor: it is written last, after all that was read of it.</remarks>
internal sealed class IndexedBlocks(ServiceDatabase<RoyaltyIndexerService> database)
{
    // Two epochs and more: past it a reorganisation is not a reorganisation but another chain.
    private const int Kept = 1_024;

    private readonly IMongoCollection<IndexedBlock> blocks = database.Collection<IndexedBlock>("blocks");

    private readonly IMongoCollection<Counter> counters = database.Collection<Counter>("counters");

    private readonly IMongoCollection<FollowedCollection> collections =
        database.Collection<FollowedCollection>("collections");

    public async Task<IndexedBlock?> NewestAsync(CancellationToken cancellation) =>
        await blocks.Find(Builders<IndexedBlock>.Filter.Empty).SortByDescending(each => each.Id).FirstOrDefaultAsync(cancellation);

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<IndexedBlock>> RecentAsync(CancellationToken cancellation) =>
        await blocks.Find(Builders<IndexedBlock>.Filter.Empty)
            .SortByDescending(each => each.Id).Limit(Kept).ToListAsync(cancellation);

    public async Task AdvanceAsync(IReadOnlyList<IndexedBlock> read, CancellationToken cancellation)
    {
        await blocks.InsertManyAsync(read, cancellationToken: cancellation);
        var forgotten = read[^1].Id - Kept;
        await blocks.DeleteManyAsync(each => each.Id < forgotten, cancellation);
    }

    public async Task RewindAsync(long lastGood, CancellationToken cancellation)
    {
        await UnfollowAsync(lastGood, cancellation);
        await counters.UpdateOneAsync(
            each => each.Id == "reorganisations",
            Builders<Counter>.Update.Inc(each => each.Value, 1),
            new UpdateOptions { IsUpsert = true },
            cancellation);
        await blocks.DeleteManyAsync(each => each.Id > lastGood, cancellation);
    }

    public async Task<long> ReorganisationsAsync(CancellationToken cancellation) =>
        (await counters.Find(each => each.Id == "reorganisations").FirstOrDefaultAsync(cancellation))?.Value ?? 0;

    public async Task<IReadOnlyList<FollowedCollection>> CollectionsAsync(CancellationToken cancellation) =>
        await collections.Find(Builders<FollowedCollection>.Filter.Empty).ToListAsync(cancellation);

    public Task FollowAsync(FollowedCollection collection, CancellationToken cancellation) => collections.ReplaceOneAsync(
        each => each.Id == collection.Id, collection, new ReplaceOptions { IsUpsert = true }, cancellation);

    /// <summary>Forgets the collections that were made after a block.</summary>
    public Task UnfollowAsync(long lastGood, CancellationToken cancellation) =>
        collections.DeleteManyAsync(each => each.SinceBlock > lastGood, cancellation);

    private sealed record Counter
    {
        public required string Id { get; init; }

        public long Value { get; init; }
    }
}

/// <summary>A collection that the factory made.</summary>
internal sealed record FollowedCollection
{
    /// <summary>EIP-55 address.</summary>
    public required string Id { get; init; }

    public required string CampaignId { get; init; }

    public required string Creator { get; init; }

    public required string Name { get; init; }

    public required string Symbol { get; init; }

    public required long SinceBlock { get; init; }
}
