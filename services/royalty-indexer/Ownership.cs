using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>Every transfer, and what follows from them: who holds what.</summary>
internal sealed class Ownership(ServiceDatabase<RoyaltyIndexerService> database) : IIndexed
{
    private readonly IMongoCollection<Transfer> transfers = database.Collection<Transfer>("transfers");

    private readonly IMongoCollection<TokenHolding> holdings = database.Collection<TokenHolding>("holdings");

    public async Task EnsureIndexesAsync(CancellationToken cancellation)
    {
        var keys = Builders<Transfer>.IndexKeys;
        await transfers.Indexes.CreateManyAsync(
            [
                new(keys.Ascending(each => each.Token).Ascending(each => each.BlockNumber).Ascending(each => each.LogIndex),
                    new CreateIndexOptions { Name = "token" }),
                new(keys.Ascending(each => each.BlockNumber), new CreateIndexOptions { Name = "block" }),
            ],
            cancellation);
        await holdings.Indexes.CreateManyAsync(
            [
                new(Builders<TokenHolding>.IndexKeys.Ascending(each => each.Contract).Ascending(each => each.Id),
                    new CreateIndexOptions { Name = "contract" }),
                new(Builders<TokenHolding>.IndexKeys.Ascending(each => each.Owner).Ascending(each => each.Id),
                    new CreateIndexOptions { Name = "owner" }),
            ],
            cancellation);
    }

    /// <summary>Records transfers in chain order; the ones that are known stay as they are.</summary>
    public async Task RecordAsync(IReadOnlyList<Transfer> recorded, CancellationToken cancellation)
    {
        if (recorded.Count == 0)
        {
            return;
        }

        try
        {
            await transfers.InsertManyAsync(recorded, new InsertManyOptions { IsOrdered = false }, cancellation);
        }
        catch (MongoBulkWriteException<Transfer> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // A crash came between the transfers and the cursor: they are read again.
        }

        await HoldAsync([.. recorded.GroupBy(each => each.Token).Select(token => TokenHolding.After(token.Last()))], cancellation);
    }

    /// <summary>Takes back what happened after a block, and lets what was before it hold again.</summary>
    public async Task RewindAsync(long lastGood, CancellationToken cancellation)
    {
        while (true)
        {
            var undone = await transfers.Find(each => each.BlockNumber > lastGood)
                .SortByDescending(each => each.BlockNumber).Limit(1_000).ToListAsync(cancellation);
            if (undone.Count == 0)
            {
                return;
            }

            foreach (var token in undone.Select(each => each.Token).Distinct())
            {
                await RestoreAsync(token, lastGood, cancellation);
            }

            await transfers.DeleteManyAsync(
                Builders<Transfer>.Filter.In(each => each.Id, undone.Select(each => each.Id)), cancellation);
        }
    }

    public async Task<TokenHolding?> FindAsync(string token, CancellationToken cancellation) =>
        await holdings.Find(each => each.Id == token).FirstOrDefaultAsync(cancellation);

    public async Task<IReadOnlyList<TokenHolding>> ListAsync(
        string? contract, string? owner, string? after, int limit, CancellationToken cancellation)
    {
        var where = Builders<TokenHolding>.Filter;
        var filter = contract is null ? where.Empty : where.Eq(each => each.Contract, contract);
        filter &= owner is null ? where.Empty : where.Eq(each => each.Owner, owner);
        filter &= after is null ? where.Empty : where.Gt(each => each.Id, after);
        return await holdings.Find(filter).SortBy(each => each.Id).Limit(limit).ToListAsync(cancellation);
    }

    public async Task<IReadOnlyList<Transfer>> HistoryAsync(string token, CancellationToken cancellation) =>
        await transfers.Find(each => each.Token == token)
            .SortBy(each => each.BlockNumber).ThenBy(each => each.LogIndex).Limit(1_000).ToListAsync(cancellation);

    public Task<long> CountAsync(string? contract, CancellationToken cancellation) => contract is null
        ? holdings.EstimatedDocumentCountAsync(cancellationToken: cancellation)
        : holdings.CountDocumentsAsync(each => each.Contract == contract, cancellationToken: cancellation);

    private async Task RestoreAsync(string token, long lastGood, CancellationToken cancellation)
    {
        var before = await transfers.Find(each => each.Token == token && each.BlockNumber <= lastGood)
            .SortByDescending(each => each.BlockNumber).ThenByDescending(each => each.LogIndex)
            .FirstOrDefaultAsync(cancellation);
        if (before is null)
        {
            await holdings.DeleteOneAsync(each => each.Id == token, cancellation);
        }
        else
        {
            await HoldAsync([TokenHolding.After(before)], cancellation);
        }
    }

    private Task HoldAsync(IReadOnlyList<TokenHolding> held, CancellationToken cancellation) => holdings.BulkWriteAsync(
        held.Select(holding => new ReplaceOneModel<TokenHolding>(
            Builders<TokenHolding>.Filter.Eq(each => each.Id, holding.Id), holding) { IsUpsert = true }),
        new BulkWriteOptions { IsOrdered = false },
        cancellation);
}
