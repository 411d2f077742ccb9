using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Load;

/// <summary>Minutes of load in which processes are killed at random; what is left must be whole, and memory level.</summary>
internal static class SoakScenario
{
    public static async Task<bool> RunAsync(Run run)
    {
        var (rate, minutes) = (run.Options.Number("rate", 20), run.Options.Number("minutes", 10));
        var seed = run.Options.Whole("seed", 1);
        await run.WarmUpAsync(run.Options.Whole("warm-up", 200));
        var campaign = await run.ACampaignAsync("soak");
        var loop = new OpenLoop(rate, (int)(rate * minutes * 60));
        var depths = new Depths(run.Platform, campaign);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var watch = depths.WatchAsync(watching.Token);
        var before = run.Platform.Meter.Cpu();
        using var killing = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var kills = KillAsync(run, run.Options.Whole("kills", 30), TimeSpan.FromMinutes(minutes), seed, killing.Token);
        await loop.RunAsync((number, stop) => run.Publisher.SendAsync(campaign, number, stop), run.Cancellation);
        await killing.CancelAsync();
        run.Result.Say("seed", seed);
        run.Result.Say("killed", await kills);
        run.Result.Say("rate asked, events/s", rate);
        run.Result.Say("acknowledged", loop.Acknowledged);
        run.Result.Say("faults seen by the publisher", run.Publisher.Faults);
        run.Result.SayLatencies(loop);
        await run.DrainAsync(campaign, loop.Acknowledged);
        await watching.CancelAsync();
        await watch;
        run.Result.SayCpu(before, run.Platform.Meter.Cpu(), loop.Acknowledged);
        SaySlopes(run.Result, depths.Seen);
        run.Result.DrawDepths(depths.Seen);
        return await run.AuditAsync();
    }

    /// <summary>Kills services at moments that the seed alone decides, spread over the time; whoever supervises starts them again.</summary>
    private static async Task<string> KillAsync(Run run, int kills, TimeSpan over, int seed, CancellationToken cancellation)
    {
        var killed = new Dictionary<string, int>(StringComparer.Ordinal);
        var apart = run.Platform.Meter.Processes().Where(IsService).ToList();
        for (var kill = 0; kill < kills && apart.Count > 0; kill++)
        {
            await Task.Delay(over / (kills + 1), cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            var living = run.Platform.Meter.Processes().Where(IsService).ToList();
            var (name, pid) = living[(int)(Draw(seed, kill) % (uint)living.Count)];
            using var signal = Process.Start("kill", ["-KILL", $"{pid}"]);
            await signal.WaitForExitAsync(CancellationToken.None);
            killed[name] = killed.GetValueOrDefault(name) + 1;
        }

        return apart.Count == 0
            ? "none: one process has nobody to start it again"
            : $"{killed.Values.Sum()} ({string.Join(", ", killed.Select(each => $"{each.Value} {each.Key}"))})";
    }

    private static bool IsService((string Name, int Pid) process) =>
        !ProcessMeter.IsServer(process.Name) && process.Name is not ("platform" or "supervisor and database");

    private static uint Draw(int seed, int number) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.ASCII.GetBytes($"{seed}/{number}")));

    /// <summary>Least squares over the last three quarters: a start's growth is no leak.</summary>
    private static void SaySlopes(LoadResult result, IReadOnlyList<Depth> seen)
    {
        var settled = seen.Skip(seen.Count / 4).ToList();
        foreach (var name in settled.SelectMany(depth => depth.MemoryMiB.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var points = settled.Where(depth => depth.MemoryMiB.ContainsKey(name))
                .Select(depth => new Point(depth.Seconds / 60, depth.MemoryMiB[name])).ToList();
            result.Say($"memory of {name}, MiB/minute", Slope(points));
        }
    }

    private static double Slope(List<Point> points)
    {
        if (points.Count < 2)
        {
            return 0;
        }

        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var spread = points.Sum(point => (point.X - x) * (point.X - x));
        return spread == 0 ? 0 : points.Sum(point => (point.X - x) * (point.Y - y)) / spread;
    }
}
