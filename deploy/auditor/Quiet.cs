using Platform.Grpc.Campaigns;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.Auditor;

/// <summary>Waits until every asset ended and the indexer has read the whole chain.</summary>
internal sealed class Quiet(Services services, TimeProvider clock, Action<string> say)
{
    /// <summary>An indexer asks for blocks about once a second: it may be this late, and no fault.</summary>
    private static readonly TimeSpan Indexing = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Whatever is unfinished when the patience ends is told by the audit itself.</summary>
    public async Task WaitForAssetsAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var begin = clock.GetTimestamp();
        while (clock.GetElapsedTime(begin) < patience)
        {
            var (received, ended) = await CountAsync(cancellation);
            say($"{ended} of {received} assets ended");
            if (ended == received)
            {
                return;
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    /// <returns>The block that the indexer has read.</returns>
    public async Task<long> WaitForIndexerAsync(ulong block, TimeSpan patience, CancellationToken cancellation)
    {
        var begin = clock.GetTimestamp();
        while (true)
        {
            var cursor = await services.RoyaltyIndexer.GetCursorAsync(new GetCursorRequest(), cancellationToken: cancellation);
            if (cursor.BlockNumber >= (long)block
                || clock.GetElapsedTime(begin) > (patience > Indexing ? patience : Indexing))
            {
                return cursor.BlockNumber;
            }

            say($"royalty-indexer has read block {cursor.BlockNumber} of {block}");
            await Task.Delay(Pause, clock, cancellation);
        }
    }

    private async Task<(long Received, long Ended)> CountAsync(CancellationToken cancellation)
    {
        var (received, ended) = (0L, 0L);
        var campaigns = await services.Campaigns.ListCampaignsAsync(new(), cancellationToken: cancellation);
        foreach (var name in campaigns.Campaigns.Select(each => each.Definition.Name).Distinct())
        {
            var progress = await services.Campaigns.GetProgressAsync(
                new GetProgressRequest { Campaign = name }, cancellationToken: cancellation);
            received += progress.Received;
            ended += progress.Minted + progress.Rejected + progress.Failed + progress.Waiting;
        }

        return (received, ended);
    }
}
