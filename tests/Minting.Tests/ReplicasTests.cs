using Platform.Chain;
using Platform.Chain.Local;
using Platform.Mongo;

namespace Platform.Minting.Tests;

/// <summary>Several processes over one database and one chain, their loops running by themselves.</summary>
public sealed class ReplicasTests(Anvil anvil, Mongo mongo, ITestOutputHelper output) : IClassFixture<Anvil>
{
    // Short, so that a test need not wait long for a dead process' lease; real time, as in production.
    private static readonly LeaseTerms Terms = new() { Duration = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Two_replicas_one_stopped_and_several_killed_mid_round_mint_each_asset_once()
    {
        using var first = await Workshop.OpenAsync(mongo.NewDatabase(), anvil.Chain);
        await anvil.EndowAsync(first.Signer.Address);
        using var second = await first.AgainAsync();
        await using var one = first.Run(Terms);
        await using var two = second.Run(Terms);
        List<MintOrder> ordered = [];

        await one.StartAsync();
        await two.StartAsync();
        ordered.AddRange(await first.QueueAsync("spring", 4));
        await EachFinalAsync(first, ordered);
        await one.StopAsync(); // gracefully: the other goes on at once
        ordered.AddRange(await first.QueueAsync("spring", 4));
        await EachFinalAsync(first, ordered);
        await two.StopAsync();
        List<Workshop> killed = [];
        for (var round = 0; round < 3; round++)
        {
            var dying = await first.AgainAsync();
            killed.Add(dying);
            await dying.DieHoldingAsync(Terms);
            ordered.AddRange(await first.QueueAsync("summer", 2));
        }

        using var third = await first.AgainAsync();
        await using var last = third.Run(Terms);
        await last.StartAsync();
        await EachFinalAsync(first, ordered);
        await last.StopAsync();

        first.Announced.Join(new[] { second, third }.Concat(killed).SelectMany(each => each.Announced.Of<object>()));
        foreach (var campaign in ordered.GroupBy(order => order.Campaign))
        {
            await ChainAudit.AssertEachOnceAsync(first, anvil.Chain, campaign.Key, [.. campaign]);
        }

        Assert.True(one.Signed + two.Signed > 0 && last.Signed > 0);
        killed.ForEach(each => each.Dispose());
        output.WriteLine($"signed by the first {one.Signed}, the second {two.Signed}, the last {last.Signed}");
    }

    [Fact]
    public async Task A_signer_that_stood_still_for_longer_than_its_lease_writes_nothing_any_more()
    {
        using var paused = await Workshop.OpenAsync(mongo.NewDatabase(), anvil.Chain);
        await anvil.EndowAsync(paused.Signer.Address);
        var stale = await paused.LeaseAsync(paused.SignerLease);
        var batchId = await paused.APinnedBatchAsync("spring", 2);
        using var other = await paused.AgainAsync();
        var fresh = await other.LeaseAsync(other.SignerLease);
        var nonce = await paused.Chain.GetTransactionCountAsync(paused.Signer.Address, BlockTag.Latest, default);
        var queued = new ChainTransaction
        {
            Id = ChainTransaction.IdOf(paused.Signer.Address.ToString(), (long)nonce),
            Signer = paused.Signer.Address.ToString(),
            Nonce = (long)nonce,
            ChainId = 31337,
            State = TransactionState.Queued,
            SignedAt = default,
        };
        await paused.Transactions.ReserveAsync(queued, stale, default); // and here it stands still

        await other.FinishAsync(batchId);

        await Assert.ThrowsAsync<LeaseLostException>(() => paused.Transactions.FillAsync(queued, stale, default));
        var signed = Assert.Single(await other.Transactions.OfAsync(batchId, default));
        Assert.Equal(fresh.Fence, signed.Fence);
        await Assert.ThrowsAsync<LeaseLostException>(() =>
            paused.Transactions.AddAttemptAsync(signed, signed.Newest(), stale, default));
        await Assert.ThrowsAsync<LeaseLostException>(() =>
            paused.Transactions.SetStateAsync(signed, TransactionState.Reverted, stale, default));
        await Assert.ThrowsAsync<LeaseLostException>(() =>
            paused.Batches.ChangeAsync(batchId, batch => batch with { }, stale, default));
    }

    private static async Task EachFinalAsync(Workshop workshop, IReadOnlyList<MintOrder> orders)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            foreach (var (id, _) in await workshop.Batches.InStateAsync<MintBatch.Sealed>(deadline.Token))
            {
                await workshop.PinAsync(id); // what storage would answer
            }

            var found = await workshop.Orders.FindAsync(orders.Select(order => order.Id), deadline.Token);
            if (found.Values.All(order => order.State == OrderState.Minted)
                && (await workshop.Batches.InStateAsync<MintBatch.Included>(deadline.Token)).Count == 0)
            {
                return;
            }

            await Task.Delay(50, deadline.Token);
        }
    }
}

/// <summary>A process' two loops as they run in production, in real time.</summary>
internal sealed class Running(SealBatches sealer, SignAndSend sender, Journal journal) : IAsyncDisposable
{
    /// <summary>What it did as the signer.</summary>
    public int Signed => journal.Lines.Count(line => line.Contains("Signed ", StringComparison.Ordinal));

    public async Task StartAsync()
    {
        await sealer.StartAsync(default);
        await sender.StartAsync(default);
    }

    public async Task StopAsync()
    {
        await sealer.StopAsync(default);
        await sender.StopAsync(default);
    }

    public ValueTask DisposeAsync()
    {
        sealer.Dispose();
        sender.Dispose();
        return ValueTask.CompletedTask;
    }
}
