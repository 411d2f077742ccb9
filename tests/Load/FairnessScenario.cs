using System.Diagnostics;

namespace Platform.Load;

/// <summary>How much longer a small campaign takes because a large one was started with it.</summary>
internal static class FairnessScenario
{
    private const double MostTimes = 3;
    private const int LargeAtATime = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public static async Task<bool> RunAsync(Run run)
    {
        var (large, small) = (run.Options.Whole("events", 20_000), run.Options.Whole("small", 20));
        await run.WarmUpAsync(run.Options.Whole("warm-up", 1_000));
        var alone = await SmallAsync(run, await run.ACampaignAsync("alone"), small);
        run.Result.Say("alone, seconds", alone.TotalSeconds);

        var big = await run.ACampaignAsync("large");
        var beside = await run.ACampaignAsync("small");
        var depths = new Depths(run.Platform, big);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var watch = depths.WatchAsync(watching.Token);
        var clock = Stopwatch.StartNew();
        var flood = Parallel.ForEachAsync(
            Enumerable.Range(0, large),
            new ParallelOptions { MaxDegreeOfParallelism = LargeAtATime, CancellationToken = run.Cancellation },
            async (number, stop) => await run.Publisher.SendAsync(big, number, stop));
        // Started with it, and not before it: a tenth of the large one's events are in.
        await UntilAsync(run, big, large / 10);
        run.Result.Say("large events in when the small began", (await Depths.AskAsync(run.Platform.Api, big))?.Received ?? -1);
        var together = await SmallAsync(run, beside, small);
        run.Result.Say("together, seconds", together.TotalSeconds);
        run.Result.Say("times as long", together / alone);
        await flood;
        run.Result.Say("large events in after, seconds", clock.Elapsed.TotalSeconds);
        await run.DrainAsync(big, large);
        run.Result.Say("large, seconds", clock.Elapsed.TotalSeconds);
        await watching.CancelAsync();
        await watch;
        run.Result.DrawDepths(depths.Seen);
        return await run.AuditAsync() && together / alone < MostTimes;
    }

    private static async Task<TimeSpan> SmallAsync(Run run, string campaign, int events)
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, events).Select(number => run.Publisher.SendAsync(campaign, number, run.Cancellation)));
        await run.DrainAsync(campaign, events);
        return clock.Elapsed;
    }

    private static async Task UntilAsync(Run run, string campaign, long received)
    {
        using var late = new CancellationTokenSource(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation, late.Token);
        while ((await Depths.AskAsync(run.Platform.Api, campaign))?.Received is not { } count || count < received)
        {
            await Task.Delay(50, either.Token);
        }
    }
}
