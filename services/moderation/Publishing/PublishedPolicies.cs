using System.Collections.Concurrent;
using MongoDB.Driver;
using Platform.Grpc.Moderation;
using Platform.Mongo;

namespace Platform.Moderation;

/// <summary>Policy versions, which never change.</summary>
internal sealed class PublishedPolicies(ServiceDatabase<ModerationService> database, TimeProvider clock)
    : IIndexed
{
    private readonly IMongoCollection<Document> documents = database.Collection<Document>("policies");

    private readonly ConcurrentDictionary<string, PublishedPolicy> known = new(StringComparer.Ordinal);

    public Task EnsureIndexesAsync(CancellationToken cancellation) => documents.Indexes.CreateManyAsync(
        [
            new(Builders<Document>.IndexKeys.Ascending(each => each.Name).Descending(each => each.Version),
                new CreateIndexOptions { Name = "version", Unique = true }),
            new(Builders<Document>.IndexKeys.Ascending(each => each.Name).Ascending(each => each.Digest),
                new CreateIndexOptions { Name = "digest", Unique = true }),
        ],
        cancellation);

    /// <summary>The next version; rules that were published before are the version they were.</summary>
    public async Task<PublishedPolicy> PublishAsync(Policy rules, CancellationToken cancellation)
    {
        while (true)
        {
            var newest = await FindNewestAsync(rules.Name, cancellation);
            var next = new PublishedPolicy(rules, (newest?.Version ?? 0) + 1);
            var same = await documents
                .Find(each => each.Name == rules.Name && each.Digest == next.Digest)
                .FirstOrDefaultAsync(cancellation);
            if (same is not null)
            {
                return Keep(same);
            }

            try
            {
                await documents.InsertOneAsync(ToDocument(next), cancellationToken: cancellation);
                return known.GetOrAdd(next.Reference, next);
            }
            catch (MongoWriteException exception)
                when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
            {
                // Somebody published at the same time: theirs is the newest now, or the same.
            }
        }
    }

    /// <param name="reference">Name and version, such as <c>brand-safe@1</c>.</param>
    public async Task<PublishedPolicy?> FindAsync(string reference, CancellationToken cancellation)
    {
        if (known.TryGetValue(reference, out var policy))
        {
            return policy;
        }

        var document = await documents.Find(each => each.Id == reference).FirstOrDefaultAsync(cancellation);
        return document is null ? null : Keep(document);
    }

    public async Task<PublishedPolicy?> FindNewestAsync(string name, CancellationToken cancellation)
    {
        var document = await documents.Find(each => each.Name == name)
            .SortByDescending(each => each.Version).FirstOrDefaultAsync(cancellation);
        return document is null ? null : Keep(document);
    }

    /// <summary>Every version, by name, the newest first.</summary>
    public async Task<IReadOnlyList<PublishedPolicy>> ListAsync(CancellationToken cancellation) =>
        [.. (await documents.Find(Builders<Document>.Filter.Empty)
            .Sort(Builders<Document>.Sort.Ascending(each => each.Name).Descending(each => each.Version))
            .Limit(1_000)
            .ToListAsync(cancellation))
            .Select(Keep)];

    private PublishedPolicy Keep(Document document) => known.GetOrAdd(
        document.Id, _ => new PublishedPolicy(PublishedPolicy.Read(document.Rules), document.Version));

    private Document ToDocument(PublishedPolicy policy) => new()
    {
        Id = policy.Reference,
        Name = policy.Rules.Name,
        Version = policy.Version,
        Digest = policy.Digest,
        Rules = policy.Json,
        PublishedAt = clock.GetUtcNow(),
    };

    private sealed record Document
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public required int Version { get; init; }

        public required string Digest { get; init; }

        /// <summary>Canonical protobuf JSON.</summary>
        public required string Rules { get; init; }

        public required DateTimeOffset PublishedAt { get; init; }
    }
}
