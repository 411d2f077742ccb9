using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>What a transaction is to do.</summary>
internal sealed record Deed(Purpose Purpose, string Subject, long? Number, Address To, ReadOnlyMemory<byte> Data);

/// <summary>Prices a deed, takes its nonce, signs it and records it as signed, before anybody sends it.</summary>
/// <remarks>
/// The nonce is taken under the lease's fence and filled under the same one: who stood still between the two finds its
/// record refused, and a crash between them leaves a nonce that the next holder takes over.
/// </remarks>
internal sealed partial class RecordTransaction(
    IEthereum chain,
    Signer signer,
    Transactions transactions,
    IOptions<MintingOptions> options,
    TimeProvider clock,
    ILogger<RecordTransaction> logger)
{
    /// <returns>Null when something was signed with this nonce already.</returns>
    /// <exception cref="CannotSignException">Nobody would take it, or the signer could not pay for it.</exception>
    public async Task<ChainTransaction?> AsSignedAsync(
        Deed deed, ulong chainId, long nonce, Lease lease, CancellationToken cancellation)
    {
        var unsigned = await PriceAsync(deed, chainId, nonce, cancellation);
        lease.EnsureHeld();
        var queued = await transactions.ReserveAsync(
            new ChainTransaction
            {
                Id = ChainTransaction.IdOf(signer.Address.ToString(), nonce),
                Signer = signer.Address.ToString(),
                Nonce = nonce,
                ChainId = (long)chainId,
                State = TransactionState.Queued,
                SignedAt = clock.GetUtcNow(),
            },
            lease,
            cancellation);
        if (queued is null)
        {
            return null; // Another signed with it: the next round sees what.
        }

        var signed = signer.Sign(unsigned);
        var now = clock.GetUtcNow();
        var transaction = queued with
        {
            State = TransactionState.Signed,
            Purpose = deed.Purpose,
            Subject = deed.Subject,
            Number = deed.Number,
            Attempts = [new Attempt { Hash = signed.Hash.ToString(), Raw = signed.Raw.ToArray(), SignedAt = now }],
            SignedAt = now,
        };
        await transactions.FillAsync(transaction, lease, cancellation);
        LogSigned(deed.Purpose, deed.Subject, signed.Hash.ToString(), nonce);
        return transaction;
    }

    /// <summary>Asks what it needs and what it must offer, and whether the signer has as much.</summary>
    private async Task<Eip1559Transaction> PriceAsync(
        Deed deed, ulong chainId, long nonce, CancellationToken cancellation)
    {
        ulong gas;
        try
        {
            gas = await chain.EstimateGasAsync(
                new CallRequest { From = signer.Address, To = deed.To, Data = deed.Data }, cancellation);
        }
        catch (JsonRpcException refusal) when (!refusal.IsRateLimit)
        {
            throw new CannotSignException($"the node would not estimate its gas: {refusal.NodesMessage}");
        }

        var (tip, max) = Fees.Offer(await chain.SuggestFeesAsync(null, cancellation), options.Value);
        var unsigned = new Eip1559Transaction
        {
            ChainId = chainId,
            Nonce = (ulong)nonce,
            MaxPriorityFeePerGas = tip,
            MaxFeePerGas = max,
            GasLimit = gas + (gas / 5), // what the estimate may miss by the time it is mined
            To = deed.To,
            Data = deed.Data,
        };
        var balance = await chain.GetBalanceAsync(signer.Address, BlockTag.Latest, cancellation);
        return balance >= unsigned.MaxCost()
            ? unsigned
            : throw new CannotSignException(
                $"the signer {signer.Address} has {balance} wei and may need {unsigned.MaxCost()} for one transaction: send it ether.")
            {
                Kind = "balance", // the sum differs from round to round, and is said once
            };
    }

    [LoggerMessage(1, LogLevel.Information, "Signed {Purpose} of {Subject} as {Hash} with nonce {Nonce}")]
    private partial void LogSigned(Purpose purpose, string subject, string hash, long nonce);
}

/// <summary>Nothing can be signed for now, and nobody is to blame.</summary>
internal sealed class CannotSignException(string message) : Exception(message)
{
    /// <summary>What is said once, where the message differs each time; such a thing needs a person.</summary>
    public string? Kind { get; init; }
}
