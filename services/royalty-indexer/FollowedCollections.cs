using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

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

    /// <summary>The step that wrote it.</summary>
    public required long Attempt { get; init; }
}

/// <summary>The collections whose tokens are followed.</summary>
/// <remarks>Those at or past the checkpoint's next block are leftovers, which the step that reads that block sweeps first.</remarks>
internal sealed class FollowedCollections(ServiceDatabase<RoyaltyIndexerService> database)
{
    private static readonly FilterDefinitionBuilder<FollowedCollection> Where = Builders<FollowedCollection>.Filter;

    private readonly IMongoCollection<FollowedCollection> collections =
        database.Collection<FollowedCollection>("followed");

    public async Task<IReadOnlyList<FollowedCollection>> ListAsync(Checkpoint at, CancellationToken cancellation) =>
        await collections.Find(each => each.SinceBlock < at.Next).ToListAsync(cancellation);

    public Task SweepAsync(Checkpoint step, CancellationToken cancellation) =>
        collections.DeleteManyAsync(each => each.SinceBlock >= step.Next && each.Attempt < step.Attempt, cancellation);

    /// <exception cref="OvertakenException">A later step has written it already.</exception>
    public async Task FollowAsync(FollowedCollection collection, CancellationToken cancellation)
    {
        try
        {
            await collections.ReplaceOneAsync(
                Where.Eq(each => each.Id, collection.Id) & Where.Lte(each => each.Attempt, collection.Attempt),
                collection,
                new ReplaceOptions { IsUpsert = true },
                cancellation);
        }
        catch (MongoWriteException taken) when (taken.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            throw new OvertakenException(collection.Attempt);
        }
    }
}
