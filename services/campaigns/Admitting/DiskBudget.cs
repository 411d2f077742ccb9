using Microsoft.Extensions.Options;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Decides whether more events may wait: within the disk budget always, past it never.</summary>
/// <remarks>
/// What waits is counted now and then; between two counts what was stored here is added. So replicas together may store
/// a few seconds' events too many, which is what the free space is for.
/// </remarks>
internal sealed class DiskBudget(
    IOptions<CampaignsOptions> options, IOptions<PlatformOptions> platform, TimeProvider clock)
{
    private const long MiB = 1024 * 1024;

    /// <summary>An admission's document before any was measured.</summary>
    private const long UsualBytes = 1_500;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan Unknown = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();

    private readonly DriveInfo volume = new(Path.GetFullPath(platform.Value.Data));

    private long waiting;

    private long added;

    private long bytesEach = UsualBytes;

    private double? drain;

    private long? counted;

    private long Limit => options.Value.DiskBudgetMiB * MiB / (2 * bytesEach); // as much again for the indexes

    /// <summary>Takes space for events that are to wait; else says when there may be some.</summary>
    public TimeSpan? TryTake(int events)
    {
        var free = volume.AvailableFreeSpace; // a few microseconds: the kernel knows it
        lock (gate)
        {
            if (free < options.Value.FreeDiskMiB * MiB)
            {
                return Unknown;
            }

            var over = events == 0 ? 0 : waiting + added + events - Limit;
            if (over > 0)
            {
                return After(over);
            }

            added += events;
            return null;
        }
    }

    /// <summary>What a count found.</summary>
    /// <param name="documentBytes">Of one that waits, on average; null where none does.</param>
    public void Know(long nowWaiting, long? documentBytes)
    {
        lock (gate)
        {
            if (counted is { } before && clock.GetElapsedTime(before) is { TotalSeconds: > 0.2 } elapsed && waiting > 0)
            {
                // Other replicas' additions are missing here, so it errs on the slow side, which only makes a publisher wait.
                var rate = Math.Max(0, waiting + added - nowWaiting) / elapsed.TotalSeconds;
                drain = drain is { } earlier ? (0.7 * earlier) + (0.3 * rate) : rate;
            }

            counted = clock.GetTimestamp();
            waiting = nowWaiting;
            added = 0;
            bytesEach = documentBytes ?? bytesEach;
        }
    }

    private TimeSpan After(long events)
    {
        if (drain is not > 0)
        {
            return Unknown;
        }

        var seconds = Math.Ceiling(events / drain.Value);
        return seconds < 1 ? TimeSpan.FromSeconds(1) : seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
    }
}
