using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MongoDB.Driver;
using Platform.Content;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.CrashPoints.Tests.Planted;

/// <summary>Somebody wants a parcel sent; a later version of the wish is the one that counts.</summary>
public sealed record ParcelWanted(Guid Order, int Version);

/// <summary>The parcel is on its way.</summary>
public sealed record ParcelSent(Guid Order);

/// <summary>A parcel as it is recorded.</summary>
internal sealed record Parcel
{
    public required Guid Id { get; init; }

    public required Guid Order { get; init; }

    public int Version { get; init; }

    public long Number { get; init; }
}

/// <summary>What the parcel service remembers, and the world outside it.</summary>
internal sealed class Depot(ServiceDatabase<PlantedService> database, IContentStore outside)
{
    public IMongoCollection<Parcel> Parcels { get; } = database.Collection<Parcel>("parcels");

    public IMongoCollection<Parcel> Stamps { get; } = database.Collection<Parcel>("stamps");

    public IMongoCollection<Parcel> Receipts { get; } = database.Collection<Parcel>("receipts");

    /// <summary>Inserts what is not there yet; true when it was not.</summary>
    public static async Task<bool> AddAsync(IMongoCollection<Parcel> parcels, Parcel parcel)
    {
        try
        {
            await parcels.InsertOneAsync(parcel);
            return true;
        }
        catch (MongoWriteException exception) when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return false;
        }
    }

    /// <summary>An effect outside, such as a letter in somebody's box: it cannot be called back.</summary>
    public Task<string> PostAsync(Guid letter) => outside.PutAsync(letter.ToByteArray(), default);

    public Task<bool> HasPostedAsync(Guid letter) => outside.ContainsAsync(ContentDigest.Of(letter.ToByteArray()), default);
}

/// <summary>Sends a parcel for each wish; rightly, or wrongly in one way.</summary>
internal delegate Task SendParcel(ConsumeContext<ParcelWanted> context, Depot depot);

/// <summary>A little service that is like the real ones, but for the mistake it is given.</summary>
internal sealed class PlantedService(SendParcel send) : IPlatformService
{
    public string Name => "planted";

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddSingleton<Depot>();
        host.Services.AddSingleton(send);
    }

    public void Subscribe(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<SendWantedParcel>().Endpoint(endpoint => endpoint.Name = "planted.send-wanted-parcel");
        bus.AddConsumer<KeepReceipt>().Endpoint(endpoint => endpoint.Name = "planted.keep-receipt");
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
    }

    private sealed class SendWantedParcel(SendParcel send, Depot depot) : IConsumer<ParcelWanted>
    {
        public Task Consume(ConsumeContext<ParcelWanted> context) => send(context, depot);
    }

    private sealed class KeepReceipt(Depot depot) : IConsumer<ParcelSent>
    {
        public Task Consume(ConsumeContext<ParcelSent> context) => Depot.AddAsync(
            depot.Receipts, new Parcel { Id = context.Message.Order, Order = context.Message.Order });
    }
}
