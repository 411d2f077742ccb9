using System.Diagnostics;

namespace Platform.Composer.Tests;

/// <summary>Contact sheets for the eye: set COMPOSER_SHEET_DIR, and optionally COMPOSER_SHEET_FAMILY, _ROUND, _FULL, _WILD, _CONTROLS.</summary>
public sealed class SheetTests(ITestOutputHelper output)
{
    private const int Cells = 24;

    [Fact]
    public void Writes_contact_sheets_where_asked()
    {
        var folder = Environment.GetEnvironmentVariable("COMPOSER_SHEET_DIR");
        if (string.IsNullOrEmpty(folder))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var round = Environment.GetEnvironmentVariable("COMPOSER_SHEET_ROUND") ?? "a";
        var brand = Environment.GetEnvironmentVariable("COMPOSER_SHEET_WILD") is null ? 0 : Pictures.Wild;
        var only = Environment.GetEnvironmentVariable("COMPOSER_SHEET_FAMILY");
        var families = only is null ? HouseArtist.Families : only.Split(',');
        foreach (var family in families)
        {
            var pictures = Enumerable.Range(0, Cells)
                .Select(i => (ReadOnlyMemory<byte>)Pictures.Draw($"{round}/{family}/{i}", Pictures.ABrief(family, brand + i, i + (i / 8), 320)))
                .ToList();
            File.WriteAllBytes(Path.Combine(folder, $"{family}.png"), Renderer.ContactSheet(pictures, 6, 320));
            if (Environment.GetEnvironmentVariable("COMPOSER_SHEET_CONTROLS") is not null)
            {
                // Density grows downwards, energy to the right.
                var controls = Enumerable.Range(0, 16)
                    .Select(i => (ReadOnlyMemory<byte>)Pictures.Draw(
                        $"{round}/{family}", Pictures.ABrief(family, 0, 2, 240) with { Density = i / 4, Energy = i % 4 }))
                    .ToList();
                File.WriteAllBytes(Path.Combine(folder, $"{family}-controls.png"), Renderer.ContactSheet(controls, 4, 240));
            }
        }
    }

    [Fact]
    public void Writes_full_size_pictures_where_asked()
    {
        var folder = Environment.GetEnvironmentVariable("COMPOSER_SHEET_DIR");
        var full = Environment.GetEnvironmentVariable("COMPOSER_SHEET_FULL");
        if (string.IsNullOrEmpty(folder) || string.IsNullOrEmpty(full))
        {
            return;
        }

        var round = Environment.GetEnvironmentVariable("COMPOSER_SHEET_ROUND") ?? "a";
        foreach (var wanted in full.Split(','))
        {
            var (family, i) = (wanted.Split(':')[0], int.Parse(wanted.Split(':')[1]));
            var brief = Pictures.ABrief(family, i, i + (i / 8), 1024);
            var watch = Stopwatch.StartNew();
            var score = HouseArtist.Compose(Pictures.Seed($"{round}/{family}/{i}"), brief);
            var composed = watch.ElapsedMilliseconds;
            var png = Renderer.RenderPng(score, brief);
            output.WriteLine($"{wanted}: {score.Rows.Count} rows, composed {composed} ms, drawn {watch.ElapsedMilliseconds - composed} ms, {png.Length / 1024} KiB");
            File.WriteAllBytes(Path.Combine(folder, $"{family}-{i}.png"), png);
        }
    }

    [Fact]
    public void Tells_what_a_picture_costs_where_asked()
    {
        if (Environment.GetEnvironmentVariable("COMPOSER_SHEET_COST") is null)
        {
            return;
        }

        foreach (var family in HouseArtist.Families)
        {
            var brief = Pictures.ABrief(family, 0, 0, 1024);
            Pictures.Draw("warm", brief);
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            var scores = Enumerable.Range(0, 6).Select(i => HouseArtist.Compose(Pictures.Seed($"cost {i}"), brief)).ToList();
            var composed = Process.GetCurrentProcess().TotalProcessorTime;
            var bytes = scores.Sum(score => Renderer.RenderPng(score, brief).Length) / 6 / 1024;
            var drawn = Process.GetCurrentProcess().TotalProcessorTime;
            output.WriteLine(
                $"{family}: compose {(composed - before).TotalMilliseconds / 6:F0} ms, draw {(drawn - composed).TotalMilliseconds / 6:F0} ms CPU, {bytes} KiB");
        }
    }
}
