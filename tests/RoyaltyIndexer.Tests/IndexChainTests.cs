using MongoDB.Driver;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Chain.Local;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>The indexer against a real node and our contracts: whatever happens, it knows what the chain knows.</summary>
public sealed class IndexChainTests(Anvil anvil, Testing.Mongo mongo) : IClassFixture<Anvil>
{
    private readonly IMongoDatabase database = mongo.NewDatabase();

    [Fact]
    public async Task Knows_who_holds_what_after_minting_giving_and_burning()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        var first = await issuer.MintAsync(spring, 5);
        await index.CatchUpAsync();
        var second = await issuer.MintAsync(spring, 2);
        var friend = Issuer.AStranger();
        await issuer.GiveAsync(spring, first[0], friend);
        await issuer.BurnAsync(spring, second[0]);

        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
        Assert.Equal(first[0].ToString(),
            Assert.Single(await index.Ownership.ListAsync(spring.ToString(), friend.ToString(), null, 10, default)).TokenId);
        Assert.Equal(9, index.Announced.Transfers.Count);
        Assert.Equal(9, index.Announced.Transfers.Distinct().Count());
        Assert.Equal((Address.Zero.ToString(), 31337L), (index.Announced.Transfers[^1].To, index.Announced.Transfers[^1].ChainId));
        Assert.Equal(0, await index.ReorganisationsAsync());
    }

    [Fact]
    public async Task Keeps_two_collections_apart()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        var summer = await issuer.CreateCollectionAsync("summer");
        var token = (await issuer.MintAsync(spring, 3))[0];
        Assert.Equal(3, (await issuer.MintAsync(summer, 3)).Count); // the same token ids
        await issuer.GiveAsync(spring, token, Issuer.AStranger());

        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring, summer);
        Assert.Equal((3, 3, 6), (
            await index.Ownership.CountAsync(spring.ToString(), default),
            await index.Ownership.CountAsync(summer.ToString(), default),
            await index.Ownership.CountAsync(null, default)));
    }

    [Fact]
    public async Task Reads_a_long_chain_in_small_steps()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, options => options.BlocksAtATime = 2);
        var spring = await issuer.CreateCollectionAsync("spring");
        var token = (await issuer.MintAsync(spring, 3))[0];
        await anvil.MineAsync(9);
        await issuer.GiveAsync(spring, token, Issuer.AStranger());

        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Lets_the_last_transfer_of_a_block_count()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        var token = (await issuer.MintAsync(spring))[0];
        await anvil.AutomineAsync(false);
        try
        {
            await issuer.SendAsync(spring, CampaignCollection.TransferFrom(issuer.Address, issuer.Address, token).Data);
            var last = await issuer.SendAsync(spring, CampaignCollection.TransferFrom(issuer.Address, Issuer.AStranger(), token).Data);
            await anvil.MineAsync();
            await issuer.ReceiptAsync(last);
        }
        finally
        {
            await anvil.AutomineAsync(true);
        }

        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Takes_back_what_was_reorganised_away()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        var tokens = await issuer.MintAsync(spring, 3);
        var before = await anvil.SnapshotAsync();
        await issuer.GiveAsync(spring, tokens[0], Issuer.AStranger());
        await issuer.MintAsync(spring, 4);
        var summer = await issuer.CreateCollectionAsync("summer");
        await issuer.MintAsync(summer, 2);
        await index.CatchUpAsync();
        await index.AssertEqualsTheChainAsync(spring, summer);

        await anvil.RevertAsync(before);
        await index.CatchUpAsync(); // the chain is shorter for a while
        await index.AssertEqualsTheChainAsync(spring);
        await issuer.BurnAsync(spring, tokens[0]);
        await issuer.MintAsync(spring, 2);
        await anvil.MineAsync(5);
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
        Assert.Equal(1, await index.ReorganisationsAsync());
    }

    [Fact]
    public async Task Notices_a_reorganisation_behind_which_the_chain_is_longer_than_before()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        var tokens = await issuer.MintAsync(spring, 3);
        var before = await anvil.SnapshotAsync();
        await issuer.GiveAsync(spring, tokens[0], Issuer.AStranger());
        await index.CatchUpAsync();

        await anvil.RevertAsync(before);
        await issuer.GiveAsync(spring, tokens[0], Issuer.AStranger());
        await anvil.MineAsync(5);
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Announces_again_what_a_crash_left_unsaid()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);
        index.Announced.Left = 2;
        await Assert.ThrowsAsync<CrashException>(index.CatchUpAsync);

        using var restarted = index.Again();
        await restarted.CatchUpAsync();
        await restarted.CatchUpAsync();

        Assert.Equal(3, restarted.Announced.Transfers.Distinct().Count());
        Assert.Equal(3, restarted.Announced.Transfers.Count);
    }

    [Fact]
    public async Task Reads_everything_again_when_no_recorded_block_is_on_the_chain()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        var before = await anvil.SnapshotAsync();
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        var tokens = await issuer.MintAsync(spring, 1_100); // more than one step of a rewind
        await issuer.GiveAsync(spring, tokens[0], Issuer.AStranger());
        await index.CatchUpAsync();
        Assert.Equal(1_100, await index.Ownership.CountAsync(spring.ToString(), default));

        await anvil.RevertAsync(before);
        await anvil.MineAsync(2);
        var summer = await issuer.CreateCollectionAsync("summer");
        await issuer.MintAsync(summer, 2);
        await anvil.MineAsync(4);
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(summer);
    }
}
