using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>Who holds a token now, by the newest transfer that stands.</summary>
internal sealed record TokenHolding
{
    /// <summary><see cref="Transfer.TokenKey"/>.</summary>
    public required string Id { get; init; }

    public required string Contract { get; init; }

    /// <summary>Decimal.</summary>
    public required string TokenId { get; init; }

    public required string Owner { get; init; }

    public required long SinceBlock { get; init; }

    /// <summary>The feed's entry that says so.</summary>
    public required long Sequence { get; init; }

    /// <summary>True when the chain lost the token's mint; kept so that an older entry cannot bring it back.</summary>
    public bool? Gone { get; init; }

    public static TokenHolding After(Transfer transfer, long sequence) => new()
    {
        Id = transfer.Token,
        Contract = transfer.Contract,
        TokenId = transfer.TokenId,
        Owner = transfer.To,
        SinceBlock = transfer.BlockNumber,
        Sequence = sequence,
    };
}

/// <summary>What follows from the feed: who holds what.</summary>
/// <remarks>An entry counts for its token only above the one that was counted last: any number may fold, in any order.</remarks>
internal sealed class Ownership(ServiceDatabase<RoyaltyIndexerService> database, Feed feed) : IIndexed
{
    private static readonly FilterDefinitionBuilder<TokenHolding> Where = Builders<TokenHolding>.Filter;

    private readonly IMongoCollection<TokenHolding> holdings = database.Collection<TokenHolding>("tokens");

    public async Task EnsureIndexesAsync(CancellationToken cancellation)
    {
        var keys = Builders<TokenHolding>.IndexKeys;
        await holdings.Indexes.CreateManyAsync(
            [
                new(keys.Ascending(each => each.Contract).Ascending(each => each.Id), new CreateIndexOptions { Name = "contract" }),
                new(keys.Ascending(each => each.Owner).Ascending(each => each.Id), new CreateIndexOptions { Name = "owner" }),
                new(keys.Ascending(each => each.Gone), new CreateIndexOptions { Name = "gone", Sparse = true }),
            ],
            cancellation);
    }

    /// <summary>Lets entries count, in the feed's order.</summary>
    public async Task FoldAsync(IReadOnlyList<FeedEntry> entries, CancellationToken cancellation)
    {
        var held = new List<TokenHolding>();
        foreach (var token in entries.Where(each => each.Transfer is not null).GroupBy(each => each.Transfer!.Token))
        {
            var last = token.Last();
            held.Add(last.IsTransfer ? TokenHolding.After(last.Transfer!, last.Id) : await BeforeAsync(last, cancellation));
        }

        if (held.Count == 0)
        {
            return;
        }

        try
        {
            await holdings.BulkWriteAsync(
                held.Select(holding => new ReplaceOneModel<TokenHolding>(
                    Where.Eq(each => each.Id, holding.Id) & Where.Lt(each => each.Sequence, holding.Sequence), holding)
                { IsUpsert = true }),
                new BulkWriteOptions { IsOrdered = false },
                cancellation);
        }
        catch (MongoBulkWriteException<TokenHolding> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // Those tokens know a later entry already.
        }
    }

    public async Task<TokenHolding?> FindAsync(string token, CancellationToken cancellation) =>
        await holdings.Find(Where.Eq(each => each.Id, token) & Where.Ne(each => each.Gone, true))
            .FirstOrDefaultAsync(cancellation);

    public async Task<IReadOnlyList<TokenHolding>> ListAsync(
        string? contract, string? owner, string? after, int limit, CancellationToken cancellation)
    {
        var filter = Where.Ne(each => each.Gone, true);
        filter &= contract is null ? Where.Empty : Where.Eq(each => each.Contract, contract);
        filter &= owner is null ? Where.Empty : Where.Eq(each => each.Owner, owner);
        filter &= after is null ? Where.Empty : Where.Gt(each => each.Id, after);
        return await holdings.Find(filter).SortBy(each => each.Id).Limit(limit).ToListAsync(cancellation);
    }

    public async Task<long> CountAsync(string? contract, CancellationToken cancellation) => contract is null
        ? await holdings.EstimatedDocumentCountAsync(cancellationToken: cancellation)
            - await holdings.CountDocumentsAsync(each => each.Gone == true, cancellationToken: cancellation)
        : await holdings.CountDocumentsAsync(
            each => each.Contract == contract && each.Gone != true, cancellationToken: cancellation);

    /// <summary>What holds again once a transfer was taken back.</summary>
    private async Task<TokenHolding> BeforeAsync(FeedEntry reversal, CancellationToken cancellation)
    {
        var standing = await feed.HistoryAsync(reversal.Transfer!.Token, reversal.Id, cancellation);
        return standing.Count == 0
            ? TokenHolding.After(reversal.Transfer, reversal.Id) with { Gone = true }
            : TokenHolding.After(standing[^1].Transfer!, reversal.Id);
    }
}
