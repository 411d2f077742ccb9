using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>Follows the chain: block appended, reorganised, finalised; each becomes entries of the feed.</summary>
/// <remarks>
/// Works in the one process that holds the lease; that two cannot harm each other does not rest on it: a step is real
/// when the checkpoint moves (<see cref="Checkpoints"/>). It continues from the block the checkpoint names, by its hash;
/// where the chain has another there, the recorded blocks are compared until one agrees. A node that lags behind
/// what was read is no reorganisation: it is waited for.
/// </remarks>
internal sealed partial class IndexChain(
    [FromKeyedServices("royalty-indexer")] IEthereum chain,
    Checkpoints checkpoints,
    IndexedBlocks blocks,
    FollowedCollections collections,
    ReadLogs logs,
    Feed feed,
    IndexView view,
    IOptions<RoyaltyIndexerOptions> options,
    TimeProvider clock,
    Leases<RoyaltyIndexerService> leases,
    ILogger<IndexChain> logger) : Leased(leases, clock, logger)
{
    private const long LocalChain = 31337;

    protected override string LeaseName => "index";

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(options.Value.PollMilliseconds);

    protected override async Task<bool> WorkAsync(Lease lease, CancellationToken cancellation)
    {
        var at = await checkpoints.ReadAsync(cancellation);
        await view.FollowAsync(at, cancellation);
        at = await KnowTheChainAsync(at, cancellation);
        var head = (long)await chain.BlockNumberAsync(cancellation);
        if (at.Hash is not null)
        {
            switch (await CompareAsync(at, head, cancellation))
            {
                case Comparison.Unknown: return false;
                case Comparison.Other: return await TakeBackAsync(at, cancellation);
                case Comparison.Same: break;
            }
        }

        var to = Math.Min(head, at.Next + options.Value.BlocksAtATime - 1);
        var final = await FinalAsync(head, cancellation);
        if (to >= at.Next)
        {
            return await AppendAsync(at, to, head, final, cancellation) && to < head;
        }

        return final > at.Finalised && await FinaliseAsync(at, final, cancellation);
    }

    private async Task<bool> AppendAsync(Checkpoint at, long to, long head, long final, CancellationToken cancellation)
    {
        if (await HeadersAsync(at, to, cancellation) is not { } headers
            || await checkpoints.BeginAsync(at, cancellation) is not { } step)
        {
            return false; // It changed under our eyes; the next round compares.
        }

        await collections.SweepAsync(step, cancellation);
        var transfers = await logs.ReadAsync(headers, head, step, cancellation);
        var times = headers.ToDictionary(header => (long)header.Number, header => header.Timestamp);
        var entries = transfers
            .Select((transfer, i) => FeedEntry.Of(transfer, times[transfer.BlockNumber], step, step.Sequence + 1 + i)).ToList();
        final = Math.Max(step.Finalised, Math.Min(final, to));
        var finalHash = headers.FirstOrDefault(header => (long)header.Number == final)?.Hash.ToString();
        entries.AddRange(await FinaliseAsync(step, entries, final, finalHash, cancellation));

        await feed.WriteAsync(entries, cancellation);
        await blocks.WriteAsync(
            [.. headers.Select(each => new IndexedBlock { Id = (long)each.Number, Hash = each.Hash.ToString(), Attempt = step.Attempt })],
            cancellation);
        await CommitAsync(
            step with
            {
                Next = to + 1,
                Hash = headers[^1].Hash.ToString(),
                Sequence = step.Sequence + entries.Count,
                Finalised = final,
            },
            cancellation);
        await blocks.ForgetAsync(to, cancellation);
        if (transfers.Count > 0)
        {
            LogIndexed(transfers.Count, at.Next, to);
            PlatformTelemetry.Stage.Add(transfers.Count, new KeyValuePair<string, object?>("stage", "indexed"));
        }

        return true;
    }

    /// <summary>Headers that follow one another from the checkpoint's block; null where they do not.</summary>
    private async Task<IReadOnlyList<BlockHeader>?> HeadersAsync(Checkpoint at, long to, CancellationToken cancellation)
    {
        var read = await chain.GetBlocksAsync((ulong)at.Next, (int)(to - at.Next + 1), cancellation);
        var headers = new List<BlockHeader>();
        var parent = at.Hash;
        foreach (var header in read)
        {
            if (header is null
                || (long)header.Number != at.Next + headers.Count
                || (parent is not null && header.ParentHash.ToString() != parent))
            {
                return null;
            }

            headers.Add(header);
            parent = header.Hash.ToString();
        }

        return headers;
    }

    private async Task<bool> FinaliseAsync(Checkpoint at, long final, CancellationToken cancellation)
    {
        final = Math.Min(final, at.Last);
        if (final <= at.Finalised || await checkpoints.BeginAsync(at, cancellation) is not { } step)
        {
            return false;
        }

        var entries = await FinaliseAsync(step, [], final, null, cancellation);
        await feed.WriteAsync(entries, cancellation);
        await CommitAsync(step with { Sequence = step.Sequence + entries.Count, Finalised = final }, cancellation);
        return true;
    }

    /// <summary>Says which blocks became final, where that concerns anything in the feed.</summary>
    private async Task<IReadOnlyList<FeedEntry>> FinaliseAsync(
        Checkpoint step, IReadOnlyList<FeedEntry> added, long final, string? hash, CancellationToken cancellation)
    {
        if (final <= step.Finalised
            || !(added.Any(entry => entry.BlockNumber <= final)
                || (await feed.StandingAfterAsync(step.Finalised, step.Sequence, cancellation))
                    .Any(entry => entry.BlockNumber <= final)))
        {
            return [];
        }

        hash ??= await blocks.HashAsync(final, cancellation) ?? await HashAsync(final, cancellation)
            ?? throw new ChainContradictsItselfException($"Block {final} is final, and the node does not have it");
        return
        [
            FeedEntry.Range(
                FeedKind.Finalised, step, step.Sequence + added.Count + 1, step.Finalised + 1, final, hash, Clock.GetUtcNow()),
        ];
    }

    private async Task CommitAsync(Checkpoint done, CancellationToken cancellation) =>
        await view.FollowAsync(await checkpoints.CommitAsync(done with { Stopped = null }, cancellation), cancellation);

    private async Task<string?> HashAsync(long number, CancellationToken cancellation) =>
        await chain.GetBlockAsync(BlockTag.Number((ulong)number), cancellation) is { } header && (long)header.Number == number
            ? header.Hash.ToString()
            : null;

    [LoggerMessage(1, LogLevel.Information, "Indexed {Transfers} transfers of blocks {From} to {To}")]
    private partial void LogIndexed(int transfers, long from, long to);

    [LoggerMessage(
        2, LogLevel.Warning, "The chain was reorganised after block {LastGood}: {Entries} transfers were taken back")]
    private partial void LogReorganised(long lastGood, int entries);

    [LoggerMessage(3, LogLevel.Information, "The node is at block {Head}, behind block {Last} that was read: waiting for it")]
    private partial void LogBehind(long head, long last);
}
