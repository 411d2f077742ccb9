using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Admissions that wait for their turn, and how many are at work; each under an index of those alone.</summary>
internal sealed partial class Admissions
{
    private const int Sample = 8;

    // Named, not expressed: these are asked many times a second.
    private static readonly FilterDefinition<Decided<Guid, Admission>> IsAtWork =
        Where.Eq("State.Outcome", Outcome.Open)
        & Where.Gt("State.Stage", (int)Stage.Received)
        & Where.Lt("State.Stage", (int)Stage.Pinned);

    private static CreateIndexModel<Decided<Guid, Admission>> QueueIndex => new(
        Keys.Ascending("State.Queue").Ascending("State.Campaign").Ascending("State.ReceivedAt"),
        new CreateIndexOptions<Decided<Guid, Admission>>
        {
            Name = "queue",
            PartialFilterExpression = Where.Exists("State.Queue"),
        });

    private static CreateIndexModel<Decided<Guid, Admission>> AtWorkIndex => new(
        Keys.Ascending("State.Outcome"),
        new CreateIndexOptions<Decided<Guid, Admission>> { Name = "atWork", PartialFilterExpression = IsAtWork });

    /// <summary>
    /// How many assets somebody works on: released and not yet pinned. What waits for a person, has ended, is stalled, or
    /// waits for the chain with its batch keeps nobody else from work.
    /// </summary>
    public async Task<int> CountAtWorkAsync(CancellationToken cancellation) =>
        (int)await Documents.Collection.CountDocumentsAsync(IsAtWork, cancellationToken: cancellation);

    public async Task<bool> IsAnyQueuedAsync(Lane lane, CancellationToken cancellation) =>
        await FirstQueuedAsync(Where.Eq("State.Queue", lane), cancellation) is not null;

    public Task<long> CountQueuedAsync(CancellationToken cancellation) =>
        Documents.Collection.CountDocumentsAsync(
            Where.In("State.Queue", Enum.GetValues<Lane>()), cancellationToken: cancellation);

    /// <summary>Bytes of a waiting admission's document, on average over a few; null where none waits.</summary>
    public async Task<long?> MeasureQueuedAsync(CancellationToken cancellation)
    {
        var raw = Documents.Collection.Database.GetCollection<RawBsonDocument>(
            Documents.Collection.CollectionNamespace.CollectionName);
        var some = await raw.Find(Builders<RawBsonDocument>.Filter.Eq("state.queue", nameof(Lane.Bulk)))
            .Limit(Sample)
            .ToListAsync(cancellation);
        return some.Count == 0 ? null : (long)some.Average(each => each.Slice.Length);
    }

    /// <summary>Campaigns of which something waits, each once, in the order of their names from the one given, round and round.</summary>
    public async Task<IReadOnlyList<string>> ListQueuedCampaignsAsync(
        Lane lane, string after, int limit, CancellationToken cancellation)
    {
        var found = new List<string>();
        var isRound = false;
        var last = after;
        while (found.Count < limit)
        {
            var filter = Where.Eq("State.Queue", lane) & Where.Gt("State.Campaign", last);
            filter &= isRound ? Where.Lte("State.Campaign", after) : Where.Empty;
            if (await FirstQueuedAsync(filter, cancellation) is { } next)
            {
                found.Add(next);
                last = next;
            }
            else if (isRound || after.Length == 0)
            {
                break;
            }
            else
            {
                (isRound, last) = (true, "");
            }
        }

        return found;
    }

    /// <summary>What of one campaign has waited longest, after leaving some out.</summary>
    public async Task<IReadOnlyList<Decided<Guid, Admission>>> ListQueuedAsync(
        Lane lane, string campaign, int skip, int limit, CancellationToken cancellation) =>
        await Documents.Collection
            .Find(Where.Eq("State.Queue", lane) & Where.Eq("State.Campaign", campaign))
            .Sort(Builders<Decided<Guid, Admission>>.Sort.Ascending("State.ReceivedAt"))
            .Skip(skip)
            .Limit(limit)
            .ToListAsync(cancellation);

    private async Task<string?> FirstQueuedAsync(
        FilterDefinition<Decided<Guid, Admission>> filter, CancellationToken cancellation) =>
        (await Documents.Collection.Find(filter)
            .Sort(Builders<Decided<Guid, Admission>>.Sort.Ascending("State.Campaign"))
            .Limit(1)
            .Project(each => each.State.Campaign)
            .ToListAsync(cancellation))
            .FirstOrDefault();
}
