using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Moderation;

/// <summary>
/// What a campaign's pictures look like, found by nearness: of shapes by their hash, then of colours.
/// </summary>
/// <remarks>
/// The first of two near duplicates wins, however often and in whatever order they are looked at again: a
/// fingerprint gets its time once, and is compared with earlier ones only. One command after the other gives
/// times and looks, so within a process an earlier one is always seen; two processes that meet near
/// duplicates within the same few milliseconds may both let theirs pass.
/// </remarks>
internal sealed class Fingerprints : IIndexed
{
    /// <summary>
    /// Bits: of four bands one differs by at most one then, and is looked for with each bit flipped.
    /// </summary>
    public const int LargestDistance = 7;

    private const int Bands = 4;

    private const int BandBits = 16;

    private const int AtATime = 100;

    private readonly IMongoCollection<Document> documents;

    private readonly TimeProvider clock;

    private readonly Together<Sighting, IReadOnlyDictionary<Sighting, Guid>> looking;

    private DateTimeOffset last;

    public Fingerprints(ServiceDatabase<ModerationService> database, TimeProvider clock)
    {
        documents = database.Collection<Document>("fingerprints");
        this.clock = clock;
        looking = new(LookAsync, AtATime);
    }

    public Task EnsureIndexesAsync(CancellationToken cancellation) => documents.Indexes.CreateOneAsync(
        new CreateIndexModel<Document>(
            Builders<Document>.IndexKeys.Ascending(each => each.Campaign).Ascending(each => each.Bands),
            new CreateIndexOptions { Name = "bands" }),
        cancellationToken: cancellation);

    /// <summary>
    /// Keeps the fingerprint; answers an earlier asset of the campaign that looks the same, if there is one.
    /// </summary>
    public async Task<Guid?> FindOriginalAsync(Sighting sighting, CancellationToken cancellation)
    {
        var originals = await looking.JoinAsync(sighting).WaitAsync(cancellation);
        return originals.TryGetValue(sighting, out var original) ? original : null;
    }

    private static int[] BandsOf(PerceptualHash hash) =>
        [.. Enumerable.Range(0, Bands)
            .Select(band => (band << BandBits) | (ushort)(hash.Bits >> (band * BandBits)))];

    /// <summary>
    /// Every band a hash within the distance can have: at least one of its four is among them.
    /// </summary>
    private static IEnumerable<int> Neighbours(PerceptualHash hash, int distance) =>
        BandsOf(hash).SelectMany(band => distance < Bands
            ? [band]
            : Enumerable.Range(0, BandBits).Select(bit => band ^ (1 << bit)).Prepend(band));

    private async Task<IReadOnlyDictionary<Sighting, Guid>> LookAsync(IReadOnlyList<Sighting> sightings)
    {
        await KeepAsync(sightings);
        var originals = new Dictionary<Sighting, Guid>();
        foreach (var campaign in sightings.GroupBy(each => each.Campaign))
        {
            var bands = campaign
                .SelectMany(each => Neighbours(each.Appearance.Hash, each.Distance))
                .Distinct();
            var near = await documents
                .Find(Builders<Document>.Filter.Eq(each => each.Campaign, campaign.Key)
                    & Builders<Document>.Filter.AnyIn(each => each.Bands, bands))
                .ToListAsync();
            foreach (var sighting in campaign)
            {
                if (OriginalOf(sighting, near) is { } original)
                {
                    originals[sighting] = original.Id;
                }
            }
        }

        return originals;
    }

    private static Document? OriginalOf(Sighting sighting, List<Document> near)
    {
        var own = near.Find(each => each.Id == sighting.AssetId);
        return own is null || own.Iteration != sighting.Iteration
            ? null // a newer iteration came in between: nobody will ask about this one
            : near
                .Where(each => each.IsBefore(own) && each.IsNear(sighting))
                .MinBy(each => (each.Time, each.Id));
    }

    /// <summary>Keeps what is new; a newer iteration takes its asset's place, and counts from now.</summary>
    private async Task KeepAsync(IReadOnlyList<Sighting> sightings)
    {
        // No two commands give the same time, nor does a clock that was set back give an earlier one.
        last = Later(clock.GetUtcNow(), last.AddMilliseconds(1));
        var writes = sightings
            .GroupBy(each => each.AssetId)
            .Select(asset => asset.MaxBy(each => each.Iteration)!)
            .Select(each => new ReplaceOneModel<Document>(
                Builders<Document>.Filter.Eq(document => document.Id, each.AssetId)
                    & Builders<Document>.Filter.Lt(document => document.Iteration, each.Iteration),
                new Document
                {
                    Id = each.AssetId,
                    Campaign = each.Campaign,
                    Iteration = each.Iteration,
                    Hash = unchecked((long)each.Appearance.Hash.Bits),
                    Bands = BandsOf(each.Appearance.Hash),
                    Colours = each.Appearance.Colours.ToBytes(),
                    Time = last,
                })
            { IsUpsert = true });
        try
        {
            await documents.BulkWriteAsync(writes, new BulkWriteOptions { IsOrdered = false });
        }
        catch (MongoBulkWriteException<Document> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // Known already, in this iteration or a newer one.
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) =>
        one > other ? one : other;

    private sealed record Document
    {
        public required Guid Id { get; init; }

        public required string Campaign { get; init; }

        public required int Iteration { get; init; }

        public required long Hash { get; init; }

        public required IReadOnlyList<int> Bands { get; init; }

        public required byte[] Colours { get; init; }

        public required DateTimeOffset Time { get; init; }

        public bool IsBefore(Document other) =>
            Time < other.Time || (Time == other.Time && Id.CompareTo(other.Id) < 0);

        public bool IsNear(Sighting sighting)
        {
            var hash = new PerceptualHash(unchecked((ulong)Hash));
            return hash.DistanceTo(sighting.Appearance.Hash) <= sighting.Distance
                && Moderation.Colours.Read(Colours).IsNear(sighting.Appearance.Colours);
        }
    }
}

/// <summary>
/// How an iteration looks, and within how many bits of its hash another one is its near duplicate.
/// </summary>
internal sealed record Sighting(
    Guid AssetId, int Iteration, string Campaign, Appearance Appearance, int Distance);
