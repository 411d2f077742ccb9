using System.Globalization;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.Auditor;

/// <summary>Whether the token feed, with what it took back taken back, is the chain's transfer logs in the chain's order.</summary>
internal sealed class FeedCheck(Findings findings, RoyaltyIndexer.RoyaltyIndexerClient indexer, Action<string> say)
{
    private const int PageSize = 1_000;
    private const string Transferred = "imprimatur.token.transferred.v1";

    // What stands, by the entry's id; a reversal takes its entry out again.
    private readonly Dictionary<string, FeedEvent> standing = new(StringComparer.Ordinal);
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private long last;

    public long Entries { get; private set; }

    /// <param name="book">The chain's word.</param>
    /// <param name="proved">Which token is of which asset, by custody records.</param>
    /// <param name="indexed">The block up to which the indexer has read, or further.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(
        ChainBook book, IReadOnlyList<TokenOfAsset> proved, long indexed, CancellationToken cancellation)
    {
        await ReadAsync(cancellation);
        var cursor = await indexer.GetCursorAsync(new GetCursorRequest(), cancellationToken: cancellation);
        var told = standing.Values.OrderBy(each => each.Sequence, StringComparer.Ordinal)
            .Where(each => each.Data.BlockNumber <= (long)book.Block).ToList();
        var logged = book.Tokens.Values.SelectMany(token => token.Transfers.Select(transfer => (Token: token, Transfer: transfer)))
            .Where(each => (long)each.Transfer.Block <= indexed)
            .GroupBy(each => Line(each.Token, each.Transfer), each => each.Token, StringComparer.Ordinal)
            .ToDictionary(each => each.Key, each => each.First(), StringComparer.Ordinal);
        CompareLogs(told, logged);
        CheckOrder(told);
        foreach (var entry in told)
        {
            findings.Expect(
                entry.Finality != "final" || entry.Data.BlockNumber <= cursor.Final,
                "feed.finality",
                Name(entry),
                () => $"entry {entry.Sequence} calls block {entry.Data.BlockNumber} final, and {cursor.Final} is the newest that is");
        }

        CheckAssets(told, proved);
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        for (var after = 0L; ;)
        {
            var page = await indexer.ReadFeedAsync(
                new ReadFeedRequest { After = after, Limit = PageSize }, cancellationToken: cancellation);
            foreach (var entry in page.Events)
            {
                Read(entry);
            }

            if (page.Next <= after || page.Next >= page.Latest)
            {
                findings.Expect(
                    page.Next >= page.Latest,
                    "feed.gap",
                    "royalty-indexer",
                    () => $"the feed goes up to {page.Latest}, and tells nothing after {after}");
                return;
            }

            after = page.Next;
            say($"read {after} of {page.Latest} entries of the feed");
        }
    }

    private void Read(FeedEvent entry)
    {
        Entries++;
        var sequence = long.Parse(entry.Sequence, CultureInfo.InvariantCulture);
        findings.Expect(
            sequence == last + 1,
            "feed.gap",
            entry.Id,
            () => $"it is entry {sequence} of the feed, and the one before it {last}");
        last = sequence;
        findings.Expect(ids.Add(entry.Id), "feed.doubled", entry.Id, () => $"entry {sequence} of the feed has an id that came before");
        if (entry.Type != Transferred)
        {
            return;
        }

        if (!entry.HasReverts)
        {
            standing[entry.Id] = entry;
        }
        else if (!standing.Remove(entry.Reverts, out var reverted))
        {
            findings.Add("feed.reverts", entry.Id, $"entry {sequence} takes back {entry.Reverts}, which did not stand");
        }
        else
        {
            findings.Expect(
                (reverted.Data.From, reverted.Data.To) == (entry.Data.To, entry.Data.From)
                    && (reverted.Data.Contract, reverted.Data.TokenId) == (entry.Data.Contract, entry.Data.TokenId),
                "feed.reverts",
                entry.Id,
                () => $"entry {sequence} takes back {entry.Reverts}, and is not what that was the other way round");
        }
    }

    private void CompareLogs(List<FeedEvent> told, Dictionary<string, ChainToken> logged)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in told)
        {
            var line = Line(entry);
            if (!seen.Add(line))
            {
                findings.Add("feed.doubled", Name(entry), $"the feed tells twice of {line}");
            }
            else if (!logged.ContainsKey(line))
            {
                findings.Add("feed.extra", Name(entry), $"the feed has {line}, and the chain does not");
            }
        }

        foreach (var (line, token) in logged.Where(each => !seen.Contains(each.Key)))
        {
            findings.Add("feed.missing", token.Name, $"the feed lacks {line}");
        }
    }

    private void CheckOrder(List<FeedEvent> told)
    {
        foreach (var (before, after) in told.Zip(told.Skip(1)))
        {
            findings.Expect(
                (before.Data.BlockNumber, before.Data.LogIndex).CompareTo((after.Data.BlockNumber, after.Data.LogIndex)) < 0,
                "feed.order",
                Name(after),
                () => $"block {after.Data.BlockNumber}, log {after.Data.LogIndex} comes after "
                    + $"block {before.Data.BlockNumber}, log {before.Data.LogIndex}");
        }
    }

    private void CheckAssets(List<FeedEvent> told, IReadOnlyList<TokenOfAsset> proved)
    {
        var assets = proved.ToDictionary(token => token.Token.Name, token => token.AssetId);
        foreach (var entry in told.Where(each => each.Data.HasAssetId))
        {
            findings.Expect(
                !assets.TryGetValue(Name(entry), out var asset) || entry.Data.AssetId == asset.ToString(),
                "feed.asset",
                Name(entry),
                () => $"the feed has it for asset {entry.Data.AssetId}, and its custody record is of {asset}");
        }
    }

    private static string Name(FeedEvent entry) => $"{entry.Data.Contract}/{entry.Data.TokenId}";

    private static string Line(FeedEvent told) =>
        $"{Name(told)} from {told.Data.From} to {told.Data.To} in block {told.Data.BlockNumber} ({told.Blockhash}), "
        + $"log {told.Data.LogIndex}, transaction {told.Data.TransactionHash}";

    private static string Line(ChainToken token, ChainTransfer logged) =>
        $"{token.Name} from {logged.From} to {logged.To} in block {logged.Block} ({logged.BlockHash}), "
        + $"log {logged.LogIndex}, transaction {logged.Transaction}";
}
