using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Everything this installation ever signed; a nonce of a signer is given out once.</summary>
/// <remarks>
/// Every write bears the fence of the signer's lease, and is refused where a later holder has written: who stood still
/// for longer than its lease can neither sign nor replace nor mark anything any more.
/// </remarks>
internal sealed class Transactions(ServiceDatabase<MintingService> database) : IIndexed
{
    private static readonly TransactionState[] UnderWay =
        [TransactionState.Signed, TransactionState.Submitted, TransactionState.Dropped];

    private readonly IMongoCollection<ChainTransaction> transactions =
        database.Collection<ChainTransaction>("transactions");

    private static FilterDefinitionBuilder<ChainTransaction> Where => Builders<ChainTransaction>.Filter;

    private static UpdateDefinitionBuilder<ChainTransaction> Change => Builders<ChainTransaction>.Update;

    public Task EnsureIndexesAsync(CancellationToken cancellation) => transactions.Indexes.CreateManyAsync(
        [
            new(Builders<ChainTransaction>.IndexKeys.Ascending(each => each.Signer).Ascending(each => each.Nonce),
                new CreateIndexOptions { Name = "nonce", Unique = true }),
            new(Builders<ChainTransaction>.IndexKeys.Ascending(each => each.Subject),
                new CreateIndexOptions { Name = "subject" }),
            new(Builders<ChainTransaction>.IndexKeys.Ascending(each => each.State),
                new CreateIndexOptions { Name = "state" }),
        ],
        cancellation);

    /// <summary>Makes what is under way this holder's, so that the one before can write none of it.</summary>
    public Task TakeOverAsync(string signer, Lease lease, CancellationToken cancellation) => transactions.UpdateManyAsync(
        Where.Eq(each => each.Signer, signer)
            & Where.In(each => each.State, [TransactionState.Queued, .. UnderWay])
            & NotFenced(lease),
        Change.Set(each => each.Fence, lease.Fence),
        cancellationToken: cancellation);

    /// <summary>Takes a nonce, or takes it over from who took it and signed nothing with it.</summary>
    /// <returns>Null when something is signed with it already.</returns>
    public async Task<ChainTransaction?> ReserveAsync(ChainTransaction queued, Lease lease, CancellationToken cancellation)
    {
        try
        {
            await transactions.InsertOneAsync(queued with { Fence = lease.Fence }, cancellationToken: cancellation);
            return queued;
        }
        catch (MongoWriteException exception)
            when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return await transactions.FindOneAndUpdateAsync(
                Where.Eq(each => each.Id, queued.Id)
                    & Where.Eq(each => each.State, TransactionState.Queued)
                    & NotFenced(lease),
                Change.Set(each => each.Fence, lease.Fence),
                cancellationToken: cancellation);
        }
    }

    /// <summary>Records what was signed with a nonce that was taken under this very lease.</summary>
    public async Task FillAsync(ChainTransaction signed, Lease lease, CancellationToken cancellation)
    {
        var filled = await transactions.ReplaceOneAsync(
            Where.Eq(each => each.Id, signed.Id)
                & Where.Eq(each => each.State, TransactionState.Queued)
                & Where.Eq(each => each.Fence, lease.Fence),
            signed with { Fence = lease.Fence },
            cancellationToken: cancellation);
        Ensure(filled.MatchedCount, lease);
    }

    /// <summary>Records a further attempt with the same nonce.</summary>
    public async Task AddAttemptAsync(ChainTransaction stuck, Attempt attempt, Lease lease, CancellationToken cancellation)
    {
        var added = await transactions.UpdateOneAsync(
            Where.Eq(each => each.Id, stuck.Id)
                & (stuck.Attempts.Count == 0
                    ? Where.Exists("attempts.0", exists: false) // nor where an older release wrote no list at all
                    : Where.Size(each => each.Attempts, stuck.Attempts.Count))
                & NotFenced(lease),
            Change.Push(each => each.Attempts, attempt)
                .Set(each => each.State, TransactionState.Signed)
                .Set(each => each.Fence, lease.Fence),
            cancellationToken: cancellation);
        Ensure(added.MatchedCount, lease);
    }

    public async Task SetStateAsync(
        ChainTransaction transaction, TransactionState state, Lease lease, CancellationToken cancellation)
    {
        if (transaction.State != state)
        {
            var set = await transactions.UpdateOneAsync(
                Where.Eq(each => each.Id, transaction.Id) & NotFenced(lease),
                Change.Set(each => each.State, state).Set(each => each.Fence, lease.Fence),
                cancellationToken: cancellation);
            Ensure(set.MatchedCount, lease);
        }
    }

    public async Task<ChainTransaction?> NewestAsync(string signer, CancellationToken cancellation) =>
        await transactions.Find(Where.Eq(each => each.Signer, signer))
            .SortByDescending(each => each.Nonce).FirstOrDefaultAsync(cancellation);

    /// <summary>From a nonce on, in order.</summary>
    public async Task<IReadOnlyList<ChainTransaction>> FromAsync(string signer, long nonce, CancellationToken cancellation) =>
        await transactions.Find(Where.Eq(each => each.Signer, signer) & Where.Gte(each => each.Nonce, nonce))
            .SortBy(each => each.Nonce).Limit(1_000).ToListAsync(cancellation);

    /// <summary>What was sent and is in no block as far as we know, whatever it is for.</summary>
    public async Task<IReadOnlyList<ChainTransaction>> UnderWayAsync(string signer, CancellationToken cancellation) =>
        [.. (await transactions.Find(Where.In(each => each.State, UnderWay)).ToListAsync(cancellation))
            .Where(each => each.Signer == signer)
            .OrderBy(each => each.Nonce)];

    /// <summary>Every transaction for a subject, oldest first: a batch that was refused once has several.</summary>
    public async Task<IReadOnlyList<ChainTransaction>> OfAsync(string subject, CancellationToken cancellation) =>
        await transactions.Find(Where.Eq(each => each.Subject, subject))
            .SortBy(each => each.Nonce).ToListAsync(cancellation);

    public async Task<long> CountAsync(Purpose purpose, CancellationToken cancellation) =>
        await transactions.CountDocumentsAsync(each => each.Purpose == purpose, cancellationToken: cancellation);

    // Also true of what an older release wrote without a fence.
    private static FilterDefinition<ChainTransaction> NotFenced(Lease lease) =>
        Where.Not(Where.Gt(each => each.Fence, lease.Fence));

    private static void Ensure(long matched, Lease lease)
    {
        if (matched == 0)
        {
            throw new LeaseLostException(lease.Name, lease.Fence);
        }
    }
}
