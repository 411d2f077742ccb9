using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>What is to be told to whom, and what was.</summary>
internal sealed class WebhookDeliveries(ServiceDatabase<CampaignsService> database) : IIndexed
{
    private readonly IMongoCollection<WebhookDelivery> deliveries = database.Collection<WebhookDelivery>("webhookDeliveries");

    private static FilterDefinitionBuilder<WebhookDelivery> Where => Builders<WebhookDelivery>.Filter;

    private static UpdateDefinitionBuilder<WebhookDelivery> Change => Builders<WebhookDelivery>.Update;

    private static IndexKeysDefinitionBuilder<WebhookDelivery> Keys => Builders<WebhookDelivery>.IndexKeys;

    public Task EnsureIndexesAsync(CancellationToken cancellation) => deliveries.Indexes.CreateManyAsync(
        [
            new(Keys.Ascending(each => each.EndpointId).Ascending(each => each.State).Ascending(each => each.NextAt),
                new CreateIndexOptions { Name = "due" }),
            new(Keys.Ascending(each => each.AssetId), new CreateIndexOptions { Name = "asset" }),
            new(Keys.Descending(each => each.CreatedAt), new CreateIndexOptions { Name = "created" }),
            new(Keys.Ascending(each => each.ForgetAt), new CreateIndexOptions { Name = "forget", ExpireAfter = TimeSpan.Zero }),
        ],
        cancellation);

    /// <summary>What is there already is left as it is.</summary>
    public async Task AddAsync(IReadOnlyCollection<WebhookDelivery> fresh, CancellationToken cancellation)
    {
        if (fresh.Count == 0)
        {
            return;
        }

        try
        {
            await deliveries.InsertManyAsync(fresh, new InsertManyOptions { IsOrdered = false }, cancellation);
        }
        catch (MongoBulkWriteException<WebhookDelivery> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // The same news was noted before, or by another replica just now.
        }
    }

    /// <summary>Takes due deliveries for this replica alone; what it does not finish until then is taken up again.</summary>
    public async Task<IReadOnlyList<WebhookDelivery>> ClaimAsync(
        string endpointId, int limit, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation)
    {
        var due = await deliveries
            .Find(Where.Eq(each => each.EndpointId, endpointId)
                & Where.Eq(each => each.State, DeliveryState.Due)
                & Where.Lte(each => each.NextAt, now))
            .SortBy(each => each.NextAt)
            .Limit(limit)
            .ToListAsync(cancellation);
        var claimed = new List<WebhookDelivery>();
        foreach (var each in due)
        {
            var taken = each with { NextAt = until, Attempts = each.Attempts + 1 };
            var write = await deliveries.UpdateOneAsync(
                As(each), Change.Set(one => one.NextAt, taken.NextAt).Set(one => one.Attempts, taken.Attempts),
                cancellationToken: cancellation);
            if (write.MatchedCount == 1)
            {
                claimed.Add(taken);
            }
        }

        return claimed;
    }

    /// <summary>Notes how an attempt went; nothing where it was replayed or taken up by another meanwhile.</summary>
    public Task NoteAsync(WebhookDelivery before, WebhookDelivery after, CancellationToken cancellation) =>
        deliveries.ReplaceOneAsync(As(before), after, cancellationToken: cancellation);

    /// <summary>Whatever of an endpoint that is gone is still due.</summary>
    public Task GiveUpAsync(string endpointId, DateTimeOffset forgetAt, CancellationToken cancellation) => deliveries.UpdateManyAsync(
        Where.Eq(each => each.EndpointId, endpointId) & Where.Eq(each => each.State, DeliveryState.Due),
        Change.Set(each => each.State, DeliveryState.Dead).Set(each => each.ForgetAt, forgetAt),
        cancellationToken: cancellation);

    public Task RemoveAsync(string endpointId, CancellationToken cancellation) =>
        deliveries.DeleteManyAsync(Where.Eq(each => each.EndpointId, endpointId), cancellation);

    public async Task<IReadOnlyList<WebhookDelivery>> ListAsync(
        string? endpointId, Guid? assetId, DeliveryState? state, int limit, CancellationToken cancellation) =>
        await deliveries.Find(Filter(endpointId, assetId, state))
            .SortByDescending(each => each.CreatedAt).Limit(limit).ToListAsync(cancellation);

    public Task<long> CountAsync(string endpointId, DeliveryState state, CancellationToken cancellation) =>
        deliveries.CountDocumentsAsync(Filter(endpointId, null, state), cancellationToken: cancellation);

    /// <summary>Makes kept deliveries due again, under their own webhook-id.</summary>
    public async Task<long> ReplayAsync(
        IEnumerable<string> endpointIds, Replayed what, DateTimeOffset now, DateTimeOffset giveUpAt, CancellationToken cancellation)
    {
        var filter = Where.In(each => each.EndpointId, endpointIds);
        filter &= what.AssetId is { } asset ? Where.Eq(each => each.AssetId, asset) : Where.Empty;
        filter &= what.From is { } from ? Where.Gte(each => each.CreatedAt, from) : Where.Empty;
        filter &= what.Until is { } until ? Where.Lt(each => each.CreatedAt, until) : Where.Empty;
        filter &= what.DeadOnly ? Where.Eq(each => each.State, DeliveryState.Dead) : Where.Empty;
        var replayed = await deliveries.UpdateManyAsync(
            filter,
            Change.Set(each => each.State, DeliveryState.Due)
                .Set(each => each.NextAt, now)
                .Set(each => each.GiveUpAt, giveUpAt)
                .Unset(each => each.ForgetAt),
            cancellationToken: cancellation);
        return replayed.MatchedCount;
    }

    private static FilterDefinition<WebhookDelivery> As(WebhookDelivery read) =>
        Where.Eq(each => each.Id, read.Id)
        & Where.Eq(each => each.State, DeliveryState.Due)
        & Where.Eq(each => each.NextAt, read.NextAt)
        & Where.Eq(each => each.Attempts, read.Attempts);

    private static FilterDefinition<WebhookDelivery> Filter(string? endpointId, Guid? assetId, DeliveryState? state)
    {
        var filter = Where.Empty;
        filter &= endpointId is null ? Where.Empty : Where.Eq(each => each.EndpointId, endpointId);
        filter &= assetId is { } asset ? Where.Eq(each => each.AssetId, asset) : Where.Empty;
        filter &= state is { } one ? Where.Eq(each => each.State, one) : Where.Empty;
        return filter;
    }
}

/// <summary>Which deliveries are to be sent again.</summary>
internal sealed record Replayed(
    Guid? AssetId = null, DateTimeOffset? From = null, DateTimeOffset? Until = null, bool DeadOnly = false);
