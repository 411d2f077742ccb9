using Microsoft.Extensions.Options;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Announces again what nothing was heard of for long, so that no lost message loses an asset.</summary>
/// <remarks>The request runs down the line to where the asset stopped; whoever has done its deed says so again.</remarks>
internal sealed partial class WatchTheClock(
    Admissions admissions,
    WebhookEndpoints webhooks,
    PublishedCampaigns campaigns,
    IAnnouncer announcer,
    IOptions<CampaignsOptions> options,
    IOptions<PlatformOptions> platform,
    TimeProvider clock,
    ILogger<WatchTheClock> logger) : Forever(clock, logger)
{
    private const int AtATime = 200;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    private bool woken;

    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        var now = Clock.GetUtcNow();
        if (!woken && platform.Value.Bus == "memory")
        {
            await admissions.WakeAllAsync(now, cancellation);
        }

        woken = true;
        var due = await admissions.DueAsync(now, AtATime, cancellation);
        foreach (var admission in due)
        {
            await CheckAsync(admission, now, cancellation);
        }

        return due.Count == AtATime;
    }

    private async Task CheckAsync(Decided<Guid, Admission> due, DateTimeOffset now, CancellationToken cancellation)
    {
        var inVain = due.State.Checks >= options.Value.ChecksInVain;
        var delay = TimeSpan.FromSeconds(options.Value.FirstCheckSeconds * Math.Pow(2, due.State.Checks));
        var outcome = inVain ? Outcome.Stalled : due.State.Outcome;
        var isTold = inVain && await webhooks.IsAnyAsync(cancellation);
        if (!await admissions.TryClaimAsync(
            due, now + (delay < LongestDelay ? delay : LongestDelay), outcome, isTold, cancellation))
        {
            return;
        }

        if (inVain)
        {
            LogStalled(due.Id, due.State.Checks);
            return;
        }

        var campaign = await campaigns.FindAsync(due.State.Campaign, due.State.CampaignVersion, cancellation)
            ?? throw new InvalidOperationException(
                $"Asset {due.Id} was admitted under {due.State.Campaign}@{due.State.CampaignVersion}, which is not stored.");
        await announcer.AnnounceAsync(
            due.State.ToEvent(due.Id, campaign.Definition),
            DerivedGuid.From($"{due.Id}|check|{due.State.NextCheckAt:O}"),
            due.State.TraceParent,
            cancellation);
    }

    [LoggerMessage(1, LogLevel.Warning, "Asset {AssetId} is stalled: asked {Checks} times without news")]
    private partial void LogStalled(Guid assetId, int checks);
}
