using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>A signed request as it is remembered.</summary>
/// <param name="Id">Of key and webhook-id; neither is kept as it was sent.</param>
/// <param name="Digest">Of the campaign and the body: a body sent to another campaign is another request.</param>
internal sealed record SeenRequest(string Id, byte[] Digest)
{
    public static SeenRequest Of(string keyId, string webhookId, string campaign, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{campaign}\n"));
        hash.AppendData(body);
        return new SeenRequest(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{keyId}|{webhookId}"))), hash.GetHashAndReset());
    }
}

/// <summary>Which signed requests came before, for some hours; those that come at once are noted in one command.</summary>
internal sealed class SeenRequests : IIndexed
{
    private readonly IMongoCollection<Document> seen;
    private readonly Together<SeenRequest, IReadOnlyDictionary<string, byte[]>> together;
    private readonly TimeSpan remember;
    private readonly TimeProvider clock;

    public SeenRequests(ServiceDatabase<CampaignsService> database, IOptions<AccessOptions> options, TimeProvider clock)
    {
        seen = database.Collection<Document>("seenRequests");
        together = new(NoteAsync, limit: 200);
        remember = TimeSpan.FromHours(options.Value.RememberHours);
        this.clock = clock;
    }

    public Task EnsureIndexesAsync(CancellationToken cancellation) => seen.Indexes.CreateOneAsync(
        new CreateIndexModel<Document>(
            Builders<Document>.IndexKeys.Ascending(each => each.ForgetAt),
            new CreateIndexOptions { Name = "forget", ExpireAfter = TimeSpan.Zero }),
        cancellationToken: cancellation);

    /// <summary>False when its id came before with something else.</summary>
    public async Task<bool> IsFirstOrSameAsync(SeenRequest request, CancellationToken cancellation) =>
        (await together.JoinAsync(request).WaitAsync(cancellation))[request.Id].AsSpan().SequenceEqual(request.Digest);

    /// <returns>What counts for each id: what came first.</returns>
    private async Task<IReadOnlyDictionary<string, byte[]>> NoteAsync(IReadOnlyList<SeenRequest> requests)
    {
        var fresh = requests.DistinctBy(each => each.Id).ToDictionary(each => each.Id, each => each.Digest);
        var now = clock.GetUtcNow();
        try
        {
            await seen.InsertManyAsync(
                fresh.Select(each => new Document { Id = each.Key, Digest = each.Value, ForgetAt = now + remember }),
                new InsertManyOptions { IsOrdered = false });
        }
        catch (MongoBulkWriteException<Document> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            var before = await seen.Find(Builders<Document>.Filter.In(each => each.Id, fresh.Keys)).ToListAsync();
            foreach (var each in before)
            {
                fresh[each.Id] = each.Digest;
            }
        }

        return fresh;
    }

    private sealed record Document
    {
        public required string Id { get; init; }

        public required byte[] Digest { get; init; }

        public required DateTimeOffset ForgetAt { get; init; }
    }
}
