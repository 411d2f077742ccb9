using System.Numerics;

namespace Platform.Chain;

/// <summary>The chain as services see it: the one seam between them and a node.</summary>
/// <remarks>
/// Every method may throw <see cref="ChainUnavailableException"/> (ask later) and <see
/// cref="JsonRpcException"/> (the
/// node refused). Nothing is retried here.
/// </remarks>
public interface IEthereum
{
    /// <summary>EIP-155's id.</summary>
    Task<ulong> ChainIdAsync(CancellationToken cancellation);

    /// <summary>The newest block's height.</summary>
    Task<ulong> BlockNumberAsync(CancellationToken cancellation);

    /// <summary>A block's header; null where there is none (yet).</summary>
    Task<BlockHeader?> GetBlockAsync(BlockTag block, CancellationToken cancellation);

    /// <summary>A block's header by hash; null where the node does not know it (any more).</summary>
    Task<BlockHeader?> GetBlockAsync(Hash32 hash, CancellationToken cancellation);

    /// <summary>
    /// Headers of <paramref name="count"/> heights from <paramref name="first"/>, in batches; null past the
    /// head.
    /// </summary>
    Task<IReadOnlyList<BlockHeader?>> GetBlocksAsync(ulong first, int count, CancellationToken cancellation);

    /// <summary>How many transactions an account has sent: its next nonce.</summary>
    Task<ulong> GetTransactionCountAsync(Address account, BlockTag block, CancellationToken cancellation);

    Task<Wei> GetBalanceAsync(Address account, BlockTag block, CancellationToken cancellation);

    /// <summary>A contract's code; empty where there is none.</summary>
    Task<ReadOnlyMemory<byte>> GetCodeAsync(Address account, BlockTag block, CancellationToken cancellation);

    /// <summary>Runs a call without a transaction and returns what it returned.</summary>
    /// <exception cref="ContractRevertedException">The contract refused.</exception>
    Task<ReadOnlyMemory<byte>> CallAsync(CallRequest call, BlockTag block, CancellationToken cancellation);

    /// <summary>The gas a transaction would need now, as the node estimates it.</summary>
    /// <exception cref="ContractRevertedException">The contract would refuse it.</exception>
    Task<ulong> EstimateGasAsync(CallRequest call, CancellationToken cancellation);

    /// <summary>Fees of the newest <paramref name="blocks"/> blocks (at most 1,024).</summary>
    Task<FeeHistory> GetFeeHistoryAsync(
        int blocks, BlockTag newest, IReadOnlyList<int> percentiles, CancellationToken cancellation);

    /// <summary>
    /// Hands a transaction's bytes to the node. The same bytes may be handed over again at any time.
    /// </summary>
    /// <exception cref="JsonRpcException">Refused for a reason that <see cref="SendOutcome"/> does not
    /// name.</exception>
    Task<SendResult> SendRawTransactionAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellation);

    /// <summary>What came of a transaction; null while it is in no block.</summary>
    Task<Receipt?> GetReceiptAsync(Hash32 hash, CancellationToken cancellation);

    /// <summary>As <see cref="GetReceiptAsync"/> for several, in batches and in their order.</summary>
    Task<IReadOnlyList<Receipt?>> GetReceiptsAsync(IReadOnlyList<Hash32> hashes, CancellationToken cancellation);

    /// <summary>Whether a node has the transaction, in its pool or in a block.</summary>
    Task<bool> KnowsTransactionAsync(Hash32 hash, CancellationToken cancellation);

    /// <summary>The logs a filter names, in the order of blocks and of their places there.</summary>
    Task<IReadOnlyList<Log>> GetLogsAsync(LogFilter filter, CancellationToken cancellation);
}

/// <summary>What can be asked with the seam's methods alone.</summary>
public static class EthereumExtensions
{
    private const int FeeBlocks = 10;

    // A hundredth of a gwei: above every node's own minimum, and next to nothing.
    private static readonly Wei LeastTip = Wei.FromGwei(0.01m);

    extension(IEthereum chain)
    {
        /// <summary>Asks a contract through its bindings.</summary>
        /// <exception cref="ContractRevertedException">The contract refused.</exception>
        /// <exception cref="AbiException">The answer is not of the type; with no data, there may be no
        /// contract there.</exception>
        public async Task<T> CallAsync<T>(
            Address contract, ContractCall<T> call, BlockTag block, CancellationToken cancellation)
        {
            ArgumentNullException.ThrowIfNull(call);
            var answer = await chain.CallAsync(call.At(contract), block, cancellation);

            return answer.IsEmpty
                ? throw new AbiException($"{contract} answered {call.Signature} with nothing: perhaps no such contract.")
                : call.Decode(answer);
        }

        /// <summary>
        /// The next block's base fee twice, and the tip that half of recent transactions paid at most, but at
        /// least
        /// <paramref name="leastTip"/> wei a unit of gas (null is 0.01 gwei).
        /// </summary>
        public async Task<SuggestedFees> SuggestFeesAsync(Wei? leastTip, CancellationToken cancellation)
        {
            var history = await chain.GetFeeHistoryAsync(FeeBlocks, BlockTag.Latest, [50], cancellation);
            var tips = history.Rewards.Select(block => block[0]).Where(tip => tip > Wei.Zero).Order().ToArray();
            var median = tips.Length > 0 ? tips[tips.Length / 2].Value : BigInteger.Zero;
            var tip = new Wei(BigInteger.Max(median, (leastTip ?? LeastTip).Value));
            var baseFee = history.BaseFees[^1];

            return new SuggestedFees(baseFee, tip, (baseFee * 2) + tip);
        }
    }
}
