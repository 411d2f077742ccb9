using MongoDB.Driver;
using Platform.Chain;
using Platform.Chain.Local;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>The token feed: every transfer once, in order, and every one that went away taken back.</summary>
public sealed class FeedTests(Anvil anvil, Testing.Mongo mongo) : IClassFixture<Anvil>
{
    private const string Transferred = "imprimatur.token.transferred.v1";

    private readonly IMongoDatabase database = mongo.NewDatabase();

    [Fact]
    public async Task Tells_a_transfer_as_a_cloud_event()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, options => options.Confirmations = 3);
        var spring = await issuer.CreateCollectionAsync("spring");
        var token = (await issuer.MintAsync(spring))[0];
        var friend = Issuer.AStranger();
        var given = await issuer.GiveAsync(spring, token, friend);
        await index.CatchUpAsync();

        var told = (await index.Reader.ReadAsync(0, 10, new(), default)).Events;

        Assert.Equal([Transferred, Transferred], told.Select(each => each.Type));
        Assert.Equal(["00000000000000000001", "00000000000000000002"], told.Select(each => each.Sequence));
        Assert.Equal($"eip155:31337/erc721:{spring}/{token}", told[1].Subject);
        Assert.Equal("/royalty-indexer/eip155:31337", told[1].Source);
        Assert.Equal("eip155:31337", told[1].Partitionkey);
        Assert.Equal("included", told[1].Finality);
        Assert.False(told[1].HasReverts);
        Assert.Equal(given.BlockHash.ToString(), told[1].Blockhash);
        Assert.Equal(
            new FeedData
            {
                ChainId = 31337,
                Contract = spring.ToString(),
                TokenId = token.ToString(),
                From = issuer.Address.ToString(),
                To = friend.ToString(),
                BlockNumber = (long)given.BlockNumber,
                LogIndex = (uint)given.Logs.Single(log => log.Topics.Length == 4).LogIndex,
                TransactionHash = given.TxHash.ToString(),
            },
            told[1].Data);
    }

    [Fact]
    public async Task Takes_every_transfer_back_that_went_away_the_newest_first()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, options => options.Confirmations = 50);
        var spring = await issuer.CreateCollectionAsync("spring");
        var token = (await issuer.MintAsync(spring))[0];
        var before = await anvil.SnapshotAsync();
        await issuer.GiveAsync(spring, token, Issuer.AStranger());
        await issuer.MintAsync(spring, 2);
        await index.CatchUpAsync();

        await anvil.RevertAsync(before);
        await anvil.MineAsync(4);
        await issuer.BurnAsync(spring, token);
        await index.CatchUpAsync();

        var told = (await index.Reader.ReadAsync(0, 100, new(), default)).Events;
        Assert.Equal("imprimatur.chain.reorganised.v1", told[4].Type);
        Assert.Equal(2, told[4].Data.ToBlock - told[4].Data.FromBlock + 1);
        Assert.Equal([told[3].Id, told[2].Id, told[1].Id], told.Skip(5).Take(3).Select(each => each.Reverts));
        Assert.Equal((told[1].Data.From, told[1].Data.To), (told[7].Data.To, told[7].Data.From));
        Assert.Equal(9, told.Count);
        Assert.Equal(Address.Zero.ToString(), told[8].Data.To);
        await index.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Tells_a_block_anew_when_it_comes_back_after_it_was_taken_back()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        using var index = await Index.OpenAsync(database, anvil, options => options.Confirmations = 50, node.Chain);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 2);
        await index.CatchUpAsync();
        var at = await index.Checkpoints.ReadAsync(default);

        node.Height = at.Next - 2; // a local node that lost its last block, and got it back
        while (await index.RoundAsync())
        {
        }

        Assert.Equal(0, await index.Ownership.CountAsync(null, default));
        node.Height = null;
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
        var told = (await index.Reader.ReadAsync(0, 100, new(), default)).Events;
        Assert.Equal([null, null, null, told[1].Id, told[0].Id, null, null], told.Select(each => each.HasReverts ? each.Reverts : null));
        Assert.Equal((told[0].Blockhash, told[0].Data), (told[5].Blockhash, told[5].Data));
        Assert.Equal(7, told.Select(each => each.Id).Distinct().Count());
    }

    [Fact]
    public async Task Says_what_became_final_and_gives_careful_readers_nothing_before()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, options => options.Confirmations = 3);
        var spring = await issuer.CreateCollectionAsync("spring");
        var token = (await issuer.MintAsync(spring))[0];
        var before = await anvil.SnapshotAsync();
        await issuer.GiveAsync(spring, token, Issuer.AStranger());
        await index.CatchUpAsync();
        await anvil.RevertAsync(before);
        await anvil.MineAsync();
        await issuer.BurnAsync(spring, token);
        await index.CatchUpAsync();

        var careful = await index.Reader.ReadAsync(0, 100, new() { FinalOnly = true }, default);
        Assert.Equal([Address.Zero.ToString()], careful.Events.Where(each => each.Type == Transferred).Select(each => each.Data.From));
        Assert.All(careful.Events, each => Assert.Equal("final", each.Finality));
        await anvil.MineAsync(5);
        await index.CatchUpAsync();
        var rest = await index.Reader.ReadAsync(careful.Next, 100, new() { FinalOnly = true }, default);

        Assert.Equal([Transferred], rest.Events.Select(each => each.Type).Where(type => type == Transferred));
        Assert.Equal(Address.Zero.ToString(), rest.Events[0].Data.To);
        Assert.Equal("imprimatur.chain.finalised.v1", rest.Events[^1].Type);
        Assert.InRange(rest.Events[0].Data.BlockNumber, rest.Events[^1].Data.FromBlock, rest.Events[^1].Data.ToBlock);
        Assert.DoesNotContain(rest.Events, each => each.HasReverts);
    }

    [Fact]
    public async Task Says_nothing_of_final_blocks_that_concern_nobody()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring);
        await index.CatchUpAsync();
        var before = (await index.EntriesAsync()).Count;

        await anvil.MineAsync(20);
        await index.CatchUpAsync();

        Assert.Equal(before, (await index.EntriesAsync()).Count);
        Assert.Equal((await index.Checkpoints.ReadAsync(default)).Last, (await index.Checkpoints.ReadAsync(default)).Finalised);
    }

    [Fact]
    public async Task Finalises_what_the_chain_itself_calls_final()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, options => options.Finality = "finalized");
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring);
        await index.CatchUpAsync();
        var minted = (await index.Checkpoints.ReadAsync(default)).Last;

        await anvil.MineAsync(150); // anvil says final what is two epochs down
        await index.CatchUpAsync();

        var final = (await anvil.Chain.GetBlockAsync(BlockTag.Finalized, default))!;
        Assert.InRange(minted, 0, (long)final.Number);
        Assert.Equal((long)final.Number, (await index.Checkpoints.ReadAsync(default)).Finalised);
        Assert.Equal(FeedKind.Finalised, (await index.EntriesAsync())[^1].Kind);
    }

    [Fact]
    public async Task Stands_still_when_the_chain_takes_back_what_was_final_and_goes_on_when_it_has_it_again()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        using var index = await Index.OpenAsync(
            database, anvil, options => (options.MayLoseFinalBlocks, options.Confirmations) = (false, 1), node.Chain);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 2);
        await index.CatchUpAsync();
        var whole = await index.EntriesAsync();
        var at = await index.Checkpoints.ReadAsync(default);

        node.Lies = Hash32.Parse("0x" + new string('5', 64)); // another block at every height
        await Assert.ThrowsAsync<ReorganisedBelowFinalityException>(index.RoundAsync);
        await Assert.ThrowsAsync<ReorganisedBelowFinalityException>(index.RoundAsync);
        Assert.Contains("MayLoseFinalBlocks", (await index.Checkpoints.ReadAsync(default)).Stopped);
        Assert.Equal(whole, await index.EntriesAsync());

        node.Lies = null;
        await issuer.MintAsync(spring);
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
        Assert.Null((await index.Checkpoints.ReadAsync(default)).Stopped);
        Assert.Equal(0, await index.ReorganisationsAsync());
        Assert.Equal(at.ChainId, (await index.Checkpoints.ReadAsync(default)).ChainId);
    }

    [Theory]
    [InlineData("", 0L)]
    [InlineData("0", 0L)]
    [InlineData("1", 1L)]
    public async Task Takes_a_cursor_or_a_sequence_number(string cursor, long sequence)
    {
        using var index = await AFeedOfTwoAsync();

        Assert.Equal(sequence, await index.Reader.ParseCursorAsync(cursor, default));
    }

    [Fact]
    public async Task Knows_its_own_cursors_and_refuses_those_of_another_feed()
    {
        using var index = await AFeedOfTwoAsync();
        var page = await index.Reader.ReadAsync(0, 2, new(), default);

        Assert.Equal(2, await index.Reader.ParseCursorAsync(page.Cursor!, default));
        foreach (var foreign in (string[])["2-0123456789abcdef", "99", "x", "-1", "1-2-3"])
        {
            await Assert.ThrowsAsync<ForeignCursorException>(() => index.Reader.ParseCursorAsync(foreign, default));
        }
    }

    [Fact]
    public async Task Gives_one_collection_or_one_owner_where_that_is_asked_for()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        var spring = await issuer.CreateCollectionAsync("spring");
        var summer = await issuer.CreateCollectionAsync("summer");
        var friend = Issuer.AStranger();
        await issuer.GiveAsync(spring, (await issuer.MintAsync(spring, 3))[0], friend);
        await issuer.MintAsync(summer, 2);
        await index.CatchUpAsync();

        var ofSpring = await index.Reader.ReadAsync(0, 100, new() { Contract = spring.ToString() }, default);
        var ofFriend = await index.Reader.ReadAsync(0, 100, new() { Owner = friend.ToString() }, default);

        Assert.Equal(4, ofSpring.Events.Count(each => each.Type == Transferred));
        Assert.All(ofSpring.Events.Where(each => each.Type == Transferred), each => Assert.Equal(spring.ToString(), each.Data.Contract));
        Assert.Equal([friend.ToString()], ofFriend.Events.Where(each => each.Type == Transferred).Select(each => each.Data.To));
        Assert.Equal(ofSpring.Next, ofFriend.Next);
    }

    private async Task<Index> AFeedOfTwoAsync()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        var index = await Index.OpenAsync(database, anvil, options => options.Confirmations = 50);
        await issuer.MintAsync(await issuer.CreateCollectionAsync("spring"), 2);
        await index.CatchUpAsync();
        return index;
    }
}
