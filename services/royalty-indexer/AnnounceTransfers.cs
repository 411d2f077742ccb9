using Microsoft.Extensions.Options;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>Announces the feed's transfers to the platform's own services.</summary>
/// <remarks>Its position moves after the announcement: a crash between the two announces again.</remarks>
internal sealed class AnnounceTransfers(
    Checkpoints checkpoints,
    Feed feed,
    Deliveries deliveries,
    IAnnouncer announcer,
    IOptions<RoyaltyIndexerOptions> options,
    TimeProvider clock,
    Leases<RoyaltyIndexerService> leases,
    ILogger<AnnounceTransfers> logger) : Leased(leases, clock, logger)
{
    private const string Name = "bus";
    private const int AtATime = 200;

    protected override string LeaseName => "announce";

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(options.Value.PollMilliseconds);

    protected override async Task<bool> WorkAsync(Lease lease, CancellationToken cancellation)
    {
        var at = await checkpoints.ReadAsync(cancellation);
        var after = await deliveries.PositionAsync(Name, cancellation);
        var entries = await feed.AfterAsync(after, at.Sequence, AtATime, cancellation);
        foreach (var entry in entries.Where(each => each.IsTransfer))
        {
            await announcer.AnnounceAsync(
                entry.Transfer!.ToEvent(entry.ChainId), DerivedGuid.From(entry.EventId), traceParent: null, cancellation);
        }

        if (entries.Count > 0)
        {
            await deliveries.ArrivedAsync(Name, entries[^1].Id, cancellation);
        }

        return entries.Count == AtATime;
    }
}
