using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Who is to be told; known from memory, so that nobody's wanting to be told costs the pipeline nothing.</summary>
internal sealed class WebhookEndpoints
{
    public const int Most = 100;

    private readonly IMongoCollection<WebhookEndpoint> endpoints;
    private readonly Snapshot<IReadOnlyList<WebhookEndpoint>> known;

    public WebhookEndpoints(ServiceDatabase<CampaignsService> database, TimeProvider clock)
    {
        endpoints = database.Collection<WebhookEndpoint>("webhookEndpoints");
        known = new(() => ReadAsync(CancellationToken.None), clock);
    }

    private static FilterDefinitionBuilder<WebhookEndpoint> Where => Builders<WebhookEndpoint>.Filter;

    /// <summary>As of up to five seconds ago where another replica changed them.</summary>
    public Task<IReadOnlyList<WebhookEndpoint>> ListAsync(CancellationToken cancellation) => known.GetAsync().WaitAsync(cancellation);

    public Task<IReadOnlyList<WebhookEndpoint>> ReadAsync(CancellationToken cancellation) => ReadWholeAsync(cancellation);

    public async Task<bool> IsAnyAsync(CancellationToken cancellation) =>
        (await ListAsync(cancellation)).Any(each => each.DisabledAt is null);

    /// <summary>False when there are as many as there may be.</summary>
    public async Task<bool> TryAddAsync(WebhookEndpoint endpoint, CancellationToken cancellation)
    {
        if ((await ReadAsync(cancellation)).Count >= Most)
        {
            return false;
        }

        await endpoints.InsertOneAsync(endpoint, cancellationToken: cancellation);
        known.Forget();
        return true;
    }

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellation)
    {
        var removed = await endpoints.DeleteOneAsync(Where.Eq(each => each.Id, id), cancellation);
        known.Forget();
        return removed.DeletedCount == 1;
    }

    public async Task DisableAsync(string id, DateTimeOffset now, CancellationToken cancellation)
    {
        await endpoints.UpdateOneAsync(
            Where.Eq(each => each.Id, id),
            Builders<WebhookEndpoint>.Update.Set(each => each.DisabledAt, now),
            cancellationToken: cancellation);
        known.Forget();
    }

    public async Task EnableAsync(string id, CancellationToken cancellation)
    {
        await endpoints.UpdateOneAsync(
            Where.Eq(each => each.Id, id),
            Builders<WebhookEndpoint>.Update.Unset(each => each.DisabledAt),
            cancellationToken: cancellation);
        known.Forget();
    }

    private async Task<IReadOnlyList<WebhookEndpoint>> ReadWholeAsync(CancellationToken cancellation) =>
        await endpoints.Find(Where.Empty).SortBy(each => each.Id).ToListAsync(cancellation);
}
