using System.Text;
using System.Text.Json;
using Platform.Content;

namespace Platform.Auditor.Tests;

/// <summary>Tokens, records and pictures that are not what they should be, where the chain or the gateway lies.</summary>
public sealed class TokenTests(World world)
{
    private const string Nobody = "0x52908400098527886E0F7030069857D2E4169EE7";

    [Fact]
    public async Task Names_a_token_that_another_than_its_recipient_got()
    {
        var asset = await world.AssetAsync(world.MintedAssets[0]);

        await world.WithAsync(
            "campaigns",
            "admissions",
            World.OfAsset(world.MintedAssets[0]),
            admission => admission["state"]["recipient"] = Nobody,
            async () => (await world.AuditAsync()).AssertNames("token.recipient", $"{asset.Contract}/{asset.TokenId}"));
    }

    [Fact]
    public async Task Names_a_token_whose_logs_give_it_to_another_than_its_data_contract()
    {
        var asset = await world.AssetAsync(world.MintedAssets[0]);
        var recipient = asset.Recipient[2..].ToLowerInvariant();
        using var liar = Liar.Replacing(
            world.Options.ChainPort, $"0x{new string('0', 24)}{recipient}", $"0x{new string('0', 24)}{Nobody[2..].ToLowerInvariant()}");

        var report = await world.AuditAsync(liar: liar);

        Assert.True(liar.Lies > 0);
        report.AssertNames("token.recipient", $"{asset.Contract}/{asset.TokenId}");
    }

    [Fact]
    public async Task Names_minted_assets_whose_tokens_the_chain_does_not_have()
    {
        var asset = await world.AssetAsync(world.MintedAssets[0]);
        using var liar = new Liar((address, bytes) => address.Port == world.Options.ChainPort
            ? WithoutLogsOf(asset.TransactionHash, bytes)
            : bytes);

        var report = await world.AuditAsync(liar: liar);

        Assert.True(liar.Lies > 0);
        report.AssertNames("token.missing", asset.AssetId);
        Assert.True(report.Kinds.ContainsKey("batch.unminted") && report.Kinds.ContainsKey("batch.gap"), AuditPrinter.ToText(report));
    }

    [Fact]
    public async Task Names_a_record_of_which_a_byte_was_changed()
    {
        var asset = await world.AssetAsync(world.MintedAssets[0]);
        var record = await LinkAsync(asset.CustodyCid, asset.Index);
        using var liar = ChangingAByteOf(record);

        var report = await world.AuditAsync(liar: liar);

        Assert.True(liar.Lies > 0);
        report.AssertNamesOnly("custody.unreadable", $"{asset.Contract}/{asset.TokenId}");
    }

    [Fact]
    public async Task Names_a_record_that_is_not_in_its_batchs_root()
    {
        var asset = await world.AssetAsync(world.MintedAssets[0]);
        var batch = (await world.Api.Minting.ListBatchesAsync(new() { Campaign = asset.Campaign })).Batches
            .Single(each => each.CustodyCid == asset.CustodyCid);
        using var liar = Liar.Replacing(world.Options.ChainPort, batch.CustodyRoot[2..], new string('a', 64));

        var report = await world.AuditAsync(liar: liar);

        Assert.True(liar.Lies > 0);
        report.AssertNames("custody.root", $"batch {batch.Number} of {asset.Contract}");
    }

    [Fact]
    public async Task Names_every_token_whose_picture_has_another_byte()
    {
        var asset = await world.AssetAsync(world.MintedAssets[0]);
        using var liar = ChangingAByteOf(Cid.Parse(asset.Cid));

        var report = await world.AuditAsync(liar: liar);

        Assert.True(liar.Lies > 0);
        report.AssertNames("image.bytes", $"{asset.Contract}/{asset.TokenId}");
        Assert.Equal(["image.bytes"], report.Kinds.Keys);
    }

    [Fact]
    public async Task Names_tokens_whose_metadata_nobody_has()
    {
        var asset = await world.AssetAsync(world.MintedAssets[0]);
        using var liar = new Liar((address, bytes) =>
            address.AbsolutePath.Contains(asset.MetadataCid, StringComparison.Ordinal) ? null : bytes);

        var report = await world.AuditAsync(liar: liar);

        Assert.True(liar.Lies > 0);
        report.AssertNames("metadata.unreadable", $"{asset.Contract}/{asset.TokenId}");
        Assert.Equal(["metadata.unreadable"], report.Kinds.Keys);
    }

    /// <summary>The block by itself has a byte changed, and no directory at once is to be had.</summary>
    private static Liar ChangingAByteOf(Cid cid) => new((address, bytes) =>
    {
        if (address.Query.Contains("format=car", StringComparison.Ordinal))
        {
            return null;
        }

        return address.AbsolutePath.Contains($"/ipfs/{cid}", StringComparison.Ordinal)
            ? [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]
            : bytes;
    });

    private async Task<Cid> LinkAsync(string directory, int index)
    {
        var node = await world.Http.GetByteArrayAsync(new Uri(world.Options.Http, $"ipfs/{directory}?format=raw"));
        return UnixFsDirectory.Read(node).Single(link => link.Name == $"{index}.json").Cid;
    }

    private static byte[] WithoutLogsOf(string transaction, byte[] answer)
    {
        var text = Encoding.UTF8.GetString(answer);
        if (!text.Contains(transaction, StringComparison.Ordinal) || !text.Contains("\"topics\"", StringComparison.Ordinal))
        {
            return answer;
        }

        var node = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        var kept = node["result"]!.AsArray().Where(log => log!["transactionHash"]!.GetValue<string>() != transaction)
            .Select(log => log!.DeepClone()).ToArray();
        node["result"] = new System.Text.Json.Nodes.JsonArray(kept);
        return JsonSerializer.SerializeToUtf8Bytes(node);
    }
}
