using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Follows signed batches into their blocks and on to finality, and says then that their tokens are minted.</summary>
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
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var (id, batch) in await batches.InStateAsync<MintBatch.Signed>(cancellation))
        {
            await IncludeAsync(id, batch, cancellation);
        }

        var included = await batches.InStateAsync<MintBatch.Included>(cancellation);
        if (included.Count == 0)
        {
            return;
        }

        var head = (long)await chain.BlockNumberAsync(cancellation);
        foreach (var (id, batch) in included)
        {
            await ConfirmAsync(id, batch, head, cancellation);
        }
    }

    /// <summary>The chain forgot a transaction that was in a block: its batch is only signed again.</summary>
    public async Task NoticeLossAsync(ChainTransaction transaction, CancellationToken cancellation)
    {
        if (transaction.Purpose == Purpose.MintBatch)
        {
            await DecideAsync(transaction.Subject, current => current switch
            {
                MintBatch.Included batch => batch.Revert(),
                MintBatch.Final batch => batch.Revert(),
                _ => current,
            }, cancellation);
        }

        await transactions.SetStateAsync(transaction.Id, TransactionState.Signed, cancellation);
    }

    private async Task IncludeAsync(string id, MintBatch.Signed batch, CancellationToken cancellation)
    {
        var receipt = await chain.GetReceiptAsync(Hash32.Parse(batch.TransactionHash), cancellation);
        if (receipt is null)
        {
            return;
        }

        if (!receipt.Success)
        {
            LogReverted(batch.TransactionHash, id);
            await transactions.SetStateAsync(batch.TransactionHash, TransactionState.Reverted, cancellation);
            await DecideAsync(id, current => current is MintBatch.Signed ? batch.SignAgain() : current, cancellation);
            return;
        }

        var collection = await collections.FindAsync(batch.Seal.Campaign, cancellation)
            ?? throw new InvalidOperationException($"Batch {id} was signed for {batch.Seal.Campaign}, which has no collection.");
        var inclusion = new BatchInclusion
        {
            Contract = collection.Contract,
            ChainId = collection.ChainId,
            BlockNumber = (long)receipt.BlockNumber,
            BlockHash = receipt.BlockHash.ToString(),
            GasUsed = (long)receipt.GasUsed,
            At = clock.GetUtcNow(),
        };
        await transactions.SetStateAsync(batch.TransactionHash, TransactionState.Included, cancellation);
        await DecideAsync(id, current => current is MintBatch.Signed signed ? signed.Include(inclusion) : current, cancellation);
        LogIncluded(id, batch.Number, inclusion.BlockNumber, inclusion.GasUsed / Math.Max(1, batch.Seal.Recipients.Count));
    }

    private async Task ConfirmAsync(string id, MintBatch.Included batch, long head, CancellationToken cancellation)
    {
        if (head - batch.Inclusion.BlockNumber + 1 < options.Value.Confirmations)
        {
            return;
        }

        var block = await chain.GetBlockAsync((ulong)batch.Inclusion.BlockNumber, cancellation);
        if (block?.Hash.ToString() != batch.Inclusion.BlockHash)
        {
            LogReorganised(id, batch.Inclusion.BlockNumber);
            await transactions.SetStateAsync(batch.TransactionHash, TransactionState.Signed, cancellation);
            await DecideAsync(id, current => current is MintBatch.Included included ? included.Revert() : current, cancellation);
            return;
        }

        var final = batch.Finalize();
        await mint.AnnounceAsync(id, final, cancellation);
        await DecideAsync(id, current => current is MintBatch.Included ? final : current, cancellation);
        LogMinted(id, final.Number, final.Seal.Recipients.Count);
    }

    private Task DecideAsync(string id, Func<MintBatch, MintBatch> change, CancellationToken cancellation) =>
        batches.Documents.DecideAsync(
            id,
            current => new Decision<MintBatch>(change(current ?? throw new UnknownBatchException(id))),
            cancellation);

    [LoggerMessage(1, LogLevel.Information, "Batch {BatchId} (number {Number}) is in block {Block}: {Gas} gas a token")]
    private partial void LogIncluded(string batchId, long number, long block, long gas);

    [LoggerMessage(2, LogLevel.Information, "Minted batch {BatchId} (number {Number}): {Tokens} tokens are final")]
    private partial void LogMinted(string batchId, long number, int tokens);

    [LoggerMessage(3, LogLevel.Warning, "The contract refused transaction {Hash} of batch {BatchId}; it is signed again")]
    private partial void LogReverted(string hash, string batchId);

    [LoggerMessage(4, LogLevel.Warning, "Block {Block} of batch {BatchId} was reorganised away; its transaction is followed again")]
    private partial void LogReorganised(string batchId, long block);
}
