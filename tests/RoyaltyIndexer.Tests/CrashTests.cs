using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Platform.Chain;
using Platform.Chain.Local;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>A step that ends anywhere, and two that meet: the feed has no gap, no double and no stranger.</summary>
public sealed class CrashTests(Anvil anvil, Testing.Mongo mongo) : IClassFixture<Anvil>
{
    private readonly IMongoDatabase database = mongo.NewDatabase();

    /// <summary>Walks every command that the indexer sends to its database, and dies before it and after it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Comes_to_the_same_after_a_crash_at_any_command(bool beforeIt)
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, options => options.Confirmations = 2);
        var collections = new List<Address> { await issuer.CreateCollectionAsync("spring") };
        var token = (await issuer.MintAsync(collections[0], 3))[0];
        await index.CatchUpAsync();
        var crashes = 0;
        for (var at = 1; ; at++)
        {
            // A block to append, one to take back, and one to append in its place.
            var before = await anvil.SnapshotAsync();
            await issuer.GiveAsync(collections[0], token, Issuer.AStranger());
            await issuer.CreateCollectionAsync($"lost-{at}");
            await RunAndCrashAsync(index, at, beforeIt);
            await anvil.RevertAsync(before);
            await issuer.MintAsync(collections[0], 2);
            collections.Add(await issuer.CreateCollectionAsync($"kept-{at}"));
            await anvil.MineAsync(3);
            var crashed = await RunAndCrashAsync(index, at, beforeIt);
            await index.CatchUpAsync();

            await index.AssertEqualsTheChainAsync([.. collections]);
            if (!crashed)
            {
                break;
            }

            crashes++;
        }

        Assert.InRange(crashes, 15, 200);
        TestContext.Current.TestOutputHelper?.WriteLine($"{crashes} places");
    }

    [Fact]
    public async Task Leaves_no_trace_of_a_writer_that_was_overtaken()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        await using var slow = await FaultyNode.StartAsync(anvil.Address);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);
        using var overtaken = new Index(database, slow.Chain, anvil.Chain, index.Settings);

        // It has begun its step and waits for the logs while another does the same step and a further one.
        slow.Delay = TimeSpan.FromMilliseconds(400);
        var late = Assert.ThrowsAsync<OvertakenException>(overtaken.RoundAsync);
        while ((await index.Checkpoints.ReadAsync(default)).Attempt < 2)
        {
            await Task.Delay(10);
        }

        await index.CatchUpAsync();
        await issuer.MintAsync(spring, 2);
        await index.CatchUpAsync();
        await late;

        await index.AssertEqualsTheChainAsync(spring);
        await overtaken.CatchUpAsync();
        await index.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Two_that_fight_for_every_step_write_one_feed()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var one = await Index.OpenAsync(database, anvil, options => options.BlocksAtATime = 2);
        using var two = one.Again();
        var spring = await issuer.CreateCollectionAsync("spring");
        for (var i = 0; i < 25; i++)
        {
            await issuer.MintAsync(spring, 3);
            await Task.WhenAll(FightAsync(one), FightAsync(two));
        }

        await one.CatchUpAsync();
        await one.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Another_takes_over_when_the_first_dies()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        var terms = new LeaseTerms { Duration = TimeSpan.FromSeconds(1) };
        var spring = await issuer.CreateCollectionAsync("autumn"); // before the beginning: not followed
        using var setting = await Index.OpenAsync(database, anvil);
        var summer = await issuer.CreateCollectionAsync("summer");
        using var client = NewClient(_ => { });
        using var first = setting.Again(client.GetDatabase(database.DatabaseNamespace.DatabaseName), terms);
        using var second = setting.Again(terms: terms);
        await first.StartAsync();
        await issuer.MintAsync(summer, 3);
        await UntilAsync(setting.IsAtHeadAsync);
        await second.StartAsync();
        Assert.Equal("index", Assert.Single(await HoldersAsync()).Id);
        var (_, holder) = (await HoldersAsync()).Single();

        client.Dispose(); // its process is gone, with its connections
        await issuer.MintAsync(summer, 2);
        await issuer.MintAsync(spring, 2);
        await UntilAsync(setting.IsAtHeadAsync);

        Assert.NotEqual(holder, (await HoldersAsync()).Single().Holder);
        await second.StopAsync();
        await first.StopAsync();
        await setting.AssertEqualsTheChainAsync(summer);
    }

    private async Task<IReadOnlyList<(string Id, string Holder)>> HoldersAsync() =>
        [.. (await database.GetCollection<MongoDB.Bson.BsonDocument>("leases").Find("{}").ToListAsync())
            .Select(each => (each["_id"].AsString, each["holder"].AsString))];

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isSo())
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    private static async Task FightAsync(Index index)
    {
        for (var round = 0; round < 4; round++)
        {
            try
            {
                await index.RoundAsync();
            }
            catch (OvertakenException)
            {
                // The loop would log it and go on.
            }
        }
    }

    /// <summary>Runs until the nth command of the process to its database, which is its last.</summary>
    /// <returns>Whether it came to that many.</returns>
    private async Task<bool> RunAndCrashAsync(Index index, int last, bool beforeIt)
    {
        var commands = 0;
        var dead = false;
        using var client = NewClient(builder =>
        {
            void Count(string name, bool started)
            {
                if (name is "hello" or "isMaster" or "ping" or "buildInfo" or "endSessions")
                {
                    return;
                }

                if (dead || (started == beforeIt && ++commands == last))
                {
                    dead = true;
                    throw new CrashException();
                }
            }

            builder.Subscribe<CommandStartedEvent>(told => Count(told.CommandName, started: true));
            builder.Subscribe<CommandSucceededEvent>(told => Count(told.CommandName, started: false));
        });
        using var mortal = index.Again(client.GetDatabase(database.DatabaseNamespace.DatabaseName));
        try
        {
            await mortal.CatchUpAsync();
        }
        catch (Exception) when (dead)
        {
            return true;
        }

        return false;
    }

    private MongoClient NewClient(Action<MongoDB.Driver.Core.Configuration.ClusterBuilder> configure)
    {
        var settings = Conventions.Settings(mongo.ConnectionString);
        settings.ClusterConfigurator = configure;
        settings.RetryReads = settings.RetryWrites = false;
        return new MongoClient(settings);
    }
}
