namespace Platform.Auditor;

/// <summary>What was seen, in numbers: the first thing that is told.</summary>
internal static class Counts
{
    public static IReadOnlyList<AuditCount> Of(
        IReadOnlyList<IngestAnswer>? answers,
        AcceptedAssets accepted,
        ChainBook book,
        Findings findings,
        ServicesCheck services,
        ContentCheck content,
        HoldingsCheck holdings,
        FeedCheck feed)
    {
        var standings = accepted.ById.Values.CountBy(asset => asset.Standing).ToDictionary();
        long Of(Standing standing) => standings.GetValueOrDefault(standing);
        return
        [
            new("accepted", answers?.Select(answer => answer.AssetId).Distinct().LongCount() ?? accepted.ById.Count),
            new("assets", accepted.ById.Count),
            new("minted", Of(Standing.Minted)),
            new("rejected", Of(Standing.Rejected)),
            new("failed", Of(Standing.Failed)),
            new("waiting", Of(Standing.Waiting)),
            new("unfinished", Of(Standing.Unfinished)),
            new("tokens", book.Tokens.Count),
            new("lost", findings.Count("event.lost") + findings.Count("token.missing")),
            new("doubled", findings.Count("event.doubled") + findings.Count("token.doubled") + findings.Count("batch.doubled")),
            new("orphans", findings.Count("token.orphan")),
            new("generated", services.Count("generation")),
            new("judged", services.Count("moderation")),
            new("pinned", services.Count("storage")),
            new("ordered", services.Count("minting")),
            new("collections", book.Collections.Count),
            new("batches", book.Batches.Count),
            new("records", content.Records),
            new("images", content.Images),
            new("transfers", book.Transfers),
            new("holdings", holdings.Holdings),
            new("feed", feed.Entries),
        ];
    }
}
