using System.Collections.Concurrent;
using System.Globalization;
using MongoDB.Driver;

namespace Platform.Mongo;

/// <summary>Who holds which lease of a service's database.</summary>
/// <remarks>
/// No two machines' clocks are compared. A holder raises a counter; a contender takes over only after it has seen the
/// same counter for the whole duration by its own stopwatch, and only if the counter is still that when it writes.
/// </remarks>
public class Leases
{
    private readonly IMongoCollection<LeaseDocument> leases;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<string, Sight> seen = new();
    private readonly string holder = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7().ToString("N")[20..]}");

    public Leases(IMongoDatabase database, LeaseTerms terms, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(database);
        Conventions.Ensure();
        leases = database.GetCollection<LeaseDocument>("leases");
        Terms = terms;
        this.clock = clock;
    }

    public LeaseTerms Terms { get; }

    private static FilterDefinitionBuilder<LeaseDocument> Where => Builders<LeaseDocument>.Filter;

    private static UpdateDefinitionBuilder<LeaseDocument> Change => Builders<LeaseDocument>.Update;

    /// <summary>Takes a lease that nobody has, or that its holder has left unrenewed; null when another has it.</summary>
    public async Task<Lease?> TryTakeAsync(string name, CancellationToken cancellation)
    {
        var askedAt = clock.GetTimestamp();
        var current = await leases.Find(Where.Eq(each => each.Id, name)).FirstOrDefaultAsync(cancellation);
        if (current is null)
        {
            return await TryAddAsync(name, cancellation) ? ToLease(name, 1, askedAt) : null;
        }

        if (!IsFree(current))
        {
            return null;
        }

        var taken = await leases.UpdateOneAsync(
            As(current),
            Change.Set(each => each.Holder, holder).Inc(each => each.Fence, 1).Inc(each => each.Beat, 1),
            cancellationToken: cancellation);
        return taken.MatchedCount == 1 ? ToLease(name, current.Fence + 1, askedAt) : null;
    }

    /// <returns>False when another has it: it is lost then.</returns>
    public async Task<bool> RenewAsync(Lease lease, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        if (Terms.Alone)
        {
            return lease.IsHeld;
        }

        var askedAt = clock.GetTimestamp();
        var renewed = await leases.UpdateOneAsync(
            Mine(lease), Change.Inc(each => each.Beat, 1), cancellationToken: cancellation);
        if (renewed.MatchedCount == 0)
        {
            lease.Lose();
            return false;
        }

        lease.Renew(askedAt);
        return true;
    }

    /// <summary>Gives it up, so that another need not wait; nothing happens when another has it already.</summary>
    public async Task ReleaseAsync(Lease lease, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        lease.Lose();
        await leases.UpdateOneAsync(
            Mine(lease),
            Change.Unset(each => each.Holder).Inc(each => each.Beat, 1),
            cancellationToken: cancellation);
    }

    private Lease ToLease(string name, long fence, long askedAt)
    {
        seen.TryRemove(name, out _);
        return new Lease(name, fence, Terms.Trusted, clock, askedAt);
    }

    private async Task<bool> TryAddAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await leases.InsertOneAsync(
                new LeaseDocument { Id = name, Holder = holder, Fence = 1, Beat = 1 }, cancellationToken: cancellation);
            return true;
        }
        catch (MongoWriteException exception)
            when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return false; // another was first by a hair
        }
    }

    private bool IsFree(LeaseDocument current)
    {
        if (Terms.Alone || current.Holder is null || current.Holder == holder)
        {
            return true;
        }

        // The stopwatch is read after the document was: it can only make us wait longer.
        var now = clock.GetTimestamp();
        var sight = seen.AddOrUpdate(
            current.Id,
            _ => new Sight(current.Fence, current.Beat, now),
            (_, before) => before.Fence == current.Fence && before.Beat == current.Beat
                ? before
                : new Sight(current.Fence, current.Beat, now));
        return clock.GetElapsedTime(sight.At, now) >= Terms.Duration;
    }

    private static FilterDefinition<LeaseDocument> As(LeaseDocument current) =>
        Where.Eq(each => each.Id, current.Id)
        & Where.Eq(each => each.Fence, current.Fence)
        & Where.Eq(each => each.Beat, current.Beat);

    private FilterDefinition<LeaseDocument> Mine(Lease lease) =>
        Where.Eq(each => each.Id, lease.Name)
        & Where.Eq(each => each.Holder, holder)
        & Where.Eq(each => each.Fence, lease.Fence);

    private readonly record struct Sight(long Fence, long Beat, long At);

    private sealed record LeaseDocument
    {
        public required string Id { get; init; }

        /// <summary>Machine, process and a random part; absent when it was given up.</summary>
        public string? Holder { get; init; }

        public required long Fence { get; init; }

        /// <summary>Raised by every renewal.</summary>
        public required long Beat { get; init; }
    }
}

/// <summary>The leases of one service.</summary>
public sealed class Leases<TService>(ServiceDatabase<TService> database, LeaseTerms terms, TimeProvider clock)
    : Leases(database.Database, terms, clock);
