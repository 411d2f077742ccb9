using System.Collections.Concurrent;
using MongoDB.Driver;
using Platform.Grpc.Campaigns;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>One immutable version, its template parsed.</summary>
internal sealed record PublishedCampaign(
    CampaignDefinition Definition, int Version, PromptTemplate Template, DateTimeOffset PublishedAt)
{
    public string Name => Definition.Name;
}

/// <summary>Campaign versions, which never change, and each campaign's head, which does.</summary>
internal sealed class PublishedCampaigns(ServiceDatabase<CampaignsService> database, TimeProvider clock) : IIndexed
{
    private readonly IMongoCollection<VersionDocument> versions = database.Collection<VersionDocument>("campaigns");

    private readonly IMongoCollection<Head> heads = database.Collection<Head>("heads");

    private readonly ConcurrentDictionary<(string Name, int Version), PublishedCampaign> known = new();

    public Task EnsureIndexesAsync(CancellationToken cancellation) => versions.Indexes.CreateOneAsync(
        new CreateIndexModel<VersionDocument>(
            Builders<VersionDocument>.IndexKeys.Ascending(each => each.Name).Descending(each => each.Version),
            new CreateIndexOptions { Name = "version", Unique = true }),
        cancellationToken: cancellation);

    /// <summary>The next version; the same definition as the newest is the newest.</summary>
    public async Task<PublishedCampaign> PublishAsync(CampaignDefinition definition, CancellationToken cancellation)
    {
        while (true)
        {
            var newest = await FindNewestAsync(definition.Name, cancellation);
            if (newest?.Definition.Digest == definition.Digest)
            {
                return newest;
            }

            var document = new VersionDocument
            {
                Id = Key(definition.Name, (newest?.Version ?? 0) + 1),
                Name = definition.Name,
                Version = (newest?.Version ?? 0) + 1,
                Definition = definition.ToJson(),
                PublishedAt = clock.GetUtcNow(),
            };
            try
            {
                await versions.InsertOneAsync(document, cancellationToken: cancellation);
                return Keep(document);
            }
            catch (MongoWriteException exception)
                when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
            {
                // Somebody published at the same time: their version is the newest now.
            }
        }
    }

    public async Task<PublishedCampaign?> FindAsync(string name, int version, CancellationToken cancellation)
    {
        if (known.TryGetValue((name, version), out var campaign))
        {
            return campaign;
        }

        var key = Key(name, version);
        var document = await versions.Find(each => each.Id == key).FirstOrDefaultAsync(cancellation);
        return document is null ? null : Keep(document);
    }

    public async Task<PublishedCampaign?> FindNewestAsync(string name, CancellationToken cancellation)
    {
        var document = await versions.Find(each => each.Name == name)
            .SortByDescending(each => each.Version).FirstOrDefaultAsync(cancellation);
        return document is null ? null : Keep(document);
    }

    public async Task<IReadOnlyList<PublishedCampaign>> ListAsync(CancellationToken cancellation) =>
        [.. (await versions.Find(Builders<VersionDocument>.Filter.Empty)
            .Sort(Builders<VersionDocument>.Sort.Ascending(each => each.Name).Descending(each => each.Version))
            .Limit(1_000)
            .ToListAsync(cancellation))
            .DistinctBy(each => each.Name)
            .Select(Keep)];

    public async Task<bool> IsPausedAsync(string name, CancellationToken cancellation) =>
        (await heads.Find(head => head.Id == name).FirstOrDefaultAsync(cancellation))?.Paused ?? false;

    public Task SetPausedAsync(string name, bool paused, CancellationToken cancellation) => heads.UpdateOneAsync(
        head => head.Id == name,
        Builders<Head>.Update.Set(head => head.Paused, paused),
        new UpdateOptions { IsUpsert = true },
        cancellation);

    /// <summary>Takes assets from the budget; false, and nothing taken, when fewer are left.</summary>
    public async Task<bool> TryReserveAsync(string name, long budget, long assets, CancellationToken cancellation)
    {
        if (assets > budget)
        {
            return false;
        }

        // A head that was only paused so far has taken nothing.
        var where = Builders<Head>.Filter;
        var hasLeft = where.Eq(head => head.Id, name)
            & (where.Exists(head => head.Reserved, false) | where.Lte(head => head.Reserved, budget - assets));
        var take = Builders<Head>.Update.Inc(head => head.Reserved, assets);
        try
        {
            await heads.UpdateOneAsync(hasLeft, take, new UpdateOptions { IsUpsert = true }, cancellation);
            return true;
        }
        catch (MongoWriteException exception) when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            // There is a head with too little left; or there is one since a moment, and it has enough.
            return (await heads.UpdateOneAsync(hasLeft, take, cancellationToken: cancellation)).MatchedCount == 1;
        }
    }

    public Task GiveBackAsync(string name, long assets, CancellationToken cancellation) => heads.UpdateOneAsync(
        head => head.Id == name, Builders<Head>.Update.Inc(head => head.Reserved, -assets), cancellationToken: cancellation);

    private static string Key(string name, int version) => $"{name}@{version}";

    private PublishedCampaign Keep(VersionDocument document) => known.GetOrAdd((document.Name, document.Version), _ =>
    {
        var definition = Definitions.FromJson(document.Definition);
        return new PublishedCampaign(
            definition,
            document.Version,
            PromptTemplate.Parse(definition.Prompt, definition.Facts),
            document.PublishedAt);
    });

    private sealed record VersionDocument
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public required int Version { get; init; }

        /// <summary>Protobuf JSON.</summary>
        public required string Definition { get; init; }

        public required DateTimeOffset PublishedAt { get; init; }
    }

    private sealed record Head
    {
        public required string Id { get; init; }

        public bool Paused { get; init; }

        /// <summary>Assets taken from the budget.</summary>
        public long Reserved { get; init; }
    }
}
