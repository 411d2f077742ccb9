using MongoDB.Bson;

namespace Platform.Auditor.Tests;

/// <summary>A service that knows an asset not at all, or one that nobody accepted, or another way.</summary>
public sealed class ServiceTests(World world)
{
    private static readonly Guid Stranger = Guid.Parse("ffffffff-2222-8333-8444-555555555555");

    [Theory]
    [InlineData("generation", "generations")]
    [InlineData("moderation", "cases")]
    [InlineData("storage", "pins")]
    [InlineData("minting", "orders")]
    public async Task Names_an_asset_that_a_service_does_not_know(string service, string collection)
    {
        var asset = world.MintedAssets[0];

        await world.WithoutAsync(service, collection, World.OfAsset(asset), async _ =>
            (await world.AuditAsync()).AssertNamesOnly($"{service}.missing", asset));
    }

    [Theory]
    [InlineData("generation", "generations")]
    [InlineData("moderation", "cases")]
    [InlineData("storage", "pins")]
    [InlineData("minting", "orders")]
    public async Task Names_an_asset_that_a_service_knows_and_nobody_accepted(string service, string collection)
    {
        var asset = world.MintedAssets[0];
        var stranger = new BsonBinaryData(Stranger, GuidRepresentation.Standard);

        await world.WithCopyAsync(
            service,
            collection,
            World.OfAsset(asset),
            copy =>
            {
                copy["_id"] = stranger;
                if (service == "moderation")
                {
                    copy["state"]["asset"]["assetId"] = stranger;
                }
            },
            async () => (await world.AuditAsync()).AssertNamesOnly($"{service}.unknown", Stranger));
    }

    [Fact]
    public async Task Names_other_content_in_storage()
    {
        var asset = world.MintedAssets[0];

        await world.WithAsync(
            "storage",
            "pins",
            World.OfAsset(asset),
            pin => pin["content"] = new string('0', 64),
            async () => (await world.AuditAsync()).AssertNamesOnly("storage.content", asset));
    }

    [Fact]
    public async Task Names_a_batch_that_minting_does_not_know()
    {
        var batch = (await world.Api.Minting.ListBatchesAsync(new() { Campaign = "audited" })).Batches[0];

        await world.WithoutAsync(
            "minting",
            "batches",
            new BsonDocument("_id", batch.BatchId),
            async _ => Assert.Equal(1, (await world.AuditAsync()).Kinds["batch.unknown"]));
    }
}
