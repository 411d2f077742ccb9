using System.Security.Cryptography;
using System.Text;
using MongoDB.Driver;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>A random key for each person; without it nothing that was digested under it can be told apart from noise.</summary>
/// <remarks>The person's name is stored nowhere: the key is found under a digest that needs the installation's secret.</remarks>
internal sealed class Subjects(ServiceDatabase<CampaignsService> database, InstallationToken installation)
{
    private readonly IMongoCollection<Document> subjects = database.Collection<Document>("subjects");

    private readonly byte[] pepper = installation.DeriveKey("campaigns.subjects");

    /// <summary>Each subject's key, made where there was none.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> KeysAsync(
        IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        var ids = names.Distinct().ToDictionary(name => name, Pseudonym);
        var keys = await LoadAsync(ids.Values, cancellation);
        var missing = ids.Values.Where(id => !keys.ContainsKey(id)).ToList();
        if (missing.Count > 0)
        {
            await AddAsync(missing, cancellation);
            keys = await LoadAsync(ids.Values, cancellation);
        }

        return ids.ToDictionary(each => each.Key, each => keys[each.Value]);
    }

    private string Pseudonym(string name) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(name)));

    private async Task<Dictionary<string, byte[]>> LoadAsync(IEnumerable<string> ids, CancellationToken cancellation) =>
        (await subjects.Find(Builders<Document>.Filter.In(each => each.Id, ids)).ToListAsync(cancellation))
            .ToDictionary(each => each.Id, each => each.Key);

    private async Task AddAsync(List<string> ids, CancellationToken cancellation)
    {
        try
        {
            await subjects.InsertManyAsync(
                ids.Select(id => new Document { Id = id, Key = RandomNumberGenerator.GetBytes(32) }),
                new InsertManyOptions { IsOrdered = false },
                cancellation);
        }
        catch (MongoBulkWriteException<Document> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // Another event of the same person came first; its key is the one to use.
        }
    }

    private sealed record Document
    {
        public required string Id { get; init; }

        public required byte[] Key { get; init; }
    }
}
