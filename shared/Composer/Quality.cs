using SkiaSharp;

namespace Platform.Composer;

/// <summary>What can be measured of a picture, each 0..1 unless said otherwise.</summary>
public sealed record QualityReport
{
    /// <summary>Share of the picture that is not its commonest colour.</summary>
    public required double Coverage { get; init; }

    /// <summary>Share of pixels on an edge.</summary>
    public required double EdgeDensity { get; init; }

    /// <summary>Lightness between the fifth and the ninety-fifth percentile (OKLab).</summary>
    public required double Contrast { get; init; }

    /// <summary>How even the ink is between left and right, above and below; 1 is even.</summary>
    public required double Balance { get; init; }

    /// <summary>The edge density of the emptiest quadrant: near zero, and a part is empty.</summary>
    public required double EmptiestQuadrant { get; init; }

    /// <summary>Distinct colours of at least one percent.</summary>
    public required int Colours { get; init; }

    /// <summary>64-bit difference hash; near duplicates differ in at most 6 bits.</summary>
    public required ulong DHash { get; init; }

    public bool IsAcceptable => Coverage >= 0.12 && EdgeDensity is >= 0.012 and <= 0.45 && Contrast >= 0.18
        && Colours >= 3;
}

/// <summary>Judges pictures by measure, on a rendering of 128 pixels a side.</summary>
public static class Quality
{
    internal const double Good = 0.9;

    private const int Side = 128;

    public static QualityReport Measure(ReadOnlyMemory<byte> png)
    {
        using var image = SKBitmap.Decode(png.Span) ?? throw new ArgumentException("Not an image.", nameof(png));
        using var small = image.Resize(
            new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return Measure(small);
    }

    /// <summary>Bits in which two difference hashes differ.</summary>
    public static int Distance(ulong a, ulong b) => System.Numerics.BitOperations.PopCount(a ^ b);

    /// <summary>0..1 for the artist's own choice among candidates.</summary>
    internal static double Grade(Score score, Brief brief)
    {
        using var bitmap = Renderer.Draw(score, brief with { Size = Side });
        var report = Measure(bitmap);
        var grade = 1.0;
        grade -= Shortfall(report.Coverage, 0.22) * 0.6;
        grade -= Shortfall(report.EdgeDensity, 0.03) * 0.5;
        grade -= Shortfall(report.Contrast, 0.28) * 0.9;
        grade -= Shortfall(report.Balance, 0.45) * 0.3;
        grade -= Math.Max(0, report.EdgeDensity - 0.4) * 4;
        grade -= report.Colours < 4 ? 0.1 : 0;
        return grade;
    }

    internal static QualityReport Measure(SKBitmap bitmap)
    {
        var light = new double[Side * Side];
        var bins = new Dictionary<int, int>();
        using var map = bitmap.PeekPixels();
        var pixels = map.GetPixelSpan<byte>();
        for (var i = 0; i < light.Length; i++)
        {
            var at = (i / Side * map.RowBytes) + (i % Side * 4);
            var (r, g, b) = (pixels[at], pixels[at + 1], pixels[at + 2]);
            light[i] = Lightness(r, g, b);
            var bin = ((r + 8) / 20 * 400) + ((g + 8) / 20 * 20) + ((b + 8) / 20);
            bins[bin] = bins.GetValueOrDefault(bin) + 1;
        }

        var edges = Edges(pixels, map.RowBytes);
        var sorted = (double[])light.Clone();
        Array.Sort(sorted);
        var total = (double)light.Length;
        return new()
        {
            Coverage = 1 - (bins.Values.Max() / total),
            EdgeDensity = edges.Average(),
            Contrast = sorted[(int)(total * 0.95)] - sorted[(int)(total * 0.05)],
            Balance = BalanceOf(edges),
            EmptiestQuadrant = Quadrants(edges).Min(),
            Colours = bins.Values.Count(count => count > total * 0.01),
            DHash = Hash(light),
        };
    }

    private static double Shortfall(double value, double wanted) => value >= wanted ? 0 : (wanted - value) / wanted;

    private static double Lightness(byte r, byte g, byte b) => Oklab.FromRgb(new(r, g, b)).L;

    private static double[] Edges(ReadOnlySpan<byte> pixels, int stride)
    {
        var edges = new double[Side * Side];
        for (var y = 0; y < Side - 1; y++)
        {
            for (var x = 0; x < Side - 1; x++)
            {
                var at = (y * stride) + (x * 4);
                edges[(y * Side) + x] =
                    Step(pixels, at, at + 4) + Step(pixels, at, at + stride) > 72 ? 1 : 0;
            }
        }

        return edges;
    }

    private static int Step(ReadOnlySpan<byte> pixels, int a, int b) => Math.Abs(pixels[a] - pixels[b])
        + Math.Abs(pixels[a + 1] - pixels[b + 1]) + Math.Abs(pixels[a + 2] - pixels[b + 2]);

    private static double[] Quadrants(double[] edges)
    {
        var quadrants = new double[4];
        for (var i = 0; i < edges.Length; i++)
        {
            quadrants[(i / Side >= Side / 2 ? 2 : 0) + (i % Side >= Side / 2 ? 1 : 0)] += edges[i];
        }

        return [.. quadrants.Select(sum => sum * 4 / edges.Length)];
    }

    private static double BalanceOf(double[] edges)
    {
        var q = Quadrants(edges);
        static double Even(double a, double b) => a + b < 1e-9 ? 0 : 1 - (Math.Abs(a - b) / (a + b));
        return Math.Min(Even(q[0] + q[2], q[1] + q[3]), Even(q[0] + q[1], q[2] + q[3]));
    }

    private static ulong Hash(double[] light)
    {
        var cells = new double[9 * 8];
        for (var i = 0; i < light.Length; i++)
        {
            cells[(i / Side * 8 / Side * 9) + (i % Side * 9 / Side)] += light[i];
        }

        var hash = 0UL;
        for (var i = 0; i < 64; i++)
        {
            var at = (i / 8 * 9) + (i % 8);
            hash = (hash << 1) | (cells[at] > cells[at + 1] ? 1UL : 0);
        }

        return hash;
    }
}
