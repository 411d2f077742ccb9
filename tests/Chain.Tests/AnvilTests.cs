using System.Numerics;
using Platform.Chain.Contracts;

namespace Platform.Chain.Tests;

/// <summary>The client against a real node, and our contracts through their bindings.</summary>
public class AnvilTests(Anvil anvil) : IClassFixture<Anvil>
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private EthereumClient Chain => new(anvil.Client());

    [Fact]
    public async Task Sends_ether_once_however_often_the_bytes_are_sent()
    {
        var chain = Chain;
        using var recipient = EthereumKey.Create();
        var signed = await SignAsync(chain, recipient.Address, Wei.FromEther(1), default);

        var first = await chain.SendRawTransactionAsync(signed.Raw, Never);
        var receipt = await ReceiptAsync(chain, signed.Hash);
        var again = await chain.SendRawTransactionAsync(signed.Raw, Never);

        Assert.Equal(new SendResult(SendOutcome.Accepted, signed.Hash, null), first);
        Assert.Equal(SendOutcome.NonceTooLow, again.Outcome); // mined at once: the nonce is used up
        Assert.True(receipt.Success);
        Assert.Equal((21_000UL, Anvil.Rich.Address, recipient.Address), (receipt.GasUsed, receipt.From, receipt.To));
        Assert.Equal(Wei.FromEther(1), await chain.GetBalanceAsync(recipient.Address, BlockTag.Latest, Never));
        Assert.Equal(signed.Nonce + 1, await chain.GetTransactionCountAsync(Anvil.Rich.Address, BlockTag.Latest, Never));
        Assert.True(await chain.KnowsTransactionAsync(signed.Hash, Never));
    }

    [Fact]
    public async Task Names_what_the_pool_says_of_a_transaction()
    {
        var chain = Chain;
        await MiningAsync(false);

        try
        {
            var transaction = await TransactionAsync(chain, Address.Zero, new Wei(1), default);
            var signed = transaction.Sign(Anvil.Rich);
            var rival = (transaction with { Value = new Wei(2) }).Sign(Anvil.Rich);
            var replacement = (transaction with { Value = new Wei(2) }).WithRaisedFees().Sign(Anvil.Rich);
            using var poor = EthereumKey.Create();

            Assert.Equal(SendOutcome.Accepted, await OutcomeAsync(signed));
            Assert.Equal(SendOutcome.AlreadyKnown, await OutcomeAsync(signed));
            Assert.Equal(SendOutcome.ReplacementUnderpriced, await OutcomeAsync(rival));
            Assert.Equal(SendOutcome.Accepted, await OutcomeAsync(replacement));
            Assert.Equal(SendOutcome.InsufficientFunds, await OutcomeAsync((transaction with { Nonce = 0 }).Sign(poor)));
            Assert.Equal(SendOutcome.GasLimitRefused, await OutcomeAsync((transaction with { Nonce = transaction.Nonce + 1, GasLimit = 20_999 }).Sign(Anvil.Rich)));
            Assert.Equal(SendOutcome.GasLimitRefused, await OutcomeAsync((transaction with { Nonce = transaction.Nonce + 1, GasLimit = 1_000_000_000 }).Sign(Anvil.Rich)));
            Assert.Null(await chain.GetReceiptAsync(replacement.Hash, Never));
            Assert.False(await chain.KnowsTransactionAsync(signed.Hash, Never));

            await MineAsync();

            Assert.True((await ReceiptAsync(chain, replacement.Hash)).Success);
            Assert.Equal(SendOutcome.NonceTooLow, await OutcomeAsync(signed));
        }
        finally
        {
            await MiningAsync(true);
        }

        async Task<SendOutcome> OutcomeAsync(SignedTransaction signed) =>
            (await chain.SendRawTransactionAsync(signed.Raw, Never)).Outcome;
    }

    [Fact]
    public async Task Reads_blocks_by_tag_number_hash_and_range()
    {
        var chain = Chain;
        await MineAsync();
        await MineAsync();
        var head = await chain.GetBlockAsync(BlockTag.Latest, Never);

        var headers = await chain.GetBlocksAsync(0, (int)head!.Number + 2, Never);

        Assert.Equal(31_337UL, await chain.ChainIdAsync(Never));
        Assert.Equal(head.Number, await chain.BlockNumberAsync(Never));
        Assert.Equal(head, await chain.GetBlockAsync(head.Number, Never));
        Assert.Equal(head, await chain.GetBlockAsync(head.Hash, Never));
        Assert.Null(await chain.GetBlockAsync(Keccak.Hash256("no block"), Never));
        Assert.Equal(head, headers[^2]);
        Assert.Null(headers[^1]);
        Assert.All(headers.Skip(1).SkipLast(1).Zip(headers), pair => Assert.Equal(pair.Second!.Hash, pair.First!.ParentHash));
        Assert.NotNull(await chain.GetBlockAsync(BlockTag.Finalized, Never));
        Assert.NotNull(head.BaseFeePerGas);
    }

    [Fact]
    public async Task Suggests_fees_that_are_taken()
    {
        var chain = Chain;
        await MineAsync();

        var fees = await chain.SuggestFeesAsync(null, Never);

        Assert.Equal((fees.BaseFee * 2) + fees.MaxPriorityFeePerGas, fees.MaxFeePerGas);
        Assert.True(fees.MaxPriorityFeePerGas >= Wei.FromGwei(0.01m));
    }

    [Fact]
    public async Task Reads_many_receipts_in_their_order()
    {
        var chain = Chain;
        List<Hash32> hashes = [];

        for (var i = 0; i < 5; i++)
        {
            var signed = await SignAsync(chain, Address.Zero, new Wei(i), default);
            await chain.SendRawTransactionAsync(signed.Raw, Never);
            hashes.Add((await ReceiptAsync(chain, signed.Hash)).TxHash);
        }

        var receipts = await chain.GetReceiptsAsync([.. hashes, Keccak.Hash256("none")], Never);

        Assert.Equal(hashes, receipts.SkipLast(1).Select(receipt => receipt!.TxHash));
        Assert.Null(receipts[^1]);
    }

    [Fact]
    public async Task Mints_a_batch_and_proves_custody_through_the_bindings()
    {
        var chain = Chain;
        var collection = await ACollectionAsync(chain);
        var batchId = Keccak.Hash256("batch");
        Address[] recipients = [.. Enumerable.Range(0, 5).Select(i => Address.OfCreated(collection, (ulong)i)).Order()];
        Hash32[] custody = [.. recipients.Select(recipient => Keccak.Hash256(recipient.ToArray()))];
        Hash32[] leaves = [.. custody.Select((record, i) => CustodyLeaf.Hash(batchId, (ulong)i, record))];
        var mint = CampaignCollection.MintBatch(
            batchId, 0, Keccak.Hash256("metadata"), MerkleTree.Root(leaves), recipients.SelectMany(recipient => recipient.ToArray()).ToArray());

        var receipt = await MineAsync(chain, collection, mint.Data);
        var first = await AskAsync(CampaignCollection.Batch(0));

        Assert.True(receipt.Success);
        var transfers = receipt.Logs.Select(log => log.As<CampaignCollection.Events.Transfer>()).OfType<CampaignCollection.Events.Transfer>().ToArray();
        Assert.Equal(recipients, transfers.Select(transfer => transfer.To));
        var minted = Assert.Single(receipt.Logs.Select(log => log.As<CampaignCollection.Events.BatchMinted>()).OfType<CampaignCollection.Events.BatchMinted>());
        Assert.Equal((batchId, new BigInteger(5)), (minted.BatchId, minted.Count));
        Assert.Equal((batchId, Keccak.Hash256("metadata"), MerkleTree.Root(leaves), new BigInteger(5)), first);

        for (var i = 0; i < recipients.Length; i++)
        {
            var proof = MerkleTree.Proof(leaves, i);

            Assert.Equal(recipients[i], await AskAsync(CampaignCollection.OwnerOf(transfers[i].TokenId)));
            Assert.True(await AskAsync(CampaignCollection.VerifyCustody(transfers[i].TokenId, custody[i], proof)));
            Assert.False(await AskAsync(CampaignCollection.VerifyCustody(transfers[i].TokenId, custody[(i + 1) % 5], proof)));
        }

        var logs = await chain.GetLogsAsync(
            new LogFilter { Addresses = [collection], Topics = [[CampaignCollection.Events.Transfer.Topic]], FromBlock = receipt.BlockNumber }, Never);
        Assert.Equal(receipt.Logs.Where(log => log.As<CampaignCollection.Events.Transfer>() is not null), logs);
        Assert.Equal(logs.Count, (await chain.GetLogsAsync(new LogFilter { BlockHash = receipt.BlockHash, Topics = [[CampaignCollection.Events.Transfer.Topic]] }, Never)).Count);

        // The same batch id once more: estimating and calling say why, a transaction reverts.
        var refusal = await Assert.ThrowsAsync<ContractRevertedException>(
            () => chain.EstimateGasAsync(mint.At(collection, Anvil.Rich.Address), Never));
        Assert.Equal(new CampaignCollection.Errors.BatchAlreadyMinted(batchId, 0), refusal.As<CampaignCollection.Errors.BatchAlreadyMinted>());
        Assert.StartsWith("BatchAlreadyMinted(0x", refusal.Decode(CampaignCollection.Errors.All).ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ContractRevertedException>(
            () => chain.CallAsync(mint.At(collection, Anvil.Rich.Address), BlockTag.Latest, Never));
        Assert.False((await MineAsync(chain, collection, mint.Data, gas: 500_000)).Success);

        Task<T> AskAsync<T>(ContractCall<T> call) => chain.CallAsync(collection, call, BlockTag.Latest, Never);
    }

    [Fact]
    public async Task Says_that_there_may_be_no_contract_where_one_is_asked()
    {
        var chain = Chain;
        var nobody = Address.Parse("0xde709f2102306220921060314715629080e2fb77");

        var refusal = await Assert.ThrowsAsync<AbiException>(
            () => chain.CallAsync(nobody, CampaignCollection.BatchCount(), BlockTag.Latest, Never));

        Assert.Contains("no such contract", refusal.Message, StringComparison.Ordinal);
        Assert.True((await chain.GetCodeAsync(nobody, BlockTag.Latest, Never)).IsEmpty);
    }

    private static async Task<Address> ACollectionAsync(EthereumClient chain)
    {
        var made = await MineAsync(chain, null, CampaignCollectionFactory.Deploy());
        var factory = made.ContractAddress!.Value;
        var config = new CampaignCollectionFactory.CollectionConfig(
            "Spring", "SPR", Anvil.Rich.Address, Anvil.Rich.Address, 500);
        var create = CampaignCollectionFactory.CreateCollection(Keccak.Hash256("spring"), config);
        var predicted = await chain.CallAsync(
            factory, CampaignCollectionFactory.PredictCollection(Anvil.Rich.Address, Keccak.Hash256("spring"), config), BlockTag.Latest, Never);

        var receipt = await MineAsync(chain, factory, create.Data);
        var created = receipt.Logs.Select(log => log.As<CampaignCollectionFactory.Events.CollectionCreated>()).Single(found => found is not null)!;

        Assert.False((await chain.GetCodeAsync(factory, BlockTag.Latest, Never)).IsEmpty);
        Assert.Equal((predicted, "Spring", "SPR"), (created.Collection, created.Name, created.Symbol));

        return created.Collection;
    }

    private static async Task<Receipt> MineAsync(EthereumClient chain, Address? to, ReadOnlyMemory<byte> data, ulong? gas = null)
    {
        var signed = await SignAsync(chain, to, Wei.Zero, data, gas);
        var sent = await chain.SendRawTransactionAsync(signed.Raw, Never);
        Assert.True(sent.IsInPool, sent.NodesMessage);
        var receipt = await ReceiptAsync(chain, signed.Hash);
        Assert.Equal(to is null ? Address.OfCreated(signed.From, signed.Nonce) : null, receipt.ContractAddress);

        return receipt;
    }

    /// <summary>Anvil mines at once, but not before it answers.</summary>
    private static async Task<Receipt> ReceiptAsync(EthereumClient chain, Hash32 hash)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Receipt? receipt;

        while ((receipt = await chain.GetReceiptAsync(hash, deadline.Token)) is null)
        {
            await Task.Delay(10, deadline.Token);
        }

        return receipt;
    }

    private static async Task<SignedTransaction> SignAsync(
        EthereumClient chain, Address? to, Wei value, ReadOnlyMemory<byte> data, ulong? gas = null) =>
        (await TransactionAsync(chain, to, value, data, gas)).Sign(Anvil.Rich);

    private static async Task<Eip1559Transaction> TransactionAsync(
        EthereumClient chain, Address? to, Wei value, ReadOnlyMemory<byte> data, ulong? gas = null)
    {
        var fees = await chain.SuggestFeesAsync(null, Never);
        var from = Anvil.Rich.Address;

        return new Eip1559Transaction
        {
            ChainId = await chain.ChainIdAsync(Never),
            Nonce = await chain.GetTransactionCountAsync(from, BlockTag.Pending, Never),
            MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas,
            MaxFeePerGas = fees.MaxFeePerGas,
            GasLimit = gas ?? await chain.EstimateGasAsync(new CallRequest { From = from, To = to, Data = data, Value = value }, Never),
            To = to,
            Value = value,
            Data = data,
        };
    }

    private async Task MiningAsync(bool automatic) =>
        await anvil.Client().CallAsync(new JsonRpcCall("evm_setAutomine", automatic), ChainJson.Default.JsonElement, Never);

    private async Task MineAsync() =>
        await anvil.Client().CallAsync(new JsonRpcCall("evm_mine"), ChainJson.Default.JsonElement, Never);
}
