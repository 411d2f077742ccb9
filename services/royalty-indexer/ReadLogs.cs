using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.RoyaltyIndexer;

/// <summary>Reads blocks' logs: which collections the factory made, and what moved in any of them.</summary>
/// <remarks>
/// Near the tip a block is asked for by its hash, because a node that does not have it answers a range of numbers with
/// "none". An answer is held against the block's own header: logs of another block, or none where the bloom
/// promises some, are not believed and asked for again later.
/// </remarks>
internal sealed class ReadLogs(
    [FromKeyedServices("royalty-indexer")] IEthereum chain,
    FollowedCollections collections,
    IOptions<RoyaltyIndexerOptions> options)
{
    // Further than the nodes behind one address lie apart, and two epochs.
    private const long NearTheTip = 64;

    private static readonly Hash32 Created = CampaignCollectionFactory.Events.CollectionCreated.Topic;
    private static readonly Hash32 Moved = CampaignCollection.Events.Transfer.Topic;
    private static readonly LogsBloom.Key MovedKey = LogsBloom.Key.Of(Moved.ToArray());

    /// <summary>Transfers in chain order.</summary>
    /// <exception cref="ChainContradictsItselfException">The node's answers do not fit together.</exception>
    public async Task<IReadOnlyList<Transfer>> ReadAsync(
        IReadOnlyList<BlockHeader> headers, long head, Checkpoint step, CancellationToken cancellation)
    {
        var followed = (await collections.ListAsync(step, cancellation)).Select(each => Address.Parse(each.Id)).ToHashSet();
        var deep = headers.TakeWhile(header => (long)header.Number <= head - NearTheTip).ToList();
        var logs = new List<Log>();
        if (deep.Count > 0)
        {
            await ReadAsync(logs, headers: deep, followed, step, cancellation);
        }

        foreach (var header in headers.Skip(deep.Count))
        {
            await ReadAsync(logs, [header], followed, step, cancellation);
        }

        return [.. logs
            .OrderBy(log => log.BlockNumber).ThenBy(log => log.LogIndex)
            .Select(log => (Log: log, Transfer: followed.Contains(log.Address) ? log.As<CampaignCollection.Events.Transfer>() : null))
            .Where(each => each.Transfer is not null)
            .Select(each => Transfer.Of(each.Log, each.Transfer!))];
    }

    private async Task ReadAsync(
        List<Log> logs, IReadOnlyList<BlockHeader> headers, HashSet<Address> followed, Checkpoint step, CancellationToken cancellation)
    {
        var read = await AskAsync(headers, [options.Value.FactoryAddress, .. followed], cancellation);
        var made = await FollowAsync(read, followed, step, cancellation);
        if (made.Count > 0)
        {
            read = [.. read, .. await AskAsync(headers, [.. made], cancellation)];
        }

        logs.AddRange(read);
        var told = read.Select(log => log.BlockHash).ToHashSet();
        var keys = followed.Select(address => LogsBloom.Key.Of(address.ToArray())).ToList();
        foreach (var header in headers.Where(header => !told.Contains(header.Hash) && Promises(header, keys)))
        {
            logs.AddRange(await AskForAllAsync(header, followed, cancellation));
        }
    }

    private async Task<IReadOnlyList<Address>> FollowAsync(
        IReadOnlyList<Log> logs, HashSet<Address> followed, Checkpoint step, CancellationToken cancellation)
    {
        var made = new List<Address>();
        foreach (var log in logs.Where(log => log.Address == options.Value.FactoryAddress))
        {
            if (log.As<CampaignCollectionFactory.Events.CollectionCreated>() is { } created && followed.Add(created.Collection))
            {
                made.Add(created.Collection);
                await collections.FollowAsync(ToCollection(created, log, step), cancellation);
            }
        }

        return made;
    }

    private async Task<IReadOnlyList<Log>> AskAsync(
        IReadOnlyList<BlockHeader> headers, ImmutableArray<Address> addresses, CancellationToken cancellation)
    {
        if (headers.Count == 1)
        {
            return Believe(
                await chain.GetLogsAsync(
                    new LogFilter { Addresses = addresses, Topics = [[Created, Moved]], BlockHash = headers[0].Hash }, cancellation),
                headers);
        }

        try
        {
            return Believe(
                await chain.GetLogsAsync(
                    new LogFilter
                    {
                        Addresses = addresses,
                        Topics = [[Created, Moved]],
                        FromBlock = headers[0].Number,
                        ToBlock = headers[^1].Number,
                    },
                    cancellation),
                headers);
        }
        catch (Exception tooMuch) when (tooMuch is ResponseTooLargeException or JsonRpcException { IsRateLimit: false })
        {
            // Providers' limits of a range have as many texts as providers: half of it, down to one block by its hash.
            var half = headers.Count / 2;
            return
            [
                .. await AskAsync([.. headers.Take(half)], addresses, cancellation),
                .. await AskAsync([.. headers.Skip(half)], addresses, cancellation),
            ];
        }
    }

    /// <summary>All logs of a block that promises some of ours and gave none: the bloom may err, an empty answer may not.</summary>
    private async Task<IReadOnlyList<Log>> AskForAllAsync(
        BlockHeader header, HashSet<Address> followed, CancellationToken cancellation)
    {
        var all = Believe(await chain.GetLogsAsync(new LogFilter { BlockHash = header.Hash }, cancellation), [header]);
        return all.Count == 0
            ? throw new ChainContradictsItselfException($"Block {header.Hash} has a bloom of logs, and the node knows none of them")
            : [.. all.Where(log => followed.Contains(log.Address))];
    }

    private static bool Promises(BlockHeader header, IReadOnlyList<LogsBloom.Key> followed) =>
        LogsBloom.Of(header) is { } bloom && bloom.MayHold(MovedKey) && followed.Any(key => bloom.MayHold(key));

    private static IReadOnlyList<Log> Believe(IReadOnlyList<Log> logs, IReadOnlyList<BlockHeader> headers)
    {
        var hashes = headers.ToDictionary(header => header.Number, header => header.Hash);
        return logs.FirstOrDefault(log => log.Removed || hashes.GetValueOrDefault(log.BlockNumber) != log.BlockHash) is { } strange
            ? throw new ChainContradictsItselfException(
                $"Asked for the logs of blocks {headers[0].Hash} to {headers[^1].Hash}, the node gave one of {strange.BlockHash}")
            : logs;
    }

    private static FollowedCollection ToCollection(
        CampaignCollectionFactory.Events.CollectionCreated created, Log log, Checkpoint step) => new()
        {
            Id = created.Collection.ToString(),
            CampaignId = created.CampaignId.ToString(),
            Creator = created.Creator.ToString(),
            Name = created.Name,
            Symbol = created.Symbol,
            SinceBlock = (long)log.BlockNumber,
            Attempt = step.Attempt,
        };
}

/// <summary>A node's answers do not fit together; another moment, or another node behind the address, may do better.</summary>
internal sealed class ChainContradictsItselfException(string message) : Exception(message);
