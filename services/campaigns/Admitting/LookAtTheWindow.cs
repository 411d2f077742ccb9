using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Looks how much room there is at work and how much waits, so that events are let in or refused without asking.</summary>
internal sealed class LookAtTheWindow(
    Admissions admissions, AdmissionWindow window, WindowSize size, DiskBudget disk, TimeProvider clock,
    ILogger<LookAtTheWindow> logger) : Forever(clock, logger)
{
    /// <summary>More than these are not counted at each look.</summary>
    private const long Few = 5_000;

    private static readonly TimeSpan BetweenCounts = TimeSpan.FromSeconds(5);

    private long counted;

    private long waiting;

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(250);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        // What waits is asked first: whatever starts to wait meanwhile is barred by the room that is gone.
        var interactive = await admissions.IsAnyQueuedAsync(Lane.Interactive, cancellation);
        var bulk = await admissions.IsAnyQueuedAsync(Lane.Bulk, cancellation);
        window.Know(size.Current - await admissions.CountAtWorkAsync(cancellation), interactive, bulk);

        if (waiting <= Few || Clock.GetElapsedTime(counted) >= BetweenCounts)
        {
            waiting = interactive || bulk ? await admissions.CountQueuedAsync(cancellation) : 0;
            counted = Clock.GetTimestamp();
            disk.Know(waiting, bulk ? await admissions.MeasureQueuedAsync(cancellation) : null);
        }

        return false;
    }
}
