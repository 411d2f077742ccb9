using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Driver;
using Platform.EmbeddedMongo;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Shared.Tests;

public sealed class LeasedTests(MongoServer mongo)
{
    private static readonly LeaseTerms Terms = new() { Duration = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Of_two_that_run_one_works_and_the_other_goes_on_at_once_when_it_stops()
    {
        var database = mongo.NewDatabase();
        // An hour's lease: whoever waits for it to run out never comes.
        var terms = new LeaseTerms { Duration = TimeSpan.FromHours(1), Beat = TimeSpan.FromMilliseconds(100) };
        using var first = new Loop(database, terms);
        using var second = new Loop(database, terms);
        await first.StartAsync(default);
        await first.Worked();
        await second.StartAsync(default);
        await first.Worked(rounds: 50);
        Assert.Equal(0, second.Rounds);

        await first.StopAsync(default);
        await second.Worked();
        await second.StopAsync(default);

        Assert.Equal([1L], first.Fences);
        Assert.Equal([2L], second.Fences);
    }

    [Fact]
    public async Task A_round_that_outlives_its_lease_is_cancelled_and_another_goes_on()
    {
        var database = mongo.NewDatabase();
        using var holder = new Loop(database, Terms) { Hangs = true };
        await holder.StartAsync(default);
        await holder.Worked();
        var leases = database.GetCollection<MongoDB.Bson.BsonDocument>("leases");

        // As when it stood still for so long that another took over meanwhile.
        await leases.UpdateOneAsync("{ _id: 'loop' }", "{ $set: { holder: 'another' }, $inc: { fence: 1, beat: 1 } }");
        await holder.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        holder.Hangs = false;
        await holder.Worked(rounds: 2); // the other never renews: it is dead by now
        await holder.StopAsync(default);

        Assert.Equal([1L, 3L], holder.Fences.Order());
    }

    [Fact]
    public async Task Goes_on_by_itself_when_MongoDB_was_away()
    {
        var folder = Directory.CreateTempSubdirectory("leased-").FullName;
        var path = Path.Combine(folder, "mongo.db");
        var server = await EmbeddedMongoServer.StartAsync(new() { Path = path, FullSync = false }, TestContext.Current.CancellationToken);
        var port = new Uri(server.ConnectionString).Port;
        var settings = Conventions.Settings(server.ConnectionString);
        settings.ServerSelectionTimeout = TimeSpan.FromMilliseconds(500);
        using var client = new MongoClient(settings);
        using var loop = new Loop(client.GetDatabase("away"), Terms) { Hangs = true };
        await loop.StartAsync(default);
        await loop.Worked();

        await server.DisposeAsync();
        await loop.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        loop.Hangs = false;
        var before = loop.Rounds;
        server = await EmbeddedMongoServer.StartAsync(
            new() { Path = path, FullSync = false, Port = port }, TestContext.Current.CancellationToken);
        await loop.Worked(before + 3);
        await loop.StopAsync(default);
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);

        Assert.Equal([1L, 2L], loop.Fences.Order());
    }

    [Fact]
    public async Task A_write_that_finds_a_higher_fence_ends_the_tenure_and_begins_another()
    {
        using var loop = new Loop(mongo.NewDatabase(), Terms) { RefusedOnce = true };
        await loop.StartAsync(default);

        await loop.Worked(rounds: 3);
        await loop.StopAsync(default);

        Assert.Equal([1L, 2L], loop.Fences.Order());
    }

    private sealed class Loop(IMongoDatabase database, LeaseTerms terms)
        : Leased(new Leases(database, terms, TimeProvider.System), TimeProvider.System, NullLogger.Instance)
    {
        private readonly ConcurrentDictionary<long, bool> fences = new();
        private readonly SemaphoreSlim worked = new(0);
        private int rounds;

        public bool Hangs { get; set; }

        public bool RefusedOnce { get; set; }

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Rounds => Volatile.Read(ref rounds);

        public IEnumerable<long> Fences => fences.Keys;

        protected override string LeaseName => "loop";

        protected override TimeSpan Pause => TimeSpan.FromMilliseconds(10);

        public async Task Worked(int rounds = 1)
        {
            while (Rounds < rounds)
            {
                Assert.True(await worked.WaitAsync(TimeSpan.FromSeconds(30)), $"{Rounds} of {rounds} rounds in 30 s");
            }
        }

        public override void Dispose()
        {
            worked.Dispose();
            base.Dispose();
        }

        protected override async Task<bool> WorkAsync(Lease lease, CancellationToken cancellation)
        {
            lease.EnsureHeld();
            fences[lease.Fence] = true;
            Interlocked.Increment(ref rounds);
            worked.Release();
            if (RefusedOnce)
            {
                RefusedOnce = false;
                throw new LeaseLostException(lease.Name, lease.Fence);
            }

            if (Hangs)
            {
                await using var hears = cancellation.Register(() => Cancelled.TrySetResult());
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return false;
        }
    }
}
