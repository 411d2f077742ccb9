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
        var missing = ids.Values.Where(id => !keys.ContainsKey(id))
            .Select(id => new Document { Id = id, Key = RandomNumberGenerator.GetBytes(32) }).ToList();
        if (missing.Count > 0)
        {
            if (await TryAddAsync(missing, cancellation))
            {
                missing.ForEach(each => keys[each.Id] = each.Key);
            }
            else
            {
                keys = await LoadAsync(ids.Values, cancellation);
            }
        }

        return ids.ToDictionary(each => each.Key, each => keys[each.Value]);
    }

    private string Pseudonym(string name) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(name)));

    private async Task<Dictionary<string, byte[]>> LoadAsync(IEnumerable<string> ids, CancellationToken cancellation) =>
        (await subjects.Find(Builders<Document>.Filter.In(each => each.Id, ids)).ToListAsync(cancellation))
            .ToDictionary(each => each.Id, each => each.Key);

    /// <summary>False when another event of one of the persons came first: its key is the one to use.</summary>
    private async Task<bool> TryAddAsync(List<Document> added, CancellationToken cancellation)
    {
        try
        {
            await subjects.InsertManyAsync(added, new InsertManyOptions { IsOrdered = false }, cancellation);
            return true;
        }
        catch (MongoBulkWriteException<Document> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            return false;
        }
    }

    private sealed record Document
    {
        public required string Id { get; init; }

        public required byte[] Key { get; init; }
    }
}
