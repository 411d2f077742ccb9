using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Sends what is recorded until the chain counts it, and offers more for what no block takes.</summary>
/// <remarks>
/// A crash or a second sending does no harm: the bytes are the same, and a replacement is recorded before it is sent.
/// All waiting is by this process' stopwatch; a clock that jumps hurries and delays nothing.
/// </remarks>
internal sealed partial class SendTransactions(
    IEthereum chain,
    Signer signer,
    Transactions transactions,
    IOptions<MintingOptions> options,
    TimeProvider clock,
    ILogger<SendTransactions> logger)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Sending> sendings = [];

    /// <param name="missing">What the chain does not count, in the order of nonces.</param>
    public async Task RunAsync(IReadOnlyList<ChainTransaction> missing, Lease lease, CancellationToken cancellation)
    {
        var head = await chain.BlockNumberAsync(cancellation);
        foreach (var each in missing)
        {
            // Those behind it wait for the first alone, whatever they offer.
            var transaction = ReferenceEquals(each, missing[0]) ? await RaiseAsync(each, head, lease, cancellation) : each;
            if (!await SendAsync(transaction, head, lease, cancellation))
            {
                return; // Those behind it need it first.
            }
        }

        var open = missing.SelectMany(each => each.AllAttempts()).Select(attempt => attempt.Hash).ToHashSet();
        foreach (var done in sendings.Keys.Where(hash => !open.Contains(hash)).ToList())
        {
            sendings.Remove(done);
        }
    }

    /// <summary>The chain had it and lost it: it is sent again at once.</summary>
    public void Forget(ChainTransaction lost) => sendings.Remove(lost.Newest().Hash);

    private async Task<bool> SendAsync(
        ChainTransaction transaction, ulong head, Lease lease, CancellationToken cancellation)
    {
        var newest = transaction.Newest();
        var now = clock.GetTimestamp();
        if (sendings.TryGetValue(newest.Hash, out var sending) && sending.IsTaken)
        {
            if (clock.GetElapsedTime(sending.LookedAt, now) < LookAgain)
            {
                return true;
            }

            sending.LookedAt = now;
            if (await chain.KnowsTransactionAsync(Hash32.Parse(newest.Hash), cancellation))
            {
                return true;
            }

            LogDropped(newest.Hash, transaction.Nonce);
            await transactions.SetStateAsync(transaction, TransactionState.Dropped, lease, cancellation);
            transaction = transaction with { State = TransactionState.Dropped };
        }

        lease.EnsureHeld();
        sending ??= sendings[newest.Hash] = new Sending { FirstAt = now, FirstHead = head };
        var sent = await chain.SendRawTransactionAsync(newest.Raw, cancellation);
        sending.LookedAt = clock.GetTimestamp();
        // The nonce is used up, or an attempt that offers more is in the pool: either way it is on its way.
        sending.IsTaken = sent.IsInPool
            || sent.Outcome == SendOutcome.NonceTooLow
            || (sent.Outcome == SendOutcome.ReplacementUnderpriced && transaction.AllAttempts().Count > 1);
        if (sending.IsTaken)
        {
            await transactions.SetStateAsync(transaction, TransactionState.Submitted, lease, cancellation);
        }
        else if (sending.Refusal != sent.Outcome)
        {
            LogRefused(newest.Hash, sent.Outcome, sent.NodesMessage);
        }

        sending.Refusal = sent.Outcome;
        return sending.IsTaken;
    }

    private async Task<ChainTransaction> RaiseAsync(
        ChainTransaction stuck, ulong head, Lease lease, CancellationToken cancellation)
    {
        var newest = stuck.Newest();
        // A chain that makes no blocks takes nobody's transaction, whatever it offers.
        if (!sendings.TryGetValue(newest.Hash, out var sending)
            || head <= sending.FirstHead
            || sending.Refusal == SendOutcome.InsufficientFunds
            || clock.GetElapsedTime(sending.FirstAt) < TimeSpan.FromSeconds(options.Value.StuckSeconds))
        {
            return stuck;
        }

        var before = SignedTransaction.Decode(newest.Raw).ToTransaction();
        var raised = Fees.Raise(before, await chain.SuggestFeesAsync(null, cancellation), options.Value);
        if (raised is null)
        {
            LogAtCap(newest.Hash, stuck.Nonce, before.MaxFeePerGas.ToString(), options.Value.MostMaxFeeGwei);
            sending.FirstAt = clock.GetTimestamp(); // said again when as much time has passed
            return stuck;
        }

        lease.EnsureHeld();
        var signed = signer.Sign(raised);
        var attempt = new Attempt { Hash = signed.Hash.ToString(), Raw = signed.Raw.ToArray(), SignedAt = clock.GetUtcNow() };
        await transactions.AddAttemptAsync(stuck, attempt, lease, cancellation);
        LogRaised(newest.Hash, stuck.Nonce, attempt.Hash, raised.MaxFeePerGas.ToString());
        return stuck with { Attempts = [.. stuck.Attempts, attempt], State = TransactionState.Signed };
    }

    [LoggerMessage(1, LogLevel.Warning, "The node did not take transaction {Hash}: {Outcome}, {Message}; it is offered again")]
    private partial void LogRefused(string hash, SendOutcome outcome, string? message);

    [LoggerMessage(2, LogLevel.Warning, "The node forgot transaction {Hash} (nonce {Nonce}): sending the same bytes again")]
    private partial void LogDropped(string hash, long nonce);

    [LoggerMessage(3, LogLevel.Warning,
        "Transaction {Hash} (nonce {Nonce}) is stuck: replaced by {Replacement}, which offers {MaxFee} a unit of gas at most")]
    private partial void LogRaised(string hash, long nonce, string replacement, string maxFee);

    [LoggerMessage(4, LogLevel.Error,
        "Transaction {Hash} (nonce {Nonce}) is stuck at {MaxFee} and may not offer more: wait, or raise Minting:MostMaxFeeGwei ({Cap})")]
    private partial void LogAtCap(string hash, long nonce, string maxFee, decimal cap);

    /// <summary>What is known of an attempt's sending since this process began to follow it.</summary>
    private sealed class Sending
    {
        public required long FirstAt { get; set; }

        public required ulong FirstHead { get; init; }

        public long LookedAt { get; set; }

        public bool IsTaken { get; set; }

        public SendOutcome? Refusal { get; set; }
    }
}
