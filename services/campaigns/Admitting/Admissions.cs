using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Every asset's admission, found by id, by how far it is, and by when to look again.</summary>
internal sealed partial class Admissions(ServiceDatabase<CampaignsService> database, IAnnouncer announcer, TimeProvider clock)
    : IIndexed
{
    private static readonly Outcome[] NotEnded = [Outcome.Open, Outcome.Waiting];

    public DecidedDocuments<Guid, Admission> Documents { get; } =
        new(database.Collection<Decided<Guid, Admission>>("admissions"), announcer, clock);

    private static FilterDefinitionBuilder<Decided<Guid, Admission>> Where => Builders<Decided<Guid, Admission>>.Filter;

    private static UpdateDefinitionBuilder<Decided<Guid, Admission>> Change => Builders<Decided<Guid, Admission>>.Update;

    private static IndexKeysDefinitionBuilder<Decided<Guid, Admission>> Keys =>
        Builders<Decided<Guid, Admission>>.IndexKeys;

    public async Task EnsureIndexesAsync(CancellationToken cancellation)
    {
        await Documents.EnsureIndexesAsync(cancellation);
        await Documents.Collection.Indexes.CreateManyAsync(
            [
                new(Keys.Ascending(each => each.State.Campaign).Ascending(each => each.State.Stage)
                        .Ascending(each => each.State.StageAt),
                    new CreateIndexOptions { Name = "stage" }),
                new(Keys.Ascending(each => each.State.Campaign).Ascending(each => each.State.Outcome)
                        .Ascending(each => each.Id),
                    new CreateIndexOptions { Name = "outcome" }),
                new(Keys.Ascending(each => each.State.Outcome).Ascending(each => each.State.NextCheckAt),
                    new CreateIndexOptions { Name = "clock" }),
            ],
            cancellation);
        await Documents.Collection.Indexes.CreateManyAsync([QueueIndex, AtWorkIndex, UntoldIndex], cancellation);
    }

    public async Task<Decided<Guid, Admission>?> FindAsync(Guid assetId, CancellationToken cancellation) =>
        await Documents.Collection.Find(Where.Eq(each => each.Id, assetId)).FirstOrDefaultAsync(cancellation);

    public async Task<IReadOnlyDictionary<Guid, Admission>> FindManyAsync(
        IEnumerable<Guid> assetIds, CancellationToken cancellation) =>
        (await Documents.Collection.Find(Where.In(each => each.Id, assetIds)).ToListAsync(cancellation))
            .ToDictionary(each => each.Id, each => each.State);

    public async Task<IReadOnlyList<Decided<Guid, Admission>>> ListAsync(
        string campaign, Guid? after, int limit, Outcome? outcome, CancellationToken cancellation)
    {
        var filter = Where.Eq(each => each.State.Campaign, campaign);
        filter &= outcome is { } one
            ? Where.Eq(each => each.State.Outcome, one)
            : Where.In(each => each.State.Outcome, Enum.GetValues<Outcome>());
        filter &= after is { } last ? Where.Gt(each => each.Id, last) : Where.Empty;
        return await Documents.Collection.Find(filter)
            .SortBy(each => each.Id).Limit(limit).ToListAsync(cancellation);
    }

    public Task<long> CountAsync(string campaign, CancellationToken cancellation) =>
        Documents.Collection.CountDocumentsAsync(
            Where.Eq(each => each.State.Campaign, campaign), cancellationToken: cancellation);

    public Task<long> CountAsync(string campaign, Stage stage, CancellationToken cancellation) =>
        Documents.Collection.CountDocumentsAsync(
            Where.Eq(each => each.State.Campaign, campaign) & Where.Eq(each => each.State.Stage, (int)stage),
            cancellationToken: cancellation);

    public Task<long> CountAsync(string campaign, Outcome outcome, CancellationToken cancellation) =>
        Documents.Collection.CountDocumentsAsync(
            Where.Eq(each => each.State.Campaign, campaign) & Where.Eq(each => each.State.Outcome, outcome),
            cancellationToken: cancellation);

    /// <summary>When the asset that has been longest at a stage arrived there.</summary>
    public async Task<DateTimeOffset?> OldestAsync(string campaign, Stage stage, CancellationToken cancellation) =>
        (await Documents.Collection
            .Find(Where.Eq(each => each.State.Campaign, campaign) & Where.Eq(each => each.State.Stage, (int)stage))
            .SortBy(each => each.State.StageAt)
            .FirstOrDefaultAsync(cancellation))?.State.StageAt;

    /// <summary>Notes news of many assets in one command; news may come late, twice or in any order.</summary>
    public Task NoteAsync(IEnumerable<WriteModel<Decided<Guid, Admission>>> news, CancellationToken cancellation) =>
        Documents.Collection.BulkWriteAsync(news, new BulkWriteOptions { IsOrdered = false }, cancellation);

    /// <summary>An asset got further. Stages only go up, so the order in which the news arrives does not matter.</summary>
    public static WriteModel<Decided<Guid, Admission>> Reached(
        Guid assetId,
        Stage stage,
        DateTimeOffset at,
        DateTimeOffset nextCheckAt,
        Func<UpdateDefinitionBuilder<Decided<Guid, Admission>>, IEnumerable<UpdateDefinition<Decided<Guid, Admission>>>> facts) =>
        new UpdateOneModel<Decided<Guid, Admission>>(
            Where.Eq("Id", assetId),
            Change.Combine(
            [
                // Named, not expressed: these run five times an asset, and translating an expression costs more than the write.
                Change.Max("State.Stage", (int)stage),
                Change.Max("State.StageAt", at),
                Change.Max("State.NextCheckAt", nextCheckAt),
                Change.Set("State.Checks", 0),
                .. facts(Change),
            ]));

    /// <summary>An asset that is not at its end yet stands differently now.</summary>
    public static WriteModel<Decided<Guid, Admission>> Became(
        Guid assetId,
        Outcome outcome,
        Func<UpdateDefinitionBuilder<Decided<Guid, Admission>>, IEnumerable<UpdateDefinition<Decided<Guid, Admission>>>> facts) =>
        new UpdateOneModel<Decided<Guid, Admission>>(
            Where.Eq("Id", assetId) & Where.In("State.Outcome", NotEnded),
            Change.Combine([Change.Set("State.Outcome", outcome), .. facts(Change)]));

    /// <summary>A person approved what was waiting: it goes on.</summary>
    public Task NoLongerWaitingAsync(IEnumerable<Guid> assetIds, CancellationToken cancellation) =>
        Documents.Collection.UpdateManyAsync(
            Where.In("Id", assetIds) & Where.Eq("State.Outcome", Outcome.Waiting),
            Change.Set("State.Outcome", Outcome.Open).Unset("State.Reasons"),
            cancellationToken: cancellation);

    public async Task<IReadOnlyList<Decided<Guid, Admission>>> DueAsync(
        DateTimeOffset now, int limit, CancellationToken cancellation) =>
        await Documents.Collection
            .Find(Where.In(each => each.State.Outcome, NotEnded) & Where.Lte(each => each.State.NextCheckAt, now))
            .Limit(limit)
            .ToListAsync(cancellation);

    /// <summary>Takes one due admission for this watcher alone.</summary>
    public async Task<bool> TryClaimAsync(
        Decided<Guid, Admission> due, DateTimeOffset nextCheckAt, Outcome outcome, bool isTold, CancellationToken cancellation)
    {
        var claimed = await Documents.Collection.UpdateOneAsync(
            Where.Eq(each => each.Id, due.Id)
                & Where.Eq(each => each.State.NextCheckAt, due.State.NextCheckAt)
                & Where.Eq(each => each.State.Outcome, due.State.Outcome),
            Change.Combine(
            [
                Change.Set(each => each.State.NextCheckAt, nextCheckAt),
                Change.Set(each => each.State.Outcome, outcome),
                Change.Inc(each => each.State.Checks, 1),
                .. Tell(isTold && outcome != due.State.Outcome, outcome),
            ]),
            cancellationToken: cancellation);
        return claimed.ModifiedCount == 1;
    }

    /// <summary>Makes every admission at work that has not ended due now: the in-process bus lost its queues with the process.</summary>
    public Task WakeAllAsync(DateTimeOffset now, CancellationToken cancellation) =>
        Documents.Collection.UpdateManyAsync(
            // What waits for its turn was never on the bus, so nothing of it was lost.
            Where.In(each => each.State.Outcome, NotEnded) & Where.Gt(each => each.State.Stage, (int)Stage.Received),
            Change.Set(each => each.State.NextCheckAt, now).Set(each => each.State.Checks, 0),
            cancellationToken: cancellation);
}
