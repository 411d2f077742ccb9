using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Moderation;

/// <summary>Every asset's case, found by asset, and by how it stands, oldest first.</summary>
/// <remarks>
/// The decider's hot path: what many deliveries ask at once is read in one command, and what was never judged
/// is written in one. Each delivery still succeeds or fails on its own, under its own trace.
/// </remarks>
internal sealed class Cases : IIndexed
{
    private const int AtATime = 200;

    private readonly Together<Guid, IReadOnlyDictionary<Guid, Case>> reading;

    private readonly Together<(Guid Id, Decision<Case> Decision), IReadOnlySet<Decision<Case>>> adding;

    public Cases(ServiceDatabase<ModerationService> database, IAnnouncer announcer, TimeProvider clock)
    {
        Conventions.RegisterStates<Case>();
        Documents = new(database.Collection<Decided<Guid, Case>>("cases"), announcer, clock);
        reading = new(ReadAsync, AtATime);
        adding = new(AddAsync, AtATime);
    }

    public DecidedDocuments<Guid, Case> Documents { get; }

    private static FilterDefinitionBuilder<Decided<Guid, Case>> Where => Builders<Decided<Guid, Case>>.Filter;

    private static IndexKeysDefinitionBuilder<Decided<Guid, Case>> Keys =>
        Builders<Decided<Guid, Case>>.IndexKeys;

    private static SortDefinitionBuilder<Decided<Guid, Case>> Order => Builders<Decided<Guid, Case>>.Sort;

    public async Task EnsureIndexesAsync(CancellationToken cancellation)
    {
        await Documents.EnsureIndexesAsync(cancellation);
        await Documents.Collection.Indexes.CreateOneAsync(
            new CreateIndexModel<Decided<Guid, Case>>(
                Keys.Ascending("state._t").Ascending("state.openedAt").Ascending("_id"),
                new CreateIndexOptions { Name = "queue" }),
            cancellationToken: cancellation);
    }

    public async Task<Case?> FindAsync(Guid assetId, CancellationToken cancellation) =>
        (await reading.JoinAsync(assetId).WaitAsync(cancellation)).GetValueOrDefault(assetId);

    /// <param name="known">What <see cref="FindAsync"/> answered; first verdicts are written together.</param>
    /// <param name="judge">Pure: it may run more than once.</param>
    public async Task<Case> JudgeAsync(
        Guid assetId, Case? known, Func<Case?, Decision<Case>> judge, CancellationToken cancellation)
    {
        if (known is null)
        {
            var first = judge(null);
            if ((await adding.JoinAsync((assetId, first)).WaitAsync(cancellation)).Contains(first))
            {
                return first.State;
            }
        }

        return await Documents.DecideAsync(assetId, judge, cancellation);
    }

    /// <param name="state">The name of a state, or of the hierarchy's branch that holds several.</param>
    public async Task<IReadOnlyList<Case>> ListAsync(
        string state, string? campaign, int limit, CancellationToken cancellation)
    {
        var filter = Where.Eq("state._t", state);
        filter &= campaign is null ? Where.Empty : Where.Eq("state.asset.campaign", campaign);
        var listed = await Documents.Collection.Find(filter)
            .Sort(Order.Ascending("state.openedAt").Ascending("_id"))
            .Limit(limit)
            .ToListAsync(cancellation);
        return [.. listed.Select(each => each.State)];
    }

    /// <summary>In order of asset id, from after a given one.</summary>
    public async Task<IReadOnlyList<Case>> ListAsync(Guid? after, int limit, CancellationToken cancellation)
    {
        var listed = await Documents.Collection
            .Find(after is { } last ? Where.Gt(each => each.Id, last) : Where.Empty)
            .Sort(Order.Ascending("_id"))
            .Limit(limit)
            .ToListAsync(cancellation);
        return [.. listed.Select(each => each.State)];
    }

    private async Task<IReadOnlyDictionary<Guid, Case>> ReadAsync(IReadOnlyList<Guid> assetIds) =>
        (await Documents.Collection.Find(Where.In(each => each.Id, assetIds)).ToListAsync())
            .ToDictionary(each => each.Id, each => each.State);

    private async Task<IReadOnlySet<Decision<Case>>> AddAsync(
        IReadOnlyList<(Guid Id, Decision<Case> Decision)> first)
    {
        // Two deliveries of one asset may meet here: one is added, the other decides on what it finds.
        var distinct = first.DistinctBy(each => each.Id).ToList();
        var added = await Documents.AddAsync(distinct, CancellationToken.None);
        return distinct.Where(each => added.Contains(each.Id))
            .Select(each => each.Decision)
            .ToHashSet<Decision<Case>>(ReferenceEqualityComparer.Instance);
    }
}
