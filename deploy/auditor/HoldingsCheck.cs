using System.Globalization;
using System.Numerics;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.Auditor;

/// <summary>Whether royalty-indexer's holdings and histories are what the chain's transfer logs say.</summary>
internal sealed class HoldingsCheck(Findings findings, RoyaltyIndexer.RoyaltyIndexerClient indexer, Action<string> say)
{
    private const int PageSize = 1_000;
    private const int HistoriesAtATime = 16;

    private long holdings;

    public long Holdings => holdings;

    /// <param name="book">The chain's word.</param>
    /// <param name="indexed">The block up to which the indexer has read, or further.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(ChainBook book, long indexed, CancellationToken cancellation)
    {
        findings.Expect(
            indexed >= (long)book.Block,
            "indexer.behind",
            "royalty-indexer",
            () => $"it has read block {indexed}, and the chain is at {book.Block}: what comes after was not compared");
        var tokens = book.Tokens.Values.Where(token => (long)token.Transfers[^1].Block <= indexed).ToList();
        foreach (var collection in book.Collections.Keys)
        {
            await CheckHoldingsAsync(book, collection.ToString(), indexed, cancellation);
        }

        var all = await indexer.GetCursorAsync(new GetCursorRequest(), cancellationToken: cancellation);
        findings.Expect(
            all.BlockNumber > (long)book.Block || all.Tokens <= holdings,
            "holding.extra",
            "royalty-indexer",
            () => $"it holds {all.Tokens} tokens, {all.Tokens - holdings} of them in collections the factory never made for this platform");

        var done = 0;
        await Parallel.ForEachAsync(
            tokens,
            new ParallelOptions { MaxDegreeOfParallelism = HistoriesAtATime, CancellationToken = cancellation },
            async (token, stop) =>
            {
                await CheckHistoryAsync(book, token, stop);
                if (Interlocked.Increment(ref done) % 1_000 == 0)
                {
                    say($"compared {done} of {tokens.Count} histories");
                }
            });
    }

    private async Task CheckHoldingsAsync(ChainBook book, string contract, long indexed, CancellationToken cancellation)
    {
        var seen = new HashSet<BigInteger>();
        var after = "";
        while (true)
        {
            var page = await indexer.ListHoldingsAsync(
                new ListHoldingsRequest { Contract = contract, AfterTokenId = after, Limit = PageSize },
                cancellationToken: cancellation);
            foreach (var holding in page.Holdings)
            {
                CheckHolding(book, holding);
                seen.Add(BigInteger.Parse(holding.TokenId, CultureInfo.InvariantCulture));
                after = holding.TokenId;
                holdings++;
            }

            if (page.Holdings.Count == 0)
            {
                break;
            }
        }

        foreach (var token in book.Tokens.Values.Where(token =>
            token.Contract.ToString() == contract && (long)token.Transfers[0].Block <= indexed && !seen.Contains(token.Id)))
        {
            findings.Add("holding.missing", token.Name, $"the chain has it with {token.Owner}, and royalty-indexer does not");
        }
    }

    private void CheckHolding(ChainBook book, Holding holding)
    {
        var name = $"{holding.Contract}/{holding.TokenId}";
        if (book.Find(name) is not { } token)
        {
            findings.Expect(
                holding.SinceBlock > (long)book.Block,
                "holding.extra",
                name,
                () => $"royalty-indexer has it with {holding.Owner}, and the chain has no such token");
            return;
        }

        findings.Expect(
            holding.SinceBlock > (long)book.Block
                || (holding.Owner == token.Owner.ToString() && holding.SinceBlock == (long)token.Transfers[^1].Block),
            "holding.owner",
            name,
            () => $"royalty-indexer has it with {holding.Owner} since block {holding.SinceBlock}; "
                + $"the chain with {token.Owner} since {token.Transfers[^1].Block}");
    }

    private async Task CheckHistoryAsync(ChainBook book, ChainToken token, CancellationToken cancellation)
    {
        var history = await indexer.GetHistoryAsync(
            new GetHistoryRequest { Contract = token.Contract.ToString(), TokenId = token.Id.ToString(CultureInfo.InvariantCulture) },
            cancellationToken: cancellation);
        var told = history.Transfers.Where(each => each.BlockNumber <= (long)book.Block).Select(Line).ToList();
        var logged = token.Transfers.Select(Line).ToList();
        foreach (var missing in logged.Except(told))
        {
            findings.Add("history.missing", token.Name, $"royalty-indexer lacks the transfer {missing}");
        }

        foreach (var extra in told.Except(logged))
        {
            findings.Add("history.extra", token.Name, $"royalty-indexer has the transfer {extra}, and the chain does not");
        }

        findings.Expect(
            told.Count == told.Distinct().Count() && (told.SequenceEqual(logged) || told.Count != logged.Count),
            "history.order",
            token.Name,
            () => $"royalty-indexer tells its {told.Count} transfers twice, or in another order than the chain");
    }

    private static string Line(ChainTransfer log) =>
        $"{log.From} to {log.To} in block {log.Block} ({log.BlockHash}), log {log.LogIndex}, transaction {log.Transaction}";

    private static string Line(Transfer told) =>
        $"{told.From} to {told.To} in block {told.BlockNumber} ({told.BlockHash}), log {told.LogIndex}, transaction {told.TransactionHash}";
}
