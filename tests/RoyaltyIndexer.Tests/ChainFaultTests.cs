using MongoDB.Driver;
using Platform.Chain;
using Platform.Chain.Local;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>What nodes do: not be there, be slow, lag behind one another, contradict themselves. The index does not mind.</summary>
public sealed class ChainFaultTests(Anvil anvil, Testing.Mongo mongo) : IClassFixture<Anvil>
{
    private readonly IMongoDatabase database = mongo.NewDatabase();

    [Fact]
    public async Task Goes_on_when_the_node_is_back()
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, node: node.Chain);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);

        node.IsDown = true;
        await Assert.ThrowsAsync<ChainUnavailableException>(index.RoundAsync);
        await Assert.ThrowsAsync<ChainUnavailableException>(index.RoundAsync);
        node.IsDown = false;
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Gives_up_on_a_slow_answer_and_asks_again()
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        node.Patience = TimeSpan.FromMilliseconds(300);
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, node: node.Chain);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);

        node.Delay = TimeSpan.FromSeconds(30);
        await Assert.ThrowsAsync<ChainUnavailableException>(index.RoundAsync);
        node.Delay = TimeSpan.Zero;
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Takes_a_node_that_lags_for_no_reorganisation()
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(
            database, anvil, options => (options.MayLoseFinalBlocks, options.Confirmations) = (false, 5), node.Chain);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);
        await index.CatchUpAsync();
        var before = await index.EntriesAsync();

        node.Height = (await index.Checkpoints.ReadAsync(default)).Last - 1;
        Assert.False(await index.RoundAsync());
        Assert.False(await index.RoundAsync());

        Assert.Equal(before, await index.EntriesAsync());
        Assert.Equal(0, await index.ReorganisationsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public async Task Misses_nothing_behind_an_address_of_two_nodes_of_which_one_lags(int blocksAtATime)
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(
            database, anvil,
            options => (options.MayLoseFinalBlocks, options.Confirmations, options.BlocksAtATime) = (false, 50, blocksAtATime),
            node.Chain);
        node.IsTwoNodes = true;
        var spring = await issuer.CreateCollectionAsync("spring");
        for (var i = 0; i < 12; i++)
        {
            node.Height = (long)await anvil.Chain.BlockNumberAsync(default) - 2;
            await issuer.MintAsync(spring, 2);
            for (var round = 0; round < 5; round++)
            {
                await TryARoundAsync(index);
            }
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await index.IsAtHeadAsync())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await TryARoundAsync(index);
        }

        await index.AssertEqualsTheChainAsync(spring);
        Assert.Equal(0, await index.ReorganisationsAsync());
    }

    [Fact]
    public async Task Does_not_believe_that_a_block_has_no_logs_when_its_own_bloom_promises_some()
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, node: node.Chain);
        var spring = await issuer.CreateCollectionAsync("spring");
        await index.CatchUpAsync();
        await issuer.MintAsync(spring, 3);

        node.LogsForgotten = 2; // the filtered answer and the whole block's
        await Assert.ThrowsAsync<ChainContradictsItselfException>(index.RoundAsync);
        node.LogsForgotten = 1; // now only the filtered one
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
        Assert.Equal(0, node.LogsForgotten);
    }

    [Fact]
    public async Task Does_not_take_logs_of_another_block()
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, node: node.Chain);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);

        node.LogsMixedUp = 1;
        await Assert.ThrowsAsync<ChainContradictsItselfException>(index.RoundAsync);
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
    }

    [Fact]
    public async Task Halves_a_range_that_the_node_finds_too_long()
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil, node: node.Chain);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);
        await anvil.MineAsync(150);

        node.LongestRange = 10;
        await index.CatchUpAsync();

        await index.AssertEqualsTheChainAsync(spring);
        Assert.InRange(node.RangesRefused, 1, 100);
    }

    [Fact]
    public async Task Refuses_to_take_another_chain_for_the_one_it_read()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        using var index = await Index.OpenAsync(database, anvil);
        await issuer.MintAsync(await issuer.CreateCollectionAsync("spring"));
        await index.CatchUpAsync();
        await database.GetCollection<Checkpoint>("checkpoint").UpdateOneAsync(
            each => each.Id == "chain", Builders<Checkpoint>.Update.Set(each => each.ChainId, 1));

        using var restarted = index.Again();
        await Assert.ThrowsAsync<AnotherChainException>(restarted.RoundAsync);
    }

    private static async Task TryARoundAsync(Index index)
    {
        try
        {
            await index.RoundAsync();
        }
        catch (Exception exception) when (exception is JsonRpcException or ChainUnavailableException or ChainContradictsItselfException)
        {
            // The loop would log it and go on.
        }
    }
}
