using Platform.Content;
using Platform.Hosting;

namespace Platform.Storage;

/// <summary>Keeps blocks under their addresses and hands them out again.</summary>
/// <remarks>
/// Staging and pinning twice is doing it once: the address follows from the bytes. Safe to call from any number of
/// threads and processes.
/// </remarks>
internal interface IContentNetwork : IBlockSource
{
    /// <summary>Writes the blocks that an import makes; durable when it returns, found once pinned.</summary>
    /// <exception cref="ContentNetworkUnavailableException">Not now; trying again may help.</exception>
    Task<StagedDag> StageAsync(DagImport import, CancellationToken cancellation);

    /// <summary>Pins staged DAGs, all in one step.</summary>
    Task PinAsync(IReadOnlyList<StagedDag> dags, CancellationToken cancellation);

    /// <summary>Reads a block and hashes it again: whether it is here and is what its address says.</summary>
    ValueTask<bool> VerifyAsync(Cid cid, CancellationToken cancellation);
}

/// <summary>Makes the blocks of one DAG, each given to the sink and lent to it, and answers the root.</summary>
internal delegate Task<DagRoot> DagImport(
    Func<Block, CancellationToken, ValueTask> sink, CancellationToken cancellation);

/// <summary>A DAG whose blocks are written, in one CAR, but not yet found by their addresses.</summary>
/// <param name="Root">The address of the whole, and its measures.</param>
/// <param name="Car">Where the CAR lies, below the network's folder.</param>
/// <param name="Blocks">Each different block once, and its place in the CAR.</param>
internal sealed record StagedDag(DagRoot Root, string Car, IReadOnlyList<CarEntry> Blocks);

/// <summary>The network could not take or give blocks now: a full disk, an outage.</summary>
internal sealed class ContentNetworkUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner), IOutage;

internal static class ReadingBack
{
    extension(IContentNetwork network)
    {
        /// <summary>Asks for every block below a root, as a stranger would, and hashes each again.</summary>
        /// <exception cref="ContentNetworkUnavailableException">A block is missing or damaged.</exception>
        public async Task ReadBackAsync(Cid root, CancellationToken cancellation)
        {
            var seen = new HashSet<Cid>();
            var pending = new Stack<Cid>([root]);
            while (pending.TryPop(out var cid))
            {
                if (!await network.TryReadBackAsync(cid, pending, seen, cancellation))
                {
                    throw new ContentNetworkUnavailableException(
                        $"{root} could not be read back: block {cid} is missing or damaged.");
                }
            }
        }
    }

    /// <summary>Puts links not seen yet on the stack; false where the block is missing or damaged.</summary>
    private static async Task<bool> TryReadBackAsync(
        this IContentNetwork network, Cid cid, Stack<Cid> pending, HashSet<Cid> seen, CancellationToken cancellation)
    {
        try
        {
            if (cid.Codec == Multicodec.Raw)
            {
                return await network.VerifyAsync(cid, cancellation);
            }

            var node = await new UnixFsReader(network).GetAsync(cid, cancellation);
            foreach (var link in UnixFs.Decode(cid, node).Links)
            {
                if (seen.Add(link.Cid))
                {
                    pending.Push(link.Cid);
                }
            }

            return true;
        }
        catch (Exception fault) when (fault is ContentNotFoundException or CorruptBlockException or IOException)
        {
            return false;
        }
    }
}
