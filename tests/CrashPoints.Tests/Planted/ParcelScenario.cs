using System.Diagnostics;
using MassTransit;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.CrashPoints.Tests.Planted;

/// <summary>Somebody wants a parcel, thinks better of it once, and asks again until it was sent as wanted.</summary>
/// <param name="asksAgain">False is the mistake of the sender: what the bus lost is never asked for again.</param>
/// <param name="thinksAgain">Whether a first version of the wish comes before the one that counts.</param>
internal sealed class ParcelScenario(bool asksAgain, bool thinksAgain) : Scenario
{
    private readonly Guid order = Guid.CreateVersion7();
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(1);

    private readonly Stopwatch asked = Stopwatch.StartNew();
    private int sent;
    private bool done;

    private FilterDefinition<BsonDocument> OfOrder => Builders<BsonDocument>.Filter.Eq(
        "order", new BsonBinaryData(order, GuidRepresentation.Standard));

    public override async Task DriveAsync(World world)
    {
        done |= await LackAsync(world) is null;
        if (done || (sent == 2 && (!asksAgain || asked.Elapsed < Impatience)))
        {
            return;
        }

        try
        {
            var version = sent % 2 + 1;
            if (version == 2 || thinksAgain)
            {
                await world.Process.Get<IBus>().Publish(new ParcelWanted(order, version));
            }

            sent = version;
            asked.Restart();
        }
        catch (Exception problem) when (problem is ProcessDiedException or TimeoutException or ObjectDisposedException)
        {
            // Whoever is not answered tries again.
        }
    }

    public override async Task<string?> LackAsync(World world)
    {
        var parcels = await world.Raw("planted", "parcels").Find(OfOrder).ToListAsync();
        var stamps = await Facts.CountAsync(world, "planted", "stamps", OfOrder);
        var receipts = await Facts.CountAsync(world, "planted", "receipts", OfOrder);
        return (parcels.Count, stamps, receipts) != (1, 1, 1)
            ? $"{parcels.Count} parcels, {stamps} stamps, {receipts} receipts of order {order}"
            : parcels[0]["version"] != 2 ? $"version {parcels[0]["version"]} of order {order}" : null;
    }
}
