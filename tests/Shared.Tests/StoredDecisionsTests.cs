using Microsoft.Extensions.Time.Testing;
using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Shared.Tests;

/// <summary>Decisions that are stored now and announced by a loop.</summary>
public sealed class StoredDecisionsTests(MongoServer mongo)
{
    private readonly IMongoDatabase database = mongo.NewDatabase();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly Announcements announced = new();

    [Fact]
    public async Task Is_durable_before_anything_is_announced_and_announced_by_the_loop()
    {
        var tallies = await OpenAsync();

        var added = await tallies.StoreAsync([First("a"), First("b"), First("a")], default);
        var saidBefore = announced.Messages.Count;
        await AnnounceUntilAsync(tallies, 2);

        Assert.Equal(["a", "b"], added.Order());
        Assert.Equal(0, saidBefore);
        Assert.Equal(["a", "b"], announced.Messages.Cast<Counted>().Select(each => each.Name).Order());
        await tallies.PullAsync(default);
        Assert.Empty((await tallies.Collection.Find(each => each.Id == "a").FirstAsync(TestContext.Current.CancellationToken)).Pending);
    }

    [Fact]
    public async Task What_was_stored_by_a_process_that_ended_is_relayed_by_the_next()
    {
        await (await OpenAsync()).StoreAsync([First("a"), First("b")], default);
        var restarted = await OpenAsync();
        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(2, await restarted.RelayAsync(default));

        Assert.Equal(["a", "b"], announced.Messages.Cast<Counted>().Select(each => each.Name).Order());
    }

    [Fact]
    public async Task Decides_many_as_they_were_read_and_leaves_what_another_changed()
    {
        var tallies = await OpenAsync();
        await tallies.StoreAsync([First("a"), First("b"), First("c")], default);
        var read = await tallies.Collection.Find(Builders<Decided<string, Tally>>.Filter.Empty).ToListAsync(
            TestContext.Current.CancellationToken);
        await tallies.DecideAsync("b", current => new Decision<Tally>(new Tally { Value = 100 }, new Counted("b", 100)), default);

        var decided = await tallies.StoreAsync(
            [.. read.Select(each => (each, new Decision<Tally>(new Tally { Value = 2 }, new Counted(each.Id, 2))))], default);

        Assert.Equal(["a", "c"], decided.Order());
        Assert.Equal(
            [("a", 2, 2L), ("b", 100, 2L), ("c", 2, 2L)],
            (await tallies.Collection.Find(Builders<Decided<string, Tally>>.Filter.Empty).ToListAsync(
                TestContext.Current.CancellationToken)).Select(each => (each.Id, each.State.Value, each.Version)).Order());
        await AnnounceUntilAsync(tallies, 6); // three first ones, the other's, and two of ours
        Assert.DoesNotContain(new Counted("b", 2), announced.Messages);
    }

    [Fact]
    public async Task A_failed_announcement_ends_the_loop_and_loses_nothing()
    {
        var tallies = await OpenAsync();
        announced.Left = 0;
        await tallies.StoreAsync([First("a"), First("b"), First("c")], default);

        await Assert.ThrowsAsync<CrashException>(() => tallies.AnnounceStoredAsync(1, default));
        announced.Left = int.MaxValue;
        clock.Advance(TimeSpan.FromSeconds(6));
        await tallies.RelayAsync(default);

        Assert.Equal(["a", "b", "c"], announced.Messages.Cast<Counted>().Select(each => each.Name).Distinct().Order());
    }

    private static (string, Decision<Tally>) First(string name) => (name, new Decision<Tally>(new Tally { Value = 1 }, new Counted(name, 1)));

    private async Task<DecidedDocuments<string, Tally>> OpenAsync()
    {
        var tallies = new DecidedDocuments<string, Tally>(
            database.GetCollection<Decided<string, Tally>>("tallies"), announced, clock);
        await tallies.EnsureIndexesAsync(default);
        return tallies;
    }

    private async Task AnnounceUntilAsync(DecidedDocuments<string, Tally> tallies, int messages)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var announcing = tallies.AnnounceStoredAsync(4, enough.Token);
        while (announced.Messages.Count < messages && !enough.IsCancellationRequested)
        {
            await Task.Yield();
        }

        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => announcing);
    }
}
