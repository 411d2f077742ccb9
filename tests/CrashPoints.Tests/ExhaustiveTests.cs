using System.Diagnostics;

namespace Platform.CrashPoints.Tests;

/// <summary>Every fault at every step that anything reaches, one walk each; the list is printed and none is skipped.</summary>
public sealed class ExhaustiveTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_is_lost_or_doubled_whatever_goes_wrong_at_whichever_step()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PLATFORM_TEST_LONG") == "true",
            "Set PLATFORM_TEST_LONG=true to walk every fault at every step: some 550 walks take over five minutes.");
        var watch = Stopwatch.StartNew();
        var tour = new Tour(worlds: Math.Max(6, Environment.ProcessorCount), output.WriteLine);
        await tour.RecordAsync();
        output.WriteLine($"recorded after {watch.Elapsed.TotalSeconds:0} s");
        await tour.WalkAllAsync();

        var report = Report.Write(
            "crash-points.txt",
            [
                $"{tour.Steps.Count} steps, {tour.Walked.Count} walks, {tour.Deaths} processes killed, "
                    + $"{tour.Unreached.Count} unreached, {tour.Failed.Count} failed, {watch.Elapsed.TotalSeconds:0} s",
                .. tour.Failed.Select(each => $"FAILED    {each.Stop}\n{each.Lack}"),
                .. tour.Unreached.Select(stop => $"UNREACHED {stop}"),
                .. tour.Walked.Select(stop => $"walked    {stop}").Order(StringComparer.Ordinal),
            ]);
        output.WriteLine(report);
        Assert.True(tour.Failed.IsEmpty && tour.Unreached.IsEmpty, report);
        Assert.Equal(tour.Steps, tour.Walked.Select(stop => stop.Faults[^1].At).Distinct().Order());
    }
}

/// <summary>What a test found, kept beside the other results.</summary>
internal static class Report
{
    public static string Write(string file, IEnumerable<string> lines)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
        {
            folder = folder.Parent;
        }

        var text = string.Join('\n', lines);
        var results = Directory.CreateDirectory(
            Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "tests", "results")).FullName;
        File.WriteAllText(Path.Combine(results, file), text + "\n");
        return text;
    }
}
