using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>Follows the chain: block appended, or blocks reorganised.</summary>
/// <remarks>
/// What was read is written before the cursor moves. A step first takes back whatever lies past the cursor: after a
/// crash the blocks it was read from may be gone, and nobody would look for it there again. Each step must continue from the block the cursor names, by
/// its hash; where it does not, the recorded blocks are compared until one agrees, however deep.
/// </remarks>
internal sealed partial class IndexChain(
    [FromKeyedServices("royalty-indexer")] IEthereum chain,
    IndexedBlocks blocks,
    Ownership ownership,
    FollowCollections follow,
    IAnnouncer announcer,
    IOptions<RoyaltyIndexerOptions> options,
    TimeProvider clock,
    ILogger<IndexChain> logger) : Forever(clock, logger)
{
    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(options.Value.PollMilliseconds);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        var cursor = await blocks.NewestAsync(cancellation);
        var head = (long)await chain.BlockNumberAsync(cancellation);
        if (cursor is not null && (head < cursor.Id || await HashAsync(cursor.Id, cancellation) != cursor.Hash))
        {
            await RewindAsync(cancellation);
            return true;
        }

        var from = cursor is null ? options.Value.FromBlock : cursor.Id + 1;
        var to = Math.Min(head, from + options.Value.BlocksAtATime - 1);
        if (to < from)
        {
            return false;
        }

        await AppendAsync(cursor, from, to, cancellation);
        return to < head;
    }

    private async Task AppendAsync(IndexedBlock? cursor, long from, long to, CancellationToken cancellation)
    {
        var headers = await chain.GetBlocksAsync((ulong)from, (int)(to - from + 1), cancellation);
        var parent = cursor?.Hash;
        foreach (var header in headers)
        {
            if (header is null || (parent is not null && header.ParentHash.ToString() != parent))
            {
                return; // It changed under our eyes; the next round compares.
            }

            parent = header.Hash.ToString();
        }

        // A crash before the cursor moved may have left what was read of blocks that the chain has lost since.
        await ownership.RewindAsync(from - 1, cancellation);
        await blocks.UnfollowAsync(from - 1, cancellation);
        var transfers = await follow.ReadAsync(from, to, cancellation);
        var hashes = headers.ToDictionary(header => (long)header!.Number, header => header!.Hash.ToString());
        if (transfers.Any(transfer => hashes[transfer.BlockNumber] != transfer.BlockHash))
        {
            return;
        }

        await ownership.RecordAsync(transfers, cancellation);
        await AnnounceAsync(transfers, cancellation);
        await blocks.AdvanceAsync(
            [.. hashes.Select(each => new IndexedBlock { Id = each.Key, Hash = each.Value }).OrderBy(each => each.Id)],
            cancellation);
        if (transfers.Count > 0)
        {
            LogIndexed(transfers.Count, from, to);
            PlatformTelemetry.Stage.Add(transfers.Count, new KeyValuePair<string, object?>("stage", "indexed"));
        }
    }

    private async Task AnnounceAsync(IReadOnlyList<Transfer> transfers, CancellationToken cancellation)
    {
        if (transfers.Count == 0)
        {
            return;
        }

        var chainId = (long)await chain.ChainIdAsync(cancellation);
        foreach (var transfer in transfers)
        {
            await announcer.AnnounceAsync(
                transfer.ToEvent(chainId), DerivedGuid.From(transfer.Id), traceParent: null, cancellation);
        }
    }

    private async Task RewindAsync(CancellationToken cancellation)
    {
        var lastGood = options.Value.FromBlock - 1;
        foreach (var block in await blocks.RecentAsync(cancellation))
        {
            if (await HashAsync(block.Id, cancellation) == block.Hash)
            {
                lastGood = block.Id;
                break;
            }
        }

        LogReorganised(lastGood);
        await ownership.RewindAsync(lastGood, cancellation);
        await blocks.RewindAsync(lastGood, cancellation);
    }

    private async Task<string?> HashAsync(long number, CancellationToken cancellation) =>
        (await chain.GetBlockAsync(BlockTag.Number((ulong)number), cancellation))?.Hash.ToString();

    [LoggerMessage(1, LogLevel.Information, "Indexed {Transfers} transfers of blocks {From} to {To}")]
    private partial void LogIndexed(int transfers, long from, long to);

    [LoggerMessage(2, LogLevel.Warning, "The chain was reorganised: everything after block {LastGood} is read again")]
    private partial void LogReorganised(long lastGood);
}
