using MongoDB.Bson;
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

        await world.WithoutAsync(Indexer, "holdings", OfToken(token), async _ =>
            (await world.AuditAsync()).AssertNamesOnly("holding.missing", token));
    }

    [Fact]
    public async Task Names_a_holding_that_the_chain_does_not_have()
    {
        var token = await TokenAsync();
        var extra = $"{token.Split('/')[0]}/990000";

        await world.WithCopyAsync(
            Indexer,
            "holdings",
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
            "holdings",
            OfToken(token),
            holding => holding["owner"] = Nobody,
            async () => (await world.AuditAsync()).AssertNamesOnly("holding.owner", token));
    }

    [Fact]
    public async Task Names_a_transfer_that_is_missing()
    {
        var token = await TokenAsync();

        await world.WithoutAsync(Indexer, "transfers", OfToken(token), async _ =>
            (await world.AuditAsync()).AssertNamesOnly("history.missing", token));
    }

    [Fact]
    public async Task Names_a_transfer_that_the_chain_does_not_have()
    {
        var token = await TokenAsync();

        await world.WithCopyAsync(
            Indexer,
            "transfers",
            OfToken(token),
            copy =>
            {
                copy["_id"] = "made up";
                copy["logIndex"] = 999L;
            },
            async () => (await world.AuditAsync()).AssertNamesOnly("history.extra", token));
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

    private static BsonDocument OfToken(string token) => new()
    {
        ["contract"] = token.Split('/')[0],
        ["tokenId"] = token.Split('/')[1],
    };
}
