using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Generation;

/// <summary>What was made for which asset; the newest iteration is the one that counts.</summary>
/// <remarks>What is asked or recorded at the same time goes to the database in one command.</remarks>
internal sealed class Generations
{
    private const int AtATime = 100;

    private readonly IMongoCollection<Generation> generations;
    private readonly Together<Guid, IReadOnlyDictionary<Guid, Generation>> finding;
    private readonly Together<Generation, IReadOnlySet<Guid>> adding;

    public Generations(ServiceDatabase<GenerationService> database)
    {
        generations = database.Collection<Generation>("generations");
        finding = new(FindManyAsync, AtATime);
        adding = new(InsertManyAsync, AtATime);
    }

    private static FilterDefinitionBuilder<Generation> Where => Builders<Generation>.Filter;

    public async Task<Generation?> FindAsync(Guid assetId, CancellationToken cancellation) =>
        (await finding.JoinAsync(assetId).WaitAsync(cancellation)).GetValueOrDefault(assetId);

    /// <summary>Records what was made; returns what counts, which is another's when that was first or is newer.</summary>
    public async Task<Generation> AddAsync(Generation made, CancellationToken cancellation)
    {
        if ((await adding.JoinAsync(made).WaitAsync(cancellation)).Contains(made.Id))
        {
            return made;
        }

        await generations.ReplaceOneAsync(
            each => each.Id == made.Id && each.Iteration < made.Iteration, made, cancellationToken: cancellation);
        return await generations.Find(each => each.Id == made.Id).FirstAsync(cancellation);
    }

    /// <summary>In order of asset id, from after a given one.</summary>
    public async Task<IReadOnlyList<Generation>> ListAsync(Guid? after, int limit, CancellationToken cancellation) =>
        await generations.Find(after is { } last ? Where.Gt(each => each.Id, last) : Where.Empty)
            .SortBy(each => each.Id).Limit(limit).ToListAsync(cancellation);

    private async Task<IReadOnlyDictionary<Guid, Generation>> FindManyAsync(IReadOnlyList<Guid> assetIds) =>
        (await generations.Find(Where.In(each => each.Id, assetIds)).ToListAsync())
            .ToDictionary(each => each.Id);

    /// <summary>The ids that were new.</summary>
    private async Task<IReadOnlySet<Guid>> InsertManyAsync(IReadOnlyList<Generation> made)
    {
        // Two deliveries of one request may meet in one command: the second is the one that finds the id taken.
        var added = made.Select(each => each.Id).ToHashSet();
        try
        {
            await generations.InsertManyAsync(made, new InsertManyOptions { IsOrdered = false });
        }
        catch (MongoBulkWriteException<Generation> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            foreach (var error in exception.WriteErrors)
            {
                added.Remove(made[error.Index].Id);
            }
        }

        return added;
    }
}
