using System.Diagnostics;

namespace Platform.Load;

/// <summary>Capacity by a closed window, then minutes at a part of it, in which no queue may grow.</summary>
internal static class EndToEndScenario
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public static async Task<bool> RunAsync(Run run)
    {
        await run.WarmUpAsync(run.Options.Whole("warm-up", 1_000));
        var capacity = await CapacityAsync(run);
        run.Result.Say("capacity, assets/s", capacity);
        var isFlat = await SteadyAsync(run, capacity * run.Options.Number("at", 0.7));
        return await run.AuditAsync() && isFlat;
    }

    /// <summary>So many assets in flight all the time, and no more: what ends a second is all that can.</summary>
    private static async Task<double> CapacityAsync(Run run)
    {
        var window = run.Options.Whole("window", 1_500);
        var length = TimeSpan.FromSeconds(run.Options.Number("seconds", 60));
        var campaign = await run.ACampaignAsync("capacity");
        var before = run.Platform.Meter.Cpu();
        var clock = Stopwatch.StartNew();
        var sent = 0;
        var (begin, beginEnded) = (TimeSpan.Zero, 0L);
        var (end, ended) = (TimeSpan.Zero, 0L);
        while (end - begin < length)
        {
            if (await Depths.AskAsync(run.Platform.Api, campaign) is { } progress)
            {
                (end, ended) = (clock.Elapsed, new Depth(0, progress, new Dictionary<string, double>()).Ended);
                var first = sent;
                sent = (int)Math.Max(sent, ended + window);
                await Parallel.ForEachAsync(
                    Enumerable.Range(first, sent - first),
                    new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = run.Cancellation },
                    async (number, stop) => await run.Publisher.SendAsync(campaign, number, stop));
                if (begin == TimeSpan.Zero && ended >= window)
                {
                    (begin, beginEnded) = (end, ended); // the line is full: from here it counts
                }
            }

            await Task.Delay(Look, run.Cancellation);
        }

        await run.DrainAsync(campaign, sent);
        run.Result.Say("capacity: assets in flight", window);
        run.Result.SayCpu(before, run.Platform.Meter.Cpu(), sent, "capacity: ");
        return (ended - beginEnded) / (end - begin).TotalSeconds;
    }

    private static async Task<bool> SteadyAsync(Run run, double rate)
    {
        var minutes = run.Options.Number("minutes", 5);
        var campaign = await run.ACampaignAsync("steady");
        var loop = new OpenLoop(rate, (int)(rate * minutes * 60));
        var depths = new Depths(run.Platform, campaign);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var watch = depths.WatchAsync(watching.Token);
        var before = run.Platform.Meter.Cpu();
        await loop.RunAsync((number, stop) => run.Publisher.SendAsync(campaign, number, stop), run.Cancellation);
        var during = depths.Seen.ToList();
        await run.DrainAsync(campaign, loop.Acknowledged);
        await watching.CancelAsync();
        await watch;

        run.Result.Say("steady: events/s", rate);
        run.Result.Say("steady: minutes", minutes);
        run.Result.SayLatencies(loop);
        run.Result.Say("faults seen by the publisher", run.Publisher.Faults);
        run.Result.SayCpu(before, run.Platform.Meter.Cpu(), loop.Acknowledged);
        run.Result.DrawDepths(depths.Seen);
        return SayFlatness(run.Result, during, rate);
    }

    /// <summary>A queue is flat when what is in flight at the end is what was in flight after the start, give or take a second's arrivals.</summary>
    private static bool SayFlatness(LoadResult result, List<Depth> during, double rate)
    {
        var quarter = Math.Max(1, during.Count / 4);
        var early = during.Skip(quarter).Take(quarter).Select(depth => (double)depth.InFlight).DefaultIfEmpty(0).Average();
        var late = during.Skip(during.Count - quarter).Select(depth => (double)depth.InFlight).DefaultIfEmpty(0).Average();
        var isFlat = late - early < rate;
        result.Say("in flight, second quarter", early);
        result.Say("in flight, last quarter", late);
        result.Say("in flight, most", during.Select(depth => depth.InFlight).DefaultIfEmpty(0).Max());
        result.Say("queues", isFlat ? "flat" : "growing");
        return isFlat;
    }
}
