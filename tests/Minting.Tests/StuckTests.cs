using Platform.Chain;
using Platform.Chain.Local;

namespace Platform.Minting.Tests;

/// <summary>Transactions that no block takes, that another takes the place of, or that nobody can pay for.</summary>
public sealed class StuckTests(Anvil anvil, Mongo mongo) : IClassFixture<Anvil>, IAsyncLifetime
{
    // What the collection holds from the beginning.
    private IReadOnlyList<MintOrder> first = [];

    public async ValueTask InitializeAsync() => await anvil.AutomineAsync(true);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_stuck_transaction_is_replaced_by_one_that_offers_more_and_the_batch_is_minted_once()
    {
        using var workshop = await WithACollectionAsync();
        await anvil.AutomineAsync(false);
        var orders = await APinnedBatchAsync(workshop, 2);
        await workshop.RoundAsync();
        var stuck = (await OnlyUnderWayAsync(workshop)).Newest();
        await MineAboveAsync(gwei: 50);
        workshop.Clock.Advance(TimeSpan.FromSeconds(61));

        await AllFinalAsync(workshop, 2, MineAsync);

        var record = (await workshop.Transactions.OfAsync(await BatchOfAsync(workshop, orders), default)).Single();
        Assert.Equal(TransactionState.Final, record.State);
        Assert.Equal(stuck.Hash, record.AllAttempts()[0].Hash);
        Assert.True(record.Attempts.Count >= 2);
        Assert.Null(await workshop.Chain.GetReceiptAsync(Hash32.Parse(stuck.Hash), default));
        AssertEachRaisedByATenth(record);
        await ChainAudit.AssertEachOnceAsync(workshop, anvil.Chain, "spring", [.. first, .. orders]);
    }

    [Fact]
    public async Task The_older_attempt_counts_when_a_block_takes_that_one()
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        using var workshop = await WithACollectionAsync(node.Chain);
        await anvil.AutomineAsync(false);
        var orders = await APinnedBatchAsync(workshop, 2);
        await workshop.RoundAsync();
        var older = (await OnlyUnderWayAsync(workshop)).Newest();
        await MineAboveAsync(gwei: 50);
        workshop.Clock.Advance(TimeSpan.FromSeconds(61));
        node.Choose = method => FaultyNode.Touches(Fault.Forgets, method) ? Fault.Forgets : Fault.None;
        await workshop.RoundAsync();
        Assert.True((await OnlyUnderWayAsync(workshop)).Attempts.Count == 2);

        await anvil.CallAsync("anvil_setNextBlockBaseFeePerGas", "0x1");
        await anvil.Chain.SendRawTransactionAsync(older.Raw, default); // another node's pool still had it
        await MineAsync();
        await AllFinalAsync(workshop, 2);

        var batch = Assert.IsType<MintBatch.Final>(await workshop.BatchAsync(await BatchOfAsync(workshop, orders)));
        Assert.Equal(older.Hash, batch.TransactionHash);
        await ChainAudit.AssertEachOnceAsync(workshop, anvil.Chain, "spring", [.. first, .. orders]);
    }

    [Fact]
    public async Task What_may_not_offer_more_waits_and_says_so_while_others_are_confirmed()
    {
        using var workshop = await WithACollectionAsync(options: options => (options.MostMaxFeeGwei, options.Confirmations) = (4, 3));
        await anvil.AutomineAsync(false);
        var orders = await APinnedBatchAsync(workshop, 1);
        await workshop.RunUntilAsync(
            async () => await BatchAsync(workshop, orders) is MintBatch.Included, MineAsync);
        var stuck = await APinnedBatchAsync(workshop, 2);
        await workshop.RoundAsync();
        await MineAboveAsync(gwei: 5);

        for (var minute = 0; minute < 12; minute++)
        {
            workshop.Clock.Advance(TimeSpan.FromSeconds(61));
            await anvil.CallAsync("anvil_setNextBlockBaseFeePerGas", "0x12a05f200");
            await MineAsync();
            await workshop.RoundAsync();
        }

        Assert.IsType<MintBatch.Final>(await BatchAsync(workshop, orders));
        Assert.IsType<MintBatch.Signed>(await BatchAsync(workshop, stuck));
        Assert.Contains(workshop.Journal.Lines, line =>
            line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("Minting:MostMaxFeeGwei", StringComparison.Ordinal));
        var record = await OnlyUnderWayAsync(workshop);
        Assert.All(record.AllAttempts(), attempt => Assert.True(Read(attempt).MaxFeePerGas <= Wei.FromGwei(4)));
        await anvil.CallAsync("anvil_setNextBlockBaseFeePerGas", "0x1");
        await AllFinalAsync(workshop, 3, MineAsync);
        await ChainAudit.AssertEachOnceAsync(workshop, anvil.Chain, "spring", [.. first, .. orders, .. stuck]);
    }

    [Fact]
    public async Task A_chain_that_makes_no_blocks_is_not_offered_more()
    {
        using var workshop = await WithACollectionAsync();
        await anvil.AutomineAsync(false);
        await APinnedBatchAsync(workshop, 1);
        await workshop.RoundAsync();

        workshop.Clock.Advance(TimeSpan.FromHours(1));
        await workshop.RoundAsync();

        Assert.Single((await OnlyUnderWayAsync(workshop)).AllAttempts());
        await AllFinalAsync(workshop, 2, MineAsync);
    }

    [Fact]
    public async Task What_the_node_dropped_from_its_pool_is_sent_again()
    {
        using var workshop = await WithACollectionAsync();
        await anvil.AutomineAsync(false);
        var orders = await APinnedBatchAsync(workshop, 2);
        await workshop.RoundAsync();
        Assert.Equal(TransactionState.Submitted, (await OnlyUnderWayAsync(workshop)).State);

        await anvil.EmptyPoolAsync();
        await AllFinalAsync(workshop, 2, MineAsync);

        Assert.Contains(workshop.Journal.Lines, line => line.Contains("forgot transaction", StringComparison.Ordinal));
        await ChainAudit.AssertEachOnceAsync(workshop, anvil.Chain, "spring", [.. first, .. orders]);
    }

    [Fact]
    public async Task A_signer_without_ether_waits_says_so_once_and_goes_on_when_it_has_some()
    {
        using var workshop = await Workshop.OpenAsync(mongo.NewDatabase(), anvil.Chain);
        var orders = await APinnedBatchAsync(workshop, 2);
        for (var round = 0; round < 20; round++)
        {
            await workshop.RoundAsync();
        }

        var said = Assert.Single(workshop.Journal.Lines, line => !line.StartsWith("Information", StringComparison.Ordinal));
        Assert.StartsWith("Error", said, StringComparison.Ordinal);
        Assert.Contains($"the signer {workshop.Signer.Address} has 0 wei", said, StringComparison.Ordinal);
        await anvil.EndowAsync(workshop.Signer.Address);
        await AllFinalAsync(workshop, 1);

        await ChainAudit.AssertEachOnceAsync(workshop, anvil.Chain, "spring", orders);
    }

    [Fact]
    public async Task A_batch_whose_nonce_somebody_else_used_is_signed_again()
    {
        using var workshop = await WithACollectionAsync();
        var orders = await APinnedBatchAsync(workshop, 2);
        var signed = (await workshop.SignAsync())!;
        var foreign = workshop.Signer.Sign(Read(signed.Newest()) with { To = workshop.Signer.Address, Data = default });
        await anvil.Chain.SendRawTransactionAsync(foreign.Raw, default);
        await workshop.RunUntilAsync(async () => await anvil.Chain.GetReceiptAsync(foreign.Hash, default) is not null);
        Assert.IsType<MintBatch.Signed>(await BatchAsync(workshop, orders));

        workshop.Clock.Advance(TimeSpan.FromSeconds(301));
        await AllFinalAsync(workshop, 2);

        var carriers = await workshop.Transactions.OfAsync(await BatchOfAsync(workshop, orders), default);
        Assert.Equal([TransactionState.Replaced, TransactionState.Final], carriers.Select(carrier => carrier.State));
        await ChainAudit.AssertEachOnceAsync(workshop, anvil.Chain, "spring", [.. first, .. orders]);
    }

    [Fact]
    public async Task A_refused_transaction_that_succeeds_on_another_fork_is_the_batchs_and_nothing_is_minted_twice()
    {
        using var workshop = await WithACollectionAsync();
        var collection = (await workshop.Collections.FindAsync("spring", default))!.Contract;
        var code = (await anvil.CallAsync("eth_getCode", collection, "latest")).GetString();
        var before = await anvil.SnapshotAsync();
        var orders = await APinnedBatchAsync(workshop, 2);
        var batchId = await BatchOfAsync(workshop, orders);
        var refused = (await workshop.SignAsync())!.Newest().Hash;
        await anvil.CallAsync("anvil_setCode", collection, "0xfe"); // INVALID: refuses everything, for a moment
        await workshop.RunUntilAsync(async () =>
            await workshop.Chain.GetReceiptAsync(Hash32.Parse(refused), default) is { Success: false });
        await anvil.CallAsync("anvil_setCode", collection, code);
        await AllFinalAsync(workshop, 2);
        Assert.NotEqual(refused, Assert.IsType<MintBatch.Final>(await workshop.BatchAsync(batchId)).TransactionHash);

        await anvil.RevertAsync(before);
        await anvil.EmptyPoolAsync();
        using var restarted = await workshop.AgainAsync();
        restarted.Announced.Join(workshop.Announced.Of<object>());
        await restarted.RunUntilAsync(async () =>
            await restarted.BatchAsync(batchId) is MintBatch.Final final && final.TransactionHash == refused);
        await restarted.RunUntilAsync(async () =>
            (await restarted.Transactions.UnderWayAsync(restarted.Signer.Address.ToString(), default)).Count == 0);

        Assert.Equal(
            [TransactionState.Final, TransactionState.Reverted],
            (await restarted.Transactions.OfAsync(batchId, default)).Select(each => each.State));
        await ChainAudit.AssertEachOnceAsync(restarted, anvil.Chain, "spring", [.. first, .. orders]);
    }

    private static Eip1559Transaction Read(Attempt attempt) => SignedTransaction.Decode(attempt.Raw).ToTransaction();

    private static void AssertEachRaisedByATenth(ChainTransaction record)
    {
        var attempts = record.AllAttempts().Select(Read).ToList();
        foreach (var (before, after) in attempts.Zip(attempts.Skip(1)))
        {
            Assert.Equal(before.Nonce, after.Nonce);
            Assert.Equal(Convert.ToHexString(before.Data.Span), Convert.ToHexString(after.Data.Span));
            Assert.True(after.MaxFeePerGas * 10 >= before.MaxFeePerGas * 11);
            Assert.True(after.MaxPriorityFeePerGas * 10 >= before.MaxPriorityFeePerGas * 11);
        }
    }

    private static async Task<ChainTransaction> OnlyUnderWayAsync(Workshop workshop) => Assert.Single(
        await workshop.Transactions.UnderWayAsync(workshop.Signer.Address.ToString(), default),
        each => each.Purpose == Purpose.MintBatch);

    private static async Task<string> BatchOfAsync(Workshop workshop, IReadOnlyList<MintOrder> orders) =>
        (await workshop.Orders.FindAsync([orders[0].Id], default))[orders[0].Id].BatchId!;

    private static async Task<MintBatch?> BatchAsync(Workshop workshop, IReadOnlyList<MintOrder> orders) =>
        await workshop.BatchAsync(await BatchOfAsync(workshop, orders));

    private static Task AllFinalAsync(Workshop workshop, int batches, Func<Task>? between = null) => workshop.RunUntilAsync(
        async () => (await workshop.Batches.InStateAsync<MintBatch.Final>(default)).Count == batches, between);

    private static async Task<IReadOnlyList<MintOrder>> APinnedBatchAsync(Workshop workshop, int count)
    {
        var orders = await workshop.QueueAsync("spring", count);
        await workshop.SealAsync();
        await workshop.PinAsync(await BatchOfAsync(workshop, orders));
        return orders;
    }

    private Task MineAsync() => anvil.CallAsync("evm_mine");

    /// <summary>The next block asks more than anything in the pool offers.</summary>
    private async Task MineAboveAsync(int gwei)
    {
        await anvil.CallAsync("anvil_setNextBlockBaseFeePerGas", $"0x{gwei * 1_000_000_000L:x}");
        await MineAsync();
    }

    /// <summary>One batch of one token is final already.</summary>
    private async Task<Workshop> WithACollectionAsync(IEthereum? chain = null, Action<MintingOptions>? options = null)
    {
        var workshop = await Workshop.OpenAsync(mongo.NewDatabase(), chain ?? anvil.Chain, configure: options);
        await anvil.EndowAsync(workshop.Signer.Address);
        await anvil.CallAsync("anvil_setNextBlockBaseFeePerGas", "0x3b9aca00");
        first = await APinnedBatchAsync(workshop, 1);
        await AllFinalAsync(workshop, 1, MineAsync);
        return workshop;
    }
}
