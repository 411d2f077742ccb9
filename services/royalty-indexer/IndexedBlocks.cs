using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>A block that was read.</summary>
internal sealed record IndexedBlock
{
    /// <summary>Number.</summary>
    public required long Id { get; init; }

    public required string Hash { get; init; }

    /// <summary>The step that wrote it.</summary>
    public required long Attempt { get; init; }
}

/// <summary>The recent blocks by hash, so that a reorganisation is noticed at any depth that matters.</summary>
/// <remarks>What lies past the checkpoint is a leftover, which a later step writes over.</remarks>
internal sealed class IndexedBlocks(ServiceDatabase<RoyaltyIndexerService> database)
{
    // Two epochs and more: past it a reorganisation is not a reorganisation but another chain.
    private const int Kept = 1_024;

    private static readonly FilterDefinitionBuilder<IndexedBlock> Where = Builders<IndexedBlock>.Filter;

    private readonly IMongoCollection<IndexedBlock> blocks = database.Collection<IndexedBlock>("read");

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<IndexedBlock>> RecentAsync(long upTo, CancellationToken cancellation) =>
        await blocks.Find(each => each.Id <= upTo).SortByDescending(each => each.Id).Limit(Kept).ToListAsync(cancellation);

    public async Task<string?> HashAsync(long number, CancellationToken cancellation) =>
        (await blocks.Find(each => each.Id == number).FirstOrDefaultAsync(cancellation))?.Hash;

    /// <exception cref="OvertakenException">A later step has written here already.</exception>
    public async Task WriteAsync(IReadOnlyList<IndexedBlock> read, CancellationToken cancellation)
    {
        try
        {
            await blocks.BulkWriteAsync(
                read.Select(block => new ReplaceOneModel<IndexedBlock>(
                    Where.Eq(each => each.Id, block.Id) & Where.Lte(each => each.Attempt, block.Attempt), block)
                { IsUpsert = true }),
                new BulkWriteOptions { IsOrdered = false },
                cancellation);
        }
        catch (MongoBulkWriteException<IndexedBlock> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            throw new OvertakenException(read[0].Attempt);
        }
    }

    public Task ForgetAsync(long newest, CancellationToken cancellation) =>
        blocks.DeleteManyAsync(each => each.Id < newest - Kept, cancellation);
}
