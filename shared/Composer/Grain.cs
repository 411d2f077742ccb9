using SkiaSharp;

namespace Platform.Composer;

/// <summary>The tooth of printed paper: a barely visible, position-bound unevenness of lightness.</summary>
internal static class Grain
{
    public static void Apply(SKBitmap bitmap)
    {
        using var map = bitmap.PeekPixels();
        var pixels = map.GetPixelSpan<byte>();
        var width = bitmap.Width;
        var stride = map.RowBytes;
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = pixels.Slice(y * stride, width * 4);
            for (var x = 0; x < width; x++)
            {
                var step = Step((uint)x, (uint)y);
                if (step != 0)
                {
                    var pixel = row.Slice(x * 4, 3);
                    pixel[0] = Add(pixel[0], step);
                    pixel[1] = Add(pixel[1], step);
                    pixel[2] = Add(pixel[2], step);
                }
            }
        }
    }

    // Three levels, most of them zero: more would cost a third of the file and nobody would see it.
    private static int Step(uint x, uint y)
    {
        var hash = unchecked(x * 0x9E3779B1u);
        hash = unchecked((hash ^ (hash >> 15) ^ (y * 0x85EBCA77u)) * 0x2C1B3C6Du);
        hash = unchecked((hash ^ (hash >> 12)) * 0x297A2D39u);
        hash ^= hash >> 15;
        return (hash & 7) switch
        {
            0 => -4,
            1 => 3,
            _ => 0,
        };
    }

    private static byte Add(byte value, int step) => (byte)Math.Clamp(value + step, 0, 255);
}
