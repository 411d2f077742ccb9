using Platform.Auditor;

namespace Platform.Load;

/// <summary>One scenario on one platform.</summary>
internal sealed class Run
{
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(20);

    public required LoadOptions Options { get; init; }

    public required LoadPlatform Platform { get; init; }

    public required Publisher Publisher { get; init; }

    public required LoadResult Result { get; init; }

    public required CancellationToken Cancellation { get; init; }

    /// <summary>A campaign that exists, by a name that no earlier run on the same data folder had.</summary>
    public async Task<string> ACampaignAsync(string name)
    {
        var unique = $"{name}-{Guid.CreateVersion7().ToString("N")[..12]}";
        await LoadCampaign.PublishAsync(Platform.Api, unique);
        return unique;
    }

    /// <summary>Code, connections and collection ready before anything is measured.</summary>
    public async Task WarmUpAsync(int events)
    {
        if (events == 0)
        {
            return;
        }

        var campaign = await ACampaignAsync("warm-up");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, events),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Cancellation },
            async (number, stop) => await Publisher.SendAsync(campaign, number, stop));
        await DrainAsync(campaign, events);
    }

    public Task DrainAsync(string campaign, long events) =>
        new Depths(Platform, campaign).DrainAsync(events, DrainPatience, Cancellation);

    /// <summary>The auditor's word on everything that was acknowledged.</summary>
    public async Task<bool> AuditAsync()
    {
        if (Options.Has("no-audit"))
        {
            return true;
        }

        var report = await Platform.AuditAsync(Publisher.Answers, DrainPatience, Cancellation);
        foreach (var name in (ReadOnlySpan<string>)["accepted", "minted", "tokens", "lost", "doubled", "orphans"])
        {
            Result.Say($"audit: {name}", report[name]);
        }

        Result.Say("audit", report.Holds ? "nothing differs" : string.Join(", ", report.Kinds.Select(kind => $"{kind.Value} {kind.Key}")));
        if (!report.Holds)
        {
            await Console.Error.WriteLineAsync(AuditPrinter.ToText(report));
        }

        return report.Holds;
    }
}
