using System.Globalization;
using Platform.Composer;
using SkiaSharp;

namespace Platform.Load;

/// <summary>Draws a result on one page: figures above, diagrams below.</summary>
internal static class Picture
{
    private const int Width = 1200;
    private const int Margin = 28;
    private const int PanelHeight = 250;
    private const int FigureColumns = 3;
    private const int FigureHeight = 24;
    private const int Head = 64;

    public static byte[] Draw(LoadResult result)
    {
        var rows = (result.Figures.Count + FigureColumns - 1) / FigureColumns;
        var top = Head + (rows * FigureHeight) + Margin;
        using var surface = SKSurface.Create(new SKImageInfo(Width, top + (result.Panels.Count * PanelHeight) + Margin));
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        using var pen = new Pen(canvas);
        pen.Write(result.Title, Margin, 44, 24, Pen.Ink);
        for (var index = 0; index < result.Figures.Count; index++)
        {
            var (name, value) = result.Figures[index];
            var x = Margin + (index / rows * ((Width - (2 * Margin)) / FigureColumns));
            var y = Head + 20 + (index % rows * FigureHeight);
            pen.Write(name, x, y, 14, Pen.Grey);
            pen.Write(LoadResult.Show(value), x + 358, y, 14, Pen.Ink, alignRight: true);
        }

        foreach (var (panel, index) in result.Panels.Select((panel, index) => (panel, index)))
        {
            Diagram.Draw(pen, panel, new SKRect(Margin + 62, top + (index * PanelHeight) + 34,
                Width - Margin - 150, top + ((index + 1) * PanelHeight) - 34));
        }

        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 90);
        return png.ToArray();
    }
}

/// <summary>Lines and words on a page, in one typeface that ships with us.</summary>
internal sealed class Pen : IDisposable
{
    public static readonly SKColor Ink = new(0x1F, 0x1A, 0x17);
    public static readonly SKColor Grey = new(0x6B, 0x66, 0x60);
    public static readonly SKColor Rule = new(0xE4, 0xDF, 0xD8);

    private readonly SKCanvas canvas;
    private readonly SKTypeface typeface;

    public Pen(SKCanvas canvas)
    {
        this.canvas = canvas;
        using var font = typeof(HouseArtist).Assembly.GetManifestResourceStream("inter-latin.ttf")!;
        typeface = SKTypeface.FromStream(font);
    }

    public void Write(string text, float x, float y, float size, SKColor colour, bool alignRight = false)
    {
        using var font = new SKFont(typeface, size);
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawText(text, x, y, alignRight ? SKTextAlign.Right : SKTextAlign.Left, font, paint);
    }

    public void Line(float x1, float y1, float x2, float y2, SKColor colour, float width = 1)
    {
        using var paint = new SKPaint { Color = colour, StrokeWidth = width, IsAntialias = true, IsStroke = true };
        canvas.DrawLine(x1, y1, x2, y2, paint);
    }

    public void Path(IReadOnlyList<SKPoint> points, SKColor colour)
    {
        using var path = new SKPath();
        path.MoveTo(points[0]);
        foreach (var point in points.Skip(1))
        {
            path.LineTo(point);
        }

        using var paint = new SKPaint
        {
            Color = colour, StrokeWidth = 1.8f, IsAntialias = true, IsStroke = true, StrokeJoin = SKStrokeJoin.Round,
        };
        canvas.DrawPath(path, paint);
    }

    public void Dispose() => typeface.Dispose();

    public static string Number(double value) => value switch
    {
        0 => "0",
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1_000_000:0.#} M"),
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1_000:0.#} k"),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
