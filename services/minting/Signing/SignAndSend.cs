using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>The one loop that gives out this signer's nonces: confirms, sends what the chain does not have, signs the next.</summary>
/// <remarks>
/// Of all replicas the holder of the signer's lease works. A transaction is recorded before it is sent, and what is
/// recorded is sent until the chain counts it: after a crash, and after a chain lost its tail, the same bytes go out
/// again, in the order of their nonces. What one look at a node says against the records is believed only when
/// it is said several times in a row: behind one address there may be nodes that are behind.
/// </remarks>
internal sealed partial class SignAndSend(
    IEthereum chain,
    Signer signer,
    Leases<MintingService> leases,
    Transactions transactions,
    ConfirmBatches confirm,
    FollowNonces follow,
    NextTransaction next,
    SendTransactions send,
    IOptions<MintingOptions> options,
    TimeProvider clock,
    ILogger<SignAndSend> logger) : Leased(leases, clock, logger)
{
    private const int LooksAtALoss = 3;
    private const int LooksAtAGap = 5;
    private const int LooksAtForeignNonces = 10;

    private readonly Steadily steadily = new();

    private long tookOver;

    private string Me { get; } = signer.Address.ToString();

    protected override string LeaseName => $"signer:{Me}";

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(options.Value.PollMilliseconds);

    protected override async Task<bool> WorkAsync(Lease lease, CancellationToken cancellation)
    {
        var chainId = await chain.ChainIdAsync(cancellation);
        signer.EnsureUsableOn(chainId);
        if (tookOver != lease.Fence)
        {
            await transactions.TakeOverAsync(Me, lease, cancellation);
            tookOver = lease.Fence;
        }

        await confirm.RunAsync(lease, cancellation);
        var counted = (long)await chain.GetTransactionCountAsync(signer.Address, BlockTag.Latest, cancellation);
        await follow.RunAsync(Me, counted, lease, cancellation);

        var recorded = await transactions.FromAsync(Me, counted, cancellation);
        List<ChainTransaction> missing = [.. recorded.Where(each => each.State != TransactionState.Queued)];
        if (missing.Count > 0)
        {
            await SendAsync(missing, counted, chainId, lease, cancellation);
            return false;
        }

        if (await IsOursAsync(counted, lease, cancellation)
            && await next.SignAsync(chainId, counted, lease, cancellation) is { } transaction)
        {
            await send.RunAsync([transaction], lease, cancellation);
            return true;
        }

        return false;
    }

    private async Task SendAsync(
        List<ChainTransaction> missing, long counted, ulong chainId, Lease lease, CancellationToken cancellation)
    {
        if (missing[0].Nonce > counted)
        {
            if (steadily.Is($"gap {counted}", LooksAtAGap))
            {
                LogGap(counted, missing[0].Nonce);
                await next.FillGapAsync(chainId, counted, lease, cancellation);
            }

            return;
        }

        List<ChainTransaction> lost = [.. missing.Where(each => each.IsSpent
            || each.State is TransactionState.Included or TransactionState.Final)];
        if (lost.Count == 0)
        {
            steadily.Forget();
            await send.RunAsync(missing, lease, cancellation);
            return;
        }

        Hash32[] hashes = [.. lost.SelectMany(each => each.AllAttempts()).Select(attempt => Hash32.Parse(attempt.Hash))];
        if ((await chain.GetReceiptsAsync(hashes, cancellation)).All(receipt => receipt is null)
            && steadily.Is($"lost {lost[0].Nonce}", LooksAtALoss))
        {
            foreach (var each in lost)
            {
                LogLost(each.Newest().Hash, each.Nonce);
                await confirm.NoticeLossAsync(each, lease, cancellation);
                send.Forget(each);
            }
        }
    }

    /// <summary>Whether the nonce that the chain would take next is the one after our last.</summary>
    private async Task<bool> IsOursAsync(long counted, Lease lease, CancellationToken cancellation)
    {
        var newest = await transactions.NewestAsync(Me, cancellation);
        var expected = newest switch
        {
            null => counted,
            { State: TransactionState.Queued } => newest.Nonce,
            _ => newest.Nonce + 1,
        };
        if (counted <= expected)
        {
            steadily.Forget();
            return true;
        }

        if (!steadily.Is($"foreign {counted}", LooksAtForeignNonces))
        {
            return false;
        }

        LogForeign(Me, expected, counted);
        if (newest is { State: TransactionState.Queued })
        {
            await transactions.SetStateAsync(newest, TransactionState.Replaced, lease, cancellation);
        }

        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "The chain no longer has transaction {Hash} (nonce {Nonce}): sending the same bytes again")]
    private partial void LogLost(string hash, long nonce);

    [LoggerMessage(2, LogLevel.Warning, "The chain waits for nonce {Nonce}, and {Recorded} is the first recorded: filling the gap")]
    private partial void LogGap(long nonce, long recorded);

    [LoggerMessage(3, LogLevel.Warning,
        "Signer {Signer} is at nonce {Counted} on chain and {Expected} here: somebody else uses its key; going on from the chain's")]
    private partial void LogForeign(string signer, long expected, long counted);
}

/// <summary>Believes what it was told only when it is told the same several times in a row.</summary>
internal sealed class Steadily
{
    private string? last;
    private int times;

    public bool Is(string fact, int looks)
    {
        times = fact == last ? times + 1 : 1;
        last = fact;
        if (times < looks)
        {
            return false;
        }

        Forget();
        return true;
    }

    public void Forget() => (last, times) = (null, 0);
}
