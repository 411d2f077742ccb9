using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Everything this installation ever signed; a nonce of a signer is given out once.</summary>
internal sealed class Transactions(ServiceDatabase<MintingService> database) : IIndexed
{
    private readonly IMongoCollection<ChainTransaction> transactions =
        database.Collection<ChainTransaction>("transactions");

    private static FilterDefinitionBuilder<ChainTransaction> Where => Builders<ChainTransaction>.Filter;

    public Task EnsureIndexesAsync(CancellationToken cancellation) => transactions.Indexes.CreateManyAsync(
        [
            new(Builders<ChainTransaction>.IndexKeys.Ascending(each => each.Signer).Ascending(each => each.Nonce),
                new CreateIndexOptions { Name = "nonce", Unique = true }),
            new(Builders<ChainTransaction>.IndexKeys.Ascending(each => each.Subject),
                new CreateIndexOptions { Name = "subject" }),
        ],
        cancellation);

    public Task AddAsync(ChainTransaction transaction, CancellationToken cancellation) =>
        transactions.InsertOneAsync(transaction, cancellationToken: cancellation);

    public async Task<ChainTransaction?> NewestAsync(string signer, CancellationToken cancellation) =>
        await transactions.Find(Where.Eq(each => each.Signer, signer))
            .SortByDescending(each => each.Nonce).FirstOrDefaultAsync(cancellation);

    /// <summary>From a nonce on, in order.</summary>
    public async Task<IReadOnlyList<ChainTransaction>> FromAsync(string signer, long nonce, CancellationToken cancellation) =>
        await transactions.Find(Where.Eq(each => each.Signer, signer) & Where.Gte(each => each.Nonce, nonce))
            .SortBy(each => each.Nonce).Limit(1_000).ToListAsync(cancellation);

    /// <summary>The transaction that carries a subject now: one that was refused does not.</summary>
    public async Task<ChainTransaction?> CarryingAsync(string subject, CancellationToken cancellation) =>
        await transactions.Find(
                Where.Eq(each => each.Subject, subject) & Where.Ne(each => each.State, TransactionState.Reverted))
            .SortByDescending(each => each.Nonce).FirstOrDefaultAsync(cancellation);

    public Task SetStateAsync(string hash, TransactionState state, CancellationToken cancellation) =>
        transactions.UpdateOneAsync(
            each => each.Id == hash,
            Builders<ChainTransaction>.Update.Set(each => each.State, state),
            cancellationToken: cancellation);

    public async Task<long> CountAsync(Purpose purpose, CancellationToken cancellation) =>
        await transactions.CountDocumentsAsync(each => each.Purpose == purpose, cancellationToken: cancellation);
}
