namespace Platform.Load;

/// <summary>Which share of its service's work each replica took, by the CPU time it spent on it.</summary>
internal static class ReplicasScenario
{
    public static async Task<bool> RunAsync(Run run)
    {
        var events = run.Options.Whole("events", 4_000);
        await run.WarmUpAsync(run.Options.Whole("warm-up", 1_000));
        var campaign = await run.ACampaignAsync("replicas");
        var depths = new Depths(run.Platform, campaign);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var watch = depths.WatchAsync(watching.Token);
        var before = run.Platform.Meter.CpuOfEach();
        var all = run.Platform.Meter.Cpu();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, events),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = run.Cancellation },
            async (number, stop) => await run.Publisher.SendAsync(campaign, number, stop));
        await run.DrainAsync(campaign, events);
        run.Result.Say("assets", events);
        run.Result.Say("assets/s", events / depths.Seen[^1].Seconds);
        SayShares(run, before);
        run.Result.SayCpu(all, run.Platform.Meter.Cpu(), events);
        await watching.CancelAsync();
        await watch;
        run.Result.DrawDepths(depths.Seen);
        return await run.AuditAsync();
    }

    private static void SayShares(Run run, IReadOnlyDictionary<(string Name, int Pid), double> before)
    {
        var used = run.Platform.Meter.CpuOfEach()
            .Select(each => (each.Key.Name, Seconds: each.Value - before.GetValueOrDefault(each.Key)));
        foreach (var service in used.GroupBy(each => each.Name).Where(group => group.Count() > 1))
        {
            var whole = Math.Max(1e-9, service.Sum(each => each.Seconds));
            run.Result.Say($"share of {service.Key}", string.Join(" : ", service.Select(each => $"{each.Seconds / whole:P0}")));
        }
    }
}
