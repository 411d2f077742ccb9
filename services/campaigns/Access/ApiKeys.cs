using System.Security.Cryptography;
using System.Text;
using MongoDB.Driver;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Every API key of the installation; of the secrets only what they are known by.</summary>
internal sealed class ApiKeys(ServiceDatabase<CampaignsService> database, InstallationToken installation) : IIndexed
{
    /// <summary>They are all kept in memory.</summary>
    public const int Most = 1_000;

    private static readonly TimeSpan RememberEnded = TimeSpan.FromDays(90);

    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(10);

    private readonly IMongoCollection<ApiKey> keys = database.Collection<ApiKey>("apiKeys");

    private readonly byte[] pepper = installation.DeriveKey("campaigns.keys");

    private static FilterDefinitionBuilder<ApiKey> Where => Builders<ApiKey>.Filter;

    private static UpdateDefinitionBuilder<ApiKey> Change => Builders<ApiKey>.Update;

    public Task EnsureIndexesAsync(CancellationToken cancellation) => keys.Indexes.CreateManyAsync(
        [
            new(Builders<ApiKey>.IndexKeys.Ascending(each => each.RevokedAt),
                new CreateIndexOptions { Name = "revoked", ExpireAfter = RememberEnded }),
            new(Builders<ApiKey>.IndexKeys.Ascending(each => each.ExpiresAt),
                new CreateIndexOptions { Name = "expired", ExpireAfter = RememberEnded }),
        ],
        cancellation);

    /// <summary>By what a credential is known: the id is in it, so that no key's secret is another's.</summary>
    public byte[] DigestOf(Credential credential) => HMACSHA256.HashData(pepper, Encoding.ASCII.GetBytes(credential.Text));

    /// <summary>False when there are as many as there may be.</summary>
    public async Task<bool> TryAddAsync(ApiKey key, CancellationToken cancellation)
    {
        if (await keys.CountDocumentsAsync(Where.Empty, cancellationToken: cancellation) >= Most)
        {
            return false;
        }

        await keys.InsertOneAsync(key, cancellationToken: cancellation);
        return true;
    }

    public async Task<ApiKey?> FindAsync(string id, CancellationToken cancellation) =>
        await keys.Find(Where.Eq(each => each.Id, id)).FirstOrDefaultAsync(cancellation);

    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation) =>
        await keys.Find(Where.Empty).SortBy(each => each.Id).Limit(Most + 100).ToListAsync(cancellation);

    /// <summary>False when it was rotated or revoked meanwhile.</summary>
    public async Task<bool> TryRotateAsync(ApiKey rotated, CancellationToken cancellation)
    {
        var saved = await keys.UpdateOneAsync(
            Where.Eq(each => each.Id, rotated.Id)
                & Where.Eq(each => each.Version, rotated.Version - 1)
                & Where.Exists(each => each.RevokedAt, exists: false),
            Change.Set(each => each.Secrets, rotated.Secrets).Set(each => each.Version, rotated.Version),
            cancellationToken: cancellation);
        return saved.MatchedCount == 1;
    }

    public Task RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellation) => keys.UpdateOneAsync(
        Where.Eq(each => each.Id, id) & Where.Exists(each => each.RevokedAt, exists: false),
        Change.Set(each => each.RevokedAt, now),
        cancellationToken: cancellation);

    public Task NoteUsedAsync(IEnumerable<string> ids, DateTimeOffset now, CancellationToken cancellation) => keys.UpdateManyAsync(
        Where.In(each => each.Id, ids)
            & (Where.Exists(each => each.LastUsedAt, exists: false) | Where.Lt(each => each.LastUsedAt, now - Coarse)),
        Change.Set(each => each.LastUsedAt, now),
        cancellationToken: cancellation);
}
