using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Chain;
using Platform.Events;
using static Platform.Minting.Tests.Workshop;

namespace Platform.Minting.Tests;

/// <summary>What is heard from the bus, over a real (in-memory) bus and a real database.</summary>
public sealed class ConsumersTests(Mongo mongo) : IAsyncLifetime
{
    private Workshop workshop = null!;
    private ServiceProvider services = null!;
    private ITestHarness harness = null!;

    [Fact]
    public async Task Orders_one_token_however_often_the_asset_is_delivered()
    {
        var pinned = APinnedAsset();

        await DeliverAsync(pinned);
        await DeliverAsync(pinned);
        await DeliverAsync(pinned);

        var order = Assert.Single(await workshop.Orders.QueuedAsync(10, default));
        Assert.Equal((pinned.AssetId, pinned.Campaign, pinned.CampaignVersion, pinned.Recipient),
            (order.Id, order.Campaign, order.CampaignVersion, order.Recipient));
    }

    [Fact]
    public async Task Orders_one_token_when_the_asset_is_delivered_thrice_in_one_batch_of_messages()
    {
        var pinned = APinnedAsset();
        var other = APinnedAsset();

        await Task.WhenAll(DeliverAsync(pinned), DeliverAsync(other), DeliverAsync(pinned), DeliverAsync(pinned));

        Assert.Equal(2, (await workshop.Orders.QueuedAsync(10, default)).Count);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("0x0000000000000000000000000000000000000000")]
    public async Task An_asset_for_a_recipient_that_is_none_fails_each_time_it_is_heard_of_and_holds_up_nobody(string recipient)
    {
        var bad = APinnedAsset() with { Recipient = recipient };
        var good = APinnedAsset();

        await Task.WhenAll(DeliverAsync(bad), DeliverAsync(good));
        await DeliverAsync(bad);

        Assert.Equal(good.AssetId, Assert.Single(await workshop.Orders.QueuedAsync(10, default)).Id);
        Assert.Equal(2, harness.Published.Select<MintFailed>().Count());
        Assert.All(harness.Published.Select<MintFailed>(), failed =>
            Assert.Equal((bad.AssetId, bad.Campaign), (failed.Context.Message.AssetId, failed.Context.Message.Campaign)));
    }

    [Fact]
    public async Task Keeps_the_trace_that_led_to_the_order()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        await DeliverAsync(APinnedAsset(), trace);

        Assert.Equal(trace, Assert.Single(await workshop.Orders.QueuedAsync(10, default)).TraceParent);
    }

    [Fact]
    public async Task Metadata_delivered_three_times_makes_the_batch_ready_once()
    {
        var batchId = await ASealedBatchAsync(2);
        var pinned = MetadataOf(batchId);

        await DeliverAsync(pinned);
        await DeliverAsync(pinned);
        await DeliverAsync(pinned with { MetadataCid = "bafyother" });

        var batch = Assert.IsType<MintBatch.Pinned>(await workshop.BatchAsync(batchId));
        Assert.Equal(Directories(batchId), batch.Directories);
    }

    [Fact]
    public async Task A_member_whose_metadata_cannot_be_written_dissolves_the_batch_and_the_good_ones_queue_again()
    {
        var batchId = await ASealedBatchAsync(3);
        var members = ((MintBatch.Sealed)(await workshop.BatchAsync(batchId))!).Seal.Members!;
        var failed = FailureOf(batchId, members[1]);

        await DeliverAsync(failed);
        await DeliverAsync(failed);

        Assert.IsType<MintBatch.Dissolved>(await workshop.BatchAsync(batchId));
        Guid[] good = [members[0], members[2]];
        Assert.Equivalent(good, (await workshop.Orders.QueuedAsync(10, default)).Select(order => order.Id), strict: true);
        Assert.Empty(await workshop.Orders.FindAsync([members[1]], default));
        Assert.All(workshop.Announced.Of<MintFailed>(), said => Assert.Equal((members[1], "no picture"), (said.AssetId, said.Reason)));
        Assert.NotEmpty(workshop.Announced.Of<MintFailed>());

        await workshop.SealAsync();
        var next = Assert.Single(await workshop.Batches.InStateAsync<MintBatch.Sealed>(default));
        Assert.Equivalent(good, next.Batch.Seal.Members, strict: true);
    }

    [Fact]
    public async Task A_failure_that_is_heard_late_does_not_call_back_those_who_are_in_another_batch_by_then()
    {
        var batchId = await ASealedBatchAsync(2);
        var members = ((MintBatch.Sealed)(await workshop.BatchAsync(batchId))!).Seal.Members!;
        var failed = FailureOf(batchId, members[1]);
        await DeliverAsync(failed);
        await workshop.SealAsync();
        var next = Assert.Single(await workshop.Batches.InStateAsync<MintBatch.Sealed>(default)).Id;
        await workshop.Orders.MarkMintedAsync([members[0]], default);

        await DeliverAsync(failed);

        var order = (await workshop.Orders.FindAsync([members[0]], default))[members[0]];
        Assert.Equal((OrderState.Minted, next), (order.State, order.BatchId));
    }

    [Fact]
    public async Task An_order_that_a_dissolved_batch_left_marked_queues_again_when_its_asset_is_heard_of_again()
    {
        var pinned = APinnedAsset();
        await DeliverAsync(pinned);
        await workshop.SealAsync();
        var batchId = Assert.Single(await workshop.Batches.InStateAsync<MintBatch.Sealed>(default)).Id;
        await workshop.Batches.Documents.DecideAsync(
            batchId, current => new(((MintBatch.Sealed)current!).Dissolve("another has no picture")), default); // and a crash

        await DeliverAsync(pinned);

        Assert.Equal(pinned.AssetId, Assert.Single(await workshop.Orders.QueuedAsync(10, default)).Id);
    }

    [Fact]
    public async Task An_asset_of_an_unfinished_batch_is_neither_queued_nor_announced_again()
    {
        var pinned = APinnedAsset();
        await DeliverAsync(pinned);
        await workshop.SealAsync();

        await DeliverAsync(pinned);

        Assert.Empty(await workshop.Orders.QueuedAsync(10, default));
        Assert.Empty(workshop.Announced.Minted);
    }

    [Fact]
    public async Task A_minted_assets_token_is_announced_again_when_somebody_asks()
    {
        var pinned = APinnedAsset();
        await DeliverAsync(pinned);
        await workshop.SealAsync();
        var batchId = Assert.Single(await workshop.Batches.InStateAsync<MintBatch.Sealed>(default)).Id;
        await workshop.PinAsync(batchId);
        var final = (MintBatch.Final)await workshop.Batches.Documents.DecideAsync(
            batchId, current => new(((MintBatch.Pinned)current!).Sign(3, "0xabc").Include(AnInclusion()).Finalize()), default);
        await workshop.Mint.AnnounceAsync(batchId, final, default);

        await DeliverAsync(pinned);

        Assert.Equal(2, workshop.Announced.Minted.Count);
        Assert.Single(workshop.Announced.Minted.Distinct());
        Assert.Equal("30000", workshop.Announced.Minted[0].TokenId);
    }

    public async ValueTask InitializeAsync()
    {
        workshop = await OpenAsync(
            mongo.NewDatabase(), new EthereumClient(new JsonRpcClient(new HttpClient(new SocketsHttpHandler()), new Uri("http://127.0.0.1:1"))));
        services = new ServiceCollection()
            .AddLogging(logging => logging.ClearProviders())
            .AddSingleton(workshop.Orders)
            .AddSingleton(workshop.Batches)
            .AddSingleton(workshop.Mint)
            .AddSingleton<TimeProvider>(workshop.Clock)
            .AddMassTransitTestHarness(bus =>
            {
                bus.AddConsumer<OrderMint, OrderMint.Endpoint>();
                bus.AddConsumer<PrepareBatch, PrepareBatch.Endpoint>();
            })
            .BuildServiceProvider(true);
        harness = services.GetRequiredService<ITestHarness>();
        await harness.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await harness.Stop();
        await services.DisposeAsync();
        workshop.Dispose();
    }

    private async Task DeliverAsync<T>(T message, string? trace = null)
        where T : class
    {
        var id = Guid.CreateVersion7();
        await harness.Bus.Publish(message, context =>
        {
            context.MessageId = id;
            if (trace is not null)
            {
                context.Headers.Set("traceparent", trace);
            }
        });
        Assert.True(await harness.Consumed.Any<T>(consumed =>
            consumed.Context.MessageId == id && consumed.Exception is null), $"{typeof(T).Name} was not consumed.");
    }

    private async Task<string> ASealedBatchAsync(int count)
    {
        await workshop.QueueAsync("spring", count);
        await workshop.SealAsync();
        return Assert.Single(await workshop.Batches.InStateAsync<MintBatch.Sealed>(default)).Id;
    }

    private static AssetPinned APinnedAsset() => new()
    {
        AssetId = Guid.CreateVersion7(),
        Iteration = 0,
        Campaign = "spring",
        CampaignVersion = 1,
        Recipient = AnAddress(),
        Content = new string('a', 64),
        Cid = "bafkrei",
        Size = 1,
        PinnedAt = DateTimeOffset.UnixEpoch,
    };

    private static MetadataPinned MetadataOf(string batchId) => new()
    {
        BatchId = batchId,
        Campaign = "spring",
        MetadataCid = Directories(batchId).MetadataCid,
        CustodyCid = Directories(batchId).CustodyCid,
        CustodyRoot = Directories(batchId).CustodyRoot,
        PinnedAt = DateTimeOffset.UnixEpoch,
    };

    private static MetadataPinFailed FailureOf(string batchId, Guid assetId) => new()
    {
        BatchId = batchId,
        Campaign = "spring",
        AssetIds = [assetId],
        Reason = "no picture",
    };

    private static BatchInclusion AnInclusion() => new()
    {
        Contract = AnAddress(),
        ChainId = 31337,
        BlockNumber = 5,
        BlockHash = "0xb1",
        GasUsed = 100_000,
        At = DateTimeOffset.UnixEpoch,
    };
}
