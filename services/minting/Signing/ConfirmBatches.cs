using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Follows signed batches into their blocks and on to finality, and says then that their tokens are minted.</summary>
/// <remarks>
/// A batch is wherever any transaction ever signed for it succeeded: an earlier attempt, or one that was refused on a
/// fork that is gone. Only when there is none, and the contract says so too, it is signed again.
/// </remarks>
internal sealed partial class ConfirmBatches(
    IEthereum chain,
    MintBatches batches,
    Collections collections,
    Transactions transactions,
    Mint mint,
    IOptions<MintingOptions> options,
    TimeProvider clock,
    ILogger<ConfirmBatches> logger)
{
    public async Task RunAsync(Lease lease, CancellationToken cancellation)
    {
        foreach (var (id, batch) in await batches.InStateAsync<MintBatch.Signed>(cancellation))
        {
            await FollowAsync(id, batch, lease, cancellation);
        }

        var included = await batches.InStateAsync<MintBatch.Included>(cancellation);
        if (included.Count == 0)
        {
            return;
        }

        var head = (long)await chain.BlockNumberAsync(cancellation);
        foreach (var (id, batch) in included)
        {
            await ConfirmAsync(id, batch, head, lease, cancellation);
        }
    }

    /// <summary>The chain forgot a transaction that was in a block: its batch is only signed again.</summary>
    public async Task NoticeLossAsync(ChainTransaction transaction, Lease lease, CancellationToken cancellation)
    {
        if (transaction is { Purpose: Purpose.MintBatch, Subject: { } batchId })
        {
            await batches.ChangeAsync(batchId, current => current switch
            {
                MintBatch.Included batch when transaction.Has(batch.TransactionHash) => batch.Revert(),
                MintBatch.Final batch when transaction.Has(batch.TransactionHash) => batch.Revert(),
                _ => current,
            }, lease, cancellation);
        }

        await transactions.SetStateAsync(transaction, TransactionState.Signed, lease, cancellation);
    }

    /// <summary>The transaction that carried a batch is spent without it: another may carry the same batch.</summary>
    public Task SignAgainAsync(ChainTransaction spent, Lease lease, CancellationToken cancellation) =>
        batches.ChangeAsync(
            spent.Subject!,
            current => current is MintBatch.Signed signed && spent.Has(signed.TransactionHash) ? signed.SignAgain() : current,
            lease,
            cancellation);

    private async Task FollowAsync(string id, MintBatch.Signed batch, Lease lease, CancellationToken cancellation)
    {
        var carriers = await transactions.OfAsync(id, cancellation);
        var attempts = carriers.SelectMany(carrier => carrier.AllAttempts().Select(attempt => (carrier, attempt.Hash))).ToList();
        var receipts = await chain.GetReceiptsAsync([.. attempts.Select(each => Hash32.Parse(each.Hash))], cancellation);
        var succeeded = receipts.Index().FirstOrDefault(each => each.Item is { Success: true });
        if (succeeded.Item is { } receipt)
        {
            var (carrier, hash) = attempts[succeeded.Index];
            await IncludeAsync(id, batch, carrier, hash, receipt, lease, cancellation);
            return;
        }

        var current = carriers.FirstOrDefault(carrier => carrier.Has(batch.TransactionHash));
        if (current is null || !attempts.Where((each, index) => each.carrier == current && receipts[index] is not null).Any())
        {
            return; // In no block that this node knows.
        }

        if (await IsOnChainAsync(id, batch, cancellation))
        {
            return; // By a transaction whose receipt is not to be had just now.
        }

        LogReverted(batch.TransactionHash, id);
        await transactions.SetStateAsync(current, TransactionState.Reverted, lease, cancellation);
        await SignAgainAsync(current, lease, cancellation);
    }

    private async Task<bool> IsOnChainAsync(string id, MintBatch.Signed batch, CancellationToken cancellation)
    {
        var collection = await CollectionAsync(id, batch, cancellation);
        var contract = Address.Parse(collection.Contract);
        return !(await chain.GetCodeAsync(contract, BlockTag.Latest, cancellation)).IsEmpty
            && await chain.CallAsync(contract, CampaignCollection.BatchOf(Hash32.Parse(id)), BlockTag.Latest, cancellation)
                is { Minted: true };
    }

    private async Task IncludeAsync(
        string id,
        MintBatch.Signed batch,
        ChainTransaction carrier,
        string hash,
        Receipt receipt,
        Lease lease,
        CancellationToken cancellation)
    {
        var collection = await CollectionAsync(id, batch, cancellation);
        var number = carrier.Number ?? batch.Number;
        var inclusion = new BatchInclusion
        {
            Contract = collection.Contract,
            ChainId = collection.ChainId,
            BlockNumber = (long)receipt.BlockNumber,
            BlockHash = receipt.BlockHash.ToString(),
            GasUsed = (long)receipt.GasUsed,
            At = clock.GetUtcNow(),
        };
        await transactions.SetStateAsync(carrier, TransactionState.Included, lease, cancellation);
        await batches.ChangeAsync(
            id,
            current => current is MintBatch.Signed signed
                ? (signed with { Number = number, TransactionHash = hash }).Include(inclusion)
                : current,
            lease,
            cancellation);
        LogIncluded(id, number, inclusion.BlockNumber, inclusion.GasUsed / Math.Max(1, batch.Seal.Recipients.Count));
    }

    private async Task ConfirmAsync(
        string id, MintBatch.Included batch, long head, Lease lease, CancellationToken cancellation)
    {
        if (head - batch.Inclusion.BlockNumber + 1 < options.Value.Confirmations)
        {
            return;
        }

        var block = await chain.GetBlockAsync((ulong)batch.Inclusion.BlockNumber, cancellation);
        if (block is null)
        {
            return; // A node that is behind: what it does not know proves nothing.
        }

        if (block.Hash.ToString() != batch.Inclusion.BlockHash)
        {
            LogReorganised(id, batch.Inclusion.BlockNumber);
            await batches.ChangeAsync(
                id,
                current => current is MintBatch.Included included && included.Inclusion == batch.Inclusion
                    ? included.Revert()
                    : current,
                lease,
                cancellation);
            return;
        }

        lease.EnsureHeld();
        var final = batch.Finalize();
        await mint.AnnounceAsync(id, final, cancellation);
        await batches.ChangeAsync(
            id,
            current => current is MintBatch.Included included && included.Inclusion == batch.Inclusion ? final : current,
            lease,
            cancellation);
        foreach (var carrier in (await transactions.OfAsync(id, cancellation)).Where(each => each.Has(batch.TransactionHash)))
        {
            await transactions.SetStateAsync(carrier, TransactionState.Final, lease, cancellation);
        }

        LogMinted(id, final.Number, final.Seal.Recipients.Count);
    }

    private async Task<MintCollection> CollectionAsync(string id, MintBatch.Signed batch, CancellationToken cancellation) =>
        await collections.FindAsync(batch.Seal.Campaign, cancellation)
        ?? throw new InvalidOperationException($"Batch {id} was signed for {batch.Seal.Campaign}, which has no collection.");

    [LoggerMessage(1, LogLevel.Information, "Batch {BatchId} (number {Number}) is in block {Block}: {Gas} gas a token")]
    private partial void LogIncluded(string batchId, long number, long block, long gas);

    [LoggerMessage(2, LogLevel.Information, "Minted batch {BatchId} (number {Number}): {Tokens} tokens are final")]
    private partial void LogMinted(string batchId, long number, int tokens);

    [LoggerMessage(3, LogLevel.Warning, "The contract refused transaction {Hash} of batch {BatchId}; it is signed again")]
    private partial void LogReverted(string hash, string batchId);

    [LoggerMessage(4, LogLevel.Warning, "Block {Block} of batch {BatchId} was reorganised away; its transaction is followed again")]
    private partial void LogReorganised(string batchId, long block);
}
