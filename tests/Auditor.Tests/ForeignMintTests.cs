using System.Numerics;
using System.Text;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Auditor.Tests;

/// <summary>Somebody who has the minter's key mints beside the platform: what cannot be taken back, on a platform of its own.</summary>
public sealed class ForeignMintTests
{
    private const string Nobody = "0x52908400098527886E0F7030069857D2E4169EE7";

    [Fact]
    public async Task Names_assets_with_two_tokens_and_tokens_and_collections_without_an_asset()
    {
        await using var world = new World();
        await world.InitializeAsync();
        var asset = await world.AssetAsync(world.MintedAssets[0]);
        var contract = Address.Parse(asset.Contract);
        var batch = (await world.Api.Minting.ListBatchesAsync(new() { Campaign = asset.Campaign })).Batches
            .Single(each => each.CustodyCid == asset.CustodyCid);
        var (_, metadata, root, count) = await world.Chain.CallAsync(
            contract, CampaignCollection.Batch(batch.Number), BlockTag.Latest, CancellationToken.None);
        var next = await world.Chain.CallAsync(contract, CampaignCollection.BatchCount(), BlockTag.Latest, CancellationToken.None);

        await SendAsync(world, contract, CampaignCollection.MintBatch(Id("again"), next, metadata, root, Recipients((int)count)).Data);
        await SendAsync(world, contract, CampaignCollection.MintBatch(Id("junk"), next + 1, Id("no"), root, Recipients(1)).Data);
        await SendAsync(world, CanonicalFactory.Address, CampaignCollectionFactory.CreateCollection(
            Id("campaign"),
            new CampaignCollectionFactory.CollectionConfig("Strange", "S", Address.Zero, Address.Parse(Nobody), 0)).Data);

        var report = await world.AuditAsync();
        var second = $"{contract}/{(next * ChainToken.TokensABatch) + asset.Index}";
        report.AssertNames("token.doubled", asset.AssetId);
        Assert.Contains(report.Differences, each => each.Kind == "token.doubled" && each.Detail.Contains(second, StringComparison.Ordinal));
        report.AssertNames("token.recipient", second);
        report.AssertNames("batch.unknown", $"batch {next} of {contract}");
        report.AssertNames("token.orphan", $"{contract}/{(next + 1) * ChainToken.TokensABatch}");
        Assert.Equal((int)count, report["doubled"]);
        Assert.Equal(1, report["orphans"]);
        Assert.Equal(1, report.Kinds["collection.orphan"]);
    }

    private static Hash32 Id(string of) => Keccak.Hash256(Encoding.UTF8.GetBytes(of));

    /// <summary>Ascending, as the collection demands.</summary>
    private static byte[] Recipients(int count) =>
        [.. Enumerable.Range(1, count).SelectMany(number => new byte[Address.Length - 1].Append((byte)number))];

    private static async Task SendAsync(World world, Address to, ReadOnlyMemory<byte> data)
    {
        using var key = EthereumKey.FromHex(
            (await File.ReadAllTextAsync(Path.Combine(world.Options.Data, "keys", "minter.key"))).Trim());
        var cancellation = CancellationToken.None;
        var fees = await world.Chain.SuggestFeesAsync(null, cancellation);
        var signed = new Eip1559Transaction
        {
            ChainId = await world.Chain.ChainIdAsync(cancellation),
            Nonce = await world.Chain.GetTransactionCountAsync(key.Address, BlockTag.Latest, cancellation),
            MaxPriorityFeePerGas = Wei.FromGwei(1),
            MaxFeePerGas = new Wei(fees.MaxFeePerGas.Value + BigInteger.Pow(10, 10)),
            GasLimit = 3_000_000,
            To = to,
            Data = data,
        }.Sign(key);
        Assert.True((await world.Chain.SendRawTransactionAsync(signed.Raw, cancellation)).IsInPool);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await world.Chain.GetReceiptAsync(signed.Hash, patience.Token) is not { } receipt || !receipt.Success)
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
