using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>The token feed: append-only, in order of block and log index, with what was taken back.</summary>
/// <remarks>
/// Written by a step (see <see cref="Checkpoints"/>): only leftovers of earlier steps are written over. Every
/// reader says up to which sequence number it may see, and takes that from the checkpoint.
/// </remarks>
internal sealed class Feed(ServiceDatabase<RoyaltyIndexerService> database) : IIndexed
{
    private const int AtATime = 1_000;

    private static readonly FilterDefinitionBuilder<FeedEntry> Where = Builders<FeedEntry>.Filter;

    private readonly IMongoCollection<FeedEntry> entries = database.Collection<FeedEntry>("feed");

    public async Task EnsureIndexesAsync(CancellationToken cancellation)
    {
        var keys = Builders<FeedEntry>.IndexKeys;
        await entries.Indexes.CreateManyAsync(
            [
                new(keys.Ascending(each => each.Transfer!.Token).Ascending(each => each.Id), new CreateIndexOptions { Name = "token" }),
                new(keys.Ascending(each => each.Reverts), new CreateIndexOptions { Name = "reverts", Sparse = true }),
            ],
            cancellation);
    }

    /// <exception cref="OvertakenException">A later step has written here already.</exception>
    public async Task WriteAsync(IReadOnlyList<FeedEntry> written, CancellationToken cancellation)
    {
        foreach (var chunk in written.Chunk(AtATime))
        {
            try
            {
                await entries.BulkWriteAsync(
                    chunk.Select(entry => new ReplaceOneModel<FeedEntry>(
                        Where.Eq(each => each.Id, entry.Id) & Where.Lte(each => each.Attempt, entry.Attempt), entry)
                    { IsUpsert = true }),
                    new BulkWriteOptions { IsOrdered = false },
                    cancellation);
            }
            catch (MongoBulkWriteException<FeedEntry> exception) when (exception.WriteErrors
                .All(error => error.Category == ServerErrorCategory.DuplicateKey))
            {
                throw new OvertakenException(chunk[0].Attempt);
            }
        }
    }

    /// <summary>What comes after a sequence number, in order.</summary>
    public async Task<IReadOnlyList<FeedEntry>> AfterAsync(
        long after, long upTo, int limit, CancellationToken cancellation) =>
        await entries.Find(each => each.Id > after && each.Id <= upTo)
            .SortBy(each => each.Id).Limit(limit).ToListAsync(cancellation);

    public async Task<FeedEntry?> FindAsync(long sequence, CancellationToken cancellation) =>
        await entries.Find(each => each.Id == sequence).FirstOrDefaultAsync(cancellation);

    /// <summary>Who took some entries back, by the sequence number of what was taken back.</summary>
    public async Task<IReadOnlyDictionary<long, FeedEntry>> ReversalsAsync(
        IEnumerable<long> sequences, long upTo, CancellationToken cancellation)
    {
        var found = await entries.Find(
            Where.In(each => each.Reverts, sequences.Select(each => (long?)each)) & Where.Lte(each => each.Id, upTo))
            .ToListAsync(cancellation);
        return found.ToDictionary(each => each.Reverts!.Value);
    }

    /// <summary>Transfers after a block that nobody has taken back; the newest first.</summary>
    /// <remarks>What stands is in order of blocks, so the first that is old enough ends the search.</remarks>
    public async Task<IReadOnlyList<FeedEntry>> StandingAfterAsync(long block, long upTo, CancellationToken cancellation)
    {
        var reverted = new HashSet<long>();
        var standing = new List<FeedEntry>();
        while (true)
        {
            var before = upTo;
            var page = await entries.Find(each => each.Id <= before)
                .SortByDescending(each => each.Id).Limit(AtATime).ToListAsync(cancellation);
            foreach (var entry in page)
            {
                upTo = entry.Id - 1;
                if (entry.Reverts is { } taken)
                {
                    reverted.Add(taken);
                }
                else if (entry.IsTransfer && !reverted.Contains(entry.Id))
                {
                    if (entry.BlockNumber <= block)
                    {
                        return standing;
                    }

                    standing.Add(entry);
                }
            }

            if (page.Count == 0)
            {
                return standing;
            }
        }
    }

    /// <summary>A token's transfers that stand, oldest first.</summary>
    public async Task<IReadOnlyList<FeedEntry>> HistoryAsync(string token, long upTo, CancellationToken cancellation)
    {
        var all = await entries.Find(each => each.Transfer!.Token == token && each.Id <= upTo)
            .SortBy(each => each.Id).ToListAsync(cancellation);
        var reverted = all.Where(each => each.Reverts is not null).Select(each => each.Reverts!.Value).ToHashSet();
        return [.. all.Where(each => each.IsTransfer && !reverted.Contains(each.Id))];
    }
}
