using Spectre.Console;
using CampaignProgress = Platform.Grpc.Campaigns.Progress;

namespace Platform.Embedded;

/// <summary>How far the campaign is, seen at one moment.</summary>
internal sealed record Sight(CampaignProgress Progress, long Indexed, TimeSpan Elapsed, DateTimeOffset At)
{
    public bool IsOver(long expected) =>
        Progress.Minted + Progress.Rejected + Progress.Failed + Progress.Waiting + Progress.Stalled >= expected
        && Indexed >= Progress.Minted;

    /// <summary>Stage, count, and since when the oldest asset waits there for the next.</summary>
    public IEnumerable<(string Stage, long Count, TimeSpan? Oldest)> Rows()
    {
        yield return ("received", Progress.Received, Since("received"));
        yield return ("admitted", Progress.Admitted, Since("admitted"));
        yield return ("generated", Progress.Generated, Since("generated"));
        yield return ("approved", Progress.Approved, Since("approved"));
        yield return ("pinned", Progress.Pinned, Since("pinned"));
        yield return ("minted", Progress.Minted, null);
        yield return ("indexed", Indexed, null);
    }

    private TimeSpan? Since(string stage) =>
        Progress.Oldest.TryGetValue(stage, out var oldest) ? At - oldest.ToDateTimeOffset() : null;
}

/// <summary>The live table: one row a stage. Where there is no terminal, a line every two seconds.</summary>
internal sealed class ProgressView(IAnsiConsole console, long expected)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(2);

    public async Task ShowAsync(
        Func<CancellationToken, Task<Sight>> look, TimeProvider clock, CancellationToken cancellation)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            await ShowLinesAsync(look, clock, cancellation);
            return;
        }

        await console.Live(new Table()).StartAsync(async live =>
        {
            while (true)
            {
                var sight = await look(cancellation);
                live.UpdateTarget(ToTable(sight));
                live.Refresh();
                if (sight.IsOver(expected))
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), clock, cancellation);
            }
        });
    }

    private async Task ShowLinesAsync(
        Func<CancellationToken, Task<Sight>> look, TimeProvider clock, CancellationToken cancellation)
    {
        var lastLine = TimeSpan.FromSeconds(-10);
        while (true)
        {
            var sight = await look(cancellation);
            if (sight.Elapsed - lastLine > LineEvery || sight.IsOver(expected))
            {
                lastLine = sight.Elapsed;
                console.Profile.Width = int.MaxValue;
                console.WriteLine(string.Join("  ", sight.Rows().Select(row => $"{row.Stage} {row.Count}")));
            }

            if (sight.IsOver(expected))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), clock, cancellation);
        }
    }

    private static Table ToTable(Sight sight)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("stage");
        table.AddColumn(new TableColumn("assets").RightAligned());
        table.AddColumn(new TableColumn("a second").RightAligned());
        table.AddColumn(new TableColumn("oldest waiting").RightAligned());
        foreach (var (stage, count, oldest) in sight.Rows())
        {
            var rate = sight.Elapsed.TotalSeconds < 0.5 ? "" : $"{count / sight.Elapsed.TotalSeconds:F1}";
            table.AddRow(stage, $"{count}", rate, oldest is { } waits ? $"{Math.Max(0, waits.TotalSeconds):F1} s" : "");
        }

        if (sight.Progress.Rejected + sight.Progress.Failed + sight.Progress.Waiting + sight.Progress.Stalled > 0)
        {
            table.Caption($"rejected {sight.Progress.Rejected}, failed {sight.Progress.Failed}, "
                + $"waiting for a person {sight.Progress.Waiting}, stalled {sight.Progress.Stalled}");
        }

        return table;
    }
}
