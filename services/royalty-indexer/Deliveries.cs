using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>How far each delivery of the feed has come: what it was told to have arrived.</summary>
/// <remarks>A position only rises, so who was overtaken delivers some entries twice and none too few.</remarks>
internal sealed class Deliveries(ServiceDatabase<RoyaltyIndexerService> database)
{
    private readonly IMongoCollection<Position> positions = database.Collection<Position>("deliveries");

    public async Task<long> PositionAsync(string delivery, CancellationToken cancellation) =>
        (await positions.Find(each => each.Id == delivery).FirstOrDefaultAsync(cancellation))?.Sequence ?? 0;

    public Task ArrivedAsync(string delivery, long sequence, CancellationToken cancellation) => positions.UpdateOneAsync(
        each => each.Id == delivery,
        Builders<Position>.Update.Max(each => each.Sequence, sequence),
        new UpdateOptions { IsUpsert = true },
        cancellation);

    private sealed record Position
    {
        public required string Id { get; init; }

        public long Sequence { get; init; }
    }
}
