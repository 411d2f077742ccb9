using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.RoyaltyIndexer;

/// <summary>Reads a range of blocks: which collections the factory made, and what moved in any of them.</summary>
internal sealed class FollowCollections(
    [FromKeyedServices("royalty-indexer")] IEthereum chain, IndexedBlocks blocks, IOptions<RoyaltyIndexerOptions> options)
{
    /// <summary>Transfers in chain order.</summary>
    public async Task<IReadOnlyList<Transfer>> ReadAsync(long from, long to, CancellationToken cancellation)
    {
        foreach (var log in await LogsAsync([options.Value.FactoryAddress], CampaignCollectionFactory.Events.CollectionCreated.Topic, from, to, cancellation))
        {
            if (log.As<CampaignCollectionFactory.Events.CollectionCreated>() is { } created)
            {
                await blocks.FollowAsync(ToCollection(created, log), cancellation);
            }
        }

        var followed = await blocks.CollectionsAsync(cancellation);
        if (followed.Count == 0)
        {
            return [];
        }

        var logs = await LogsAsync(
            [.. followed.Select(collection => Address.Parse(collection.Id))], CampaignCollection.Events.Transfer.Topic, from, to, cancellation);
        return [.. logs
            .OrderBy(log => log.BlockNumber).ThenBy(log => log.LogIndex)
            .Select(log => (Log: log, Transfer: log.As<CampaignCollection.Events.Transfer>()))
            .Where(each => each.Transfer is not null)
            .Select(each => ToTransfer(each.Log, each.Transfer!))];
    }

    private Task<IReadOnlyList<Log>> LogsAsync(
        ImmutableArray<Address> addresses, Hash32 topic, long from, long to, CancellationToken cancellation) =>
        chain.GetLogsAsync(
            new LogFilter
            {
                Addresses = addresses,
                Topics = [[topic]],
                FromBlock = BlockTag.Number((ulong)from),
                ToBlock = BlockTag.Number((ulong)to),
            },
            cancellation);

    private static FollowedCollection ToCollection(CampaignCollectionFactory.Events.CollectionCreated created, Log log) => new()
    {
        Id = created.Collection.ToString(),
        CampaignId = created.CampaignId.ToString(),
        Creator = created.Creator.ToString(),
        Name = created.Name,
        Symbol = created.Symbol,
        SinceBlock = (long)log.BlockNumber,
    };

    private static Transfer ToTransfer(Log log, CampaignCollection.Events.Transfer transfer) => new()
    {
        Id = $"{log.BlockHash}/{log.LogIndex}",
        Token = Transfer.TokenKey(log.Address.ToString(), transfer.TokenId),
        Contract = log.Address.ToString(),
        TokenId = transfer.TokenId.ToString(),
        From = transfer.From.ToString(),
        To = transfer.To.ToString(),
        BlockNumber = (long)log.BlockNumber,
        BlockHash = log.BlockHash.ToString(),
        LogIndex = (long)log.LogIndex,
        TransactionHash = log.TxHash.ToString(),
    };
}
