using Microsoft.Extensions.Options;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Sends to work what waits, as room comes free: interactive events first, then campaign by campaign.</summary>
/// <remarks>
/// Under a lease, so that the window is one over all replicas. Safe to run twice all the same: an admission is released
/// by the write that finds it as it was read, and that write holds the message.
/// </remarks>
internal sealed partial class ReleaseQueued(
    Admissions admissions,
    PublishedCampaigns campaigns,
    AdmissionWindow window,
    WindowSize size,
    Leases<CampaignsService> leases,
    IOptions<CampaignsOptions> options,
    TimeProvider clock,
    ILogger<ReleaseQueued> logger) : Leased(leases, clock, logger)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly FairQueue queue = new(admissions);

    private long looked;

    private int? leftAtWork;

    protected override TimeSpan Pause => Beat;

    protected override string LeaseName => "release-queued";

    protected override async Task<bool> WorkAsync(Lease lease, CancellationToken cancellation)
    {
        var atWork = await admissions.CountAtWorkAsync(cancellation);
        if (leftAtWork is { } before)
        {
            size.Note(before - atWork, Clock.GetElapsedTime(looked));
        }

        (looked, leftAtWork) = (Clock.GetTimestamp(), atWork);
        var room = size.Current - atWork;
        if (room <= 0)
        {
            return false;
        }

        var next = await queue.NextAsync(room, cancellation);
        if (next.Count == 0)
        {
            leftAtWork = null; // what is done while nobody waits says nothing of what could be done
            await window.WaitForQueuedAsync(Look, cancellation);
            return true;
        }

        var released = await ReleaseAsync(next, cancellation);
        leftAtWork = atWork + released;
        LogReleased(released, atWork, size.Current);
        return false;
    }

    private async Task<int> ReleaseAsync(IReadOnlyList<Decided<Guid, Admission>> next, CancellationToken cancellation)
    {
        var now = Clock.GetUtcNow();
        var firstCheck = TimeSpan.FromSeconds(options.Value.FirstCheckSeconds);
        var decisions = new List<(Decided<Guid, Admission>, Decision<Admission>)>(next.Count);
        foreach (var each in next)
        {
            var campaign = await campaigns.FindAsync(each.State.Campaign, each.State.CampaignVersion, cancellation)
                ?? throw new InvalidOperationException(
                    $"Asset {each.Id} was admitted under {each.State.Campaign}@{each.State.CampaignVersion}, which is not stored.");
            var released = each.State.Release(now, firstCheck);
            decisions.Add((each, new Decision<Admission>(released, released.ToEvent(each.Id, campaign.Definition))
            {
                TraceParent = released.TraceParent,
            }));
        }

        return (await admissions.Documents.StoreAsync(decisions, cancellation)).Count;
    }

    [LoggerMessage(1, LogLevel.Debug, "Released {Count} assets; {AtWork} were at work, of {Window} at most")]
    private partial void LogReleased(int count, int atWork, int window);
}
