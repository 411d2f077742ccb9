namespace Platform.Load;

/// <summary>Acknowledgements alone: how soon an accepted event is answered, steadily and in one burst.</summary>
internal static class IngestScenario
{
    private const double MostMilliseconds = 50;

    public static async Task<bool> RunAsync(Run run)
    {
        var rate = run.Options.Number("rate", 200);
        var loop = new OpenLoop(rate, (int)(rate * run.Options.Number("minutes", 5) * 60));
        await MeasureAsync(run, loop, rate);
        var p99 = loop.Latencies.GetValueAtPercentile(99) / 1e3;
        run.Result.Say("p99 under 50 ms", p99 < MostMilliseconds ? "yes" : "no");
        return await FinishAsync(run) && p99 < MostMilliseconds;
    }

    public static async Task<bool> BurstAsync(Run run)
    {
        var events = run.Options.Whole("events", 5_000);
        var loop = new OpenLoop(events, events);
        await MeasureAsync(run, loop, events);
        return await FinishAsync(run) && run.Publisher is { Refused: 0, Faults: 0 };
    }

    private static async Task MeasureAsync(Run run, OpenLoop loop, double rate)
    {
        await run.WarmUpAsync(run.Options.Whole("warm-up", 1_000));
        var campaign = await run.ACampaignAsync("ingest");
        var depths = new Depths(run.Platform, campaign);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var watch = depths.WatchAsync(watching.Token);
        var before = run.Platform.Meter.Cpu();
        await loop.RunAsync((number, stop) => run.Publisher.SendAsync(campaign, number, stop), run.Cancellation);

        run.Result.Say("rate asked, events/s", rate);
        run.Result.Say("acknowledged", loop.Acknowledged);
        run.Result.Say("seconds until the last answer", loop.Took.TotalSeconds);
        run.Result.Say("refused (429)", run.Publisher.Refused);
        run.Result.Say("faults seen by the publisher", run.Publisher.Faults);
        run.Result.SayLatencies(loop);
        await run.DrainAsync(campaign, loop.Acknowledged);
        run.Result.SayCpu(before, run.Platform.Meter.Cpu(), loop.Acknowledged);
        await watching.CancelAsync();
        await watch;
        run.Result.DrawDepths(depths.Seen);
    }

    private static Task<bool> FinishAsync(Run run) => run.AuditAsync();
}
