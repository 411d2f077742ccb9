using Platform.Events;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Says that tokens are minted: one announcement an order, under its own trace.</summary>
/// <remarks>May say it twice: the announcement is made of the batch's kept facts alone.</remarks>
internal sealed class Mint(MintOrders orders, MintBatches batches, IAnnouncer announcer, TimeProvider clock)
{
    public async Task AnnounceAsync(string batchId, MintBatch.Final batch, CancellationToken cancellation)
    {
        var members = batch.Seal.Members ?? [];
        var ordered = await orders.FindAsync(members, cancellation);
        await Task.WhenAll(members.Select((assetId, index) =>
            AnnounceAsync(batchId, batch, index, ordered.GetValueOrDefault(assetId)?.TraceParent, cancellation)));
        await orders.MarkMintedAsync(members, cancellation);
        PlatformTelemetry.GasPerToken.Record(batch.Inclusion.GasUsed / Math.Max(1, members.Count));
    }

    /// <summary>For orders that were minted long ago, when somebody asks again.</summary>
    public async Task AnnounceAgainAsync(IReadOnlyList<MintOrder> minted, CancellationToken cancellation)
    {
        foreach (var group in minted.GroupBy(order => order.BatchId!))
        {
            if (await batches.Documents.FindAsync(group.Key, cancellation) is not MintBatch.Final batch)
            {
                continue; // The chain lost it for now; its own clock will tell.
            }

            var indexes = (batch.Seal.Members ?? []).Index().ToDictionary(each => each.Item, each => each.Index);
            foreach (var order in group)
            {
                await AnnounceAsync(group.Key, batch, indexes[order.Id], order.TraceParent, cancellation);
            }
        }
    }

    private Task AnnounceAsync(
        string batchId, MintBatch.Final batch, int index, string? traceParent, CancellationToken cancellation)
    {
        var members = batch.Seal.Members!;
        var minted = new TokenMinted
        {
            AssetId = members[index],
            Campaign = batch.Seal.Campaign,
            Recipient = batch.Seal.Recipients[index],
            ChainId = batch.Inclusion.ChainId,
            Contract = batch.Inclusion.Contract,
            TokenId = TokenId(batch.Number, index),
            BatchId = batchId,
            Index = index,
            MetadataCid = batch.Directories.MetadataCid,
            CustodyCid = batch.Directories.CustodyCid,
            TransactionHash = batch.TransactionHash,
            BlockNumber = batch.Inclusion.BlockNumber,
            BlockHash = batch.Inclusion.BlockHash,
            GasPerToken = batch.Inclusion.GasUsed / members.Count,
            MintedAt = batch.Inclusion.At,
        };
        return announcer.AnnounceAsync(
            minted, DerivedGuid.From($"{batchId}|{index}|{clock.GetUtcNow():O}"), traceParent, cancellation);
    }

    /// <summary>The contract numbers tokens by batch and index: 10,000 a batch.</summary>
    private static string TokenId(long batch, int index) => ((batch * 10_000) + index).ToString();
}
