using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Chain.Local;
using Platform.Mongo;

namespace Platform.Minting.Tests;

/// <summary>Signing against a real node: whatever is lost on either side, a token is minted once.</summary>
public sealed class OnChainTests(Anvil anvil, Mongo mongo) : IClassFixture<Anvil>
{
    [Fact]
    public async Task Mints_several_batches_one_token_an_order()
    {
        using var workshop = await OpenAsync();
        var first = await workshop.APinnedBatchAsync("spring", 5);
        var second = await workshop.APinnedBatchAsync("spring", 3);
        var third = await workshop.APinnedBatchAsync("summer", 2);

        await workshop.FinishAsync(first);
        await workshop.FinishAsync(second);
        await workshop.FinishAsync(third);

        await AssertMintedOnceAsync(workshop, "spring", 8);
        await AssertMintedOnceAsync(workshop, "summer", 2);
        Assert.Equal([0L, 1L], (await workshop.Batches.OfCampaignAsync("spring", default))
            .Select(batch => ((MintBatch.Final)batch.Batch).Number).Order());
    }

    [Fact]
    public async Task A_crash_between_the_record_and_the_batchs_note_of_it_signs_nothing_twice()
    {
        using var workshop = await WithACollectionAsync("spring");
        var batchId = await workshop.APinnedBatchAsync("spring", 2);
        var pinned = (MintBatch.Pinned)(await workshop.BatchAsync(batchId))!;
        await workshop.SignAsync();
        await PutBackAsync(workshop, batchId, pinned);

        using var restarted = await workshop.AgainAsync();
        await restarted.FinishAsync(batchId);

        await AssertMintedOnceAsync(restarted, "spring", 2, of: batchId);
        Assert.Equal(2, await restarted.Transactions.CountAsync(Purpose.MintBatch, default));
    }

    [Fact]
    public async Task A_crash_before_sending_sends_the_same_bytes()
    {
        using var workshop = await WithACollectionAsync("spring");
        var batchId = await workshop.APinnedBatchAsync("spring", 2);
        var signed = (await workshop.SignAsync())!;

        using var restarted = await workshop.AgainAsync();
        await restarted.FinishAsync(batchId);

        Assert.Equal(signed.Newest().Hash, ((MintBatch.Final)(await restarted.BatchAsync(batchId))!).TransactionHash);
        await AssertMintedOnceAsync(restarted, "spring", 2, of: batchId);
    }

    [Fact]
    public async Task A_crash_after_sending_finds_the_transaction_in_its_block()
    {
        using var workshop = await WithACollectionAsync("spring");
        var batchId = await workshop.APinnedBatchAsync("spring", 2);
        var signed = (await workshop.SignAsync())!;
        await workshop.Chain.SendRawTransactionAsync(signed.Newest().Raw, default);

        using var restarted = await workshop.AgainAsync();
        await restarted.FinishAsync(batchId);

        await AssertMintedOnceAsync(restarted, "spring", 2, of: batchId);
        Assert.Equal(2, await restarted.Transactions.CountAsync(Purpose.MintBatch, default));
    }

    [Fact]
    public async Task A_crash_between_inclusion_and_its_announcement_announces_every_token()
    {
        using var workshop = await WithACollectionAsync("spring");
        var batchId = await workshop.APinnedBatchAsync("spring", 4);
        workshop.Announced.Left = 2; // two of the four are said, then the process dies
        await Assert.ThrowsAsync<CrashException>(() => workshop.FinishAsync(batchId));
        Assert.IsType<MintBatch.Included>(await workshop.BatchAsync(batchId));

        using var restarted = await workshop.AgainAsync();
        await restarted.FinishAsync(batchId);

        await AssertMintedOnceAsync(restarted, "spring", 4, of: batchId);
    }

    [Fact]
    public async Task A_collection_is_not_created_twice_when_the_process_dies_after_signing_it()
    {
        using var workshop = await WithACollectionAsync("first"); // deploys the factory, where it is missing
        var batchId = await workshop.APinnedBatchAsync("second", 2);
        var created = (await workshop.SignAsync())!;
        Assert.Equal(Purpose.CreateCollection, created.Purpose);

        using var restarted = await workshop.AgainAsync();
        await restarted.FinishAsync(batchId);

        Assert.Equal(2, await restarted.Transactions.CountAsync(Purpose.CreateCollection, default));
        await AssertMintedOnceAsync(restarted, "second", 2);
    }

    [Fact]
    public async Task Two_processes_with_one_signer_sign_a_batch_once()
    {
        using var one = await WithACollectionAsync("spring");
        using var two = await one.AgainAsync();
        List<string> batches = [];
        for (var i = 0; i < 4; i++)
        {
            batches.Add(await one.APinnedBatchAsync("spring", 2));
        }

        await one.RunUntilAsync(
            async () => (await one.Batches.InStateAsync<MintBatch.Final>(default)).Count == 5,
            async () => await Task.WhenAll(one.SignAndSendAsync(), two.SignAndSendAsync()));

        Assert.Equal(5, await one.Transactions.CountAsync(Purpose.MintBatch, default));
        Assert.Equal(5, (int)await AskAsync(one, "spring", CampaignCollection.BatchCount()));
    }

    [Fact]
    public async Task A_chain_that_lost_its_tail_gets_the_same_bytes_again()
    {
        using var workshop = await WithACollectionAsync("spring");
        var before = await anvil.SnapshotAsync();
        string[] batches = [await workshop.APinnedBatchAsync("spring", 3), await workshop.APinnedBatchAsync("spring", 2)];
        await workshop.FinishAsync(batches[0]);
        await workshop.FinishAsync(batches[1]);
        var minted = workshop.Announced.Minted.Select(Token).ToHashSet();
        var transactions = await workshop.Transactions.FromAsync(workshop.Signer.Address.ToString(), 0, default);

        await anvil.RevertAsync(before);
        await anvil.EmptyPoolAsync();
        Assert.Equal(1, (int)await AskAsync(workshop, "spring", CampaignCollection.BatchCount()));
        using var restarted = await workshop.AgainAsync();
        await restarted.RunUntilAsync(async () => (await AskAsync(restarted, "spring", CampaignCollection.BatchCount())) == 3);
        await restarted.FinishAsync(batches[0]);
        await restarted.FinishAsync(batches[1]);

        Assert.Equal(transactions.Select(each => each.Newest().Hash),
            (await restarted.Transactions.FromAsync(workshop.Signer.Address.ToString(), 0, default)).Select(each => each.Newest().Hash));
        Assert.Subset(minted, restarted.Announced.Minted.Select(Token).ToHashSet());
        await AssertMintedOnceAsync(restarted, "spring", 6, announced: 5);
    }

    [Fact]
    public async Task A_chain_that_lost_everything_gets_factory_collection_and_batches_again()
    {
        await using var young = new Anvil();
        await young.InitializeAsync();
        var empty = await young.SnapshotAsync();
        using var workshop = await OpenAsync(young, endow: false);
        await young.EndowAsync(workshop.Signer.Address);
        var batchId = await workshop.APinnedBatchAsync("spring", 3);
        await workshop.FinishAsync(batchId);

        await young.RevertAsync(empty);
        await young.EmptyPoolAsync();
        await young.EndowAsync(workshop.Signer.Address);
        Assert.True((await young.Chain.GetCodeAsync(workshop.Next.Factory, BlockTag.Latest, default)).IsEmpty);
        using var restarted = await workshop.AgainAsync();
        await restarted.RunUntilAsync(async () =>
            !(await young.Chain.GetCodeAsync(workshop.Next.Factory, BlockTag.Latest, default)).IsEmpty
            && restarted.Announced.Minted.Count > 0);

        await AssertMintedOnceAsync(restarted, "spring", 3);
        Assert.Equal(3, (await restarted.Transactions.FromAsync(workshop.Signer.Address.ToString(), 0, default)).Count);
    }

    [Fact]
    public async Task A_block_that_is_reorganised_before_finality_is_followed_into_its_new_place()
    {
        using var workshop = await WithACollectionAsync("spring", confirmations: 2);
        var batchId = await workshop.APinnedBatchAsync("spring", 2);
        var before = await anvil.SnapshotAsync();
        await workshop.RunUntilAsync(async () => await workshop.BatchAsync(batchId) is MintBatch.Included);
        var included = (MintBatch.Included)(await workshop.BatchAsync(batchId))!;
        Assert.DoesNotContain(workshop.Announced.Minted, minted => minted.BatchId == batchId);

        await anvil.RevertAsync(before);
        await anvil.EmptyPoolAsync();
        await anvil.MineAsync(3); // other blocks, without the transaction
        await workshop.FinishAsync(batchId, () => anvil.MineAsync());

        var final = (MintBatch.Final)(await workshop.BatchAsync(batchId))!;
        Assert.Equal(included.TransactionHash, final.TransactionHash);
        Assert.True(final.Inclusion.BlockNumber > included.Inclusion.BlockNumber);
        var receipt = await workshop.Chain.GetReceiptAsync(Hash32.Parse(final.TransactionHash), default);
        Assert.Equal(receipt!.BlockHash.ToString(), final.Inclusion.BlockHash);
        Assert.All(workshop.Announced.Minted.Where(minted => minted.BatchId == batchId),
            minted => Assert.Equal(final.Inclusion.BlockHash, minted.BlockHash));
        await AssertMintedOnceAsync(workshop, "spring", 2, of: batchId);
    }

    [Fact]
    public async Task A_block_that_is_replaced_by_another_with_the_same_transaction_is_noticed()
    {
        using var workshop = await WithACollectionAsync("spring", confirmations: 3);
        var batchId = await workshop.APinnedBatchAsync("spring", 2);
        var before = await anvil.SnapshotAsync();
        await workshop.RunUntilAsync(async () => await workshop.BatchAsync(batchId) is MintBatch.Included);
        var included = (MintBatch.Included)(await workshop.BatchAsync(batchId))!;
        var raw = Assert.Single(await workshop.Transactions.FromAsync(
            workshop.Signer.Address.ToString(), await NonceAsync(workshop) - 1, default)).Newest().Raw;

        await anvil.RevertAsync(before);
        await anvil.EmptyPoolAsync();
        await anvil.MineAsync(2);
        await workshop.Chain.SendRawTransactionAsync(raw, default); // another node's pool still had it
        await workshop.RunUntilAsync(
            async () => await workshop.BatchAsync(batchId) is MintBatch.Final, () => anvil.MineAsync());

        var final = (MintBatch.Final)(await workshop.BatchAsync(batchId))!;
        Assert.NotEqual(included.Inclusion.BlockHash, final.Inclusion.BlockHash);
        await AssertMintedOnceAsync(workshop, "spring", 2, of: batchId);
    }

    [Fact]
    public async Task A_transaction_the_contract_refused_is_signed_again_for_the_same_batch()
    {
        using var workshop = await WithACollectionAsync("spring");
        var batchId = await workshop.APinnedBatchAsync("spring", 2);
        var collection = (await CollectionAsync(workshop, "spring")).ToString();
        var refused = (await workshop.SignAsync())!;
        var code = (await anvil.CallAsync("eth_getCode", collection, "latest")).GetString();
        await anvil.CallAsync("anvil_setCode", collection, "0xfe"); // INVALID: refuses everything, for a moment
        await workshop.RunUntilAsync(async () =>
            await workshop.Chain.GetReceiptAsync(Hash32.Parse(refused.Newest().Hash), default) is { Success: false });
        await anvil.CallAsync("anvil_setCode", collection, code);

        await workshop.FinishAsync(batchId);

        Assert.NotEqual(refused.Newest().Hash, ((MintBatch.Final)(await workshop.BatchAsync(batchId))!).TransactionHash);
        await AssertMintedOnceAsync(workshop, "spring", 2, of: batchId);
    }

    [Fact]
    public async Task A_lost_database_signs_nothing_for_a_collection_it_does_not_know_and_says_so()
    {
        using var workshop = await WithACollectionAsync("spring");
        using var lost = await workshop.AgainAsync(mongo.NewDatabase());
        var foreign = await lost.APinnedBatchAsync("spring", 2);
        var own = await lost.APinnedBatchAsync("autumn", 2);

        await lost.FinishAsync(own);
        await lost.SignAndSendAsync();

        Assert.IsType<MintBatch.Pinned>(await lost.BatchAsync(foreign));
        Assert.Equal(1, (int)await AskAsync(lost, "spring", CampaignCollection.BatchCount()));
        await AssertMintedOnceAsync(lost, "autumn", 2);
        var said = Assert.Single(lost.Journal.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.Contains("has 1 batches on chain, and 0 are recorded here", said, StringComparison.Ordinal);
        Assert.Contains("Restore the database", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_that_cannot_be_asked_about_holds_up_no_other()
    {
        using var workshop = await OpenAsync();
        var unknown = await workshop.APinnedBatchAsync("unknown", 1);
        var known = await workshop.APinnedBatchAsync("spring", 1);

        await workshop.FinishAsync(known);

        Assert.IsType<MintBatch.Pinned>(await workshop.BatchAsync(unknown));
        Assert.Contains(workshop.Journal.Lines, line => line.Contains("There is no such version.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_everybody_has_is_refused_off_the_local_chain()
    {
        const string everybodys = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, everybodys, TestContext.Current.CancellationToken);
        using var signer = new Signer(Options.Create(new MintingOptions { KeyFile = file }));
        File.Delete(file);

        signer.EnsureUsableOn(31337);

        foreach (var chain in new ulong[] { 1, 137, 8453, 11155111 })
        {
            var refusal = Assert.Throws<InvalidOperationException>(() => signer.EnsureUsableOn(chain));
            Assert.Contains("well-known development account", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static (Guid, string, string, string, string) Token(Events.TokenMinted minted) =>
        (minted.AssetId, minted.Contract, minted.TokenId, minted.Recipient, minted.TransactionHash);

    private static async Task<long> NonceAsync(Workshop workshop) =>
        (long)await workshop.Chain.GetTransactionCountAsync(workshop.Signer.Address, BlockTag.Latest, default);

    private static Task PutBackAsync(Workshop workshop, string batchId, MintBatch state) =>
        workshop.Batches.Documents.DecideAsync(batchId, _ => new Decision<MintBatch>(state), default);

    private static Task<Address> CollectionAsync(Workshop workshop, string campaign) => workshop.Chain.CallAsync(
        workshop.Next.Factory,
        CampaignCollectionFactory.CollectionOf(workshop.Signer.Address, NextTransaction.CampaignId(campaign)),
        BlockTag.Latest, default);

    private static async Task<T> AskAsync<T>(Workshop workshop, string campaign, ContractCall<T> call) =>
        await workshop.Chain.CallAsync(await CollectionAsync(workshop, campaign), call, BlockTag.Latest, default);

    /// <summary>Each order has one token, the chain agrees on its holder, and it has no tokens besides.</summary>
    private static async Task AssertMintedOnceAsync(
        Workshop workshop, string campaign, int tokens, string? of = null, int? announced = null)
    {
        var minted = workshop.Announced.Minted
            .Where(each => each.Campaign == campaign && (of is null || each.BatchId == of))
            .Select(Token).Distinct().ToList();
        Assert.Equal(announced ?? tokens, minted.Count);
        Assert.Equal(minted.Count, minted.Select(token => token.Item1).Distinct().Count());
        Assert.Equal(minted.Count, minted.Select(token => token.Item3).Distinct().Count());
        foreach (var (_, contract, tokenId, recipient, _) in minted)
        {
            var owner = await workshop.Chain.CallAsync(
                Address.Parse(contract), CampaignCollection.OwnerOf(System.Numerics.BigInteger.Parse(tokenId)), BlockTag.Latest, default);
            Assert.Equal(recipient, owner.ToString());
        }

        var onChain = 0;
        for (var number = 0; number < (int)await AskAsync(workshop, campaign, CampaignCollection.BatchCount()); number++)
        {
            var batch = await AskAsync(workshop, campaign, CampaignCollection.Batch(number));
            onChain += of is null || batch.BatchId.ToString() == of ? (int)batch.Count : 0;
        }

        Assert.Equal(tokens, onChain);
        var orders = await workshop.Orders.FindAsync(minted.Select(token => token.Item1), default);
        Assert.All(orders.Values, order => Assert.Equal(OrderState.Minted, order.State));
    }

    private async Task<Workshop> OpenAsync(Anvil? other = null, int confirmations = 1, bool endow = true)
    {
        var node = other ?? anvil;
        var workshop = await Workshop.OpenAsync(mongo.NewDatabase(), node.Chain, confirmations: confirmations);
        if (endow)
        {
            await node.EndowAsync(workshop.Signer.Address);
        }

        return workshop;
    }

    /// <summary>One batch of one token is final already.</summary>
    private async Task<Workshop> WithACollectionAsync(string campaign, int confirmations = 1)
    {
        var workshop = await OpenAsync(confirmations: confirmations);
        await workshop.FinishAsync(
            await workshop.APinnedBatchAsync(campaign, 1), confirmations > 1 ? () => anvil.MineAsync() : null);
        return workshop;
    }
}
