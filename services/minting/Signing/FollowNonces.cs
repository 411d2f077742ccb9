using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Finds out what became of transactions whose nonce is used up: their own deed, or somebody else's.</summary>
/// <remarks>What a batch's transaction came to, its batch tells (<see cref="ConfirmBatches"/>); the rest is told here.</remarks>
internal sealed partial class FollowNonces(
    IEthereum chain,
    Transactions transactions,
    MintBatches batches,
    ConfirmBatches confirm,
    IOptions<MintingOptions> options,
    TimeProvider clock,
    ILogger<FollowNonces> logger)
{
    private readonly Dictionary<string, long> missedSince = [];

    public async Task RunAsync(string signer, long counted, Lease lease, CancellationToken cancellation)
    {
        List<ChainTransaction> used =
            [.. (await transactions.UnderWayAsync(signer, cancellation)).Where(each => each.Nonce < counted)];
        foreach (var gone in missedSince.Keys.Except(used.Select(each => each.Id)).ToList())
        {
            missedSince.Remove(gone);
        }

        if (used.Count == 0)
        {
            return;
        }

        var head = (long)await chain.BlockNumberAsync(cancellation);
        foreach (var transaction in used)
        {
            await FollowAsync(transaction, head, lease, cancellation);
        }
    }

    private async Task FollowAsync(ChainTransaction used, long head, Lease lease, CancellationToken cancellation)
    {
        Hash32[] hashes = [.. used.AllAttempts().Select(attempt => Hash32.Parse(attempt.Hash))];
        var receipt = (await chain.GetReceiptsAsync(hashes, cancellation)).FirstOrDefault(each => each is not null);
        if (receipt is null)
        {
            await MissAsync(used, hashes, lease, cancellation);
            return;
        }

        missedSince.Remove(used.Id);
        if (used is { Purpose: Purpose.MintBatch, Subject: { } batchId }
            && (receipt.Success || await batches.Documents.FindAsync(batchId, cancellation) is MintBatch.Signed signed
                && used.Has(signed.TransactionHash)))
        {
            return; // The batch's own affair.
        }

        if (!receipt.Success)
        {
            LogReverted(used.Purpose, used.Subject, used.Newest().Hash);
            await transactions.SetStateAsync(used, TransactionState.Reverted, lease, cancellation);
        }
        else if (head - (long)receipt.BlockNumber + 1 >= options.Value.Confirmations)
        {
            await transactions.SetStateAsync(used, TransactionState.Final, lease, cancellation);
        }
    }

    private async Task MissAsync(
        ChainTransaction used, Hash32[] hashes, Lease lease, CancellationToken cancellation)
    {
        var now = clock.GetTimestamp();
        missedSince.TryAdd(used.Id, now);
        if (clock.GetElapsedTime(missedSince[used.Id], now) < TimeSpan.FromSeconds(options.Value.ForeignSeconds))
        {
            return;
        }

        foreach (var hash in hashes)
        {
            if (await chain.KnowsTransactionAsync(hash, cancellation))
            {
                return;
            }
        }

        // Should it turn up after all, the contract takes a batch once, and the batch looks at all its transactions.
        LogReplaced(used.Newest().Hash, used.Nonce, options.Value.ForeignSeconds);
        await transactions.SetStateAsync(used, TransactionState.Replaced, lease, cancellation);
        if (used.Purpose == Purpose.MintBatch)
        {
            await confirm.SignAgainAsync(used, lease, cancellation);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The chain refused {Purpose} of {Subject} (transaction {Hash}); it is signed again where it is needed")]
    private partial void LogReverted(Purpose? purpose, string? subject, string hash);

    [LoggerMessage(2, LogLevel.Error,
        "Transaction {Hash} has no receipt after {Seconds} s, and its nonce {Nonce} is used up: another with this key replaced it")]
    private partial void LogReplaced(string hash, long nonce, int seconds);
}
