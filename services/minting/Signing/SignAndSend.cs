using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Hosting;

namespace Platform.Minting;

/// <summary>The one loop that gives out this signer's nonces: sends what the chain does not have, confirms, signs the next.</summary>
/// <remarks>
/// A transaction is recorded before it is sent, and what is recorded is sent until the chain counts it: after a crash,
/// and after a chain lost its tail, the same bytes go out again, in the order of their nonces.
/// </remarks>
internal sealed partial class SignAndSend(
    IEthereum chain,
    Signer signer,
    Transactions transactions,
    ConfirmBatches confirm,
    NextTransaction next,
    IOptions<MintingOptions> options,
    TimeProvider clock,
    ILogger<SignAndSend> logger) : Forever(clock, logger)
{
    private string Me { get; } = signer.Address.ToString();

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(options.Value.PollMilliseconds);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        var chainId = await chain.ChainIdAsync(cancellation);
        signer.EnsureUsableOn(chainId);

        var counted = (long)await chain.GetTransactionCountAsync(signer.Address, BlockTag.Latest, cancellation);
        var missing = await transactions.FromAsync(Me, counted, cancellation);
        if (missing.Count > 0)
        {
            await SendAsync(missing, cancellation);
            return false;
        }

        await confirm.RunAsync(cancellation);
        var transaction = await next.SignAsync(chainId, counted, cancellation);
        if (transaction is null)
        {
            return false;
        }

        await SendAsync([transaction], cancellation);
        return true;
    }

    private async Task SendAsync(IReadOnlyList<ChainTransaction> missing, CancellationToken cancellation)
    {
        foreach (var transaction in missing)
        {
            if (transaction.State == TransactionState.Included)
            {
                LogLost(transaction.Id, transaction.Nonce);
                await confirm.NoticeLossAsync(transaction, cancellation);
            }

            var sent = await chain.SendRawTransactionAsync(transaction.Raw, cancellation);
            if (!sent.IsInPool && sent.Outcome != SendOutcome.NonceTooLow)
            {
                LogRefused(transaction.Id, sent.Outcome, sent.NodesMessage);
                return; // Those behind it need it first.
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The chain no longer has transaction {Hash} (nonce {Nonce}): sending the same bytes again")]
    private partial void LogLost(string hash, long nonce);

    [LoggerMessage(2, LogLevel.Warning, "The node did not take transaction {Hash}: {Outcome}, {Message}")]
    private partial void LogRefused(string hash, SendOutcome outcome, string? message);
}
