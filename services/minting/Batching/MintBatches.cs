using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Every batch; the truth of who is in which.</summary>
/// <remarks>The unique index over members makes a second batch of one asset impossible.</remarks>
internal sealed class MintBatches : IIndexed
{
    private const string Members = "state.seal.members";
    private const string Kind = "state._t";
    private const string CampaignField = "state.seal.campaign";

    public MintBatches(ServiceDatabase<MintingService> database, IAnnouncer announcer, TimeProvider clock)
    {
        Conventions.RegisterStates<MintBatch>();
        Documents = new(database.Collection<Decided<string, MintBatch>>("batches"), announcer, clock);
    }

    public DecidedDocuments<string, MintBatch> Documents { get; }

    private static FilterDefinitionBuilder<Decided<string, MintBatch>> Where => Builders<Decided<string, MintBatch>>.Filter;

    public async Task EnsureIndexesAsync(CancellationToken cancellation)
    {
        await Documents.EnsureIndexesAsync(cancellation);
        var keys = Builders<Decided<string, MintBatch>>.IndexKeys;
        await Documents.Collection.Indexes.CreateManyAsync(
            [
                new(keys.Ascending(Members), new CreateIndexOptions { Name = "members", Unique = true, Sparse = true }),
                new(keys.Ascending(Kind), new CreateIndexOptions { Name = "state" }),
                new(keys.Ascending(CampaignField), new CreateIndexOptions { Name = "campaign" }),
            ],
            cancellation);
    }

    /// <summary>Batches in a state, oldest first.</summary>
    public async Task<IReadOnlyList<(string Id, TState Batch)>> InStateAsync<TState>(CancellationToken cancellation)
        where TState : MintBatch =>
        [.. (await Documents.Collection
                .Find(Where.Eq(Kind, BsonClassMap.LookupClassMap(typeof(TState)).Discriminator))
                .Limit(500)
                .ToListAsync(cancellation))
            .Select(each => (each.Id, (TState)each.State))
            .OrderBy(each => each.Item2.Seal.SealedAt)];

    /// <summary>Changes a batch on behalf of the signer, unless a later holder of its lease has changed it already.</summary>
    /// <param name="change">Pure; what it leaves as it is stays so.</param>
    public Task<MintBatch> ChangeAsync(
        string id, Func<MintBatch, MintBatch> change, Lease lease, CancellationToken cancellation) =>
        Documents.DecideAsync(
            id,
            current => current switch
            {
                null => throw new UnknownBatchException(id),
                { Fence: { } fence } when fence > lease.Fence => throw new LeaseLostException(lease.Name, lease.Fence),
                _ => change(current) is var next && ReferenceEquals(next, current)
                    ? new Decision<MintBatch>(current)
                    : new Decision<MintBatch>(next with { Fence = lease.Fence }),
            },
            cancellation);

    /// <summary>How many batches of a campaign have a number in its collection, on chain or on their way there.</summary>
    public Task<long> CountNumberedAsync(string campaign, CancellationToken cancellation) =>
        Documents.Collection.CountDocumentsAsync(
            Where.Eq(CampaignField, campaign) & Where.Exists("state.number"), cancellationToken: cancellation);

    /// <summary>Which of these assets are in a batch already, and in which.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> MembershipsAsync(
        IReadOnlyCollection<Guid> assetIds, CancellationToken cancellation)
    {
        var wanted = assetIds.ToHashSet();
        var batches = await Documents.Collection
            .Find(new FilterDefinitionBuilder<Decided<string, MintBatch>>().In(Members, assetIds))
            .ToListAsync(cancellation);
        return batches
            .SelectMany(batch => (batch.State.Seal.Members ?? []).Select(member => (member, batch.Id)))
            .Where(each => wanted.Contains(each.member))
            .ToDictionary(each => each.member, each => each.Id);
    }

    public async Task<IReadOnlyList<(string Id, MintBatch Batch)>> OfCampaignAsync(
        string campaign, CancellationToken cancellation) =>
        [.. (await Documents.Collection.Find(Where.Eq(CampaignField, campaign)).ToListAsync(cancellation))
            .Select(each => (each.Id, each.State))
            .OrderBy(each => each.State.Seal.SealedAt)];
}
