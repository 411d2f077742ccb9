using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Auditor.Tests;

/// <summary>An indexer whose rows are not the chain's logs.</summary>
public sealed class HoldingTests(World world)
{
    private const string Indexer = "royalty_indexer";
    private const string Nobody = "0x52908400098527886E0F7030069857D2E4169EE7";

    [Fact]
    public async Task Names_a_holding_that_is_missing()
    {
        var token = await TokenAsync();

        await world.WithoutAsync(Indexer, "tokens", OfToken(token), async _ =>
            (await world.AuditAsync()).AssertNamesOnly("holding.missing", token));
    }

    [Fact]
    public async Task Names_a_holding_that_the_chain_does_not_have()
    {
        var token = await TokenAsync();
        var extra = $"{token.Split('/')[0]}/990000";

        await world.WithCopyAsync(
            Indexer,
            "tokens",
            OfToken(token),
            copy =>
            {
                copy["_id"] = $"{token.Split('/')[0]}/{990000:D78}";
                copy["tokenId"] = "990000";
            },
            async () => (await world.AuditAsync()).AssertNamesOnly("holding.extra", extra));
    }

    [Fact]
    public async Task Names_a_holding_of_another_owner()
    {
        var token = await TokenAsync();

        await world.WithAsync(
            Indexer,
            "tokens",
            OfToken(token),
            holding => holding["owner"] = Nobody,
            async () => (await world.AuditAsync()).AssertNamesOnly("holding.owner", token));
    }

    [Fact]
    public async Task Names_a_transfer_that_history_and_feed_lack()
    {
        var token = await TokenAsync();

        await world.WithoutAsync(Indexer, "feed", OfEntry(token), async _ =>
        {
            var report = await world.AuditAsync();

            report.AssertNames("history.missing", token);
            report.AssertNames("feed.missing", token);
            Assert.Equal(["feed.gap", "feed.missing", "history.missing"], report.Kinds.Keys);
        });
    }

    [Fact]
    public async Task Names_a_transfer_that_the_chain_does_not_have()
    {
        var token = await TokenAsync();

        await world.WithAsync(
            Indexer,
            "feed",
            OfEntry(token),
            entry => entry["transfer"]["to"] = Nobody,
            async () =>
            {
                var report = await world.AuditAsync();

                report.AssertNames("history.extra", token);
                report.AssertNames("feed.extra", token);
                report.AssertNames("feed.missing", token);
            });
    }

    [Fact]
    public async Task Names_a_transfer_that_the_feed_tells_out_of_order()
    {
        var token = await TokenAsync();

        await world.WithAsync(
            Indexer,
            "feed",
            OfEntry(token),
            entry => entry["transfer"]["blockNumber"] = entry["transfer"]["blockNumber"].ToInt64() + 1,
            async () => Assert.Contains("feed.order", (await world.AuditAsync()).Kinds.Keys));
    }

    [Fact]
    public async Task Names_an_entry_that_takes_back_what_the_chain_still_has()
    {
        var token = await TokenAsync();
        var last = await world.Documents(Indexer, "feed").Find(new BsonDocument("kind", "Finalised"))
            .Sort(new BsonDocument("_id", -1)).FirstAsync();
        var moved = await world.Documents(Indexer, "feed").Find(OfEntry(token)).FirstAsync();

        await world.WithAsync(
            Indexer,
            "feed",
            new BsonDocument("_id", last["_id"]),
            entry =>
            {
                entry["kind"] = "Transferred";
                entry["transfer"] = moved["transfer"];
                (entry["transfer"]["from"], entry["transfer"]["to"]) = (moved["transfer"]["to"], moved["transfer"]["from"]);
                entry["blockHash"] = moved["blockHash"];
                entry["reverts"] = moved["_id"];
            },
            async () => (await world.AuditAsync()).AssertNames("feed.missing", token));
    }

    [Fact]
    public async Task Finds_nothing_wrong_with_a_token_that_its_owner_gave_away()
    {
        var asset = await world.AssetAsync(world.MintedAssets[1]);
        var owner = Address.Parse(asset.Recipient);
        var anvil = new JsonRpcClient(world.Http, world.Options.Rpc);
        await TellAsync(anvil, "anvil_setBalance", owner.ToLowerHex(), "0xde0b6b3a7640000");
        await TellAsync(anvil, "anvil_impersonateAccount", owner.ToLowerHex());
        var before = (await world.AuditAsync())["transfers"];

        await TellAsync(anvil, "eth_sendTransaction", new System.Text.Json.Nodes.JsonObject
        {
            ["from"] = owner.ToLowerHex(),
            ["to"] = asset.Contract,
            ["data"] = Hex.Encode(CampaignCollection.Functions.TransferFrom.Encode(
                [owner, Address.Parse(Nobody), System.Numerics.BigInteger.Parse(asset.TokenId)]).Span),
        });

        var report = await world.AuditAsync();
        report.AssertHolds();
        Assert.Equal(before + 1, report["transfers"]);
    }

    private static async Task TellAsync(JsonRpcClient anvil, string method, params System.Text.Json.Nodes.JsonNode?[] parameters) =>
        await anvil.CallAsync(
            new JsonRpcCall(method, [.. parameters]),
            (System.Text.Json.Serialization.Metadata.JsonTypeInfo<System.Text.Json.JsonElement>)
                System.Text.Json.JsonSerializerOptions.Web.GetTypeInfo(typeof(System.Text.Json.JsonElement)),
            CancellationToken.None);

    private async Task<string> TokenAsync()
    {
        var asset = await world.AssetAsync(world.MintedAssets[0]);
        return $"{asset.Contract}/{asset.TokenId}";
    }

    private static BsonDocument OfEntry(string token) => new()
    {
        ["kind"] = "Transferred",
        ["transfer.contract"] = token.Split('/')[0],
        ["transfer.tokenId"] = token.Split('/')[1],
    };

    private static BsonDocument OfToken(string token) => new()
    {
        ["contract"] = token.Split('/')[0],
        ["tokenId"] = token.Split('/')[1],
    };
}
