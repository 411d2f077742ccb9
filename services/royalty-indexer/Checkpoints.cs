using System.Globalization;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>How far the chain was read and the feed was written: what lies past either is nobody's yet.</summary>
internal sealed record Checkpoint
{
    public string Id { get; init; } = Checkpoints.TheOne;

    /// <summary>The block to be read next.</summary>
    public required long Next { get; init; }

    /// <summary>The block before <see cref="Next"/>; null before the first.</summary>
    public string? Hash { get; init; }

    /// <summary>The feed's newest entry.</summary>
    public long Sequence { get; init; }

    /// <summary>The newest block that was said final.</summary>
    public long Finalised { get; init; }

    public long ChainId { get; init; }

    public long Reorganisations { get; init; }

    /// <summary>Why nothing is read any more.</summary>
    public string? Stopped { get; init; }

    /// <summary>Counts the steps that were begun: the fencing token.</summary>
    public long Attempt { get; init; }

    /// <summary>Counts the steps that were done.</summary>
    public long Steps { get; init; }

    public long Last => Next - 1;
}

/// <summary>The one document that makes a step of the indexer real.</summary>
/// <remarks>
/// A step begins by raising <see cref="Checkpoint.Attempt"/>, writes everything under that number, never over a
/// higher one, and is done when the checkpoint moves, which it does only while the number is still its own. So a writer that was
/// overtaken, a write that arrives late and a crash anywhere leave nothing but leftovers past the checkpoint, which
/// nobody reads and the next step writes over.
/// </remarks>
internal sealed class Checkpoints(ServiceDatabase<RoyaltyIndexerService> database, IOptions<RoyaltyIndexerOptions> options)
{
    public const string TheOne = "chain";

    private static readonly FilterDefinitionBuilder<Checkpoint> Where = Builders<Checkpoint>.Filter;

    private readonly IMongoCollection<Checkpoint> checkpoints = database.Collection<Checkpoint>("checkpoint");

    /// <summary>As it stands; before the first step, where that will begin.</summary>
    public async Task<Checkpoint> ReadAsync(CancellationToken cancellation) =>
        await checkpoints.Find(each => each.Id == TheOne).FirstOrDefaultAsync(cancellation) ?? new()
        {
            Next = options.Value.FromBlock,
            Finalised = options.Value.FromBlock - 1,
        };

    /// <summary>Begins a step from what was read; null when another writer was first.</summary>
    public async Task<Checkpoint?> BeginAsync(Checkpoint read, CancellationToken cancellation)
    {
        if (read.Attempt > 0)
        {
            return await checkpoints.FindOneAndUpdateAsync(
                Where.Eq(each => each.Id, TheOne)
                    & Where.Eq(each => each.Attempt, read.Attempt)
                    & Where.Eq(each => each.Steps, read.Steps), // else the step that was under way has ended meanwhile
                Builders<Checkpoint>.Update.Inc(each => each.Attempt, 1),
                new FindOneAndUpdateOptions<Checkpoint> { ReturnDocument = ReturnDocument.After },
                cancellation);
        }

        try
        {
            var first = read with { Attempt = 1 };
            await checkpoints.InsertOneAsync(first, cancellationToken: cancellation);
            return first;
        }
        catch (MongoWriteException taken) when (taken.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return null;
        }
    }

    /// <summary>Makes a step real.</summary>
    /// <exception cref="OvertakenException">Another writer has begun since: nothing was done.</exception>
    public async Task<Checkpoint> CommitAsync(Checkpoint done, CancellationToken cancellation)
    {
        var next = done with { Steps = done.Steps + 1 };
        var replaced = await checkpoints.ReplaceOneAsync(
            Where.Eq(each => each.Id, TheOne) & Where.Eq(each => each.Attempt, done.Attempt),
            next,
            cancellationToken: cancellation);
        return replaced.MatchedCount == 1 ? next : throw new OvertakenException(done.Attempt);
    }
}

/// <summary>Another writer has begun a step since this one did.</summary>
internal sealed class OvertakenException(long attempt) : Exception(string.Create(
    CultureInfo.InvariantCulture, $"Another indexer took over from step {attempt}; what this one had begun does not count."));
