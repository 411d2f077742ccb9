using System.Diagnostics;
using Grpc.Core;
using Platform.Embedded;
using Platform.Grpc.Campaigns;

namespace Platform.Load;

/// <summary>How many assets are where, at one moment of a run.</summary>
internal readonly record struct Depth(double Seconds, Progress Progress, IReadOnlyDictionary<string, double> MemoryMiB)
{
    public long Ended => Progress.Minted + Progress.Rejected + Progress.Failed + Progress.Waiting;

    public long InFlight => Progress.Received - Ended;
}

/// <summary>Looks once a second how many assets are before each stage, and what memory the platform takes.</summary>
internal sealed class Depths(LoadPlatform platform, string campaign)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<Depth> seen = [];

    public IReadOnlyList<Depth> Seen => seen;

    public static IReadOnlyList<(string Stage, Func<Progress, long> Before)> Stages { get; } =
    [
        ("admission", progress => progress.Received - progress.Admitted),
        ("generation", progress => progress.Admitted - progress.Generated),
        ("moderation", progress => progress.Generated - progress.Approved),
        ("pinning", progress => progress.Approved - progress.Pinned),
        ("minting", progress => progress.Pinned - progress.Minted),
    ];

    /// <summary>Looks until it is told to end.</summary>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        using var tick = new PeriodicTimer(Pause);
        while (!cancellation.IsCancellationRequested)
        {
            await LookAsync();
            try
            {
                await tick.WaitForNextTickAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Waits until all that was received has ended.</summary>
    public async Task DrainAsync(long expected, TimeSpan patience, CancellationToken cancellation)
    {
        var begin = clock.Elapsed;
        while (clock.Elapsed - begin < patience)
        {
            if (await AskAsync(platform.Api, campaign) is { } progress)
            {
                var depth = new Depth(clock.Elapsed.TotalSeconds, progress, platform.Meter.Memory());
                if (progress.Received >= expected && depth.InFlight == 0)
                {
                    return;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        }

        throw new LoadInputException($"Not all of {expected} assets of {campaign} ended within {patience.TotalMinutes:0.#} minutes.");
    }

    /// <returns>Null while nobody answers, as when a service was killed.</returns>
    public static async Task<Progress?> AskAsync(PlatformApi api, string campaign)
    {
        try
        {
            return await api.Campaigns.GetProgressAsync(
                new GetProgressRequest { Campaign = campaign }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10));
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private async Task LookAsync()
    {
        platform.Meter.Cpu();
        if (await AskAsync(platform.Api, campaign) is { } progress)
        {
            seen.Add(new Depth(clock.Elapsed.TotalSeconds, progress, platform.Meter.Memory()));
        }
    }
}
