using System.Text.Json.Nodes;

namespace Platform.Chain.Tests;

/// <summary>What nodes of other makers say, which anvil cannot be brought to.</summary>
public class EthereumClientTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData("already known", SendOutcome.AlreadyKnown)]
    [InlineData("ALREADY_EXISTS: already known", SendOutcome.AlreadyKnown)]
    [InlineData("transaction already imported", SendOutcome.AlreadyKnown)]
    [InlineData("Known transaction", SendOutcome.AlreadyKnown)]
    [InlineData("AlreadyKnown", SendOutcome.AlreadyKnown)]
    [InlineData("nonce too low: next nonce 5, tx nonce 3", SendOutcome.NonceTooLow)]
    [InlineData("OldNonce", SendOutcome.NonceTooLow)]
    [InlineData("nonce too high", SendOutcome.NonceTooHigh)]
    [InlineData("replacement transaction underpriced", SendOutcome.ReplacementUnderpriced)]
    [InlineData("transaction underpriced", SendOutcome.Underpriced)]
    [InlineData("transaction underpriced: gas tip cap 0, minimum needed 1", SendOutcome.Underpriced)]
    [InlineData("max fee per gas less than block base fee: address 0x…, maxFeePerGas: 1, baseFee: 7", SendOutcome.Underpriced)]
    [InlineData("insufficient funds for gas * price + value: have 0 want 21000", SendOutcome.InsufficientFunds)]
    [InlineData("Insufficient funds for gas * price + value", SendOutcome.InsufficientFunds)]
    [InlineData("intrinsic gas too low: gas 0, minimum needed 21000", SendOutcome.GasLimitRefused)]
    [InlineData("exceeds block gas limit", SendOutcome.GasLimitRefused)]
    [InlineData("transaction gas limit too high (cap: 16777216, tx: 30000000)", SendOutcome.GasLimitRefused)]
    [InlineData("txpool is full", SendOutcome.PoolFull)]
    public async Task Reads_why_a_node_did_not_take_a_transaction(string message, SendOutcome outcome)
    {
        await using var node = LoopbackNode.Answering(
            _ => $$""" "error":{"code":-32000,"message":{{JsonValue.Create(message).ToJsonString()}}} """);

        var result = await node.Ethereum().SendRawTransactionAsync(new byte[] { 2, 1 }, Never);

        Assert.Equal(new SendResult(outcome, Keccak.Hash256([2, 1]), message), result);
    }

    [Theory]
    [InlineData("internal error")]
    [InlineData("rate limited")]
    [InlineData("invalid sender")]
    public async Task Makes_no_outcome_of_what_it_does_not_know(string message)
    {
        await using var node = LoopbackNode.Answering(_ => $$""" "error":{"code":-32000,"message":"{{message}}"} """);

        await Assert.ThrowsAsync<JsonRpcException>(() => node.Ethereum().SendRawTransactionAsync(new byte[] { 2 }, Never));
    }

    [Fact]
    public async Task Does_not_believe_a_node_that_took_another_transaction()
    {
        await using var node = LoopbackNode.Answering(_ => $"\"result\":\"{Hash32.Zero}\"");

        await Assert.ThrowsAsync<ChainUnavailableException>(() => node.Ethereum().SendRawTransactionAsync(new byte[] { 2 }, Never));
    }

    [Theory]
    [InlineData(3, "execution reverted: no", "\"0x{0}\"")]
    [InlineData(-32000, "execution reverted", "\"0x{0}\"")]
    [InlineData(-32015, "VM execution error.", "\"Reverted 0x{0}\"")]
    [InlineData(-32603, "Error: VM Exception while processing transaction: reverted with reason string 'no'", "{{\"message\":\"no\",\"data\":\"0x{0}\"}}")]
    public async Task Reads_a_revert_in_every_shape_nodes_give_it(int code, string message, string data)
    {
        var reason = Convert.ToHexStringLower(Abi.EncodeCall("Error(string)", ["no"]));
        await using var node = LoopbackNode.Answering(
            _ => $$""" "error":{"code":{{code}},"message":"{{message}}","data":{{string.Format(data, reason)}}} """);

        var reverted = await Assert.ThrowsAsync<ContractRevertedException>(
            () => node.Ethereum().CallAsync(new CallRequest { To = Address.Zero }, BlockTag.Latest, Never));

        Assert.Equal(new ContractError.Message("no"), reverted.Decode());
    }

    [Fact]
    public async Task Reads_a_revert_without_data()
    {
        await using var node = LoopbackNode.Answering(_ => """ "error":{"code":3,"message":"execution reverted"} """);

        var reverted = await Assert.ThrowsAsync<ContractRevertedException>(
            () => node.Ethereum().EstimateGasAsync(new CallRequest { To = Address.Zero }, Never));

        Assert.IsType<ContractError.Silent>(reverted.Decode());
    }

    [Theory]
    [InlineData(-39001, "finalized block not found")]
    [InlineData(-32000, "unknown block")]
    [InlineData(-32000, "safe block not found")]
    public async Task Takes_a_tag_the_node_has_no_block_for_as_no_block(int code, string message)
    {
        await using var node = LoopbackNode.Answering(_ => $$""" "error":{"code":{{code}},"message":"{{message}}"} """);

        Assert.Null(await node.Ethereum().GetBlockAsync(BlockTag.Finalized, Never));
    }

    [Fact]
    public async Task Writes_a_log_filter_as_the_execution_API_has_it()
    {
        await using var node = LoopbackNode.Answering(_ => "\"result\":[]");
        var chain = node.Ethereum();
        var topic = Keccak.Hash256("t");
        var contract = Address.Parse("0xde709f2102306220921060314715629080e2fb77");

        await chain.GetLogsAsync(
            new LogFilter { Addresses = [contract], Topics = [[topic], null, [topic, Hash32.Zero]], FromBlock = 1, ToBlock = BlockTag.Safe }, Never);
        await chain.GetLogsAsync(new LogFilter { BlockHash = topic }, Never);

        Assert.Equal(
            $$"""[{"fromBlock":"0x1","toBlock":"safe","address":["{{contract.ToLowerHex()}}"],"topics":[["{{topic}}"],null,["{{topic}}","{{Hash32.Zero}}"]]}]""",
            JsonNode.Parse(node.Requests[0])!["params"]!.ToJsonString());
        Assert.Equal($$"""[{"blockHash":"{{topic}}"}]""", JsonNode.Parse(node.Requests[1])!["params"]!.ToJsonString());
    }

    [Fact]
    public async Task Suggests_fees_from_the_tips_that_were_paid()
    {
        await using var node = LoopbackNode.Answering(_ => """
            "result":{"oldestBlock":"0x1","baseFeePerGas":["0x64","0xc8"],"gasUsedRatio":[0.5],
            "reward":[["0x0"],["0x77359400"],["0x3b9aca00"],["0xb2d05e00"]]}
            """);

        var fees = await node.Ethereum().SuggestFeesAsync(null, Never);

        Assert.Equal(new SuggestedFees(new Wei(200), Wei.FromGwei(2), Wei.FromGwei(2) + new Wei(400)), fees);
    }
}
