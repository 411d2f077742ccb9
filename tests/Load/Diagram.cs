using System.Globalization;
using SkiaSharp;

namespace Platform.Load;

/// <summary>Draws one diagram: axes with round numbers, a line a series, names at the right.</summary>
internal static class Diagram
{
    private static readonly SKColor[] Colours =
    [
        new(0x1B, 0x5E, 0x8C), new(0xC2, 0x54, 0x2D), new(0x2F, 0x7A, 0x4C), new(0x8E, 0x5B, 0xA8),
        new(0xD1, 0x93, 0x1E), new(0x3B, 0x9A, 0xA0), new(0xB0, 0x3A, 0x5B), new(0x6B, 0x66, 0x60),
    ];

    public static void Draw(Pen pen, Panel panel, SKRect area)
    {
        pen.Write($"{panel.Title} ({panel.Unit})", area.Left - 62, area.Top - 14, 15, Pen.Ink);
        var points = panel.Series.SelectMany(series => series.Points).ToList();
        if (points.Count == 0)
        {
            pen.Write("nothing was seen", area.Left, area.MidY, 14, Pen.Grey);
            return;
        }

        var (left, right) = (points.Min(point => point.X), Math.Max(points.Max(point => point.X), points.Min(point => point.X) + 1e-9));
        var scale = Scale(panel, points);
        float X(double x) => area.Left + (float)((x - left) / (right - left) * area.Width);
        float Y(double y) => area.Bottom - (float)(Math.Clamp(scale.Place(y), 0, 1) * area.Height);

        foreach (var mark in scale.Marks)
        {
            pen.Line(area.Left, Y(mark), area.Right, Y(mark), Pen.Rule);
            pen.Write(Pen.Number(mark), area.Left - 8, Y(mark) + 4, 12, Pen.Grey, alignRight: true);
        }

        foreach (var mark in panel.Percentiles ? Nines(right) : Marks(left, right, 8))
        {
            pen.Line(X(mark), area.Bottom, X(mark), area.Bottom + 4, Pen.Grey);
            pen.Write(panel.Percentiles ? Percentile(mark) : $"{Pen.Number(mark)} s", X(mark) - 12, area.Bottom + 18, 12, Pen.Grey);
        }

        for (var index = 0; index < panel.Series.Count; index++)
        {
            var series = panel.Series[index];
            var colour = Colours[index % Colours.Length];
            if (series.Points.Count > 0)
            {
                pen.Path([.. series.Points.Select(point => new SKPoint(X(point.X), Y(point.Y)))], colour);
            }

            var y = area.Top + 10 + (index * 19);
            pen.Line(area.Right + 14, y - 4, area.Right + 32, y - 4, colour, 3);
            pen.Write(series.Name, area.Right + 38, y, 13, Pen.Ink);
        }
    }

    private static (Func<double, double> Place, IReadOnlyList<double> Marks) Scale(Panel panel, List<Point> points)
    {
        var most = Math.Max(points.Max(point => point.Y), 1e-3);
        if (!panel.Logarithmic)
        {
            var marks = Marks(0, most, 5);
            var top = Math.Max(most, marks[^1]);
            return (value => value / top, marks);
        }

        var low = Math.Floor(Math.Log10(Math.Max(1e-3, points.Where(point => point.Y > 0).Select(point => point.Y).DefaultIfEmpty(1).Min())));
        var high = Math.Max(low + 1, Math.Ceiling(Math.Log10(most)));
        var decades = Enumerable.Range((int)low, (int)(high - low) + 1).Select(power => Math.Pow(10, power)).ToList();
        return (value => (Math.Log10(Math.Max(value, 1e-3)) - low) / (high - low), decades);
    }

    /// <summary>Round numbers: one, two or five times a power of ten apart.</summary>
    private static IReadOnlyList<double> Marks(double from, double to, int about)
    {
        var raw = (to - from) / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var marks = new List<double>();
        for (var mark = Math.Ceiling(from / step) * step; mark <= to + (step * 1e-6); mark += step)
        {
            marks.Add(mark);
        }

        return marks.Count > 0 ? marks : [from];
    }

    private static IReadOnlyList<double> Nines(double most) =>
        [.. Enumerable.Range(0, (int)most + 1).Select(nines => (double)nines)];

    private static string Percentile(double nines) => nines switch
    {
        0 => "min",
        1 => "90 %",
        2 => "99 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"99.{new string('9', (int)nines - 2)} %"),
    };
}
