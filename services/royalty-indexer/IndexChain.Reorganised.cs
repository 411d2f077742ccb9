using Platform.Chain;

namespace Platform.RoyaltyIndexer;

/// <content>What is done when the chain is not the one that was read.</content>
internal sealed partial class IndexChain
{
    // Two epochs: as deep as a chain with finality by stake goes before it finalises.
    private const int SafeDepth = 64;

    // The endpoint's; what is behind one address does not change its id while we run.
    private long chainId;

    private enum Comparison
    {
        Same,
        Other,
        Unknown,
    }

    private bool MayLoseFinalBlocks(Checkpoint at) => options.Value.MayLoseFinalBlocks ?? at.ChainId == LocalChain;

    /// <summary>Whether the node has the block that was read last.</summary>
    private async Task<Comparison> CompareAsync(Checkpoint at, long head, CancellationToken cancellation)
    {
        if (head >= at.Last)
        {
            return await HashAsync(at.Last, cancellation) switch
            {
                null => Comparison.Unknown, // The node that said the height is not the one that was asked for the block.
                var hash when hash == at.Hash => Comparison.Same,
                _ => Comparison.Other,
            };
        }

        if (MayLoseFinalBlocks(at))
        {
            return Comparison.Other;
        }

        LogBehind(head, at.Last);
        return Comparison.Unknown;
    }

    /// <summary>Takes back what lies above the newest block that the chain still has.</summary>
    private async Task<bool> TakeBackAsync(Checkpoint at, CancellationToken cancellation)
    {
        var (lastGood, hash, known) = await FindCommonAsync(at, cancellation);
        if (!known || lastGood == at.Last || await checkpoints.BeginAsync(at, cancellation) is not { } step)
        {
            return false;
        }

        if (lastGood < step.Finalised && !MayLoseFinalBlocks(step))
        {
            var stopped = new ReorganisedBelowFinalityException(lastGood, step.Finalised);
            if (step.Stopped != stopped.Message)
            {
                await checkpoints.CommitAsync(step with { Stopped = stopped.Message }, cancellation);
            }

            throw stopped;
        }

        var now = Clock.GetUtcNow();
        var undone = await feed.StandingAfterAsync(lastGood, step.Sequence, cancellation);
        var entries = new List<FeedEntry>
        {
            FeedEntry.Range(FeedKind.Reorganised, step, step.Sequence + 1, lastGood + 1, step.Last, step.Hash!, now),
        };
        entries.AddRange(undone.Select((entry, i) => entry.TakeBack(step, step.Sequence + 2 + i, now)));
        await feed.WriteAsync(entries, cancellation);
        await CommitAsync(
            step with
            {
                Next = lastGood + 1,
                Hash = hash,
                Sequence = step.Sequence + entries.Count,
                Finalised = Math.Min(step.Finalised, lastGood),
                Reorganisations = step.Reorganisations + 1,
            },
            cancellation);
        LogReorganised(lastGood, undone.Count);
        return true;
    }

    /// <summary>The newest recorded block that is on the chain; not known where the node lacks a block below its own head.</summary>
    private async Task<(long Block, string? Hash, bool Known)> FindCommonAsync(Checkpoint at, CancellationToken cancellation)
    {
        var head = (long)await chain.BlockNumberAsync(cancellation);
        foreach (var block in (await blocks.RecentAsync(at.Last, cancellation)).Where(block => block.Id <= head))
        {
            switch (await HashAsync(block.Id, cancellation))
            {
                case null: return (0, null, Known: false);
                case var hash when hash == block.Hash: return (block.Id, hash, Known: true);
            }
        }

        return (options.Value.FromBlock - 1, null, Known: true);
    }

    /// <summary>The newest block that is final; nothing is where the chain does not say so.</summary>
    private async Task<long> FinalAsync(long head, CancellationToken cancellation)
    {
        if (options.Value.Finality == "depth")
        {
            return head - (options.Value.Confirmations ?? (chainId == LocalChain ? 1 : SafeDepth)) + 1;
        }

        if (await chain.GetBlockAsync(BlockTag.Finalized, cancellation) is not { } final)
        {
            return -1;
        }

        // A node of another mind than the one that was read says nothing about what was read.
        return await blocks.HashAsync((long)final.Number, cancellation) is { } read && read != final.Hash.ToString()
            ? -1
            : (long)final.Number;
    }

    /// <summary>Learns which chain it is, once, and never takes another for it.</summary>
    private async Task<Checkpoint> KnowTheChainAsync(Checkpoint at, CancellationToken cancellation)
    {
        if (at.ChainId != 0 && at.ChainId == chainId)
        {
            return at;
        }

        chainId = (long)await chain.ChainIdAsync(cancellation);
        if (at.ChainId != 0)
        {
            return at.ChainId == chainId ? at : throw new AnotherChainException(at.ChainId, chainId);
        }

        return await checkpoints.BeginAsync(at with { ChainId = chainId }, cancellation)
            ?? await checkpoints.ReadAsync(cancellation);
    }
}

/// <summary>The chain took back what had been said final: the index stops rather than guess which of the two is true.</summary>
internal sealed class ReorganisedBelowFinalityException(long lastGood, long finalised) : Exception(
    $"The chain has other blocks after {lastGood}, though everything up to {finalised} was final. The index stands still until the "
    + "node has the old blocks again. If the chain may lose final blocks, set RoyaltyIndexer:MayLoseFinalBlocks to true.");

/// <summary>The endpoint answers for another chain than the one that was read.</summary>
internal sealed class AnotherChainException(long read, long answered) : Exception(
    $"RoyaltyIndexer:Rpc answers for chain {answered}; this database holds chain {read}. Point it to the right one, or use another database.");
