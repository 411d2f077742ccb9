using System.Numerics;
using Platform.Chain;
using Platform.Content;
using Platform.Grpc.Minting;

namespace Platform.Auditor;

/// <summary>Whether the chain's batches are whole: numbered without a gap, used once, written as logged, known to minting.</summary>
internal static class BatchCheck
{
    // STOP and three words, then addresses: contracts/solidity/src/BatchCode.sol.
    private const int Header = 1 + (3 * Hash32.Length);

    public static void Run(Findings findings, ChainBook book, IReadOnlyDictionary<string, Batch> known)
    {
        foreach (var collection in book.Batches.GroupBy(batch => batch.Contract))
        {
            var numbers = collection.Select(batch => batch.Number).Order().ToList();
            findings.Expect(
                numbers.Select((number, place) => number == place).All(holds => holds),
                "batch.gap",
                collection.Key.ToString(),
                () => $"its {numbers.Count} batches are not numbered from 0 without a gap: {Outliers(numbers)}");
        }

        foreach (var twice in book.Batches.GroupBy(batch => batch.Id).Where(batches => batches.Count() > 1))
        {
            findings.Add(
                "batch.doubled", twice.Key.ToString(), $"the id was used by {string.Join(" and ", twice.Select(each => each.Name))}");
        }

        foreach (var batch in book.Batches)
        {
            CheckData(findings, book, batch);
            CheckKnown(findings, batch, known);
        }

        CheckUnminted(findings, book, known);
        CheckStrays(findings, book);
    }

    private static void CheckData(Findings findings, ChainBook book, ChainBatch batch)
    {
        var code = batch.Code.Span;
        if (code.Length <= Header || code[0] != 0 || (code.Length - Header) % Address.Length != 0)
        {
            findings.Add("batch.data", batch.Name, $"there is no batch at its data contract {batch.DataContract}");
            return;
        }

        var recipients = (code.Length - Header) / Address.Length;
        findings.Expect(
            new Hash32(code.Slice(1, Hash32.Length)) == batch.MetadataDigest
                && new Hash32(code.Slice(1 + Hash32.Length, Hash32.Length)) == batch.CustodyRoot
                && new Hash32(code.Slice(1 + (2 * Hash32.Length), Hash32.Length)) == batch.Id
                && recipients == batch.Count
                && batch.FirstTokenId == batch.Number * ChainToken.TokensABatch,
            "batch.data",
            batch.Name,
            () => $"its data contract {batch.DataContract} does not say what its BatchMinted log says");
        for (var index = 0; index < recipients; index++)
        {
            var id = batch.FirstTokenId + index;
            var written = new Address(code.Slice(Header + (index * Address.Length), Address.Length));
            var name = $"{batch.Contract}/{id}";
            if (!book.Tokens.TryGetValue((batch.Contract, id), out var token))
            {
                findings.Add("token.unlogged", name, $"{batch.Name} was minted with it, and no Transfer log names it");
            }
            else if (token.FirstOwner != written)
            {
                findings.Add(
                    "token.recipient", name, $"its mint was logged to {token.FirstOwner}, and its data contract has {written}");
            }
        }
    }

    private static void CheckKnown(Findings findings, ChainBatch batch, IReadOnlyDictionary<string, Batch> known)
    {
        if (!known.TryGetValue(batch.Id.ToString(), out var told))
        {
            findings.Add(
                "batch.unknown", batch.Name, $"its {batch.Count} tokens were minted under id {batch.Id}, which minting does not know");
            return;
        }

        findings.Expect(
            told.Number == batch.Number
                && told.Tokens == batch.Count
                && told.MetadataCid == Cid.DagPb(batch.MetadataDigest.ToArray()).ToString()
                && told.CustodyRoot == batch.CustodyRoot.ToString(),
            "batch.differs",
            batch.Name,
            () => $"minting has it as number {told.Number}, {told.Tokens} tokens, metadata {told.MetadataCid}, root {told.CustodyRoot}; "
                + $"the chain as {batch.Count} tokens, metadata {Cid.DagPb(batch.MetadataDigest.ToArray())}, root {batch.CustodyRoot}");
    }

    private static void CheckUnminted(Findings findings, ChainBook book, IReadOnlyDictionary<string, Batch> known)
    {
        var minted = book.Batches.Select(batch => batch.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var told in known.Values.Where(each => each.State == "Final" && !minted.Contains(each.BatchId)))
        {
            findings.Add(
                "batch.unminted", told.BatchId, $"minting has it as final in block {told.BlockNumber}, and the chain has no such batch");
        }
    }

    /// <summary>Tokens that no batch was logged for.</summary>
    private static void CheckStrays(Findings findings, ChainBook book)
    {
        var batches = book.Batches.Select(batch => (batch.Contract, batch.Number)).ToHashSet();
        foreach (var token in book.Tokens.Values)
        {
            findings.Expect(
                batches.Contains((token.Contract, token.Batch)),
                "token.unlogged",
                token.Name,
                () => $"it was transferred, and no BatchMinted log names batch {token.Batch}");
            findings.Expect(
                token.Transfers[0].From.IsZero && token.Transfers.Count(each => each.From.IsZero) == 1,
                "token.doubled",
                token.Name,
                () => $"its logs mint it {token.Transfers.Count(each => each.From.IsZero)} times");
        }
    }

    private static string Outliers(List<BigInteger> numbers)
    {
        var missing = numbers.Count == 0 ? [] : Enumerable.Range(0, numbers.Count).Select(place => (BigInteger)place).Except(numbers);
        return $"missing {string.Join(", ", missing.Take(5))}, highest {(numbers.Count == 0 ? 0 : numbers[^1])}";
    }
}
