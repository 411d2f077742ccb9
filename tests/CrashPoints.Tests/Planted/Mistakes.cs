using MongoDB.Driver;

namespace Platform.CrashPoints.Tests.Planted;

/// <summary>The right way to send a parcel, and seven wrong ones; each makes what one process's life needs.</summary>
internal static class Mistakes
{
    /// <summary>Recorded once, said again whenever asked; a later version replaces an earlier one, never the reverse.</summary>
    public static SendParcel None() => async (context, depot) =>
    {
        var wanted = context.Message;
        var parcel = AParcel(wanted);
        if (!await Depot.AddAsync(depot.Parcels, parcel))
        {
            await depot.Parcels.ReplaceOneAsync(each => each.Id == parcel.Id && each.Version < parcel.Version, parcel);
        }

        await depot.PostAsync(wanted.Order);
        await Depot.AddAsync(depot.Stamps, parcel);
        await context.Publish(new ParcelSent(wanted.Order));
    };

    /// <summary>Each attempt has an effect of its own outside before it is recorded.</summary>
    public static SendParcel ActsBeforeItRecords() => async (context, depot) =>
    {
        var parcel = AParcel(context.Message);
        if (!await depot.Parcels.Find(each => each.Id == parcel.Id).AnyAsync())
        {
            var letter = Guid.CreateVersion7();
            await depot.PostAsync(letter);
            await Depot.AddAsync(depot.Stamps, parcel with { Id = letter });
            await Depot.AddAsync(depot.Parcels, parcel);
        }

        await context.Publish(new ParcelSent(parcel.Order));
    };

    /// <summary>A new id at each delivery.</summary>
    public static SendParcel InsertsAnew() => async (context, depot) =>
    {
        await depot.Parcels.InsertOneAsync(AParcel(context.Message) with { Id = Guid.CreateVersion7() });
        await Depot.AddAsync(depot.Stamps, AParcel(context.Message));
        await context.Publish(new ParcelSent(context.Message.Order));
    };

    /// <summary>What is recorded is taken for announced.</summary>
    public static SendParcel TakesRecordedForAnnounced() => async (context, depot) =>
    {
        if (await Depot.AddAsync(depot.Parcels, AParcel(context.Message)))
        {
            await Depot.AddAsync(depot.Stamps, AParcel(context.Message));
            await context.Publish(new ParcelSent(context.Message.Order));
        }
    };

    /// <summary>What was sent is remembered by the process alone.</summary>
    public static SendParcel RemembersInMemory()
    {
        var sent = new System.Collections.Concurrent.ConcurrentDictionary<Guid, bool>();
        return async (context, depot) =>
        {
            if (sent.TryAdd(context.Message.Order, true))
            {
                await depot.Parcels.InsertOneAsync(AParcel(context.Message) with { Id = Guid.CreateVersion7() });
            }

            await Depot.AddAsync(depot.Stamps, AParcel(context.Message));
            await context.Publish(new ParcelSent(context.Message.Order));
        };
    }

    /// <summary>Two documents, and whoever finds the first takes the second for written.</summary>
    public static SendParcel TearsTwoDocuments() => async (context, depot) =>
    {
        if (await Depot.AddAsync(depot.Parcels, AParcel(context.Message)))
        {
            await Depot.AddAsync(depot.Stamps, AParcel(context.Message));
        }

        await context.Publish(new ParcelSent(context.Message.Order));
    };

    /// <summary>Whatever comes last wins, however old it is.</summary>
    public static SendParcel LetsTheLastWin() => async (context, depot) =>
    {
        var parcel = AParcel(context.Message);
        await depot.Parcels.ReplaceOneAsync(each => each.Id == parcel.Id, parcel, new ReplaceOptions { IsUpsert = true });
        await Depot.AddAsync(depot.Stamps, parcel);
        await context.Publish(new ParcelSent(parcel.Order));
    };

    private static Parcel AParcel(ParcelWanted wanted) =>
        new() { Id = wanted.Order, Order = wanted.Order, Version = wanted.Version };
}
