using System.Numerics;
using Platform.Chain;
using Platform.Grpc.Minting;

namespace Platform.Auditor.Tests;

/// <summary>Batches as only a broken chain, or a broken reading of it, would tell them.</summary>
public sealed class BatchCheckTests
{
    private static readonly Address Contract = Address.Parse("0x52908400098527886E0F7030069857D2E4169EE7");

    [Fact]
    public void Names_a_gap_in_the_numbers()
    {
        var differences = Check(ABatch(0, 'a'), ABatch(2, 'b'));

        Assert.Contains(differences, each => each.Kind == "batch.gap" && each.Subject == Contract.ToString());
    }

    [Fact]
    public void Names_a_batch_id_that_was_used_twice()
    {
        var differences = Check(ABatch(0, 'a'), ABatch(1, 'a'));

        Assert.Contains(differences, each => each.Kind == "batch.doubled" && each.Subject.EndsWith("aa", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_a_token_that_was_minted_twice()
    {
        var book = ABook(ABatch(0, 'a'));
        var token = new ChainToken(Contract, 0);
        token.Transfers.Add(new(Address.Zero, Contract, 1, Hash32.Zero, 0, Hash32.Zero));
        token.Transfers.Add(new(Address.Zero, Contract, 2, Hash32.Zero, 0, Hash32.Zero));
        book.Tokens[(Contract, 0)] = token;

        Assert.Contains(Check(book), each => each.Kind == "token.doubled" && each.Subject == $"{Contract}/0");
    }

    [Fact]
    public void Names_what_minting_calls_final_and_the_chain_does_not_have()
    {
        var findings = new Findings();
        BatchCheck.Run(findings, ABook(), new Dictionary<string, Batch> { ["0x1"] = new() { BatchId = "0x1", State = "Final" } });

        Assert.Equal(["batch.unminted"], findings.Kinds.Keys);
    }

    private static IReadOnlyList<Difference> Check(params ChainBatch[] batches) => Check(ABook(batches));

    private static IReadOnlyList<Difference> Check(ChainBook book)
    {
        var findings = new Findings();
        BatchCheck.Run(findings, book, new Dictionary<string, Batch>());
        return findings.Differences;
    }

    private static ChainBook ABook(params ChainBatch[] batches)
    {
        var book = new ChainBook { ChainId = 1, Block = 9, Collections = new Dictionary<Address, ChainCollection>() };
        book.Batches.AddRange(batches);
        return book;
    }

    private static ChainBatch ABatch(BigInteger number, char id) => new()
    {
        Contract = Contract,
        Number = number,
        Id = Hash32.Parse($"0x{new string(id, 64)}"),
        FirstTokenId = number * ChainToken.TokensABatch,
        Count = 1,
        MetadataDigest = Hash32.Zero,
        CustodyRoot = Hash32.Zero,
        Transaction = Hash32.Zero,
    };
}
