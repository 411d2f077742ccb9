using SkiaSharp;

namespace Platform.Composer;

/// <summary>Draws a score in a brief's palette and words.</summary>
/// <remarks>Same inputs, same bytes on one machine; safe to call from many threads, nothing is shared but typefaces.</remarks>
public static class Renderer
{
    public const string Version = "composer-skia-1";

    public static byte[] RenderPng(Score score, Brief brief)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(brief);
        var canonical = brief.Canonical();
        using var bitmap = Draw(score, canonical);
        Grain.Apply(bitmap);
        return Encode(bitmap);
    }

    /// <summary>Pictures side by side, scaled to cells, on white.</summary>
    public static byte[] ContactSheet(IReadOnlyList<ReadOnlyMemory<byte>> pngs, int columns, int cell)
    {
        ArgumentNullException.ThrowIfNull(pngs);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cell, 16);
        const int Gap = 8;
        var rows = (pngs.Count + columns - 1) / columns;
        using var sheet = new SKBitmap(
            (columns * (cell + Gap)) + Gap, (Math.Max(1, rows) * (cell + Gap)) + Gap, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(sheet))
        {
            canvas.Clear(SKColors.White);
            for (var i = 0; i < pngs.Count; i++)
            {
                using var image = SKImage.FromEncodedData(pngs[i].Span)
                    ?? throw new ArgumentException($"Picture {i} is no image.", nameof(pngs));
                var left = Gap + (i % columns * (cell + Gap));
                var top = Gap + (i / columns * (cell + Gap));
                canvas.DrawImage(
                    image,
                    SKRect.Create(left, top, cell, cell),
                    new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            }
        }

        return Encode(sheet);
    }

    /// <summary>The picture before the grain: what quality is measured on while composing.</summary>
    internal static SKBitmap Draw(Score score, Brief brief)
    {
        var bitmap = new SKBitmap(brief.Size, brief.Size, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Scale(brief.Size / (float)Zone.Canvas);
        using (var painter = new Painter(canvas, brief))
        {
            painter.Paint(score);
        }

        canvas.Flush();
        return bitmap;
    }

    private static byte[] Encode(SKBitmap bitmap)
    {
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 4))
            ?? throw new InvalidOperationException("The picture could not be encoded.");
        return data.ToArray();
    }
}
