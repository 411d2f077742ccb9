using System.Numerics;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Minting.Tests;

/// <summary>What the chain itself says of a campaign, held against what was ordered.</summary>
internal static class ChainAudit
{
    /// <summary>Each order has one token, held by its recipient; numbers have no gap; nothing else is there.</summary>
    public static async Task AssertEachOnceAsync(
        Workshop workshop, IEthereum honest, string campaign, IReadOnlyCollection<MintOrder> ordered)
    {
        var contract = await honest.CallAsync(
            workshop.Next.Factory,
            CampaignCollectionFactory.CollectionOf(workshop.Signer.Address, NextTransaction.CampaignId(campaign)),
            BlockTag.Latest, default);
        var count = (int)await honest.CallAsync(contract, CampaignCollection.BatchCount(), BlockTag.Latest, default);
        var batches = (await workshop.Batches.OfCampaignAsync(campaign, default))
            .ToDictionary(each => each.Id, each => Assert.IsType<MintBatch.Final>(each.Batch));
        Assert.Equal(Enumerable.Range(0, count), batches.Values.Select(batch => (int)batch.Number).Order());

        Dictionary<Guid, int> tokens = [];
        for (var number = 0; number < count; number++)
        {
            var onChain = await honest.CallAsync(contract, CampaignCollection.Batch(number), BlockTag.Latest, default);
            var batch = batches[onChain.BatchId.ToString()];
            Assert.Equal(number, batch.Number);
            Assert.Equal(batch.Seal.Members!.Count, (int)onChain.Count);
            foreach (var (index, member) in batch.Seal.Members.Index())
            {
                tokens[member] = tokens.GetValueOrDefault(member) + 1;
                var owner = await honest.CallAsync(
                    contract, CampaignCollection.OwnerOf(new BigInteger((number * 10_000) + index)), BlockTag.Latest, default);
                Assert.Equal(ordered.Single(order => order.Id == member).Recipient, owner.ToString());
            }

            var receipt = await honest.GetReceiptAsync(Hash32.Parse(batch.TransactionHash), default);
            Assert.True(receipt!.Success);
            Assert.Equal(receipt.BlockHash.ToString(), batch.Inclusion.BlockHash);
        }

        Assert.Equal(ordered.Select(order => order.Id).Order(), tokens.Keys.Order());
        Assert.All(tokens, token => Assert.Equal(1, token.Value));
        Assert.Equal(
            ordered.Select(order => order.Id).Order(),
            workshop.Announced.Minted.Where(each => each.Campaign == campaign).Select(each => each.AssetId).Distinct().Order());
    }
}
