using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Shared.Tests;

/// <summary>What was counted; the announcement of <see cref="Tally"/>.</summary>
public sealed record Counted(string Name, int Value);

/// <summary>A state to decide on.</summary>
public sealed record Tally
{
    public required int Value { get; init; }

    public string? Unique { get; init; }
}

public sealed class DecidedDocumentsTests(MongoServer mongo)
{
    private readonly IMongoDatabase database = mongo.NewDatabase();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly Announcements announced = new();

    [Fact]
    public async Task Writes_state_and_announcement_at_once_and_pulls_the_announcement_afterwards()
    {
        var tallies = await OpenAsync();

        await tallies.DecideAsync("a", Increment("a"), default);
        var written = await RawAsync("a");
        await tallies.PullAsync(default);
        var pulled = await RawAsync("a");

        Assert.Equal(new Counted("a", 1), Assert.Single(announced.Messages));
        Assert.Single(written["pending"].AsBsonArray);
        Assert.Empty(pulled["pending"].AsBsonArray);
        Assert.Equal((1, 1), (written["version"].ToInt32(), pulled["version"].ToInt32()));
    }

    [Fact]
    public async Task Announces_what_a_crash_left_behind_after_five_seconds_and_then_no_more()
    {
        var tallies = await OpenAsync();
        announced.Left = 0;
        await Assert.ThrowsAsync<CrashException>(() => tallies.DecideAsync("a", Increment("a"), default));
        announced.Left = int.MaxValue;
        var restarted = await OpenAsync();

        Assert.Equal(new Tally { Value = 1 }, await restarted.FindAsync("a", default));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, await restarted.RelayAsync(default));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await restarted.RelayAsync(default));
        Assert.Equal(0, await restarted.RelayAsync(default));

        Assert.Equal(new Counted("a", 1), Assert.Single(announced.Messages));
        Assert.Empty((await RawAsync("a"))["pending"].AsBsonArray);
    }

    [Fact]
    public async Task Announces_again_what_was_announced_and_not_yet_pulled()
    {
        var tallies = await OpenAsync();
        await tallies.DecideAsync("a", Increment("a"), default); // and a crash before the pull
        var restarted = await OpenAsync();
        clock.Advance(TimeSpan.FromSeconds(6));

        await restarted.RelayAsync(default);

        Assert.Equal(2, announced.Messages.Count);
        Assert.Single(announced.Ids.Distinct());
    }

    [Fact]
    public async Task Keeps_an_earlier_announcement_that_is_still_pending()
    {
        var tallies = await OpenAsync();
        announced.Left = 0;
        await Assert.ThrowsAsync<CrashException>(() => tallies.DecideAsync("a", Increment("a"), default));
        announced.Left = int.MaxValue;
        await tallies.DecideAsync("a", Increment("a"), default);
        await tallies.PullAsync(default);
        clock.Advance(TimeSpan.FromSeconds(6));

        await tallies.RelayAsync(default);

        Assert.Equal([new Counted("a", 2), new Counted("a", 1)], announced.Messages);
        Assert.Empty((await RawAsync("a"))["pending"].AsBsonArray);
    }

    [Fact]
    public async Task Relays_one_documents_message_although_another_cannot_be_announced()
    {
        var tallies = await OpenAsync();
        announced.Left = 0;
        await Assert.ThrowsAsync<CrashException>(() => tallies.DecideAsync("a", Increment("a"), default));
        await Assert.ThrowsAsync<CrashException>(() => tallies.DecideAsync("b", Increment("b"), default));
        announced.Left = 1;
        clock.Advance(TimeSpan.FromSeconds(6));

        var failure = await Assert.ThrowsAsync<RelayFailedException>(() => tallies.RelayAsync(default));
        Assert.Contains("tallies", failure.Message, StringComparison.Ordinal);
        announced.Left = int.MaxValue;
        Assert.Equal(0, await tallies.RelayAsync(default)); // set aside for a while, so that it is in nobody's way
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(1, await tallies.RelayAsync(default));

        Assert.Equal(["a", "b"], announced.Messages.Cast<Counted>().Select(counted => counted.Name).Distinct().Order());
        Assert.All(await database.GetCollection<BsonDocument>("tallies").Find("{}").ToListAsync(TestContext.Current.CancellationToken),
            document => Assert.Empty(document["pending"].AsBsonArray));
    }

    [Fact]
    public async Task Goes_on_past_two_hundred_documents_that_cannot_be_announced()
    {
        var tallies = await OpenAsync();
        announced.Left = 0;
        await Assert.ThrowsAsync<CrashException>(() => tallies.AddAsync(
            [.. Enumerable.Range(0, 210).Select(i => First($"{i:000}"))], default));
        clock.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<RelayFailedException>(() => tallies.RelayAsync(default));

        announced.Left = int.MaxValue;

        Assert.Equal(10, await tallies.RelayAsync(default));
    }

    [Fact]
    public async Task Goes_on_past_a_message_whose_type_nobody_knows()
    {
        var tallies = await OpenAsync();
        announced.Left = 0;
        await Assert.ThrowsAsync<CrashException>(() => tallies.DecideAsync("a", Increment("a"), default));
        await Assert.ThrowsAsync<CrashException>(() => tallies.DecideAsync("b", Increment("b"), default));
        await database.GetCollection<BsonDocument>("tallies").UpdateOneAsync(
            "{ _id: 'a' }", "{ $set: { 'pending.0.type': 'Nothing.Of.That.Name, Nowhere' } }",
            cancellationToken: TestContext.Current.CancellationToken);
        announced.Left = int.MaxValue;
        clock.Advance(TimeSpan.FromSeconds(6));

        var failure = await Assert.ThrowsAsync<RelayFailedException>(() => tallies.RelayAsync(default));

        Assert.Contains("Nothing.Of.That.Name", failure.Message, StringComparison.Ordinal);
        Assert.Equal([new Counted("b", 1)], announced.Messages);
    }

    [Fact]
    public async Task Two_relays_at_once_announce_a_message_once()
    {
        var tallies = await OpenAsync();
        announced.Left = 0;
        await Assert.ThrowsAsync<CrashException>(() => tallies.AddAsync(
            [.. Enumerable.Range(0, 50).Select(i => First($"{i:000}"))], default));
        announced.Left = int.MaxValue;
        clock.Advance(TimeSpan.FromSeconds(6));

        var relayed = await Task.WhenAll(
            (await OpenAsync()).RelayAsync(default), (await OpenAsync()).RelayAsync(default));

        Assert.Equal(50, relayed.Sum());
        Assert.Equal(50, announced.Messages.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Relays_what_a_clock_that_jumped_left_behind(int days)
    {
        var tallies = await OpenAsync();
        announced.Left = 0;
        clock.AdjustTime(clock.GetUtcNow().AddDays(days));
        await Assert.ThrowsAsync<CrashException>(() => tallies.DecideAsync("a", Increment("a"), default));
        await Assert.ThrowsAsync<RelayFailedException>(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(6));
            await tallies.RelayAsync(default); // a claim of a day that never comes, too
        });
        clock.AdjustTime(clock.GetUtcNow().AddDays(-days));
        announced.Left = int.MaxValue;

        Assert.Equal(1, await tallies.RelayAsync(default));
    }

    [Fact]
    public async Task Of_two_at_once_one_wins_and_the_other_decides_again()
    {
        var one = await OpenAsync();
        var two = await OpenAsync();
        var decided = 0;

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => (i % 2 == 0 ? one : two).DecideAsync(
            "a",
            current =>
            {
                Interlocked.Increment(ref decided);
                return Increment("a")(current);
            },
            default)));

        Assert.Equal(30, (await one.FindAsync("a", default))!.Value);
        Assert.Equal(30, (await RawAsync("a"))["version"].ToInt32());
        Assert.True(decided >= 30);
        Assert.Equal(Enumerable.Range(1, 30), announced.Messages.Cast<Counted>().Select(counted => counted.Value).Order());
        Assert.Equal(30, announced.Ids.Distinct().Count());
    }

    [Fact]
    public async Task A_repeated_decision_only_announces_again()
    {
        var tallies = await OpenAsync();
        await tallies.DecideAsync("a", Increment("a"), default);
        await tallies.PullAsync(default);

        await tallies.DecideAsync("a", current => new Decision<Tally>(current!, new Counted("a", current!.Value)), default);

        Assert.Equal([new Counted("a", 1), new Counted("a", 1)], announced.Messages);
        Assert.Single(announced.Ids.Distinct());
        var kept = await RawAsync("a");
        Assert.Equal(1, kept["version"].ToInt32());
        Assert.Empty(kept["pending"].AsBsonArray);
    }

    [Fact]
    public async Task Adds_what_is_new_and_leaves_what_exists_as_it_is()
    {
        var tallies = await OpenAsync();
        await tallies.DecideAsync("a", Increment("a"), default);
        await tallies.DecideAsync("a", Increment("a"), default);

        var added = await tallies.AddAsync([First("a"), First("b"), First("c")], default);

        Assert.Equal(["b", "c"], added.Order());
        Assert.Equal(2, (await tallies.FindAsync("a", default))!.Value);
        Assert.Equal([("a", 1), ("a", 2), ("b", 1), ("c", 1)],
            announced.Messages.Cast<Counted>().Select(counted => (counted.Name, counted.Value)).Order());
    }

    [Fact]
    public async Task Adds_once_what_is_named_twice_in_one_command()
    {
        var tallies = await OpenAsync();

        var added = await tallies.AddAsync([First("a"), First("b"), First("a")], default);

        Assert.Equal(["a", "b"], added.Order());
        Assert.Equal(["a", "b"], announced.Messages.Cast<Counted>().Select(counted => counted.Name).Order());
    }

    [Fact]
    public async Task Relays_what_a_crash_left_between_adding_and_announcing()
    {
        var tallies = await OpenAsync();
        announced.Left = 1;
        await Assert.ThrowsAsync<CrashException>(() => tallies.AddAsync([First("a"), First("b"), First("c")], default));
        announced.Left = int.MaxValue;
        var restarted = await OpenAsync();
        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(3, await restarted.RelayAsync(default));

        Assert.Equal(["a", "b", "c"], announced.Messages.Cast<Counted>().Select(counted => counted.Name).Distinct().Order());
    }

    [Fact]
    public async Task Lets_the_caller_know_when_something_else_that_is_unique_is_taken()
    {
        var tallies = await OpenAsync();
        await tallies.Collection.Indexes.CreateOneAsync(
            new CreateIndexModel<Decided<string, Tally>>(
                Builders<Decided<string, Tally>>.IndexKeys.Ascending("state.unique"),
                new CreateIndexOptions { Unique = true, Sparse = true }),
            cancellationToken: TestContext.Current.CancellationToken);
        await tallies.DecideAsync("a", _ => new(new Tally { Value = 1, Unique = "x" }), default);

        var refusal = await Assert.ThrowsAsync<MongoWriteException>(
            () => tallies.DecideAsync("b", _ => new(new Tally { Value = 1, Unique = "x" }), default));

        Assert.Equal(ServerErrorCategory.DuplicateKey, refusal.WriteError.Category);
        Assert.Null(await tallies.FindAsync("b", default));
    }

    private static Func<Tally?, Decision<Tally>> Increment(string name) => current =>
    {
        var next = new Tally { Value = (current?.Value ?? 0) + 1 };
        return new(next, new Counted(name, next.Value));
    };

    private static (string, Decision<Tally>) First(string name) => (name, Increment(name)(null));

    private async Task<DecidedDocuments<string, Tally>> OpenAsync()
    {
        var tallies = new DecidedDocuments<string, Tally>(
            database.GetCollection<Decided<string, Tally>>("tallies"), announced, clock);
        await tallies.EnsureIndexesAsync(default);
        return tallies;
    }

    private async Task<BsonDocument> RawAsync(string id) =>
        await database.GetCollection<BsonDocument>("tallies").Find(new BsonDocument("_id", id)).FirstAsync();
}

/// <summary>Keeps what is announced, in order.</summary>
internal sealed class Announcements : IAnnouncer
{
    private readonly ConcurrentQueue<(object Message, Guid Id)> said = new();

    /// <summary>How many more announcements the process lives to make.</summary>
    public int Left { get; set; } = int.MaxValue;

    public IReadOnlyList<object> Messages => [.. said.Select(each => each.Message)];

    public IReadOnlyList<Guid> Ids => [.. said.Select(each => each.Id)];

    public Task AnnounceAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation)
    {
        lock (said) // announced many at once
        {
            if (Left-- <= 0)
            {
                throw new CrashException();
            }
        }

        said.Enqueue((message, messageId));
        return Task.CompletedTask;
    }
}

internal sealed class CrashException : Exception;
