using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HdrHistogram;

namespace Platform.Load;

/// <summary>A line of a picture: values over seconds, or over another axis.</summary>
internal sealed record Series(string Name, IReadOnlyList<Point> Points);

internal readonly record struct Point(double X, double Y);

/// <summary>One diagram of a picture.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Series">At most eight, which colours tell apart.</param>
/// <param name="Percentiles">Whether the axis is percentiles, drawn by nines, instead of seconds.</param>
/// <param name="Logarithmic">Whether values are drawn by their logarithm.</param>
internal sealed record Panel(
    string Title, string Unit, IReadOnlyList<Series> Series, bool Percentiles = false, bool Logarithmic = false);

/// <summary>What a scenario came to: figures, diagrams, and a verdict on the whole.</summary>
internal sealed class LoadResult(string scenario, string mode, string generator)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly List<(string Name, object Value)> figures = [];
    private readonly List<Panel> panels = [];

    public string Title => $"{scenario}, {mode}, generator {generator}";

    public IReadOnlyList<(string Name, object Value)> Figures => figures;

    public IReadOnlyList<Panel> Panels => panels;

    public void Say(string name, object value)
    {
        figures.Add((name, value is double number ? Math.Round(number, 3) : value));
        Console.Error.WriteLine($"  {name,-34} {Show(figures[^1].Value)}");
    }

    public void Draw(Panel panel) => panels.Add(panel);

    /// <summary>Percentiles as figures, and two diagrams: by percentile, and second by second.</summary>
    public void SayLatencies(OpenLoop loop)
    {
        foreach (var percentile in (ReadOnlySpan<double>)[50, 90, 99, 99.9])
        {
            Say($"latency p{percentile.ToString(CultureInfo.InvariantCulture)} ms", Percentile(loop.Latencies, percentile));
        }

        Say("latency max ms", loop.Latencies.GetMaxValue() / 1e3);
        Say("publisher's own lateness ms", loop.MostBehind.TotalMilliseconds);
        Draw(new Panel("Latency from the moment a request was due, by percentile", "ms", [new Series("all", ByPercentile(loop))],
            Percentiles: true, Logarithmic: true));
        var seconds = loop.EachSecond.Select((histogram, second) => (histogram, second)).Where(each => each.histogram.TotalCount > 0).ToList();
        if (seconds.Count > 1)
        {
            Draw(new Panel(
                "Latency, second by second",
                "ms",
                [
                    .. new[] { 50d, 99, 100 }.Select(percentile => new Series(
                        percentile == 100 ? "max" : $"p{percentile:0}",
                        [.. seconds.Select(each => new Point(each.second, Percentile(each.histogram, percentile)))])),
                ],
                Logarithmic: true));
        }
    }

    /// <summary>Queue depths before each stage, and the memory of the processes, second by second.</summary>
    public void DrawDepths(IReadOnlyList<Depth> seen)
    {
        if (seen.Count < 2)
        {
            return;
        }

        Draw(new Panel(
            "Assets before each stage",
            "assets",
            [.. Depths.Stages.Select(stage => new Series(
                stage.Stage, [.. seen.Select(depth => new Point(depth.Seconds, stage.Before(depth.Progress)))]))]));
        Draw(new Panel(
            "Assets ended a second",
            "assets/s",
            [
                new Series("ended", [.. seen.Zip(seen.Skip(1), (before, after) => new Point(
                    after.Seconds, (after.Ended - before.Ended) / Math.Max(0.1, after.Seconds - before.Seconds)))]),
            ]));
        var names = seen.SelectMany(depth => depth.MemoryMiB.Keys).Distinct().Order(StringComparer.Ordinal).Take(8);
        Draw(new Panel(
            "Resident memory",
            "MiB",
            [.. names.Select(name => new Series(
                name, [.. seen.Select(depth => new Point(depth.Seconds, depth.MemoryMiB.GetValueOrDefault(name)))]))]));
    }

    /// <summary>CPU of the platform's own processes an asset, and of the servers it stands on, apart.</summary>
    public void SayCpu(
        IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after, long assets, string phase = "")
    {
        var used = after.ToDictionary(each => each.Key, each => each.Value - before.GetValueOrDefault(each.Key));
        var own = used.Where(each => !ProcessMeter.IsServer(each.Key)).Sum(each => each.Value);
        Say($"{phase}CPU ms an asset", own * 1_000 / Math.Max(1, assets));
        foreach (var (name, seconds) in used.Where(each => each.Key != "platform"))
        {
            Say($"{phase}CPU ms an asset of {name}", seconds * 1_000 / Math.Max(1, assets));
        }
    }

    /// <summary>Writes figures and picture, and prints where.</summary>
    public async Task SaveAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var name = $"{scenario}-{mode}-{generator}".Replace(' ', '-');
        var path = Path.Combine(folder, name);
        var result = new
        {
            scenario,
            mode,
            generator,
            machine = new { cores = Environment.ProcessorCount, memoryMiB = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20 },
            figures = figures.ToDictionary(figure => figure.Name, figure => figure.Value),
            panels,
        };
        await File.WriteAllBytesAsync($"{path}.json", JsonSerializer.SerializeToUtf8Bytes(result, Format));
        await File.WriteAllBytesAsync($"{path}.png", Picture.Draw(this));
        Console.Error.WriteLine($"  saved {path}.json and .png");
        Console.WriteLine(JsonSerializer.Serialize(result.figures));
    }

    public static string Show(object value) => value switch
    {
        double number => number.ToString(Math.Abs(number) >= 100 ? "#,0" : "0.###", CultureInfo.InvariantCulture),
        long number => number.ToString("#,0", CultureInfo.InvariantCulture),
        int number => number.ToString("#,0", CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static double Percentile(HistogramBase histogram, double percentile) =>
        histogram.GetValueAtPercentile(percentile) / 1e3;

    private static IReadOnlyList<Point> ByPercentile(OpenLoop loop)
    {
        var points = new List<Point>();
        for (var nines = 0d; nines <= Math.Log10(Math.Max(10, loop.Latencies.TotalCount)); nines += 0.05)
        {
            points.Add(new Point(nines, Percentile(loop.Latencies, 100 * (1 - Math.Pow(10, -nines)))));
        }

        return points;
    }
}
