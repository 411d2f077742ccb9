using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Generation;

/// <summary>What was made for which asset; the newest iteration is the one that counts.</summary>
internal sealed class Generations(ServiceDatabase<GenerationService> database)
{
    private readonly IMongoCollection<Generation> generations = database.Collection<Generation>("generations");

    public async Task<Generation?> FindAsync(Guid assetId, CancellationToken cancellation) =>
        await generations.Find(each => each.Id == assetId).FirstOrDefaultAsync(cancellation);

    /// <summary>Records what was made; returns what counts, which is another's when that was first or is newer.</summary>
    public async Task<Generation> AddAsync(Generation made, CancellationToken cancellation)
    {
        try
        {
            await generations.InsertOneAsync(made, cancellationToken: cancellation);
            return made;
        }
        catch (MongoWriteException exception)
            when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            await generations.ReplaceOneAsync(
                each => each.Id == made.Id && each.Iteration < made.Iteration, made, cancellationToken: cancellation);
            return await generations.Find(each => each.Id == made.Id).FirstAsync(cancellation);
        }
    }
}
