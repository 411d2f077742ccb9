using MongoDB.Driver;
using Platform.Chain;
using Platform.Events;
using Platform.Mongo;
using static Platform.Minting.Tests.Workshop;

namespace Platform.Minting.Tests;

public sealed class SealBatchesTests(Mongo mongo)
{
    private readonly IMongoDatabase database = mongo.NewDatabase();

    [Fact]
    public async Task Seals_one_batch_a_campaign_and_asks_for_its_metadata()
    {
        using var workshop = await OpenAsync();
        var spring = await workshop.QueueAsync("spring", 3);
        var summer = await workshop.QueueAsync("summer", 2);

        await workshop.SealAsync();
        await workshop.SealAsync();

        var asked = workshop.Announced.Of<MetadataPinRequested>();
        Assert.Equal(["spring", "summer"], asked.Select(request => request.Campaign).Order());
        Assert.Equivalent(spring.Select(order => order.Id), asked.Single(request => request.Campaign == "spring").AssetIds, strict: true);
        Assert.All(asked, request => Assert.Equal(BatchId.Of([.. request.AssetIds]).ToString(), request.BatchId));
        var orders = await workshop.Orders.FindAsync([.. spring.Concat(summer).Select(order => order.Id)], default);
        Assert.All(orders.Values, order => Assert.Equal(OrderState.Batched, order.State));
        Assert.Empty(await workshop.Orders.QueuedAsync(10, default));
    }

    [Fact]
    public async Task Two_sealers_at_once_never_put_an_asset_into_two_batches()
    {
        using var one = await OpenAsync();
        using var two = await one.AgainAsync(maxBatch: 7); // so that they choose differently

        for (var round = 0; round < 10; round++)
        {
            await one.QueueAsync("spring", 20);
            await Task.WhenAll(one.SealAsync(), two.SealAsync());
        }

        while ((await one.Orders.QueuedAsync(1_000, default)).Count > 0)
        {
            await one.SealAsync(); // what a refused sealer left behind
        }

        var batches = await one.Batches.OfCampaignAsync("spring", default);
        var members = batches.SelectMany(batch => batch.Batch.Seal.Members!).ToList();
        Assert.Equal(200, members.Count);
        Assert.Equal(200, members.Distinct().Count());
    }

    [Fact]
    public async Task The_database_itself_refuses_a_second_batch_of_an_asset()
    {
        using var workshop = await OpenAsync();
        var orders = await workshop.QueueAsync("spring", 2);
        await workshop.SealAsync();
        var seal = new BatchSeal
        {
            Campaign = "spring",
            Members = [orders[1].Id],
            Recipients = [orders[1].Recipient],
            SealedAt = workshop.Clock.GetUtcNow(),
        };

        var refusal = await Assert.ThrowsAsync<MongoWriteException>(() => workshop.Batches.Documents.DecideAsync(
            "0x02", _ => new Decision<MintBatch>(new MintBatch.Sealed { Seal = seal }), default));

        Assert.Equal(ServerErrorCategory.DuplicateKey, refusal.WriteError.Category);
    }

    [Fact]
    public async Task Marks_the_orders_of_a_batch_that_a_crash_left_unmarked()
    {
        using var workshop = await OpenAsync();
        var orders = await workshop.QueueAsync("spring", 3);
        await workshop.SealAsync();
        var batchId = Assert.Single(await workshop.Batches.OfCampaignAsync("spring", default)).Id;
        await workshop.Orders.QueueAgainAsync(batchId, orders.Select(order => order.Id), default); // as before the marks
        using var restarted = await workshop.AgainAsync();

        await restarted.SealAsync();

        Assert.Single(await restarted.Batches.OfCampaignAsync("spring", default));
        Assert.All((await restarted.Orders.FindAsync(orders.Select(order => order.Id), default)).Values,
            order => Assert.Equal((OrderState.Batched, batchId), (order.State, order.BatchId)));
        Assert.Equal(batchId, Assert.Single(restarted.Announced.Of<MetadataPinRequested>()).BatchId);
    }

    [Fact]
    public async Task Asks_again_for_metadata_that_does_not_come_and_no_more_once_it_came()
    {
        using var workshop = await OpenAsync();
        await workshop.QueueAsync("spring", 1);
        await workshop.SealAsync();
        var batchId = workshop.Announced.Of<MetadataPinRequested>()[0].BatchId;

        await workshop.SealAsync();
        Assert.Single(workshop.Announced.Of<MetadataPinRequested>());
        workshop.Clock.Advance(TimeSpan.FromSeconds(61));
        await workshop.SealAsync();
        Assert.Equal(2, workshop.Announced.Of<MetadataPinRequested>().Count);
        await workshop.PinAsync(batchId);
        workshop.Clock.Advance(TimeSpan.FromSeconds(61));
        await workshop.SealAsync();

        Assert.Equal(2, workshop.Announced.Of<MetadataPinRequested>().Count);
    }

    [Fact]
    public async Task Orders_are_marked_before_anybody_is_asked_about_them()
    {
        using var workshop = await OpenAsync();
        var order = Assert.Single(await workshop.QueueAsync("spring", 1));
        workshop.Announced.Left = 0; // whoever is asked may answer before the sealer goes on

        await Assert.ThrowsAsync<CrashException>(workshop.SealAsync);

        Assert.Equal(OrderState.Batched, (await workshop.Orders.FindAsync([order.Id], default))[order.Id].State);
    }

    [Fact]
    public async Task Gives_a_recipient_one_token_a_batch()
    {
        using var workshop = await OpenAsync();
        var recipient = AnAddress();
        await workshop.Orders.AddAsync(
            [.. Enumerable.Range(0, 3).Select(_ => AnOrder("spring", workshop.Clock.GetUtcNow(), recipient))], default);

        for (var round = 0; round < 3; round++)
        {
            await workshop.SealAsync();
        }

        var batches = await workshop.Batches.OfCampaignAsync("spring", default);
        Assert.Equal([1, 1, 1], batches.Select(batch => batch.Batch.Seal.Members!.Count));
    }

    [Fact]
    public async Task Waits_for_a_batch_to_fill_and_no_longer_than_it_may()
    {
        using var workshop = await OpenAsync(maxBatch: 2, linger: 1_000);
        await workshop.QueueAsync("full", 2);
        await workshop.QueueAsync("slow", 1);

        await workshop.SealAsync();
        Assert.Equal(["full"], workshop.Announced.Of<MetadataPinRequested>().Select(request => request.Campaign));
        workshop.Clock.Advance(TimeSpan.FromSeconds(1));
        await workshop.SealAsync();

        Assert.Equal(["full", "slow"], workshop.Announced.Of<MetadataPinRequested>().Select(request => request.Campaign));
    }

    [Fact]
    public async Task A_dissolved_batch_can_be_sealed_again_when_its_members_are_ordered_again()
    {
        using var workshop = await OpenAsync();
        var order = Assert.Single(await workshop.QueueAsync("spring", 1));
        await workshop.SealAsync();
        var batchId = workshop.Announced.Of<MetadataPinRequested>()[0].BatchId;
        await workshop.Batches.Documents.DecideAsync(
            batchId, current => new Decision<MintBatch>(((MintBatch.Sealed)current!).Dissolve("no picture")), default);
        await workshop.Orders.QueueAgainAsync(batchId, [order.Id], default);

        await workshop.SealAsync();

        var batch = Assert.IsType<MintBatch.Sealed>(await workshop.BatchAsync(batchId));
        Assert.Equal([order.Id], batch.Seal.Members!);
        Assert.Equal(2, workshop.Announced.Of<MetadataPinRequested>().Count);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("0x0000000000000000000000000000000000000000")]
    [InlineData("0xF39fd6e51aad88F6F4ce6aB8827279cffFb92266")]
    public async Task An_order_of_an_older_release_that_nobody_can_receive_fails_and_holds_up_nobody(string recipient)
    {
        using var workshop = await OpenAsync();
        var good = await workshop.QueueAsync("spring", 2);
        var bad = AnOrder("spring", workshop.Clock.GetUtcNow(), recipient);
        await workshop.Orders.AddAsync([bad], default);

        await workshop.SealAsync();
        await workshop.SealAsync();

        var failed = Assert.Single(workshop.Announced.Of<MintFailed>());
        Assert.Equal((bad.Id, "spring"), (failed.AssetId, failed.Campaign));
        Assert.Contains("recipient", failed.Reason, StringComparison.Ordinal);
        var batch = Assert.Single(await workshop.Batches.InStateAsync<MintBatch.Sealed>(default));
        Assert.Equivalent(good.Select(order => order.Id), batch.Batch.Seal.Members, strict: true);
        Assert.Empty(await workshop.Orders.FindAsync([bad.Id], default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_clock_that_jumps_delays_no_batch(int days)
    {
        using var workshop = await OpenAsync(linger: 1_000);
        await workshop.QueueAsync("spring", 2);

        workshop.Clock.AdjustTime(workshop.Clock.GetUtcNow().AddDays(days));
        await workshop.SealAsync();

        Assert.Single(await workshop.Batches.InStateAsync<MintBatch.Sealed>(default));
    }

    private Task<Workshop> OpenAsync(int maxBatch = 1_000, int linger = 0) => Workshop.OpenAsync(
        database, NoChain(), maxBatch: maxBatch, linger: linger);

    /// <summary>Nobody listens there: sealing asks no chain.</summary>
    private static EthereumClient NoChain() =>
        new(new JsonRpcClient(new HttpClient(new SocketsHttpHandler()), new Uri("http://127.0.0.1:1")));
}
