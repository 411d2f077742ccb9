using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>The collection that a campaign's tokens are in; frozen once it exists.</summary>
internal sealed record MintCollection
{
    /// <summary>Campaign.</summary>
    public required string Id { get; init; }

    public required string Contract { get; init; }

    public required string Factory { get; init; }

    public required string Creator { get; init; }

    public required long ChainId { get; init; }
}

/// <summary>Which campaign has which collection.</summary>
internal sealed class Collections(ServiceDatabase<MintingService> database)
{
    private readonly IMongoCollection<MintCollection> collections = database.Collection<MintCollection>("collections");

    public async Task<MintCollection?> FindAsync(string campaign, CancellationToken cancellation) =>
        await collections.Find(each => each.Id == campaign).FirstOrDefaultAsync(cancellation);

    public Task KeepAsync(MintCollection collection, CancellationToken cancellation) =>
        collections.ReplaceOneAsync(
            each => each.Id == collection.Id, collection, new ReplaceOptions { IsUpsert = true }, cancellation);
}
