using MassTransit;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Events;

namespace Platform.CrashPoints.Tests;

/// <summary>A pin that storage knows nothing of is announced: its batch cannot be described, dissolves, and says so.</summary>
internal sealed class StrangerScenario : Scenario
{
    private readonly string campaign = Situations.AName();
    private readonly Guid assetId = Guid.CreateVersion7();
    private readonly string recipient = Situations.ARecipient();
    private bool sent;

    private FilterDefinition<BsonDocument> Dissolved => Builders<BsonDocument>.Filter.Eq(
        "state.released", new BsonBinaryData(assetId, GuidRepresentation.Standard));

    public override Task PrepareAsync(World world) =>
        Situations.PublishCampaignAsync(world, campaign, Situations.DecodeOnly);

    public override async Task DriveAsync(World world)
    {
        var isKnown = await Facts.CountAsync(world, "minting", "orders", Facts.ById(assetId)) > 0
            || await Facts.CountAsync(world, "minting", "batches", Dissolved) > 0;
        if (isKnown || (sent && world.Clock.QuietFor < TimeSpan.FromMilliseconds(300)))
        {
            return;
        }

        sent = true;
        try
        {
            await world.Process.Get<IBus>().Publish(new AssetPinned
            {
                AssetId = assetId,
                Iteration = 0,
                Campaign = campaign,
                CampaignVersion = 1,
                Recipient = recipient,
                Content = new('a', 64),
                Cid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
                Size = 1,
                PinnedAt = world.Clock.GetUtcNow(),
            });
        }
        catch (Exception problem) when (problem is ProcessDiedException or TimeoutException or ObjectDisposedException)
        {
            // Whoever is not answered tries again.
        }
    }

    public override async Task<string?> LackAsync(World world)
    {
        var orders = await Facts.CountAsync(world, "minting", "orders", Facts.ById(assetId));
        var batches = await Facts.CountAsync(world, "minting", "batches", Dissolved);
        var tokens = await Facts.MintsAsync(world, recipient);
        return (orders, batches, tokens.Count) is not (0, > 0, 0)
            ? $"{orders} orders, {batches} dissolved batches, {tokens.Count} tokens of the stranger {assetId}"
            : await Facts.PendingLackAsync(world);
    }
}
