using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Shared.Tests;

/// <summary>Machines with clocks of their own, and one database.</summary>
public sealed class LeasesTests(MongoServer mongo)
{
    private static readonly LeaseTerms Terms = new() { Duration = TimeSpan.FromSeconds(6) };

    private readonly IMongoDatabase database = mongo.NewDatabase();

    [Fact]
    public async Task Of_many_at_once_one_takes_it()
    {
        var contenders = Enumerable.Range(0, 16).Select(_ => AMachine().Leases).ToList();

        var taken = await Task.WhenAll(contenders.Select(each => each.TryTakeAsync("clock", default)));

        var held = Assert.Single(taken.OfType<Lease>());
        Assert.True(held.IsHeld);
        Assert.Equal(1, held.Fence);
    }

    [Fact]
    public async Task Leases_of_other_names_are_others()
    {
        var one = AMachine();

        Assert.NotNull(await one.Leases.TryTakeAsync("clock", default));
        Assert.NotNull(await AMachine().Leases.TryTakeAsync("signer", default));
    }

    [Fact]
    public async Task A_dead_holder_is_followed_after_the_duration_and_not_before()
    {
        var (dead, other) = (AMachine(), AMachine());
        await dead.Leases.TryTakeAsync("clock", default);
        Assert.Null(await other.Leases.TryTakeAsync("clock", default));

        other.Clock.Advance(Terms.Duration - TimeSpan.FromMilliseconds(1));
        Assert.Null(await other.Leases.TryTakeAsync("clock", default));
        other.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var lease = await other.Leases.TryTakeAsync("clock", default);

        Assert.Equal(2, lease!.Fence);
    }

    [Fact]
    public async Task A_holder_that_renews_is_never_followed()
    {
        var (holder, other) = (AMachine(), AMachine());
        var lease = (await holder.Leases.TryTakeAsync("clock", default))!;

        for (var beat = 0; beat < 50; beat++)
        {
            holder.Clock.Advance(Terms.Beat);
            other.Clock.Advance(Terms.Beat);
            Assert.True(await holder.Leases.RenewAsync(lease, default));
            Assert.Null(await other.Leases.TryTakeAsync("clock", default));
        }

        lease.EnsureHeld();
    }

    [Fact]
    public async Task A_holder_stops_trusting_itself_before_another_may_take_over()
    {
        var holder = AMachine();
        var lease = (await holder.Leases.TryTakeAsync("clock", default))!;

        holder.Clock.Advance(Terms.Duration * 0.8);

        Assert.False(lease.IsHeld);
        Assert.Contains("'clock'", Assert.Throws<LeaseLostException>(lease.EnsureHeld).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_holder_that_stood_still_finds_its_fence_stale_and_its_write_refused()
    {
        var (paused, other) = (AMachine(), AMachine());
        var writes = database.GetCollection<BsonDocument>("writes");
        await writes.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "fence", 0L } }, cancellationToken: default);
        var stale = (await paused.Leases.TryTakeAsync("signer", default))!;
        Assert.Null(await other.Leases.TryTakeAsync("signer", default));

        other.Clock.Advance(Terms.Duration); // and the paused one's stopwatch stood still with it
        var fresh = (await other.Leases.TryTakeAsync("signer", default))!;

        Assert.True(stale.IsHeld); // it cannot know
        Assert.True(await WriteAsync(writes, fresh, "fresh"));
        Assert.False(await WriteAsync(writes, stale, "stale"));
        Assert.Equal("fresh", (await writes.Find(new BsonDocument("_id", 1)).SingleAsync(default))["by"]);
        Assert.False(await paused.Leases.RenewAsync(stale, default));
        Assert.False(stale.IsHeld);
        fresh.EnsureHeld();
    }

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public async Task A_clock_that_jumps_lets_no_two_hold(int days)
    {
        var (holder, other) = (new Jumping(), new Jumping());
        var leases = new Leases(database, Terms, holder);
        var contender = new Leases(database, Terms, other);
        var lease = (await leases.TryTakeAsync("clock", default))!;
        Assert.Null(await contender.TryTakeAsync("clock", default));

        holder.Jump(TimeSpan.FromDays(days));
        other.Jump(TimeSpan.FromDays(-days));

        Assert.True(lease.IsHeld);
        Assert.Null(await contender.TryTakeAsync("clock", default));
        Assert.True(await leases.RenewAsync(lease, default));
    }

    [Fact]
    public async Task What_is_given_up_is_taken_at_once_under_a_higher_fence()
    {
        var (one, other) = (AMachine(), AMachine());
        var lease = (await one.Leases.TryTakeAsync("clock", default))!;

        await one.Leases.ReleaseAsync(lease, default);
        var next = (await other.Leases.TryTakeAsync("clock", default))!;

        Assert.False(lease.IsHeld);
        Assert.Equal(2, next.Fence);
        await one.Leases.ReleaseAsync(lease, default); // too late: it is another's now
        Assert.True(await other.Leases.RenewAsync(next, default));
    }

    [Fact]
    public async Task A_process_takes_its_own_lease_anew_at_once()
    {
        var one = AMachine();
        await one.Leases.TryTakeAsync("clock", default);

        Assert.Equal(2, (await one.Leases.TryTakeAsync("clock", default))!.Fence);
    }

    [Fact]
    public async Task Who_is_alone_waits_for_nobody_and_renews_nothing()
    {
        await AMachine().Leases.TryTakeAsync("clock", default); // was killed
        var clock = new FakeTimeProvider();
        var alone = new Leases(database, Terms with { Alone = true }, clock);

        var lease = (await alone.TryTakeAsync("clock", default))!;
        clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(2, lease.Fence);
        lease.EnsureHeld();
        Assert.True(await alone.RenewAsync(lease, default));
        var kept = await database.GetCollection<BsonDocument>("leases").Find(new BsonDocument("_id", "clock")).SingleAsync(default);
        Assert.Equal(2, kept["beat"].AsInt64);
    }

    private static async Task<bool> WriteAsync(IMongoCollection<BsonDocument> writes, Lease lease, string by)
    {
        var written = await writes.UpdateOneAsync(
            new BsonDocument { { "_id", 1 }, { "fence", new BsonDocument("$lte", lease.Fence) } },
            new BsonDocument("$set", new BsonDocument { { "fence", lease.Fence }, { "by", by } }));
        return written.MatchedCount == 1;
    }

    private (Leases Leases, FakeTimeProvider Clock) AMachine()
    {
        var clock = new FakeTimeProvider();
        return (new Leases(database, Terms, clock), clock);
    }

    /// <summary>A machine whose time of day is set anew; its stopwatch is not.</summary>
    private sealed class Jumping : TimeProvider
    {
        private TimeSpan offset;

        public void Jump(TimeSpan by) => offset += by;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
    }
}
