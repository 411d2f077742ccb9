using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>Brings what is answered up to the checkpoint, after the step that moved it.</summary>
/// <remarks>Whoever is behind folds again what another has folded: it changes nothing, and nobody waits.</remarks>
internal sealed class IndexView(ServiceDatabase<RoyaltyIndexerService> database, Feed feed, Ownership ownership)
{
    private const string TheOne = "view";

    private readonly IMongoCollection<Seen> views = database.Collection<Seen>("view");

    /// <summary>The checkpoint whose consequences can be read; null before the first.</summary>
    public async Task<Checkpoint?> ReadAsync(CancellationToken cancellation) => (await FindAsync(cancellation))?.Checkpoint;

    public async Task FollowAsync(Checkpoint checkpoint, CancellationToken cancellation)
    {
        var seen = await FindAsync(cancellation);
        if (seen is not null && seen.Steps >= checkpoint.Steps)
        {
            return;
        }

        var after = seen?.Checkpoint.Sequence ?? 0;
        while (after < checkpoint.Sequence)
        {
            var entries = await feed.AfterAsync(after, checkpoint.Sequence, 1_000, cancellation);
            await ownership.FoldAsync(entries, cancellation);
            after = entries[^1].Id;
        }

        await SaveAsync(new Seen { Id = TheOne, Steps = checkpoint.Steps, Checkpoint = checkpoint }, cancellation);
    }

    private async Task<Seen?> FindAsync(CancellationToken cancellation) =>
        await views.Find(each => each.Id == TheOne).FirstOrDefaultAsync(cancellation);

    private async Task SaveAsync(Seen seen, CancellationToken cancellation)
    {
        try
        {
            await views.ReplaceOneAsync(
                each => each.Id == TheOne && each.Steps < seen.Steps, seen, new ReplaceOptions { IsUpsert = true }, cancellation);
        }
        catch (MongoWriteException newer) when (newer.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // Another process has seen more.
        }
    }

    private sealed record Seen
    {
        public required string Id { get; init; }

        public required long Steps { get; init; }

        public required Checkpoint Checkpoint { get; init; }
    }
}
